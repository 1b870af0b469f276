/** How each class of client says things: which callbacks, with which arguments, in which order. */

export type Platform = 'android' | 'windows' | 'linux' | 'ios' | 'macos' | 'web';
export type Class = 'native' | 'apple' | 'web';

/** The platforms that `holdfast join` speaks; rows run for these. */
export const existingPlatforms: readonly Platform[] = ['android', 'windows', 'linux', 'ios', 'macos'];

export function classOf(platform: Platform): Class {
  if (platform === 'web') return 'web';
  return platform === 'ios' || platform === 'macos' ? 'apple' : 'native';
}

/** A test of one argument; `text` is what reports show. */
export interface Pattern {
  readonly text: string;
  matches(value: unknown): boolean;
}

/** A callback with its arguments, without a time. */
export interface Call {
  readonly callback: string;
  readonly args: readonly Pattern[];
}

/** The app that hears the callbacks. */
export interface Listener {
  readonly channel: string;
  readonly uid: number;
}

/** What a class is told, as callbacks in order. */
export interface Dialect {
  joined(): Call[];
  interrupted(): Call[];
  lost(): Call[];
  back(): Call[];
  left(from: 'connected' | 'away'): Call[];
  /** The same uid joined elsewhere (C-40). */
  replaced(from: 'connected' | 'away'): Call[];
  /** Somebody who publishes a stream is in the channel. */
  appeared(uid: number): Call[];
  /** Somebody left with a goodbye. */
  quit(uid: number): Call[];
  /** Somebody has been silent for so long that the whole peer is gone for this class. */
  peerGone(uid: number): Call[];
  /** Web only: somebody has been silent for so long that the stream is gone. */
  streamGone(uid: number): Call[];
  /** The stream is back, its peer was never gone. */
  streamBack(uid: number): Call[];
}

export function dialectOf(platform: Platform, me: Listener): Dialect {
  return { native, apple, web }[classOf(platform)](me);
}

/** Names that every dialect may say at any time and that say nothing about presence or the connection. */
export const statistics: readonly string[] = ['onNetworkQuality', 'networkQuality', 'network-quality'];

const state = { disconnected: 1, connecting: 2, connected: 3, reconnecting: 4, failed: 5 };
const reason = {
  connecting: 0,
  joinSuccess: 1,
  interrupted: 2,
  leaveChannel: 5,
  rejoinSuccess: 15,
  lost: 16,
  sameUidLogin: 19,
};
const offline = { quit: 0, dropped: 1 };

function native(me: Listener): Dialect {
  const connection = like({ channelId: me.channel, localUid: me.uid });
  const say = (callback: string, ...args: unknown[]) => call(callback, connection, ...args);
  const changed = (to: number, why: number) => say('onConnectionStateChanged', to, why);
  const went = (uid: number, why: number) => [say('onUserOffline', uid, why)];
  const appeared = (uid: number) => [say('onUserJoined', uid, milliseconds)];
  return {
    joined: () => [
      changed(state.connecting, reason.connecting),
      changed(state.connected, reason.joinSuccess),
      say('onJoinChannelSuccess', milliseconds),
    ],
    interrupted: () => [changed(state.reconnecting, reason.interrupted), say('onConnectionInterrupted')],
    lost: () => [changed(state.reconnecting, reason.lost), say('onConnectionLost')],
    back: () => [changed(state.connected, reason.rejoinSuccess), say('didRejoinChannel', milliseconds)],
    left: () => [changed(state.disconnected, reason.leaveChannel), say('onLeaveChannel', anything)],
    replaced: () => [changed(state.failed, reason.sameUidLogin)],
    appeared,
    quit: (uid) => went(uid, offline.quit),
    peerGone: (uid) => went(uid, offline.dropped),
    streamGone: () => [],
    streamBack: appeared,
  };
}

// The engine, the first argument of every selector, is no plain value and is not shown.
function apple(me: Listener): Dialect {
  const changed = (to: number, why: number) => call('connectionChangedTo', to, why);
  const appeared = (uid: number) => [call('didJoinedOfUid', uid, milliseconds)];
  const went = (uid: number, why: number) => [call('didOfflineOfUid', uid, why)];
  return {
    joined: () => [
      changed(state.connecting, reason.connecting),
      changed(state.connected, reason.joinSuccess),
      call('didJoinChannel', me.channel, me.uid, milliseconds),
    ],
    interrupted: () => [
      changed(state.reconnecting, reason.interrupted),
      call('rtcEngineConnectionDidInterrupted'),
    ],
    lost: () => [changed(state.reconnecting, reason.lost), call('rtcEngineConnectionDidLost')],
    back: () => [
      changed(state.connected, reason.rejoinSuccess),
      call('didRejoinChannel', me.channel, me.uid, milliseconds),
    ],
    left: () => [changed(state.disconnected, reason.leaveChannel), call('didLeaveChannel', anything)],
    replaced: () => [changed(state.failed, reason.sameUidLogin)],
    appeared,
    quit: (uid) => went(uid, offline.quit),
    peerGone: (uid) => went(uid, offline.dropped),
    streamGone: () => [],
    streamBack: appeared,
  };
}

function web(): Dialect {
  const changed = (prevState: string, curState: string) =>
    call('connection-state-change', like({ prevState, curState }));
  const before = { connected: 'CONNECTED', away: 'CONNECTING' };
  const stream = (uid: number) => like({ stream: { streamId: uid } });
  const streamBack = (uid: number) => [call('stream-added', stream(uid))];
  return {
    joined: () => [changed('DISCONNECTED', 'CONNECTING'), changed('CONNECTING', 'CONNECTED')],
    interrupted: () => [changed('CONNECTED', 'CONNECTING')],
    lost: () => [],
    back: () => [changed('CONNECTING', 'CONNECTED')],
    left: (from) => [changed(before[from], 'DISCONNECTING'), changed('DISCONNECTING', 'DISCONNECTED')],
    replaced: (from) => [
      changed(before[from], 'DISCONNECTED'),
      call('error', like({ reason: 'UID_CONFLICT' })),
    ],
    appeared: (uid) => [call('peer-online', like({ uid })), ...streamBack(uid)],
    quit: (uid) => [call('peer-leave', like({ uid, reason: 'Quit', stream: { streamId: uid } }))],
    peerGone: (uid) => [
      call('peer-leave', like({ uid, reason: 'ServerTimeOut', stream: { streamId: uid } })),
    ],
    streamGone: (uid) => [call('stream-removed', stream(uid))],
    streamBack,
  };
}

const anything: Pattern = { text: '…', matches: () => true };
const milliseconds: Pattern = {
  text: 'ms',
  matches: (value) => typeof value === 'number' && value >= 0 && Number.isFinite(value),
};

function call(callback: string, ...args: unknown[]): Call {
  return { callback, args: args.map((arg) => (isPattern(arg) ? arg : like(arg))) };
}

/** Matches a value that has at least these members, with exactly these values. */
function like(wanted: unknown): Pattern {
  return { text: JSON.stringify(wanted), matches: (value) => has(value, wanted) };
}

function has(value: unknown, wanted: unknown): boolean {
  if (typeof wanted !== 'object' || wanted === null) return value === wanted;
  if (typeof value !== 'object' || value === null) return false;
  return Object.entries(wanted).every(([key, member]) =>
    has((value as Record<string, unknown>)[key], member),
  );
}

function isPattern(arg: unknown): arg is Pattern {
  return typeof arg === 'object' && arg !== null && 'matches' in arg;
}
