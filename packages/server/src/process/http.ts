import fastify, { type FastifyInstance } from 'fastify';
import { defaultBounds } from '../bounds/index.ts';

/** Time a request may take to arrive, in milliseconds. */
const requestTimeoutMs = 10_000;
/** How long a connection may idle between two requests, in milliseconds. */
const keepAliveMs = 5_000;

export interface HttpOptions {
  /** From the accepted TCP connection to the end of the header, TLS included; milliseconds. */
  readonly headerMs: number;
  readonly bodyBytesMax: number;
  /** Key and certificate, as PEM; null: no TLS. */
  readonly tls: { readonly key: Buffer; readonly cert: Buffer } | null;
}

/** Connections that the system keeps until they are taken: beyond it, a storm would lose them for a second each (C-56). */
const backlog = 4_096;

/** An HTTP server that does not listen yet. Closing it cuts what still hangs on it. */
export function createHttp(options: Partial<HttpOptions> = {}): FastifyInstance {
  const {
    headerMs = defaultBounds.headerMs,
    bodyBytesMax = defaultBounds.restBodyBytes,
    tls = null,
  } = options;
  const patience = {
    headersTimeout: headerMs,
    connectionsCheckingInterval: Math.min(500, headerMs / 4),
  };
  const secure = tls && { ...tls, ...patience, handshakeTimeout: headerMs };
  return fastify({
    logger: false,
    requestTimeout: requestTimeoutMs,
    keepAliveTimeout: keepAliveMs,
    bodyLimit: bodyBytesMax,
    forceCloseConnections: true,
    exposeHeadRoutes: false,
    ...(secure ? { https: secure } : { http: patience }),
  }) as unknown as FastifyInstance;
}

/** The server could not listen; the message says why and what to do. */
export class ListenError extends Error {
  constructor(host: string, port: number, cause: NodeJS.ErrnoException) {
    super(`cannot listen on ${host}, port ${port}: ${adviceFor(cause)}`, { cause });
    this.name = 'ListenError';
  }
}

/** Listens and answers with the port. @throws {ListenError} */
export async function listen(http: FastifyInstance, host: string, port: number): Promise<number> {
  const bare = host.replace(/^\[|\]$/g, '');
  try {
    await http.listen({ host: bare, port, backlog });
  } catch (error) {
    throw new ListenError(host, port, error as NodeJS.ErrnoException);
  }
  const address = http.server.address();
  return address !== null && typeof address === 'object' ? address.port : port;
}

function adviceFor({ code, message }: NodeJS.ErrnoException): string {
  switch (code) {
    case 'EADDRINUSE':
      return 'another process listens there. Stop it, or choose another port with --port';
    case 'EACCES':
      return 'this user may not. Choose a port above 1023 with --port';
    case 'EADDRNOTAVAIL':
      return 'this machine has no such address. Choose another with --host';
    case 'ENOTFOUND':
      return 'this name has no address. Choose another with --host';
    default:
      return message;
  }
}
