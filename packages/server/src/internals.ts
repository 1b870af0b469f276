/** Rooms of the server that tests of this repository enter by themselves. Nobody else can: it is not built. */
import type { MediaEngine } from './media/engine.ts';

export { addRoutes, createMetrics } from './admin/index.ts';
export { defaultBounds } from './bounds/index.ts';
export { loadSettings, SettingsError } from './config/index.ts';
export type { MediaEngine, OfferedTransport, OpenedEnd } from './media/engine.ts';
export type { FromMedia, ToMedia } from './media/messages.ts';
export { readOffer } from './media/sdp.ts';
export { Arrivals } from './process/arrivals.ts';
export { createHttp } from './process/http.ts';
export { serveWebSockets } from './process/websockets.ts';
export { type Argument, type Link, type LinkListener, RedisLink, type Reply } from './store/redis/link.ts';
export { type Script, script } from './store/redis/scripts.ts';
export { RedisStore } from './store/redis/store.ts';
export { StoreUnavailable } from './store/unavailable.ts';
export { readToken, type TokenClaim, verifyToken } from './tokens/index.ts';

/** The engine is a native library: whoever does not ask for it does not load it. */
export async function openMediaEngine(host: string, port: number): Promise<MediaEngine> {
  const { DatachannelEngine } = await import('./media/datachannel-engine.ts');
  return new DatachannelEngine({ host, port, publicAddress: null, report: console.error });
}
