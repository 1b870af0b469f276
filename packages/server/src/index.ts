export { type Bounds, defaultBounds } from './bounds/index.ts';
export type { Report, ServerEvent, ServerOutageRecord } from './events.ts';
export type { Peer, Socket, SocketEvents } from './gateway/socket.ts';
export { type ChannelInfo, HoldfastServer, type ServerOptions } from './server.ts';
export { everything, type Grant, type Rejection, type ServerSettings } from './settings.ts';
export { MemoryStore, type MemoryStoreOptions } from './store/memory/store.ts';
export type { ServerRandom } from './store/uids.ts';
