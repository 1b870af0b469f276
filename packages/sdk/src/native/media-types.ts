/** The shapes of audio and video in the native dialect, as its programs know them. */
import type { ExternalVideoSourceType, VideoPixelFormat } from './enums.ts';

/** A picture that an application gives. */
export interface ExternalVideoFrame {
  /** Default and only: `VideoFrame`, the bytes of a picture. */
  type?: ExternalVideoSourceType;
  /** Only I420. */
  format?: VideoPixelFormat;
  /** A plane of brightness, then two of colour of half its width and height: `stride * height * 3 / 2` bytes. */
  buffer?: Uint8Array;
  /** Pixels in a line; even, at most 4 096. */
  stride?: number;
  /** Lines; even, at most 4 096. */
  height?: number;
  /** Not looked at: a picture is sent when it comes. */
  timestamp?: number;
}

/** Some milliseconds of sound. */
export interface AudioFrame {
  /** Not looked at: samples of 16 bits are the only type. */
  type?: number;
  /** Of each channel, at most a second. */
  samplesPerChannel?: number;
  /** 2. */
  bytesPerSample?: number;
  /** 1 or 2; their samples alternate. */
  channels?: number;
  /** 8 000, 16 000, 32 000, 44 100 or 48 000. */
  samplesPerSec?: number;
  /** `samplesPerChannel * channels` samples of 16 bits, little-endian. */
  buffer?: Uint8Array;
  renderTimeMs?: number;
}

/** A picture that is received: three planes of I420. The bytes are the observer's own. */
export interface VideoFrame {
  type: VideoPixelFormat;
  width: number;
  height: number;
  yStride: number;
  uStride: number;
  vStride: number;
  yBuffer: Uint8Array;
  uBuffer: Uint8Array;
  vBuffer: Uint8Array;
  /** When it was received: milliseconds since 1970. */
  renderTimeMs: number;
}

/** Is given every picture of every user who is received. What it returns is not looked at. */
export interface IVideoFrameObserver {
  onRenderVideoFrame?(channelId: string, remoteUid: number, videoFrame: VideoFrame): unknown;
}

/** Is given the sound of every user who is received, 10 ms at a time. What it returns is not looked at. */
export interface IAudioFrameObserver {
  onPlaybackAudioFrameBeforeMixing?(channelId: string, uid: number, audioFrame: AudioFrame): unknown;
}

/**
 * Audio and video of an engine, as bytes: what it sends comes from the application, and what it receives goes to
 * observers. Nothing is sent without a source, and nothing received without an observer. On Node it needs the package
 * `@roamhq/wrtc`: where that is not installed, every method returns −4, and all else of the engine works.
 */
export interface IMediaEngine {
  /** The video comes from `pushVideoFrame`; what is published of it says `enableLocalVideo`. */
  setExternalVideoSource(
    enabled: boolean,
    useTexture?: boolean,
    sourceType?: ExternalVideoSourceType,
  ): number;
  /** The audio comes from `pushAudioFrame`. Rate and channels are those of each frame. */
  setExternalAudioSource(enabled: boolean, sampleRate?: number, channels?: number): number;
  /** A picture for everybody, at once; muted or outside a channel it goes nowhere. −2 not such a picture, −3 no source. */
  pushVideoFrame(frame: ExternalVideoFrame, videoTrackId?: number): number;
  /** Sound for everybody, in real time. −2 not such a sound, −3 no source. */
  pushAudioFrame(frame: AudioFrame, trackId?: number): number;
  /** One at a time: the next takes the place of the one before. */
  registerVideoFrameObserver(observer: IVideoFrameObserver): number;
  unregisterVideoFrameObserver(observer?: IVideoFrameObserver): number;
  registerAudioFrameObserver(observer: IAudioFrameObserver): number;
  unregisterAudioFrameObserver(observer?: IAudioFrameObserver): number;
}
