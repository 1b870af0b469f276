/** The numbers of the native dialect, under the names that programs know. */

/** C-12: what `getConnectionState()` returns and `onConnectionStateChanged` tells. */
export enum ConnectionStateType {
  ConnectionStateDisconnected = 1,
  ConnectionStateConnecting = 2,
  ConnectionStateConnected = 3,
  ConnectionStateReconnecting = 4,
  ConnectionStateFailed = 5,
}

/** Why the connection state changed. */
export enum ConnectionChangedReasonType {
  ConnectionChangedConnecting = 0,
  ConnectionChangedJoinSuccess = 1,
  ConnectionChangedInterrupted = 2,
  ConnectionChangedBannedByServer = 3,
  ConnectionChangedJoinFailed = 4,
  ConnectionChangedLeaveChannel = 5,
  ConnectionChangedInvalidAppId = 6,
  ConnectionChangedInvalidChannelName = 7,
  ConnectionChangedInvalidToken = 8,
  ConnectionChangedTokenExpired = 9,
  ConnectionChangedRejectedByServer = 10,
  ConnectionChangedRenewToken = 12,
  ConnectionChangedClientIpAddressChanged = 13,
  ConnectionChangedKeepAliveTimeout = 14,
  ConnectionChangedRejoinSuccess = 15,
  ConnectionChangedLost = 16,
  ConnectionChangedSameUidLogin = 19,
}

/** Why a remote user went offline. */
export enum UserOfflineReasonType {
  /** It left. */
  UserOfflineQuit = 0,
  /** Nothing was heard of it for the limit, 20 s unless the server says otherwise. */
  UserOfflineDropped = 1,
  /** It is a host no longer (C-25). */
  UserOfflineBecomeAudience = 2,
}

/** In the live profile only broadcasters are announced (C-25). */
export enum ClientRoleType {
  ClientRoleBroadcaster = 1,
  ClientRoleAudience = 2,
}

/** The first join fixes a channel's profile (C-25). */
export enum ChannelProfileType {
  ChannelProfileCommunication = 0,
  ChannelProfileLiveBroadcasting = 1,
}

/** Codes of errors: positive in `onError`, negative as the result of a method. What each means: `engine/errors.ts`. */
export enum ErrorCodeType {
  ErrOk = 0,
  ErrFailed = 1,
  ErrInvalidArgument = 2,
  ErrNotReady = 3,
  ErrNotSupported = 4,
  ErrRefused = 5,
  ErrNotInitialized = 7,
  ErrInvalidState = 8,
  ErrNoPermission = 9,
  ErrJoinChannelRejected = 17,
  ErrLeaveChannelRejected = 18,
  ErrResourceLimited = 22,
  ErrInvalidAppId = 101,
  ErrInvalidChannelName = 102,
  ErrTokenExpired = 109,
  ErrInvalidToken = 110,
  ErrConnectionLost = 112,
  ErrNotInChannel = 113,
  ErrSizeTooLarge = 114,
  ErrBitrateLimit = 115,
  ErrTooManyDataStreams = 116,
  ErrStreamMessageTimeout = 117,
  ErrInvalidUserId = 121,
  ErrClientIsBannedByServer = 123,
  ErrInvalidUserAccount = 134,
}
