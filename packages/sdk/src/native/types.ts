/** The shapes of the native dialect, as its programs know them. */
import type { DatedOutage } from '../driver/outages.ts';
import type { StreamMessageGap } from '../engine/messages.ts';
import type {
  ChannelProfileType,
  ClientRoleType,
  ConnectionChangedReasonType,
  ConnectionStateType,
  ErrorCodeType,
  NetworkType,
  QualityType,
  RemoteAudioState,
  RemoteAudioStateReason,
  RemoteVideoState,
  RemoteVideoStateReason,
  UserOfflineReasonType,
} from './enums.ts';
import type { IMediaEngine } from './media-types.ts';

/** Which of the engine's channels a callback is about. */
export interface RtcConnection {
  channelId?: string;
  /** The own uid; 0 until the server has assigned one. */
  localUid?: number;
}

/** What `onLeaveChannel` tells of the stay. */
export interface RtcStats {
  /** Seconds since the call to join, rounded. */
  duration?: number;
}

/** A user who joined with a string name. */
export interface UserInfo {
  uid?: number;
  userAccount?: string;
}

/** What an engine needs to know before anything else. */
export interface RtcEngineContext {
  /** Of the app, as its servers know it: 1 to 64 bytes. */
  appId?: string;
  /** Unless `setChannelProfile` or a join says otherwise; default communication. */
  channelProfile?: ChannelProfileType | undefined;
  /** Ours. Addresses of servers, `ws://…` or `wss://…`; one is enough, it tells the others. Required. */
  servers?: readonly string[] | undefined;
  /** Ours. Default: what this process runs on; `linux` where that is a platform of Apple. */
  platform?: 'android' | 'windows' | 'linux' | undefined;
  /** Ours, for this engine's own callbacks: milliseconds of silence until `onConnectionInterrupted`; 4 000. */
  interruptedMs?: number | undefined;
  /** Ours: milliseconds of silence until `onConnectionLost`; 10 000. */
  lostMs?: number | undefined;
  /** Ours: milliseconds of silence until the stay ends as failed; `null`, the default, is never. */
  giveUpMs?: number | null | undefined;
}

/** What may be said with a join, or changed during a stay. What is left out stays as it is. */
export interface ChannelMediaOptions {
  /** Fixed by a channel's first join; a join that disagrees fails with error 17 (C-25). Joins only. */
  channelProfile?: ChannelProfileType | undefined;
  /** Default in the live profile: audience. The communication profile knows no roles. */
  clientRoleType?: ClientRoleType | undefined;
  /** Whether the audio is published; true unless told otherwise (C-24). */
  publishMicrophoneTrack?: boolean | undefined;
  /** Whether the video is published; true unless told otherwise (C-24). */
  publishCameraTrack?: boolean | undefined;
  /** Whether the audio of others is received; it says nothing of who is told about whom. */
  autoSubscribeAudio?: boolean | undefined;
  /** Whether the video of others is received; it says nothing of who is told about whom. */
  autoSubscribeVideo?: boolean | undefined;
}

/** Known to programs; nothing in it changes anything here: every data stream is reliable and ordered (C-60). */
export interface DataStreamConfig {
  syncWithAudio?: boolean | undefined;
  ordered?: boolean | undefined;
}

/** Known to programs; nothing in it means anything here. */
export interface LeaveChannelOptions {
  stopAudioMixing?: boolean | undefined;
  stopAllEffect?: boolean | undefined;
  stopMicrophoneRecording?: boolean | undefined;
}

/**
 * The callbacks of the native dialect, each optional. They come in order, one at a time, and never from inside
 * a call of the application. What a callback throws surfaces as an uncaught exception and disturbs no session.
 */
export interface IRtcEngineEventHandler {
  /** In the channel, `elapsed` ms after the call to join. */
  onJoinChannelSuccess?(connection: RtcConnection, elapsed: number): void;
  /** Back in the channel, `elapsed` ms after the reconnection began (C-11). */
  didRejoinChannel?(connection: RtcConnection, elapsed: number): void;
  /** The other name of `didRejoinChannel`; a handler that has both is called under both. */
  onRejoinChannelSuccess?(connection: RtcConnection, elapsed: number): void;
  /** The application has left. */
  onLeaveChannel?(connection: RtcConnection, stats: RtcStats): void;
  /** A remote user is present; `elapsed` counts from the call to join, in ms (C-21). */
  onUserJoined?(connection: RtcConnection, remoteUid: number, elapsed: number): void;
  /** A remote user is not present any more (C-20, C-21). */
  onUserOffline?(connection: RtcConnection, remoteUid: number, reason: UserOfflineReasonType): void;
  /** Nothing has been received for 4 s. */
  onConnectionInterrupted?(connection: RtcConnection): void;
  /** Nothing has been received for 10 s, or the first join has not succeeded for as long (C-13). Trying goes on. */
  onConnectionLost?(connection: RtcConnection): void;
  /** Always before the callback that says the same more specifically (C-12). */
  onConnectionStateChanged?(
    connection: RtcConnection,
    state: ConnectionStateType,
    reason: ConnectionChangedReasonType,
  ): void;
  /** The machine is on another kind of network, as far as its system says. */
  onNetworkTypeChanged?(connection: RtcConnection, type: NetworkType): void;
  /**
   * How good the own network is, every 2 s in the channel, in an outage too: up, then down. `remoteUid` is 0, oneself:
   * of others nothing is told. Without media it is the connection to the server that is judged.
   */
  onNetworkQuality?(connection: RtcConnection, remoteUid: number, tx: QualityType, rx: QualityType): void;
  /**
   * What is received of somebody's audio: told only where an audio observer is registered. Frozen: nothing has come for
   * a second (C-72); it is no offline. `elapsed` counts from `onUserJoined`, in ms.
   */
  onRemoteAudioStateChanged?(
    connection: RtcConnection,
    remoteUid: number,
    state: RemoteAudioState,
    reason: RemoteAudioStateReason,
    elapsed: number,
  ): void;
  /** As `onRemoteAudioStateChanged`, of the video. */
  onRemoteVideoStateChanged?(
    connection: RtcConnection,
    remoteUid: number,
    state: RemoteVideoState,
    reason: RemoteVideoStateReason,
    elapsed: number,
  ): void;
  /** The first picture of somebody has come; once while it is present. */
  onFirstRemoteVideoFrame?(
    connection: RtcConnection,
    remoteUid: number,
    width: number,
    height: number,
    elapsed: number,
  ): void;
  /** The first sound of somebody has come; once while it is present. */
  onFirstRemoteAudioFrame?(connection: RtcConnection, userId: number, elapsed: number): void;
  /**
   * A message of a remote user: reliable, in the order of its sender, exactly once (C-60). The data is this
   * handler's own.
   * @param length of the data, in bytes
   * @param sentTs the sender's wall clock, in milliseconds since 1970
   */
  onStreamMessage?(
    connection: RtcConnection,
    remoteUid: number,
    streamId: number,
    data: Uint8Array,
    length: number,
    sentTs: number,
  ): void;
  /**
   * Messages of a remote user are missing and will not come; what follows them comes after this (C-62).
   * @param code 117
   * @param missed how many; −1: unknown
   * @param cached always 0
   */
  onStreamMessageError?(
    connection: RtcConnection,
    remoteUid: number,
    streamId: number,
    code: ErrorCodeType,
    missed: number,
    cached: number,
  ): void;
  /** Ours: right after `onStreamMessageError`, which messages are missing and why (C-62). */
  onStreamMessageGap?(connection: RtcConnection, gap: StreamMessageGap): void;
  /** A remote user has muted or unmuted its audio. */
  onUserMuteAudio?(connection: RtcConnection, remoteUid: number, muted: boolean): void;
  /** A remote user has muted or unmuted its video. */
  onUserMuteVideo?(connection: RtcConnection, remoteUid: number, muted: boolean): void;
  /** The own role in a live channel has changed. */
  onClientRoleChanged?(connection: RtcConnection, oldRole: ClientRoleType, newRole: ClientRoleType): void;
  /** This user's account has got a uid; before `onJoinChannelSuccess`. */
  onLocalUserRegistered?(uid: number, userAccount: string): void;
  /** A remote user who joined with an account; right after its `onUserJoined`. */
  onUserInfoUpdated?(uid: number, info: UserInfo): void;
  /** The token expires within 30 s: call `renewToken` (C-43). */
  onTokenPrivilegeWillExpire?(connection: RtcConnection, token: string): void;
  /** The token has expired: the stay fails 30 s later unless `renewToken` brings another one (C-43). */
  onRequestToken?(connection: RtcConnection): void;
  /** What became of `renewToken`: 0 taken, 2 expired, 3 not valid here; then the token before counts on. */
  onRenewTokenResult?(connection: RtcConnection, token: string, code: number): void;
  /** Something failed; the codes are in `engine/errors.ts`, the text says more. */
  onError?(err: ErrorCodeType, msg: string): void;
  /** Ours: a reconnection is over, or the stay ended in it; also those too short to be told otherwise (C-90). */
  onOutage?(connection: RtcConnection, record: DatedOutage): void;
}

/** The name of a callback. */
export type RtcEngineEvent = keyof IRtcEngineEventHandler;

/**
 * An engine of the native dialect: one channel at a time. Methods return 0, or a negative error code
 * (`engine/errors.ts`); none throws, whatever it is given (C-80).
 */
export interface IRtcEngine {
  /** Must come first; again only outside a channel. −2 wrong context, −101 wrong app id, −8 in a channel. */
  initialize(context: RtcEngineContext): number;
  /** Leaves (C-14) and forgets everything, handlers too; `initialize` may begin anew. */
  release(sync?: boolean): void;
  /** A handler is called for each of its methods, in the order of registration. False: not an object, or known. */
  registerEventHandler(eventHandler: IRtcEngineEventHandler): boolean;
  /** False: it was not registered. */
  unregisterEventHandler(eventHandler: IRtcEngineEventHandler): boolean;
  /** Calls `listener` for one callback, after the handlers. */
  addListener<Event extends RtcEngineEvent>(eventType: Event, listener: IRtcEngineEventHandler[Event]): void;
  /** Without a listener: all of that callback. */
  removeListener<Event extends RtcEngineEvent>(
    eventType: Event,
    listener?: IRtcEngineEventHandler[Event],
  ): void;
  /** Of one callback, or of all; registered handlers stay. */
  removeAllListeners<Event extends RtcEngineEvent>(eventType?: Event): void;
  /**
   * Joins a channel; `onJoinChannelSuccess` tells when it has worked, and trying goes on until it does (C-13).
   * @param token of this app, channel and uid; empty where the server needs none
   * @param channelId 1 to 64 bytes of UTF-8 without control characters
   * @param uid 1 to 2^32 − 1; 0: the server assigns one
   * @returns −2, −7, −17 already in a channel, −102 channel name, −121 uid
   */
  joinChannel(token: string, channelId: string, uid: number, options?: ChannelMediaOptions): number;
  /** As `joinChannel`, under a name of 1 to 64 bytes; the server assigns the uid. −134: not such a name. */
  joinChannelWithUserAccount(
    token: string,
    channelId: string,
    userAccount: string,
    options?: ChannelMediaOptions,
  ): number;
  /** Leaves at once: no later callback but the leave's own (C-14). −18: not in a channel. */
  leaveChannel(options?: LeaveChannelOptions): number;
  /** Changes role or publishing during a stay, in one step. −113 not in a channel. */
  updateChannelMediaOptions(options: ChannelMediaOptions): number;
  /** The token for every connection from now on. −113 not in a channel. */
  renewToken(token: string): number;
  /** Before or during a stay; means something in the live profile only (C-25). Its options are not looked at. */
  setClientRole(role: ClientRoleType, options?: object): number;
  /** For the next join. −8 in a channel. */
  setChannelProfile(profile: ChannelProfileType): number;
  /** What is true now; it may be ahead of the callback that is being delivered. */
  getConnectionState(): ConnectionStateType;
  /** Whether there is audio to publish; true at first. */
  enableLocalAudio(enabled: boolean): number;
  /** Whether there is video to publish; true at first. */
  enableLocalVideo(enabled: boolean): number;
  /** Enables or disables what there is to publish, as `enableLocalAudio` and `enableLocalVideo` do. */
  enableAudio(): number;
  disableAudio(): number;
  enableVideo(): number;
  disableVideo(): number;
  /** Mutes the published audio; survives reconnection (C-71). */
  muteLocalAudioStream(mute: boolean): number;
  /** Mutes the published video; survives reconnection (C-71). */
  muteLocalVideoStream(mute: boolean): number;
  /** Whether somebody is heard here, if others are. It outlives stays. −2: not a uid, not a choice. */
  muteRemoteAudioStream(uid: number, mute: boolean): number;
  /** As `muteRemoteAudioStream`, for the picture. */
  muteRemoteVideoStream(uid: number, mute: boolean): number;
  /**
   * Creates a data stream for this stay, from the call to `joinChannel` on. Its ids are 1 to 5, anew in each stay.
   * @returns the id; −2, −113 not in a channel, −116 there are 5
   */
  createDataStream(config?: DataStreamConfig): number;
  /** The same in the words of an older API. */
  createDataStream(reliable: boolean, ordered: boolean): number;
  /**
   * Sends a message to everybody in the channel. It is copied, and kept through every outage of this stay until
   * the channel has it; 0 says that it was accepted (C-60).
   * @param data at most 32 kB; it may be empty
   * @param length how many bytes of it are sent; default all
   * @returns −2, −3 no such data stream, −5 an audience sends no messages, −9 the token does not allow it,
   * −22 too much waits to be acknowledged (C-63), −113 not in the channel (yet), −114 too large, −115 too fast
   */
  sendStreamMessage(streamId: number, data: Uint8Array, length?: number): number;
  /** What is sent and received, as bytes. Without media here its methods return −4. */
  getMediaEngine(): IMediaEngine;
  /** Ours: VoIP mode keeps the connection while the app is in the background (C-32); off by default. Tells nobody. */
  setVoipMode(enabled: boolean): number;
  /** Ours: the app says where it is; React Native says it by itself. Without VoIP mode the background suspends (C-32). */
  notifyAppState(state: 'foreground' | 'background'): number;
  /** What an error code means. */
  getErrorDescription(code: number): string;
  /** Ours: the last 20 reconnections, oldest first (C-90). */
  getOutages(): DatedOutage[];
}

/** The name under which many programs know the engine. */
export type IRtcEngineEx = IRtcEngine;
