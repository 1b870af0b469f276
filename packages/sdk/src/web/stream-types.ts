/** The shapes of streams in the 2.x web dialect, as its programs know them. */

import type { StreamStats } from './stats.ts';

export type { StreamStats };

/** What `createStream` is asked for. */
export interface WebStreamSpec {
  /** What `getId()` returns; default: the uid of the client that publishes the stream. */
  streamID?: number | string | undefined;
  /** Whether there is audio: from a microphone, unless `audioSource` gives it. */
  audio: boolean;
  /** Whether there is video: from a camera, unless `videoSource` gives it. */
  video: boolean;
  /** Whether the video is a screen, a window or a tab that the user chooses. */
  screen?: boolean | undefined;
  /** Whether the sound of what is shared is asked for too. */
  screenAudio?: boolean | undefined;
  cameraId?: string | undefined;
  microphoneId?: string | undefined;
  facingMode?: 'user' | 'environment' | undefined;
  /** Whether the local preview of a camera is mirrored; default true. */
  mirror?: boolean | undefined;
  audioSource?: MediaStreamTrack | undefined;
  videoSource?: MediaStreamTrack | undefined;
  /** Whether echoes are cancelled, levels evened out, noise suppressed; default: as the browser does. */
  audioProcessing?:
    | { AEC?: boolean | undefined; AGC?: boolean | undefined; ANS?: boolean | undefined }
    | undefined;
  /** Known to programs; the browser asks the user itself. */
  mediaSource?: 'screen' | 'application' | 'window' | undefined;
  extensionId?: string | undefined;
  sourceId?: string | undefined;
}

/** What a stream's failure callbacks are given: the name of the error in `msg`, what happened in `info`. */
export interface StreamError {
  readonly type: 'error';
  readonly msg: string;
  readonly info: string;
}

/** How a stream is shown. */
export interface PlayOptions {
  /** Default: a local camera fills its place, everything else is shown whole. */
  fit?: 'cover' | 'contain' | undefined;
  /** Whether its sound is off; default: of local streams. */
  muted?: boolean | undefined;
}

/** Why a stream does not play. `paused`: the browser wants a gesture of the user first, then `resume()`. */
export interface PlayError {
  readonly status: 'aborted' | 'paused';
  readonly reason: string;
}

/** The events of a stream and their payloads. */
export interface StreamEvents {
  /** The user lets the page use the devices. */
  accessAllowed: undefined;
  /** The user does not. */
  accessDenied: undefined;
  /** The user has stopped sharing the screen. */
  stopScreenSharing: undefined;
  /** The track has ended by itself: its device is gone. */
  audioTrackEnded: undefined;
  videoTrackEnded: undefined;
  'player-status-change': {
    readonly playerId: string;
    readonly mediaType: 'audio' | 'video';
    readonly status: 'play' | 'paused' | 'aborted';
    readonly reason: string;
    readonly isErrorState: boolean;
  };
}

/** A number, or bounds; pixels, frames a second, kilobits a second. */
type Wanted = number | { min?: number | undefined; max?: number | undefined; ideal?: number | undefined };

/** Resolution, frame rate and bit rate, each if it is said. */
export interface VideoEncoderConfiguration {
  resolution?: { width?: Wanted | undefined; height?: Wanted | undefined } | undefined;
  frameRate?: Wanted | undefined;
  bitrate?: { min?: number | undefined; max?: number | undefined } | undefined;
}

/** Resolution and frame rate, as one of the public names. */
export type ProfileName = string;

/**
 * Audio and video of this page, or of another user. Methods never throw, whatever they are given (C-80);
 * one that cannot do what it is asked for says so in its failure callback, or by `false`.
 */
export interface WebStream {
  /** Whether it is of this page. */
  readonly local: boolean;
  /** The uid of its publisher, of the type with which that user has joined; of a local stream its `streamID`. */
  getId(): number | string;
  /**
   * Opens the devices, or takes the given tracks. In Node there are none: a stream is what its
   * specification says.
   */
  init(onSuccess?: () => void, onFailure?: (error: StreamError) => void): void;
  /** Shows the stream inside the element of this id. The callback is given null, or why it does not play. */
  play(elementId: string, options?: PlayOptions, callback?: (error: PlayError | null) => void): void;
  play(elementId: string, callback: (error: PlayError | null) => void): void;
  /** Takes the stream from the page. Harmless when it is not shown. */
  stop(): void;
  /** Stops, and gives the devices back. Harmless a second time. */
  close(): void;
  /** Plays what the browser had paused; call it from a gesture of the user. */
  resume(): Promise<void>;
  isPlaying(): boolean;
  /** A local stream's mute is seen by everybody, a remote one's stays here. False: there is no audio. */
  muteAudio(): boolean;
  unmuteAudio(): boolean;
  /** As `muteAudio`. */
  muteVideo(): boolean;
  unmuteVideo(): boolean;
  /** Older names of the four above. */
  disableAudio(): boolean;
  enableAudio(): boolean;
  disableVideo(): boolean;
  enableVideo(): boolean;
  hasAudio(): boolean;
  hasVideo(): boolean;
  /** Whether there is audio that its publisher has not muted. */
  isAudioOn(): boolean;
  isVideoOn(): boolean;
  getAudioTrack(): MediaStreamTrack | undefined;
  getVideoTrack(): MediaStreamTrack | undefined;
  /** Adds the first track of its kind to a local stream. */
  addTrack(track: MediaStreamTrack): void;
  removeTrack(track: MediaStreamTrack): void;
  /** Puts a track in the place of the one of the same kind. */
  replaceTrack(
    track: MediaStreamTrack,
    onSuccess?: () => void,
    onFailure?: (error: StreamError) => void,
  ): void;
  switchDevice(
    type: 'audio' | 'video',
    deviceId: string,
    onSuccess?: () => void,
    onFailure?: (error: StreamError) => void,
  ): void;
  /** One of `120p` … `1080p_5`; default `480p_1`. An unknown name changes nothing. */
  setVideoProfile(profile: ProfileName): void;
  setScreenProfile(profile: ProfileName): void;
  /** What a camera is asked for; what it cannot do changes nothing. Bit rates are not looked at. */
  setVideoEncoderConfiguration(configuration: VideoEncoderConfiguration): void;
  /** One with `stereo` in its name asks for two channels. */
  setAudioProfile(profile: ProfileName): void;
  /** Loudness of a shown stream, 0 to 100. */
  setAudioVolume(volume: number): void;
  /** How loud it is at this moment, 0 to 1; 0 where it cannot be measured. */
  getAudioLevel(): number;
  getStats(callback: (stats: StreamStats) => void): void;
  on<Event extends keyof StreamEvents>(event: Event, callback: (event: StreamEvents[Event]) => void): void;
  off<Event extends keyof StreamEvents>(event: Event, callback?: (event: StreamEvents[Event]) => void): void;
}
