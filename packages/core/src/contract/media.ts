/** Media: the numbers and faults that both ends know (section 8). */

/**
 * Why a media offer, or a part of it, is refused (C-80). Numbered from 1 on the wire.
 * `unavailable`: there is no media process at the moment, wait for the next place. `malformed`: the SDP is none.
 * `noCodec`: none of its codecs is known here, or none of them is the one in which a stream comes. `notAllowed`: a stream
 * that this user does not publish or may not. `tooMuch`: more offers or sections than a user may have. `stale`: meant for a process that is gone.
 */
export const mediaFaults = ['unavailable', 'malformed', 'noCodec', 'notAllowed', 'tooMuch', 'stale'] as const;

export type MediaFault = (typeof mediaFaults)[number];

/** How media connections are watched and renewed (C-72). */
export const mediaWatch = Object.freeze({
  /** A media process sends something on every connection at least this often. */
  beatMs: 250,
  /** A connection on which nothing has come for so long is in trouble: another one is made beside it. */
  silentMs: 1_000,
  /** An attempt that carries nothing so long after its answer is followed by another one. */
  attemptMs: 2_000,
  /** A media process tells who was heard this often. */
  heardMs: 250,
  /** A media process forgets a connection on which nothing has come for so long. */
  forgetMs: 30_000,
  /** An answer is waited for so long. */
  answerMs: 2_000,
});

/** Bounds on media of one user (C-81). */
export const mediaBounds = Object.freeze({
  /** Sections of an offer, used or not. */
  sections: 128,
  /** Connections at the same time: the one in use, the one that replaces it, and one that failed. */
  connections: 4,
  /** Packets in a second, on one connection: several times what a good camera sends. More are dropped. */
  packetsPerSecond: 5_000,
  /** Offers in a second, on one connection to the server. */
  offersPerSecond: 10,
});
