/** The HTTP side of a server: health, metrics, and what an operator asks it. */
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { ChannelInfo } from '../server.ts';
import { channelsView } from './channels-view.ts';
import type { Metrics } from './metrics.ts';
import { Operator, type OperatorOptions } from './operator.ts';
import type { DatedOutage } from './outages.ts';
import { addRemovals, type RemovalSources } from './removals.ts';
import { addSdkScript } from './sdk-script.ts';

export interface RestSources {
  /** The server's name. */
  readonly server: string;
  readonly operator: OperatorOptions;
  readonly removals: RemovalSources;
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

  const operator = new Operator(sources.operator);
  const operatorOnly = { onRequest: operator.mayLook };
  http.get('/v1/channels', operatorOnly, async () => ({ channels: channelsView(sources.channels()) }));
  http.get('/v1/outages', operatorOnly, async () => ({ server, outages: sources.outages() }));

  addRemovals(http, operator.mayAct, sources.removals);

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

function pathOf(request: FastifyRequest): string {
  return request.url.split('?', 1)[0] ?? '';
}
