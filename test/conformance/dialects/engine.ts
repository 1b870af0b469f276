/** What native and apple share: the numbers of states, reasons and errors, and how callbacks follow from one another. */
import type { Call } from './call.ts';
import type { Dialect, Failure, Other } from './dialect.ts';

export const state = { disconnected: 1, connecting: 2, connected: 3, reconnecting: 4, failed: 5 };

export const reason = {
  connecting: 0,
  joinSuccess: 1,
  interrupted: 2,
  leaveChannel: 5,
  rejoinSuccess: 15,
  lost: 16,
};

const offline = { quit: 0, dropped: 1, becomeAudience: 2 };

export const roles = { host: 1, audience: 2 };

/** The reason with which the state becomes FAILED, and the error that follows it. */
export const failures: Readonly<Record<Failure, { readonly reason: number; readonly error?: number }>> = {
  'gave up': { reason: 4, error: 112 },
  replaced: { reason: 19 },
  'uid in use': { reason: 10, error: 17 },
  'other profile': { reason: 10, error: 17 },
  'invalid token': { reason: 8, error: 110 },
  'token expired': { reason: 9, error: 109 },
  banned: { reason: 3, error: 123 },
};

/** The data stream that `send` uses, and the code of what is missing in it. */
export const dataStream = 1;
export const messageTimeout = 117;

/** What both tell in the same way, each with its own callbacks. */
export function presence(
  appeared: (other: Pick<Other, 'uid'>) => Call[],
  went: (uid: number, why: number) => Call[],
): Pick<Dialect, 'appeared' | 'quit' | 'demoted' | 'peerGone' | 'streamGone' | 'streamBack'> {
  return {
    appeared,
    quit: (uid) => went(uid, offline.quit),
    demoted: (uid) => went(uid, offline.becomeAudience),
    peerGone: (uid) => went(uid, offline.dropped),
    streamGone: () => [],
    streamBack: (uid) => appeared({ uid }),
  };
}
