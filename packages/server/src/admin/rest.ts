/** The HTTP side of a server: health, metrics, and what an operator asks it. */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { isLoopback } from '../config/index.ts';
import type { ChannelInfo } from '../server.ts';
import { channelsView } from './channels-view.ts';
import type { Metrics } from './metrics.ts';
import type { DatedOutage } from './outages.ts';
import { addSdkScript } from './sdk-script.ts';

export interface RestSources {
  /** The server's name. */
  readonly server: string;
  /** Does the server listen on loopback only? Else `/v1/` is closed. */
  readonly loopback: boolean;
  /** Why no new sessions should be sent here; null: they are welcome. */
  readonly notReady: () => string | null;
  readonly channels: () => readonly ChannelInfo[];
  readonly outages: () => readonly DatedOutage[];
  readonly metrics: Metrics;
}

export function addRoutes(http: FastifyInstance, sources: RestSources): void {
  const { server, metrics } = sources;
  // Liveness: the event loop turns. It depends on nothing else (C-54).
  http.get('/healthz', async () => ({ ok: true, server }));
  http.get('/readyz', async (_, reply) => {
    const why = sources.notReady();
    return why === null ? { ready: true, server } : reply.code(503).send({ ready: false, server, why });
  });
  http.get('/metrics', async (_, reply) => reply.type(metrics.contentType).send(await metrics.text()));

  addSdkScript(http);

  const operatorOnly = { onRequest: guard(sources.loopback) };
  http.get('/v1/channels', operatorOnly, async () => ({ channels: channelsView(sources.channels()) }));
  http.get('/v1/outages', operatorOnly, async () => ({ server, outages: sources.outages() }));

  http.setNotFoundHandler((request, reply) => {
    reply
      .code(404)
      .send({ error: 'not-found', text: `There is no ${request.method} ${pathOf(request)} here.` });
  });
  http.setErrorHandler((error: Error & { statusCode?: number }, _, reply) => {
    const status = error.statusCode ?? 500;
    const text = status < 500 ? error.message : 'The server could not answer; its log says why.';
    reply.code(status).send({ error: status < 500 ? 'bad-request' : 'internal', text });
  });
}

/**
 * Channels and outages name users. Until operators have a key, only this machine may ask: not through a proxy, and
 * not by a name that a browser was tricked into resolving to it.
 */
function guard(loopback: boolean) {
  return async (request: FastifyRequest, reply: FastifyReply) => {
    const why = refusal(loopback, request);
    if (why !== null) await reply.code(403).send({ error: 'forbidden', text: why });
  };
}

function refusal(loopback: boolean, { headers, hostname }: FastifyRequest): string | null {
  if (!loopback) return 'Channels and outages are shown only by a server that listens on loopback.';
  if (headers.forwarded !== undefined || headers['x-forwarded-for'] !== undefined)
    return 'Channels and outages are shown only to this machine, and this request came through a proxy.';
  if (!isLoopback(hostname))
    return 'Channels and outages are shown only under the name localhost or a loopback address.';
  return null;
}

function pathOf(request: FastifyRequest): string {
  return request.url.split('?', 1)[0] ?? '';
}
