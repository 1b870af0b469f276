/** The shapes of the 2.x web dialect, as its programs know them. */
import type { GapReason } from '@holdfast/core';
import type { DatedOutage } from '../driver/outages.ts';
import type { FailureCode } from './errors.ts';
import type { WebStream, WebStreamSpec } from './stream-types.ts';

/** A user is a number, or a string name; the others see the same, of the same type. */
export type Uid = number | string;

/** C-12. `CONNECTING` is also: the connection is interrupted, and being looked for. */
export type ConnectionState = 'DISCONNECTED' | 'CONNECTING' | 'CONNECTED' | 'DISCONNECTING';

export interface WebClientConfig {
  /** `live`: only hosts are announced (C-25). A channel's first join fixes it for all. */
  mode: 'rtc' | 'live';
  codec: 'vp8' | 'h264';
}

/** Ours: what a page says before its first join. */
export interface Configuration {
  /** Addresses of servers, `ws://…` or `wss://…`; one is enough, it tells the others. */
  servers: readonly string[];
}

/** The events of a client and their payloads. */
export interface ClientEvents {
  /** Another user publishes a stream (C-24). */
  'stream-added': { readonly stream: WebStream };
  /** Nothing was heard of its publisher for 10 s, or it publishes no longer. */
  'stream-removed': { readonly stream: WebStream };
  'stream-subscribed': { readonly stream: WebStream };
  /** A stream has got, or has lost, its audio or video. */
  'stream-updated': { readonly stream: WebStream };
  'stream-published': { readonly stream: WebStream };
  'stream-unpublished': { readonly stream: WebStream };
  'peer-online': { readonly uid: Uid };
  /** Ends the peer and its stream (C-21). `stream` is the one it had, or one without audio and video. */
  'peer-leave': {
    readonly uid: Uid;
    readonly reason: 'Quit' | 'ServerTimeOut' | 'BecomeAudience';
    readonly stream: WebStream;
  };
  'mute-audio': { readonly uid: Uid };
  'unmute-audio': { readonly uid: Uid };
  'mute-video': { readonly uid: Uid };
  'unmute-video': { readonly uid: Uid };
  'connection-state-change': { readonly prevState: ConnectionState; readonly curState: ConnectionState };
  onTokenPrivilegeWillExpire: undefined;
  onTokenPrivilegeDidExpire: undefined;
  /** Ours: a message of another user: reliable, in the order of its sender, exactly once (C-60). */
  'stream-message': { readonly uid: Uid; readonly streamId: number; readonly data: Uint8Array };
  /** Ours: messages of another user are missing and will not come; what follows them comes after this (C-62). */
  'stream-message-gap': StreamMessageGap;
  /**
   * How good the own network is, every 2 s in the channel, in an outage too: 1 excellent … 5 very bad, 6 down,
   * 0 not known. Without media it is the connection to the server that is judged.
   */
  'network-quality': {
    readonly uplinkNetworkQuality: number;
    readonly downlinkNetworkQuality: number;
  };
  /** As far as the browser says. */
  'network-type-changed': {
    readonly networkType: 'unknown' | 'none' | 'ethernet' | 'wifi' | 'cellular';
  };
  /** The stay has ended: this user is banned, or the operator closed the channel (C-44). */
  'client-banned': { readonly uid: Uid; readonly attr: FailureCode };
  'client-role-changed': { readonly role: 'host' | 'audience' };
  /** The stay has ended in the channel; `errors.ts` has the reasons. */
  error: { readonly reason: FailureCode; readonly text: string };
  /** How loud everybody is whose sound flows, 0 to 100, the loudest first; every 2 s once it is asked for. */
  'volume-indicator': { readonly attr: readonly { readonly uid: Uid; readonly level: number }[] };
  /**
   * A subscribed stream whose publisher is present and has not muted it stands still: 1005
   * `RECV_VIDEO_DECODE_FAILED`, 2005 `RECV_AUDIO_DECODE_FAILED`; and goes on: 3005 and 4005, `…_RECOVER` (C-72).
   */
  exception: { readonly code: number; readonly msg: string; readonly uid: Uid };
  /** Ours: a call has failed; what its failure callback was told, with more words. */
  failure: { readonly method: string; readonly code: FailureCode; readonly text: string };
  /** Ours: a reconnection is over, or the stay ended in it; also those too short to be told (C-90). */
  outage: DatedOutage;
}

/** Messages that will never come. Numbers are the sender's own count of a data stream, from 1 for each of its joins. */
export interface StreamMessageGap {
  readonly uid: Uid;
  readonly streamId: number;
  /** How many; −1: unknown. */
  readonly missed: number;
  /** The number of the first. */
  readonly from: number;
  /** The number of the last; −1: unknown. */
  readonly to: number;
  /** They were older than the channel's history, or went with the channel's destruction, or with the servers' log. */
  readonly reason: GapReason;
}

/** What `sendStreamMessage` sends: text as UTF-8, or bytes. At most 32 kB; it may be empty. */
export type StreamMessage = string | Uint8Array;

type Done = () => void;
type Failed = (code: FailureCode) => void;

/** Who is told which uid: the one asked for, or a number that the server has assigned. */
type Joined<Asked> = (uid: Asked extends Uid ? Asked : number) => void;

/**
 * One user's stay in one channel, one after the other. Methods never throw, whatever they are given (C-80);
 * success and failure are told by callbacks, never from inside the call. Codes: `errors.ts`.
 */
export interface WebClient {
  init(appId: string, onSuccess?: Done, onFailure?: Failed): void;
  /**
   * Joins, and goes on trying until it has worked (C-13).
   * @param token of this app, channel and uid; null or empty where the server needs none
   * @param channel 1 to 64 bytes of UTF-8 without control characters
   * @param uid 1 to 2^32 − 1, or a name of 1 to 64 bytes; null or 0: the server assigns a number
   */
  join<Asked extends Uid | null | undefined>(
    token: string | null,
    channel: string,
    uid: Asked,
    onSuccess?: Joined<Asked>,
    onFailure?: Failed,
  ): void;
  join<Asked extends Uid | null | undefined>(
    token: string | null,
    channel: string,
    uid: Asked,
    info: string | Record<string, unknown> | null,
    onSuccess?: Joined<Asked>,
    onFailure?: Failed,
  ): void;
  /** Leaves at once: no later event but the leave's own (C-14). Succeeds where there is nothing to leave. */
  leave(onSuccess?: Done, onFailure?: Failed): void;
  /** Publishes one local stream that has been initialised. In `live` mode whoever publishes becomes host. */
  publish(stream: WebStream, onFailure?: Failed): void;
  unpublish(stream: WebStream, onFailure?: Failed): void;
  subscribe(
    stream: WebStream,
    options?: { audio?: boolean | undefined; video?: boolean | undefined },
    onFailure?: Failed,
  ): void;
  subscribe(stream: WebStream, onFailure: Failed): void;
  unsubscribe(stream: WebStream, onFailure?: Failed): void;
  /** In `live` mode, before or during a stay. An audience publishes nothing (C-25). */
  setClientRole(role: 'host' | 'audience', callback?: (error: FailureCode | null) => void): void;
  setClientRole(
    role: 'host' | 'audience',
    options: object,
    callback?: (error: FailureCode | null) => void,
  ): void;
  /** The token for every connection from now on. */
  renewToken(token: string, onSuccess?: Done, onFailure?: Failed): void;
  /**
   * Ours: sends a message to everybody in the channel, on data stream 1. It is copied, and kept through every
   * outage of this stay until the channel has it (C-60).
   * @param message `syncWithAudio` is understood and changes nothing
   * @param onSuccess called when the channel has the message: from then on a dead server cannot lose it (C-61).
   * That may be long after the call, in an outage; after a leave neither callback is called any more
   * @param onFailure called when the message is not accepted, or the stay fails before the channel has it
   */
  sendStreamMessage(
    message: StreamMessage | { payload: StreamMessage; syncWithAudio?: boolean | undefined },
    onSuccess?: Done,
    onFailure?: Failed,
  ): void;
  getConnectionState(): ConnectionState;
  on<Event extends keyof ClientEvents>(event: Event, callback: (event: ClientEvents[Event]) => void): void;
  /** Without a callback: all of that event. */
  off<Event extends keyof ClientEvents>(event: Event, callback?: (event: ClientEvents[Event]) => void): void;

  /** There is one quality of each stream: these succeed and change nothing. */
  enableDualStream(onSuccess?: Done, onFailure?: Failed): void;
  disableDualStream(onSuccess?: Done, onFailure?: Failed): void;
  setRemoteVideoStreamType(stream: WebStream, streamType: 0 | 1): void;
  setStreamFallbackOption(stream: WebStream, fallbackType: 0 | 1 | 2): void;
  setLowStreamParameter(parameter: object): void;
  /** From then on `volume-indicator` is told, in this channel and the next ones. */
  enableAudioVolumeIndicator(): void;

  /**
   * By uid, of the own stream or of those that are subscribed to: bit rates in kbit/s, delays in ms, losses in per cent,
   * under the names of the public API, as texts. What the browser does not know is left out.
   */
  getLocalAudioStats(callback: (stats: Statistics) => void): void;
  getLocalVideoStats(callback: (stats: Statistics) => void): void;
  getRemoteAudioStats(callback: (stats: Statistics) => void): void;
  getRemoteVideoStats(callback: (stats: Statistics) => void): void;
  getSessionStats(callback: (stats: SessionStats) => void): void;
  /** `RTT` in ms and `OutgoingAvailableBandwidth` in kbit/s, as texts. */
  getTransportStats(callback: (stats: Readonly<Record<string, string>>) => void): void;
  getCameras(onSuccess: (devices: MediaDeviceInfo[]) => void, onFailure?: (error: string) => void): void;
  getRecordingDevices(
    onSuccess: (devices: MediaDeviceInfo[]) => void,
    onFailure?: (error: string) => void,
  ): void;
  getPlayoutDevices(
    onSuccess: (devices: MediaDeviceInfo[]) => void,
    onFailure?: (error: string) => void,
  ): void;

  /** Ours: the last 20 reconnections, oldest first (C-90). */
  getOutages(): DatedOutage[];
}

export type Statistics = Readonly<Record<string, Readonly<Record<string, string>>>>;

export interface SessionStats {
  /** Seconds in the channel. */
  readonly Duration: number;
  /** Announced users, oneself among them. */
  readonly UserCount: number;
}

/** How much is written to the console: 0 everything … 4 nothing. */
export interface Logger {
  readonly DEBUG: 0;
  readonly INFO: 1;
  readonly WARNING: 2;
  readonly ERROR: 3;
  readonly NONE: 4;
  /** Default: WARNING. */
  setLogLevel(level: number): void;
  /** Nothing is ever uploaded. */
  enableLogUpload(): void;
  disableLogUpload(): void;
  setProxyServer(server: string): void;
}

/** What a page finds under the name `AgoraRTC`. */
export interface AgoraRtc {
  readonly VERSION: string;
  readonly Logger: Logger;
  /** Ours: where the servers are. False: it was not understood, and nothing has changed. */
  configure(configuration: Configuration): boolean;
  createClient(config: WebClientConfig): WebClient;
  createStream(spec: WebStreamSpec): WebStream;
  getDevices(
    onSuccess: (devices: MediaDeviceInfo[]) => void,
    onFailure?: (error: { readonly name: string; readonly message: string }) => void,
  ): void;
  /** Whether this browser can be used for audio and video at all. */
  checkSystemRequirements(): boolean;
  getSupportedCodec(): Promise<{ video: string[]; audio: string[] }>;
}
