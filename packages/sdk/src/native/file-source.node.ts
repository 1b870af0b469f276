/** A file in the place of a camera or a microphone. */
import { setTimeout as sleep } from 'node:timers/promises';
import { errorText } from '../engine/errors.ts';
import { openReel, type Reel } from '../media/reel.node.ts';
import type { IRtcEngine } from './types.ts';

export interface FileSourceOptions {
  /** Whether it begins again at its end. Default: no. */
  readonly loop?: boolean;
}

export interface FileSource {
  readonly kind: 'video' | 'audio';
  /** At the end of the file, or when it was stopped. It never fails: a file that breaks off has ended. */
  readonly ended: Promise<void>;
  /** Ends it; what has been read goes nowhere any more. */
  stop(): void;
}

/** A program that stood still for longer goes on where it is, rather than to catch up; milliseconds. */
const lateMaxMs = 1_000;

/**
 * Sends a file in real time, from now on, whether or not the engine is in a channel: raw video (`.y4m`, 4:2:0 with 8 bits)
 * or uncompressed sound (`.wav`, 16 bits, one or two channels). One of each kind at a time.
 * @throws Error when the file is none of these, or there are no media here (`@roamhq/wrtc` is not installed)
 */
export async function sendFile(
  engine: IRtcEngine,
  path: string,
  { loop = false }: FileSourceOptions = {},
): Promise<FileSource> {
  const reel = await openReel(path);
  const media = engine.getMediaEngine();
  const begun =
    reel.kind === 'video' ? media.setExternalVideoSource(true) : media.setExternalAudioSource(true);
  if (begun < 0) {
    await reel.close();
    throw new Error(errorText(begun));
  }
  const stopped = new AbortController();
  const ended = play(reel, engine, loop, stopped.signal)
    .catch(() => {})
    .finally(() => reel.close());
  return { kind: reel.kind, ended, stop: () => stopped.abort() };
}

async function play(reel: Reel, engine: IRtcEngine, loop: boolean, stopped: AbortSignal): Promise<void> {
  let due = performance.now();
  let empty = true;
  while (!stopped.aborted) {
    const piece = await reel.next();
    if (piece === null) {
      if (!loop || empty) return;
      empty = true;
      reel.rewind();
      continue;
    }
    empty = false;
    await sleep(Math.max(0, due - performance.now()), undefined, { signal: stopped });
    if (push(engine, piece) < 0) return;
    due = Math.max(due + reel.pieceMs, performance.now() - lateMaxMs);
  }
}

function push(engine: IRtcEngine, piece: NonNullable<Awaited<ReturnType<Reel['next']>>>): number {
  const media = engine.getMediaEngine();
  if ('still' in piece) {
    const { width, height, data } = piece.still;
    return media.pushVideoFrame({ type: 0, format: 1, stride: width, height, buffer: data });
  }
  const { channels, samplesPerSecond, samples } = piece.sound;
  return media.pushAudioFrame({
    ...{ samplesPerChannel: samples.length / channels, bytesPerSample: 2, channels },
    ...{ samplesPerSec: samplesPerSecond, buffer: new Uint8Array(samples.buffer) },
  });
}
