/** Audio and video as bytes, in the names of the native dialect. */
import { isBytes } from '../driver/bytes.ts';
import type { Host } from '../driver/host.ts';
import { looked } from '../driver/looked.ts';
import type { Engine } from '../engine/engine.ts';
import { errorCodes } from '../engine/numbers.ts';
import type { Sound, Still } from '../media/medium.ts';
import type { Kind } from '../media/wishes.ts';
import { ExternalVideoSourceType, VideoPixelFormat } from './enums.ts';
import type { AudioFrame, IMediaEngine, VideoFrame } from './media-types.ts';

export class MediaEngine implements IMediaEngine {
  readonly #host: Host;
  readonly #engine: Engine;

  constructor(host: Host, engine: Engine) {
    this.#host = host;
    this.#engine = engine;
  }

  setExternalVideoSource(enabled: unknown): number {
    return this.#source('video', enabled);
  }

  setExternalAudioSource(enabled: unknown): number {
    return this.#source('audio', enabled);
  }

  pushVideoFrame(frame: unknown): number {
    const still = looked(() => readStill(frame), null);
    return still === null ? -errorCodes.invalidArgument : this.#engine.media.give({ still });
  }

  pushAudioFrame(frame: unknown): number {
    const sound = looked(() => readSound(frame), null);
    return sound === null ? -errorCodes.invalidArgument : this.#engine.media.give({ sound });
  }

  registerVideoFrameObserver(observer: unknown): number {
    if (!isObject(observer)) return -errorCodes.invalidArgument;
    const tell = (channel: string, uid: number, still: Still) =>
      this.#call(observer, 'onRenderVideoFrame', channel, uid, videoFrameOf(still, this.#host.wallClock()));
    return this.#engine.media.observe({ video: tell });
  }

  unregisterVideoFrameObserver(): number {
    return this.#engine.media.observe({ video: null });
  }

  registerAudioFrameObserver(observer: unknown): number {
    if (!isObject(observer)) return -errorCodes.invalidArgument;
    const tell = (channel: string, uid: number, sound: Sound) =>
      this.#call(
        observer,
        'onPlaybackAudioFrameBeforeMixing',
        channel,
        uid,
        audioFrameOf(sound, this.#host.wallClock()),
      );
    return this.#engine.media.observe({ audio: tell });
  }

  unregisterAudioFrameObserver(): number {
    return this.#engine.media.observe({ audio: null });
  }

  #source(kind: Kind, enabled: unknown): number {
    if (typeof enabled !== 'boolean') return -errorCodes.invalidArgument;
    return this.#engine.media.setSource(kind, enabled);
  }

  /** What an observer throws disturbs nobody. */
  #call(observer: Record<string, unknown>, name: string, ...args: unknown[]): void {
    try {
      const callback = observer[name];
      if (typeof callback === 'function') callback.apply(observer, args);
    } catch (error) {
      this.#host.report(error);
    }
  }
}

/** Of pictures, in pixels. */
const sideMax = 4_096;
const sampleRates: readonly unknown[] = [8_000, 16_000, 32_000, 44_100, 48_000];

function readStill(frame: unknown): Still | null {
  if (!isObject(frame)) return null;
  const { type = ExternalVideoSourceType.VideoFrame, format, buffer, stride, height } = frame;
  if (type !== ExternalVideoSourceType.VideoFrame || format !== VideoPixelFormat.VideoPixelI420) return null;
  if (!isSide(stride) || !isSide(height) || !isBytes(buffer)) return null;
  if (buffer.length !== (stride * height * 3) / 2) return null;
  return { width: stride, height, data: buffer };
}

function readSound(frame: unknown): Sound | null {
  if (!isObject(frame)) return null;
  const { samplesPerChannel, bytesPerSample = 2, channels, samplesPerSec, buffer } = frame;
  if (bytesPerSample !== 2 || (channels !== 1 && channels !== 2) || !isBytes(buffer)) return null;
  if (!sampleRates.includes(samplesPerSec) || !Number.isInteger(samplesPerChannel)) return null;
  const [each, rate] = [samplesPerChannel as number, samplesPerSec as number];
  if (each < 1 || each > rate || buffer.length !== 2 * each * channels) return null;
  // Samples begin at an even address; the application's bytes need not.
  const bytes = new Uint8Array(buffer);
  return { samplesPerSecond: rate, channels, samples: new Int16Array(bytes.buffer) };
}

function isSide(value: unknown): value is number {
  return (
    Number.isInteger(value) &&
    (value as number) >= 2 &&
    (value as number) <= sideMax &&
    (value as number) % 2 === 0
  );
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

function videoFrameOf({ width, height, data }: Still, now: number): VideoFrame {
  const [pixels, colours] = [width * height, Math.ceil(width / 2) * Math.ceil(height / 2)];
  return {
    ...{ type: VideoPixelFormat.VideoPixelI420, width, height, renderTimeMs: now },
    ...{ yStride: width, uStride: Math.ceil(width / 2), vStride: Math.ceil(width / 2) },
    yBuffer: data.subarray(0, pixels),
    uBuffer: data.subarray(pixels, pixels + colours),
    vBuffer: data.subarray(pixels + colours, pixels + 2 * colours),
  };
}

function audioFrameOf({ samplesPerSecond, channels, samples }: Sound, now: number): AudioFrame {
  return {
    ...{ type: 0, bytesPerSample: 2, channels, samplesPerSec: samplesPerSecond, renderTimeMs: now },
    samplesPerChannel: samples.length / channels,
    buffer: new Uint8Array(samples.buffer, samples.byteOffset, samples.byteLength),
  };
}
