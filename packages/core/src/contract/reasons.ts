/** Public states and reasons, with the numbers that programs know (api.md, C-12). */

export const connectionStates = Object.freeze({
  disconnected: 1,
  connecting: 2,
  connected: 3,
  reconnecting: 4,
  failed: 5,
});
export type ConnectionState = keyof typeof connectionStates;

/** Why the connection state changed. */
export const connectionReasons = Object.freeze({
  connecting: 0,
  joinSuccess: 1,
  interrupted: 2,
  bannedByServer: 3,
  joinFailed: 4,
  leaveChannel: 5,
  invalidAppId: 6,
  invalidChannelName: 7,
  invalidToken: 8,
  tokenExpired: 9,
  rejectedByServer: 10,
  renewToken: 12,
  clientIpAddressChanged: 13,
  keepAliveTimeout: 14,
  rejoinSuccess: 15,
  lost: 16,
  sameUidLogin: 19,
});
export type ConnectionReason = keyof typeof connectionReasons;

/** Why a remote user went offline. */
export const offlineReasons = Object.freeze({ quit: 0, dropped: 1, becomeAudience: 2 });
export type OfflineReason = keyof typeof offlineReasons;
