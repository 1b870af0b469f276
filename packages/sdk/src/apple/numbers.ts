/** The numbers of the apple dialect, under the names that programs know; the native dialect has the same ones. */
import { connectionReasons, connectionStates, offlineReasons } from '@holdfast/core';
import { channelProfiles, clientRoles, errorCodes } from '../engine/numbers.ts';

/** C-12: what `getConnectionState()` returns and `connectionChangedTo` tells. */
export const ConnectionState = connectionStates;
export type ConnectionState = (typeof ConnectionState)[keyof typeof ConnectionState];

/** Why the connection state changed. */
export const ConnectionChangedReason = connectionReasons;
export type ConnectionChangedReason = (typeof ConnectionChangedReason)[keyof typeof ConnectionChangedReason];

/** Why a remote user went offline: it left, nothing was heard of it for 20 s, or it is a host no longer. */
export const UserOfflineReason = offlineReasons;
export type UserOfflineReason = (typeof UserOfflineReason)[keyof typeof UserOfflineReason];

/** What `networkTypeChanged` tells. */
export const NetworkType = Object.freeze({
  unknown: -1,
  disconnected: 0,
  LAN: 1,
  WIFI: 2,
  mobile2G: 3,
  mobile3G: 4,
  mobile4G: 5,
  mobile5G: 6,
});
export type NetworkType = (typeof NetworkType)[keyof typeof NetworkType];

/** What `networkQuality` tells: 0 to 6. */
export const NetworkQuality = Object.freeze({
  unknown: 0,
  excellent: 1,
  good: 2,
  poor: 3,
  bad: 4,
  vBad: 5,
  down: 6,
  unsupported: 7,
  detecting: 8,
});
export type NetworkQuality = (typeof NetworkQuality)[keyof typeof NetworkQuality];

/** Codes of errors: positive in `didOccurError`, negative as the result of a method. What each means: `engine/errors.ts`. */
export const ErrorCode = errorCodes;
export type ErrorCode = (typeof ErrorCode)[keyof typeof ErrorCode];

/** The first join fixes a channel's profile (C-25). */
export const ChannelProfile = Object.freeze({
  communication: channelProfiles.communication,
  liveBroadcasting: channelProfiles.live,
});
export type ChannelProfile = (typeof ChannelProfile)[keyof typeof ChannelProfile];

/** In the live profile only broadcasters are announced (C-25). */
export const ClientRole = Object.freeze({
  broadcaster: clientRoles.host,
  audience: clientRoles.audience,
});
export type ClientRole = (typeof ClientRole)[keyof typeof ClientRole];
