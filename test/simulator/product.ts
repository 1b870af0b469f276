/**
 * The product as the simulator sees it: nothing else here knows its classes. A test may wrap a `Product`
 * to plant a bug in it.
 */
import {
  bounds,
  type ClientInput,
  type ClientLimits,
  type ClientOutput,
  ClientSession,
  connectionReasons,
  connectionStates,
  type Deadline,
  defaultLimits,
  history,
  type Limits,
  type Notice,
  offlineReasons,
  type Self,
  ServerSession,
} from '@holdfast/core';
import {
  defaultBounds,
  everything,
  HoldfastServer,
  MemoryStore,
  type Peer,
  type ServerOptions,
  type Socket,
  type SocketEvents,
} from '@holdfast/server';
import type { Link, LinkListener } from '@holdfast/server/internals';
import { readMessage } from './message.ts';
import type { Random } from './random.ts';
import type { Callback, HistoryBounds, Platform, Profile, Role, RunLimits } from './trace.ts';

export {
  type ClientInput,
  type ClientOutput,
  decodeServerFrame,
  encodeClientFrame,
  RunningClock,
  type Self,
  type Send as SentFrame,
  type ServerFrame,
} from '@holdfast/core';
export type { SocketEvents } from '@holdfast/server';

export interface Product {
  openClient(setup: ClientSetup, random: Random): ProductClient;
  openStore(setup: StoreSetup): ProductStore;
  openServer(store: ProductStore, setup: ServerSetup): ProductServer;
}

export interface ClientSetup {
  readonly channel: string;
  readonly uid: number;
  readonly platform: Platform;
  readonly profile: Profile;
  readonly self: Self;
  readonly servers: readonly string[];
  /** The app's own choice (C-1). */
  readonly limits: Partial<ClientLimits>;
}

export interface ProductClient {
  handle(input: ClientInput, now: number): ClientOutput[];
  /** Why a message of so many bytes cannot be sent; null: it can. */
  sendRefusal(bytes: number, now: number): string | null;
  deadline(): Deadline | null;
  readonly stateName: string;
}

export interface StoreSetup {
  readonly random: Random;
  readonly limits: Partial<RunLimits>;
  readonly history: HistoryBounds;
  readonly now: () => number;
  /** How long the process has stood still of which the store is a part. */
  readonly stoodMs: () => number;
  readonly incarnation: (channel: string, id: string, event: 'created' | 'destroyed') => void;
}

export interface ProductStore {
  /** A server's seat at it. */
  readonly seat: (setup: ServerSetup) => Store;
  /** A server's lease has lapsed: its users are adopted. */
  readonly serverGone: (id: string) => void;
}

export interface ServerSetup {
  /** Another one after every restart. */
  readonly id: string;
  readonly servers: readonly string[];
  readonly limits: Partial<RunLimits>;
  readonly history: HistoryBounds;
  /** Running time of the server's process. */
  readonly now: () => number;
  /** Brings something from outside into the server's event loop. */
  readonly arrive: (handle: () => void) => void;
  readonly note: (text: () => string) => void;
  /** Where the store is a Redis: the server's way there, for who listens to it. */
  readonly door: (listener: LinkListener) => Link;
}

export interface ProductServer {
  accept(socket: Socket, peer: Peer): SocketEvents;
  deadline(): Deadline | null;
  tick(): void;
  stalled(ms: number): void;
}

type Store = ServerOptions['store'];
type Holder = Parameters<Store['connect']>[1];

const appId = 'simulated';

export const product: Product = {
  openClient(setup, random): ProductClient {
    return new ClientSession({ ...setup, appId, token: '', account: '', sdk: 'simulated' }, random);
  },

  openStore({ random, limits, history, now, stoodMs, incarnation }): ProductStore {
    const seconds = Math.floor(now() / 1_000);
    const store = new MemoryStore({
      random,
      now,
      stoodMs,
      firstJoin: epochSeconds + seconds,
      limits: withDefaults(limits),
      history,
      channelUsers: bounds.channelUsers,
    });
    const watch = watchIncarnations(incarnation);
    return { seat: (setup) => seatAt(store, setup, watch), serverGone: (id) => store.disconnect(id) };
  },

  openServer(store, setup): ProductServer {
    const { id, now, note, history } = setup;
    const limits = withDefaults(setup.limits);
    const servers = setup.servers.map(urlOf);
    return new HoldfastServer({
      id,
      now,
      store: store.seat(setup),
      settings: {
        limits,
        history,
        appIds: [],
        servers: () => servers,
        sameUid: 'replace',
        bounds: { ...defaultBounds, messagesPerSecond: null },
        authenticate: () => everything,
      },
      report: (event) => note(() => `reports ${frameText(event)}`),
    });
  },
};

/** Of the simulated world's first moment; join numbers grow with it. */
const epochSeconds = 1_700_000_000;

/**
 * One server's seat at the store. What the store tells a server waits, in order, while its process stands still;
 * what a server asks itself is answered on the spot.
 */
function seatAt(store: MemoryStore, { arrive }: ServerSetup, watch: Watch): Store {
  const waiting: (() => void)[] = [];
  let asking = 0;
  const catchUp = () => {
    for (const tell of waiting.splice(0)) tell();
  };
  const tell = (what: () => void) => {
    if (asking > 0) return what();
    waiting.push(what);
    arrive(catchUp);
  };
  const ask = <T>(question: () => T): T => {
    catchUp();
    asking += 1;
    try {
      return question();
    } finally {
      asking -= 1;
    }
  };
  const told = (holder: Holder): Holder =>
    intercept(holder, (name, call) => (...details) => {
      if (name === 'snapshot') watchSnapshot(watch, details);
      if (name === 'release' || name === 'probe') return call(...details);
      return tell(() => call(...details));
    });
  return intercept<Store>(store, (name, call) => (...details) => {
    if (name !== 'connect') return ask(() => call(...details));
    const [server, holder] = details as Parameters<Store['connect']>;
    return call(server, told(holder));
  });
}

type Call = (...details: unknown[]) => unknown;

/** The same object with every method exchanged for what `make` makes of it. */
function intercept<T extends object>(target: T, make: (name: string | symbol, call: Call) => Call): T {
  const get = (object: T, name: string | symbol) => {
    const value: unknown = Reflect.get(object, name);
    return typeof value === 'function' ? make(name, value.bind(object) as Call) : value;
  };
  return new Proxy(target, { get });
}

function watchSnapshot(watch: Watch, details: unknown[]): void {
  const [{ channel }, { position }] = details as Parameters<Holder['snapshot']>;
  watch(channel, position.incarnation);
}

type Watch = (channel: string, incarnation: string) => void;

/** Followers are told of a channel's every incarnation; of each the first word counts. */
export function watchIncarnations(tell: StoreSetup['incarnation']): Watch {
  const current = new Map<string, string>();
  return (channel, incarnation) => {
    const before = current.get(channel) ?? '';
    if (before === incarnation) return;
    current.set(channel, incarnation);
    if (before !== '') tell(channel, before, 'destroyed');
    if (incarnation !== '') tell(channel, incarnation, 'created');
  };
}

export function urlOf(server: string): string {
  return `ws://${server}`;
}

export function serverOf(url: string): string {
  return url.slice('ws://'.length);
}

export const historyBounds: HistoryBounds = history;

export function withDefaults(limits: Partial<RunLimits>): Limits {
  // The goodbye that a closed connection implies (C-31) is not simulated: the model has no word for it.
  return { ...defaultLimits, appleGoodbyeMs: null, ...limits };
}

/** What a user says of itself who has this role and publishes, or not. */
export function publishing(role: Role, publish: boolean): Self {
  const stream = { id: 1, audio: true, video: true, audioMuted: false, videoMuted: false };
  return { role, streams: publish ? [stream] : [] };
}

/** A frame in a few words, for stories. */
export function frameText(frame: { readonly type: string }): string {
  const { type, ...rest } = frame;
  const text = JSON.stringify(rest, (key, value) => (hidden.has(key) ? undefined : value));
  return text === '{}' ? type : `${type} ${text.slice(0, 400)}`;
}

const hidden = new Set([
  'data',
  'rights',
  'credentials',
  'secret',
  'limits',
  'servers',
  'nonce',
  'audioMuted',
  'videoMuted',
]);

/** What an app on a platform is told by a notice, if anything (contract, sections 2 and 3). */
export function callbackOf(notice: Notice, platform: Platform): Callback | null {
  const web = platform === 'web';
  switch (notice.type) {
    case 'state':
      return {
        name: 'state',
        state: connectionStates[notice.state],
        reason: connectionReasons[notice.reason],
      };
    case 'joined':
      return { name: 'join-success', uid: notice.uid };
    case 'rejoined':
      return web ? null : { name: 'rejoin-success' };
    case 'interrupted':
    case 'lost':
      return web ? null : { name: notice.type };
    case 'left':
      return { name: 'left' };
    case 'failed':
      return { name: 'failed', code: notice.close };
    case 'peer-joined':
      return { name: 'peer-joined', uid: notice.member.uid };
    case 'peer-offline':
      return { name: 'peer-offline', uid: notice.member.uid, reason: offlineReasons[notice.reason] };
    case 'stream-added':
    case 'stream-removed':
      if (!web) return null;
      return { name: notice.type, uid: notice.member.uid, streamId: notice.stream.id };
    case 'message': {
      const { uid, stream, data } = notice;
      return { name: 'message', uid, stream, message: readMessage(data), bytes: data.length };
    }
    case 'gap': {
      const { uid, stream, missed, from, to, reason } = notice;
      return { name: 'gap', uid, stream, missed, from, to, reason };
    }
    default:
      return null;
  }
}

const { handle } = ServerSession.prototype;

/** From here on `meet` is told of every state of a server's session and the input that it meets. */
export function watchServerSessions(meet: (pair: string) => void): void {
  ServerSession.prototype.handle = function (input, now) {
    meet(`server ${sessionState(this)} × ${input.type}`);
    return handle.call(this, input, now);
  };
}

function sessionState({ member, connection, paused }: ServerSession): string {
  if (member.gone !== 'no') return member.gone;
  const { streamRemoved, peerOffline, channelDestroy } = member.passed;
  const passed = `${streamRemoved ? '+10' : ''}${channelDestroy ? '+d' : ''}${peerOffline ? '+20' : ''}`;
  return `${connection === null ? 'away' : paused ? 'paused' : 'linked'}${passed}`;
}
