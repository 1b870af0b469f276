/**
 * What happened in one simulated run: facts of the world (network, processes, what apps asked for) and the
 * callbacks that apps got. Facts come from the simulated network and processes, never from the product's own
 * opinion; callbacks come from the product. The model and the checkers read nothing but this.
 *
 * `t` is world time in milliseconds (virtual, exact, monotonic). A fact is listed at the time it happened,
 * facts of the same time in the order in which they happened.
 */

export type Platform = 'android' | 'windows' | 'linux' | 'ios' | 'macos' | 'web';
export type Role = 'host' | 'audience';
export type Profile = 'communication' | 'live';

/** The limits with which the run's servers and clients were set up (contract, section 1). */
export interface RunLimits {
  interruptedMs: number;
  lostMs: number;
  giveUpMs: number | null;
  peerOfflineMs: number;
  streamRemovedMs: number;
  peerLeaveMs: number | null;
  channelDestroyMs: number;
  sessionKeepMs: number;
  heartbeatMs: number;
}

/** What a channel's log can replay (contract, section 1). */
export interface HistoryBounds {
  entries: number;
  bytes: number;
  ageMs: number;
}

export interface Trace {
  readonly seed: number;
  readonly limits: RunLimits;
  readonly history: HistoryBounds;
  /** World time at which the run ended; nothing is known of later. */
  readonly end: number;
  readonly facts: readonly Fact[];
}

export type Fact =
  // ---- processes. A client is one process of one user making one stay; a restarted app is a new client name.
  | { t: number; type: 'server-start'; server: string }
  | { t: number; type: 'server-kill'; server: string }
  /** Stands still, its sockets stay open in the kernel; what arrives waits. */
  | { t: number; type: 'freeze'; process: string }
  | { t: number; type: 'thaw'; process: string }
  | { t: number; type: 'client-kill'; client: string }
  // ---- what the app asked for
  | {
      t: number;
      type: 'join';
      client: string;
      uid: number;
      channel: string;
      platform: Platform;
      profile: Profile;
      role: Role;
      /** Whether it publishes a stream by joining. */
      publish: boolean;
    }
  | { t: number; type: 'leave'; client: string }
  /** Changed role or publishing (a stay's whole new self). */
  | { t: number; type: 'update'; client: string; role: Role; publish: boolean }
  // ---- messages. Each has a name that says who sent it; it stands in its payload.
  /** The app sent a message, and its SDK took it. */
  | { t: number; type: 'send'; client: string; message: string; stream: number; bytes: number }
  | { t: number; type: 'send-refused'; client: string; stream: number; bytes: number; why: string }
  /** The sender's process read that its message is in the channel's log, or that one of it is. */
  | { t: number; type: 'acknowledged'; client: string; message: string }
  // ---- the network, at the receiving end. One fact for each WebSocket message (never for a TCP or WebSocket
  //      handshake or close) at the moment the receiving *process* read it.
  /** The server read a payload of the client. `goodbye`: it was the leave message. */
  | {
      t: number;
      type: 'server-read';
      server: string;
      client: string;
      /** A name for the transport connection, so that several of one client can be told apart. */
      connection: string;
      goodbye: boolean;
      /** World time at which the payload had arrived in the server's kernel (≤ t; earlier when it was frozen). */
      arrived: number;
    }
  | { t: number; type: 'client-read'; client: string; server: string; connection: string; arrived: number }
  // ---- the network, described: what the scenario did to a client's path (for stories and for judging C-11, C-17)
  /** `up` = client to servers. All servers of the run unless `server` is given. */
  | { t: number; type: 'cut'; client: string; up: boolean; down: boolean; server: string | null }
  | { t: number; type: 'heal'; client: string; server: string | null }
  /** The client's transports were reset (both ends see them close). */
  | { t: number; type: 'reset'; client: string }
  /** A path's one-way delay, jitter and loss from here on. */
  | { t: number; type: 'path'; client: string; delayMs: number; jitterMs: number; loss: number }
  | { t: number; type: 'clock-jump'; process: string; ms: number }
  // ---- the store
  /** A server cannot reach it, or (null) nobody can. */
  | { t: number; type: 'store-away'; server: string | null }
  | { t: number; type: 'store-back'; server: string | null }
  /** It came back without what it had been told last. */
  | { t: number; type: 'store-lost' }
  | { t: number; type: 'incarnation'; channel: string; id: string; event: 'created' | 'destroyed' }
  // ---- what apps were told
  | { t: number; type: 'callback'; client: string; callback: Callback }
  // ---- what is left of a client a while after it left, was killed or failed (C-14), and the longest queues (C-63)
  | { t: number; type: 'remains'; client: string; timers: number; transports: number; sessions: number }
  | { t: number; type: 'queues'; process: string; entries: number; bytes: number };

/** Callbacks in the contract's words; the dialects' names for them are in contract sections 2 and 3. */
export type Callback =
  /** state and reason by their numbers (api.md). */
  | { name: 'state'; state: number; reason: number }
  | { name: 'join-success'; uid: number }
  | { name: 'rejoin-success' }
  | { name: 'interrupted' }
  | { name: 'lost' }
  | { name: 'left' }
  | { name: 'failed'; code: string }
  /** native onUserJoined, apple didJoinedOfUid, web peer-online */
  | { name: 'peer-joined'; uid: number }
  /** native onUserOffline, apple didOfflineOfUid, web peer-leave. 0 quit, 1 dropped, 2 become audience. */
  | { name: 'peer-offline'; uid: number; reason: number }
  /** web only; native and apple apps are never told of streams */
  | { name: 'stream-added'; uid: number; streamId: number }
  | { name: 'stream-removed'; uid: number; streamId: number }
  /** onStreamMessage, web stream-message: who sent it according to the SDK, and what it says of itself. */
  | { name: 'message'; uid: number; stream: number; message: string; bytes: number }
  /** onStreamMessageError; −1 where nobody knows how many are missing. */
  | { name: 'gap'; uid: number; stream: number; missed: number; from: number; to: number; reason: string };

/** A broken promise. */
export interface Violation {
  /** The contract's number, for example `C-20`. */
  promise: string;
  t: number;
  /** The client (or server, or channel) it concerns. */
  who: string;
  /** One sentence: what was promised, what happened, with the numbers. */
  text: string;
}
