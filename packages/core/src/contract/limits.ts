/** The numbers of the contract (C-1). Every duration is in milliseconds. */

/** Limits on silence, measured in running time (C-3): they fire at silence ≥ limit (C-2). */
export interface Limits {
  /** Client: A is told that its connection is interrupted. */
  interruptedMs: number;
  /** Client: A is told that its connection is lost. */
  lostMs: number;
  /** Client: A's session ends as FAILED; `null` is never. */
  giveUpMs: number | null;
  /** Server: native and apple observers are told that A is offline. */
  peerOfflineMs: number;
  /** Server: web observers are told that A's stream is gone. */
  streamRemovedMs: number;
  /** Server: web observers are told that the peer left; `null` switches it off. */
  peerLeaveMs: number | null;
  /** Server: an abandoned channel is destroyed (C-34). */
  channelDestroyMs: number;
  /** Server: a closed connection of an apple user is taken as its leave this much later; `null` switches it off (C-31). */
  appleGoodbyeMs: number | null;
  /** Server: a session is forgotten this long after its last packet (C-36). */
  sessionKeepMs: number;
  /** Server: a direction without other packets carries a heartbeat this often. */
  heartbeatMs: number;
}

export const defaultLimits: Readonly<Limits> = Object.freeze({
  interruptedMs: 4_000,
  lostMs: 10_000,
  giveUpMs: null,
  peerOfflineMs: 20_000,
  streamRemovedMs: 10_000,
  peerLeaveMs: 20_000,
  channelDestroyMs: 10_000,
  appleGoodbyeMs: 4_000,
  sessionKeepMs: 120_000,
  heartbeatMs: 1_000,
});

/** The client-side limits, as a server tells them at join (C-1). */
export type ClientLimits = Pick<Limits, 'interruptedMs' | 'lostMs' | 'giveUpMs'>;

/** How much of a channel's log is retained for replay. */
export interface HistoryBounds {
  readonly entries: number;
  readonly bytes: number;
  readonly ageMs: number;
}

/** What a channel's log can replay (contract, section 1). */
export const history: HistoryBounds = Object.freeze({ entries: 2_000, bytes: 4_000_000, ageMs: 120_000 });

/** How a client looks for a way back (C-10, C-15 to C-17). */
export const recovery = Object.freeze({
  /** A standby starts after max(this, smoothed round trip + 4 × deviation)… */
  standbyMinMs: 2_000,
  /** …and at the latest after this. */
  standbyMaxMs: 3_500,
  /** A useless standby is followed by none for this long. */
  standbyRestMs: 10_000,
  /** The server has not heard us for this long, says its heartbeat: start a standby (C-16). */
  deafMs: 2_000,
  /** A new attempt at least this often… */
  attemptMs: 1_000,
  /** …in the first part of an outage… */
  eagerMs: 20_000,
  /** …and later at least this often. */
  patientAttemptMs: 5_000,
  /** An attempt that has not answered is abandoned after this. */
  attemptTimeoutMs: 8_000,
  /** An opened attempt waits this long for one asked before it. */
  askMs: 500,
  /** A server that has said that it lets us in when it is our turn is waited for this much longer (C-56). */
  turnMs: 4_000,
  /** A probe that is not answered within max(this, round trip + 4 × deviation) is trouble (C-15). */
  probeMs: 1_000,
  /** An undelivered goodbye is given up after this (C-14). */
  goodbyeMs: 2_000,
});

/** When a process stood still (C-3). */
export const stalls = Object.freeze({
  /** Ticks of a running process are this far apart. */
  tickMs: 100,
  /** A gap of more than this between ticks is subtracted from every silence. */
  gapMs: 500,
  /** A gap of at least this is a sleep: a client's clocks start at waking. */
  sleepMs: 4_000,
});

/** Half-open connections, as the server sees them (C-16). */
export const halfOpen = Object.freeze({
  /** The server stops sending on a connection that has been silent for this long. */
  pauseMs: 4_000,
  /** The server closes a connection that has been silent for this long. */
  closeMs: 10_000,
});

/** Closes of this many connections behind one address within a second, and of half of them, are a network's doing (C-31). */
export const manyCloses = Object.freeze({ count: 10, share: 0.5, withinMs: 1_000 });

/** The spread of first attempts after losing a server: 0 below `from` sessions, `ms` at `to` (C-17). */
export const spread = Object.freeze({ from: 500, to: 10_000, ms: 3_000 });

/** The spread window for a server with this many sessions (C-17). */
export function spreadMs(sessions: number): number {
  const share = (sessions - spread.from) / (spread.to - spread.from);
  return Math.round(spread.ms * Math.min(1, Math.max(0, share)));
}

/** A server that ends in good order (C-53). */
export const drain = Object.freeze({
  /** Its clients have so long to move, if the settings do not say otherwise. */
  forMs: 20_000,
  /** No more of them are told to move in a second, … */
  movesPerSecond: 500,
  /** … unless that would take more than this share of the time. */
  share: 0.6,
  /** Who comes nevertheless is sent away for so long: behind one address there may be others. */
  awayMs: 1_000,
});

/** When a token is near its end (C-43). */
export const tokenTimes = Object.freeze({
  /** The app is told so long before. */
  warnMs: 30_000,
  /** So long after the app was asked for another one the stay fails. */
  graceMs: 30_000,
  /** A server waits so much longer: what it says of a token is heard later. */
  heardMs: 500,
  /** An expired token still brings a known session back for so long: its user may have been asleep. */
  returnMs: 120_000,
});

/** Bounds on what either side accepts (C-80, C-81). Sizes are bytes. */
export const bounds = Object.freeze({
  /** A frame from a client. */
  clientFrameBytes: 64_000,
  /** A first frame: it carries a picture, so it may be larger. */
  firstFrameBytes: 1_000_000,
  /** A channel name, an app id, an account (UTF-8). */
  nameBytes: 64,
  /** A token. */
  tokenBytes: 4_096,
  /** Streams of one user. */
  streams: 8,
  /** A message (C-60). */
  messageBytes: 32_000,
  /** Data streams of one user, numbered from 1. */
  dataStreams: 5,
  /** Messages of one user that are not acknowledged yet (C-63). */
  outboxMessages: 1_000,
  outboxBytes: 1_000_000,
  /** Users of one channel. */
  channelUsers: 10_000,
  /** Bytes waiting in one connection's send queue before its consumer counts as slow. */
  sendQueueBytes: 1_000_000,
  /** Time from the opened transport to the first frame. */
  firstFrameMs: 5_000,
});
