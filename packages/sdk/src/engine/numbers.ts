/** The numbers that native and apple programs know; each dialect has its own names for them. */

/** Codes of errors; what each means: `errors.ts`. */
export const errorCodes = Object.freeze({
  ok: 0,
  failed: 1,
  invalidArgument: 2,
  notReady: 3,
  notSupported: 4,
  refused: 5,
  notInitialized: 7,
  invalidState: 8,
  noPermission: 9,
  joinChannelRejected: 17,
  leaveChannelRejected: 18,
  resourceLimited: 22,
  invalidAppId: 101,
  invalidChannelName: 102,
  tokenExpired: 109,
  invalidToken: 110,
  connectionLost: 112,
  notInChannel: 113,
  sizeTooLarge: 114,
  tooFast: 115,
  tooManyDataStreams: 116,
  streamMessageTimeout: 117,
  invalidUserId: 121,
  bannedByServer: 123,
  invalidUserAccount: 134,
});
export type ErrorCode = (typeof errorCodes)[keyof typeof errorCodes];

/** The first join fixes a channel's profile (C-25). */
export const channelProfiles = Object.freeze({ communication: 0, live: 1 });

/** In the live profile only hosts are announced (C-25). */
export const clientRoles = Object.freeze({ host: 1, audience: 2 });
