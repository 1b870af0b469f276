/** The shapes of the apple dialect, as its programs know them. */
import type { DatedOutage } from '../driver/outages.ts';
import type { StreamMessageGap } from '../engine/messages.ts';
import type {
  ChannelProfile,
  ClientRole,
  ConnectionChangedReason,
  ConnectionState,
  ErrorCode,
  NetworkQuality,
  NetworkType,
  UserOfflineReason,
} from './numbers.ts';

/** What `didLeaveChannel` tells of the stay. */
export interface ChannelStats {
  /** Seconds since the call to join, rounded. */
  duration: number;
}

/** A user who joined with a string name. */
export interface UserInfo {
  uid: number;
  userAccount: string;
}

/** Ours: where an engine finds its servers, and what it runs as. */
export interface RtcEngineSurroundings {
  /** Addresses of servers, `ws://…` or `wss://…`; one is enough, it tells the others. */
  servers?: readonly string[] | undefined;
  /** Default: `ios` on a telephone or tablet and in React Native, else `macos`. */
  platform?: 'ios' | 'macos' | undefined;
  /** For this engine's own callbacks: milliseconds of silence until it is interrupted; 4 000. */
  interruptedMs?: number | undefined;
  /** Milliseconds of silence until the connection is lost; 10 000. */
  lostMs?: number | undefined;
  /** Milliseconds of silence until the stay ends as failed; `null`, the default, is never. */
  giveUpMs?: number | null | undefined;
}

/** What an engine needs to know before anything else. Servers are required, here or in `RtcEngineKit.configure`. */
export interface RtcEngineConfig extends RtcEngineSurroundings {
  /** Of the app, as its servers know it: 1 to 64 bytes. */
  appId: string;
  /** Unless `setChannelProfile` or a join says otherwise; default communication. */
  channelProfile?: ChannelProfile | undefined;
}

/** What may be said with a join, or changed during a stay. What is left out stays as it is. */
export interface ChannelMediaOptions {
  /** Fixed by a channel's first join; a join that disagrees fails with error 17 (C-25). Joins only. */
  channelProfile?: ChannelProfile | undefined;
  /** Default in the live profile: audience. The communication profile knows no roles. */
  clientRoleType?: ClientRole | undefined;
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

/** Called once in the channel, in place of `didJoinChannel`. */
export type JoinSuccessBlock = (channel: string, uid: number, elapsed: number) => void;

/** Called once after `didLeaveChannel`. */
export type LeaveChannelBlock = (stats: ChannelStats) => void;

/**
 * The callbacks of the apple dialect, each optional, called on the delegate itself with the engine first. They
 * come in order, one at a time, and never from inside a call of the application. What a callback throws surfaces
 * as an uncaught exception and disturbs no session.
 */
export interface RtcEngineDelegate {
  /** In the channel, `elapsed` ms after the call to join; a `joinSuccess` block is called instead. */
  didJoinChannel?(engine: RtcEngineKit, channel: string, uid: number, elapsed: number): void;
  /** Back in the channel, `elapsed` ms after the reconnection began (C-11). */
  didRejoinChannel?(engine: RtcEngineKit, channel: string, uid: number, elapsed: number): void;
  /** The application has left. */
  didLeaveChannel?(engine: RtcEngineKit, stats: ChannelStats): void;
  /** A remote user is present; `elapsed` counts from the call to join, in ms (C-21). */
  didJoinedOfUid?(engine: RtcEngineKit, uid: number, elapsed: number): void;
  /** A remote user is not present any more (C-20, C-21). */
  didOfflineOfUid?(engine: RtcEngineKit, uid: number, reason: UserOfflineReason): void;
  /** Nothing has been received for 4 s. */
  rtcEngineConnectionDidInterrupted?(engine: RtcEngineKit): void;
  /** Nothing has been received for 10 s, or the first join has not succeeded for as long (C-13). Trying goes on. */
  rtcEngineConnectionDidLost?(engine: RtcEngineKit): void;
  /** Always before the callback that says the same more specifically (C-12). */
  connectionChangedTo?(engine: RtcEngineKit, state: ConnectionState, reason: ConnectionChangedReason): void;
  /** The machine is on another kind of network, as far as its system says. */
  networkTypeChanged?(engine: RtcEngineKit, type: NetworkType): void;
  /**
   * How good the own network is, every 2 s in the channel, in an outage too: up, then down. `uid` is 0, oneself: of
   * others nothing is told. Without media it is the connection to the server that is judged.
   */
  networkQuality?(
    engine: RtcEngineKit,
    uid: number,
    txQuality: NetworkQuality,
    rxQuality: NetworkQuality,
  ): void;
  /** A message of a remote user: reliable, in the order of its sender, exactly once (C-60). */
  receiveStreamMessageFromUid?(engine: RtcEngineKit, uid: number, streamId: number, data: Uint8Array): void;
  /**
   * Messages of a remote user are missing and will not come; what follows them comes after this (C-62).
   * @param error 117
   * @param missed how many; −1: unknown
   * @param cached always 0
   */
  didOccurStreamMessageErrorFromUid?(
    engine: RtcEngineKit,
    uid: number,
    streamId: number,
    error: ErrorCode,
    missed: number,
    cached: number,
  ): void;
  /** Ours: right after `didOccurStreamMessageErrorFromUid`, which messages are missing and why (C-62). */
  didMissStreamMessages?(engine: RtcEngineKit, gap: StreamMessageGap): void;
  /** A remote user has muted or unmuted its audio. */
  didAudioMuted?(engine: RtcEngineKit, muted: boolean, uid: number): void;
  /** A remote user has muted or unmuted its video. */
  didVideoMuted?(engine: RtcEngineKit, muted: boolean, uid: number): void;
  /** The own role in a live channel has changed. */
  didClientRoleChanged?(engine: RtcEngineKit, oldRole: ClientRole, newRole: ClientRole): void;
  /** A remote user who joined with an account; right after its `didJoinedOfUid`. */
  didUpdatedUserInfo?(engine: RtcEngineKit, userInfo: UserInfo, uid: number): void;
  /** The token expires within 30 s: call `renewToken` (C-43). */
  tokenPrivilegeWillExpire?(engine: RtcEngineKit, token: string): void;
  /** The token has expired: the stay fails 30 s later unless `renewToken` brings another one (C-43). */
  rtcEngineRequestToken?(engine: RtcEngineKit): void;
  /** What became of `renewToken`: 0 taken, 2 expired, 3 not valid here; then the token before counts on. */
  didRenewTokenResult?(engine: RtcEngineKit, token: string, code: number): void;
  /** Something failed; the codes are in `engine/errors.ts`. */
  didOccurError?(engine: RtcEngineKit, code: ErrorCode): void;
  /** Ours: right after `didOccurError`, the same error with what there is to say about it. */
  didExplainError?(engine: RtcEngineKit, code: ErrorCode, text: string): void;
  /** Ours: a reconnection is over, or the stay ended in it; also those too short to be told otherwise (C-90). */
  didEndOutage?(engine: RtcEngineKit, record: DatedOutage): void;
}

/**
 * An engine of the apple dialect: one channel at a time. Methods return 0, or a negative error code
 * (`engine/errors.ts`); none throws, whatever it is given (C-80). With a configuration that made no sense every
 * method returns what was wrong with it, −2 or −101; after `destroy` −7.
 *
 * In Node the end of the process is a leave (C-31): SIGTERM, SIGINT, SIGHUP, an uncaught error, `process.exit`.
 * Signals that the application handles itself stay its own; its exit is the leave then. Elsewhere nothing tells
 * of the end, and the server takes the closed connection for it.
 */
export interface RtcEngineKit {
  /** Who is called; may be replaced at any time, and counts from the next callback on. Held, not weak. */
  get delegate(): RtcEngineDelegate | null;
  set delegate(delegate: RtcEngineDelegate | null | undefined);
  /**
   * Joins a channel; trying goes on until it works (C-13).
   * @param token of this app, channel and uid; empty or null where the server needs none
   * @param channelId 1 to 64 bytes of UTF-8 without control characters
   * @param info known to programs; it reaches nobody
   * @param uid 1 to 2^32 − 1; 0: the server assigns one
   * @param joinSuccess called in place of the delegate's `didJoinChannel`, after `connectionChangedTo`
   * @returns −2, −17 already in a channel, −102 channel name, −121 uid
   */
  joinChannel(
    token: string | null | undefined,
    channelId: string,
    info: string | null | undefined,
    uid: number,
    joinSuccess?: JoinSuccessBlock | null,
  ): number;
  /** The same with role, profile and publishing. */
  joinChannel(
    token: string | null | undefined,
    channelId: string,
    uid: number,
    mediaOptions: ChannelMediaOptions,
    joinSuccess?: JoinSuccessBlock | null,
  ): number;
  /** Leaves at once: no later callback but the leave's own (C-14). −18: not in a channel, and `done` is not called. */
  leaveChannel(done?: LeaveChannelBlock | null): number;
  /** Changes role or publishing during a stay, in one step. −113 not in a channel. */
  updateChannel(mediaOptions: ChannelMediaOptions): number;
  /** The token for every connection from now on. −113 not in a channel. */
  renewToken(token: string): number;
  /** Before or during a stay; means something in the live profile only (C-25). Its options are not looked at. */
  setClientRole(role: ClientRole, options?: object | null): number;
  /** For the next join. −8 in a channel. */
  setChannelProfile(profile: ChannelProfile): number;
  /** What is true now; it may be ahead of the callback that is being delivered. */
  getConnectionState(): ConnectionState;
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
  /** Whether somebody is heard here. Accepted, and without effect yet: no media reach this dialect. −2: not a uid, not a choice. */
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
   * @returns −2, −3 no such data stream, −5 an audience sends no messages, −9 the token does not allow it,
   * −22 too much waits to be acknowledged (C-63), −113 not in the channel (yet), −114 too large, −115 too fast
   */
  sendStreamMessage(streamId: number, data: Uint8Array): number;
  /** Ours: VoIP mode keeps the connection while the app is in the background (C-32); off by default. Tells nobody. */
  setVoipMode(enabled: boolean): number;
  /** Ours: the app says where it is; React Native says it by itself. Without VoIP mode the background suspends (C-32). */
  notifyAppState(state: 'foreground' | 'background'): number;
  /** Ours: the last 20 reconnections, oldest first (C-90). */
  getOutages(): DatedOutage[];
  /** Leaves (C-14) and ends this engine for good; the next `sharedEngine` makes another one. */
  destroy(): void;
}

/** The way to the one engine of a program. */
export interface RtcEngineKitClass {
  /**
   * The program's engine, made by the first call. A later call returns the same engine, with another delegate if
   * it names one (`null`: nobody); its configuration counts outside a channel. It never throws: a configuration
   * that makes no sense is told as `didOccurError`, 2 or 101, and the one before stays.
   * @param config or only the app id, where `configure` has told the servers
   */
  sharedEngine(config: RtcEngineConfig | string, delegate?: RtcEngineDelegate | null): RtcEngineKit;
  /** Ours: what a later `sharedEngine` takes where its configuration says nothing. −2: it makes no sense. */
  configure(surroundings: RtcEngineSurroundings): number;
  /** Leaves and ends the shared engine, if there is one. */
  destroy(): void;
  /** What an error code means. Takes the results of methods (negative) and the codes of `didOccurError`. */
  getErrorDescription(code: number): string;
}
