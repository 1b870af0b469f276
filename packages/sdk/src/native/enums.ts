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

/** What `onNetworkTypeChanged` tells. */
export enum NetworkType {
  NetworkTypeUnknown = -1,
  NetworkTypeDisconnected = 0,
  NetworkTypeLan = 1,
  NetworkTypeWifi = 2,
  NetworkTypeMobile2g = 3,
  NetworkTypeMobile3g = 4,
  NetworkTypeMobile4g = 5,
  NetworkTypeMobile5g = 6,
}

/** What `onNetworkQuality` tells: 0 to 6. */
export enum QualityType {
  QualityUnknown = 0,
  QualityExcellent = 1,
  QualityGood = 2,
  QualityPoor = 3,
  QualityBad = 4,
  QualityVbad = 5,
  QualityDown = 6,
  QualityUnsupported = 7,
  QualityDetecting = 8,
}

/** What `onRemoteAudioStateChanged` tells, and why. */
export enum RemoteAudioState {
  RemoteAudioStateStopped = 0,
  RemoteAudioStateStarting = 1,
  RemoteAudioStateDecoding = 2,
  RemoteAudioStateFrozen = 3,
  RemoteAudioStateFailed = 4,
}

export enum RemoteAudioStateReason {
  RemoteAudioReasonInternal = 0,
  RemoteAudioReasonNetworkCongestion = 1,
  RemoteAudioReasonNetworkRecovery = 2,
  RemoteAudioReasonLocalMuted = 3,
  RemoteAudioReasonLocalUnmuted = 4,
  RemoteAudioReasonRemoteMuted = 5,
  RemoteAudioReasonRemoteUnmuted = 6,
  RemoteAudioReasonRemoteOffline = 7,
}

/** What `onRemoteVideoStateChanged` tells, and why. */
export enum RemoteVideoState {
  RemoteVideoStateStopped = 0,
  RemoteVideoStateStarting = 1,
  RemoteVideoStateDecoding = 2,
  RemoteVideoStateFrozen = 3,
  RemoteVideoStateFailed = 4,
}

export enum RemoteVideoStateReason {
  RemoteVideoStateReasonInternal = 0,
  RemoteVideoStateReasonNetworkCongestion = 1,
  RemoteVideoStateReasonNetworkRecovery = 2,
  RemoteVideoStateReasonLocalMuted = 3,
  RemoteVideoStateReasonLocalUnmuted = 4,
  RemoteVideoStateReasonRemoteMuted = 5,
  RemoteVideoStateReasonRemoteUnmuted = 6,
  RemoteVideoStateReasonRemoteOffline = 7,
}

/** What kind of picture an application gives; only the first. */
export enum ExternalVideoSourceType {
  VideoFrame = 0,
}

/** How the bytes of a picture are laid out; only I420. */
export enum VideoPixelFormat {
  VideoPixelI420 = 1,
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
