/** How each class of client says things: which callbacks, with which arguments, in which order. */

export type Platform = 'android' | 'windows' | 'linux' | 'ios' | 'macos' | 'web';
export type Class = 'native' | 'apple' | 'web';

/** The platforms that `holdfast join` speaks; rows run for these. */
export const existingPlatforms: readonly Platform[] = [
  ...(['android', 'windows', 'linux', 'ios', 'macos', 'web'] as const),
];

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

/** Somebody a listener is told about. */
export interface Other {
  readonly uid: number;
  /** Whether it publishes a stream: the web is told of streams beside users (C-24). */
  readonly publishes: boolean;
}

/** Where somebody was when it left, failed or was replaced. `away`: in an outage of more than 4 s. */
export type Stage = 'connecting' | 'connected' | 'away';

/** What a class is told, as callbacks in order. */
export interface Dialect {
  joined(): Call[];
  /** The own stream is out. */
  published(): Call[];
  interrupted(): Call[];
  lost(): Call[];
  back(): Call[];
  left(from: Stage): Call[];
  /** The same uid joined elsewhere (C-40). */
  replaced(from: Stage): Call[];
  /** The channel has the other profile (C-25). */
  refused(): Call[];
  /** A publishing host has made itself audience (C-25). */
  becameAudience(): Call[];
  /** The own stream is withdrawn. */
  unpublished(): Call[];
  appeared(who: Other): Call[];
  /** Somebody left with a goodbye. */
  quit(uid: number): Call[];
  /** Somebody is a host no longer (C-25). */
  demoted(uid: number): Call[];
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
export const statistics: readonly string[] = [
  ...['onNetworkQuality', 'networkQuality', 'network-quality'],
  ...['onNetworkTypeChanged', 'networkTypeChanged', 'network-type-changed'],
];

const state = { disconnected: 1, connecting: 2, connected: 3, reconnecting: 4, failed: 5 };
const reason = {
  connecting: 0,
  joinSuccess: 1,
  interrupted: 2,
  leaveChannel: 5,
  rejectedByServer: 10,
  rejoinSuccess: 15,
  lost: 16,
  sameUidLogin: 19,
};
const offline = { quit: 0, dropped: 1, becomeAudience: 2 };
const roles = { host: 1, audience: 2 };
const joinRejected = 17;

function native(me: Listener): Dialect {
  const connection = like({ channelId: me.channel, localUid: me.uid });
  const say = (callback: string, ...args: unknown[]) => call(callback, connection, ...args);
  const changed = (to: number, why: number) => say('onConnectionStateChanged', to, why);
  const went = (uid: number, why: number) => [say('onUserOffline', uid, why)];
  const appeared = ({ uid }: Other) => [say('onUserJoined', uid, milliseconds)];
  return {
    joined: () => [
      changed(state.connecting, reason.connecting),
      changed(state.connected, reason.joinSuccess),
      say('onJoinChannelSuccess', milliseconds),
    ],
    published: () => [],
    unpublished: () => [],
    interrupted: () => [changed(state.reconnecting, reason.interrupted), say('onConnectionInterrupted')],
    lost: () => [changed(state.reconnecting, reason.lost), say('onConnectionLost')],
    back: () => [changed(state.connected, reason.rejoinSuccess), say('didRejoinChannel', milliseconds)],
    left: () => [changed(state.disconnected, reason.leaveChannel), say('onLeaveChannel', anything)],
    replaced: () => [changed(state.failed, reason.sameUidLogin)],
    refused: () => [
      changed(state.connecting, reason.connecting),
      changed(state.failed, reason.rejectedByServer),
      call('onError', joinRejected, anything),
    ],
    becameAudience: () => [say('onClientRoleChanged', roles.host, roles.audience)],
    appeared,
    quit: (uid) => went(uid, offline.quit),
    demoted: (uid) => went(uid, offline.becomeAudience),
    peerGone: (uid) => went(uid, offline.dropped),
    streamGone: () => [],
    streamBack: (uid) => appeared({ uid, publishes: true }),
  };
}

// The engine, the first argument of every selector, is no plain value and is not shown.
function apple(me: Listener): Dialect {
  const changed = (to: number, why: number) => call('connectionChangedTo', to, why);
  const appeared = ({ uid }: Other) => [call('didJoinedOfUid', uid, milliseconds)];
  const went = (uid: number, why: number) => [call('didOfflineOfUid', uid, why)];
  return {
    joined: () => [
      changed(state.connecting, reason.connecting),
      changed(state.connected, reason.joinSuccess),
      call('didJoinChannel', me.channel, me.uid, milliseconds),
    ],
    published: () => [],
    unpublished: () => [],
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
    refused: () => [
      changed(state.connecting, reason.connecting),
      changed(state.failed, reason.rejectedByServer),
      call('didOccurError', joinRejected),
    ],
    becameAudience: () => [call('didClientRoleChanged', roles.host, roles.audience)],
    appeared,
    quit: (uid) => went(uid, offline.quit),
    demoted: (uid) => went(uid, offline.becomeAudience),
    peerGone: (uid) => went(uid, offline.dropped),
    streamGone: () => [],
    streamBack: (uid) => appeared({ uid, publishes: true }),
  };
}

// The success of a join and of a leave is a callback of the method itself, shown under the method's name.
function web(me: Listener): Dialect {
  const changed = (prevState: string, curState: string) =>
    call('connection-state-change', like({ prevState, curState }));
  const before: Record<Stage, string> = {
    connecting: 'CONNECTING',
    connected: 'CONNECTED',
    away: 'CONNECTING',
  };
  const stream = (uid: number) => like({ stream: { streamId: uid } });
  const streamBack = (uid: number) => [call('stream-added', stream(uid))];
  const left = (uid: number, reason: string) => [
    call('peer-leave', like({ uid, reason, stream: { streamId: uid } })),
  ];
  return {
    joined: () => [
      changed('DISCONNECTED', 'CONNECTING'),
      changed('CONNECTING', 'CONNECTED'),
      call('join', me.uid),
    ],
    published: () => [call('stream-published', stream(me.uid))],
    unpublished: () => [call('stream-unpublished', stream(me.uid))],
    interrupted: () => [changed('CONNECTED', 'CONNECTING')],
    lost: () => [],
    back: () => [changed('CONNECTING', 'CONNECTED')],
    left: (from) => [
      changed(before[from], 'DISCONNECTING'),
      changed('DISCONNECTING', 'DISCONNECTED'),
      call('leave'),
    ],
    replaced: (from) => [
      changed(before[from], 'DISCONNECTED'),
      call('error', like({ reason: 'UID_CONFLICT' })),
    ],
    refused: () => [
      changed('DISCONNECTED', 'CONNECTING'),
      changed('CONNECTING', 'DISCONNECTED'),
      call('failure', like({ method: 'join', code: 'K_CHANNEL_CONFLICTED' })),
    ],
    becameAudience: () => [
      call('client-role-changed', like({ role: 'audience' })),
      call('stream-unpublished', stream(me.uid)),
    ],
    appeared: ({ uid, publishes }) => [
      call('peer-online', like({ uid })),
      ...(publishes ? streamBack(uid) : []),
    ],
    quit: (uid) => left(uid, 'Quit'),
    demoted: (uid) => left(uid, 'BecomeAudience'),
    peerGone: (uid) => left(uid, 'ServerTimeOut'),
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
