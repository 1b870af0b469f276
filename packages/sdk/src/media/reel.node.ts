/** Files as they are sent: raw pictures (Y4M) or samples (WAV), read piece by piece. */
import { type FileHandle, open } from 'node:fs/promises';
import type { Sound, Still } from './medium.ts';

export interface Reel {
  readonly kind: 'video' | 'audio';
  /** How long a piece lasts, in milliseconds. */
  readonly pieceMs: number;
  /** The next piece; null: there is no more. */
  next(): Promise<{ still: Still } | { sound: Sound } | null>;
  rewind(): void;
  close(): Promise<void>;
}

/** @throws Error that says what the file is not */
export async function openReel(path: string): Promise<Reel> {
  const file = await open(path);
  try {
    const begins = new Tape(file, 0);
    const magic = (await begins.read(4))?.toString('latin1');
    if (magic === 'YUV4') return await Pictures.open(file, path);
    if (magic === 'RIFF') return await Samples.open(file, path);
    throw new Error(`${path} is neither raw video (Y4M) nor uncompressed sound (WAV)`);
  } catch (error) {
    await file.close();
    throw error;
  }
}

/** Bytes of a file, one after the other. */
class Tape {
  readonly #file: FileHandle;
  at: number;

  constructor(file: FileHandle, at: number) {
    this.#file = file;
    this.at = at;
  }

  /** Null: the file has not so many more. */
  async read(length: number): Promise<Buffer | null> {
    const bytes = Buffer.alloc(length);
    const { bytesRead } = await this.#file.read(bytes, 0, length, this.at);
    this.at += bytesRead;
    return bytesRead === length ? bytes : null;
  }

  /** Up to the end of a line, which is left out; null: there is none. */
  async line(): Promise<string | null> {
    const bytes = Buffer.alloc(lineMax);
    const { bytesRead } = await this.#file.read(bytes, 0, lineMax, this.at);
    const end = bytes.subarray(0, bytesRead).indexOf(0x0a);
    if (end < 0) return null;
    this.at += end + 1;
    return bytes.toString('latin1', 0, end);
  }
}

const lineMax = 512;
/** Of pictures, in pixels: what the native dialect takes. */
const sideMax = 4_096;

/** YUV4MPEG2: a line of parameters, then pictures, each after a line of its own. */
class Pictures implements Reel {
  readonly kind = 'video';
  readonly pieceMs: number;
  readonly #file: FileHandle;
  readonly #tape: Tape;
  readonly #begin: number;
  readonly #size: { readonly width: number; readonly height: number };

  private constructor(file: FileHandle, tape: Tape, size: { width: number; height: number }, rate: number) {
    this.#file = file;
    this.#tape = tape;
    this.#begin = tape.at;
    this.#size = size;
    this.pieceMs = 1_000 / rate;
  }

  static async open(file: FileHandle, path: string): Promise<Pictures> {
    const tape = new Tape(file, 0);
    const line = (await tape.line()) ?? '';
    const parameter = (letter: string) => new RegExp(` ${letter}(\\S+)`).exec(line)?.[1] ?? '';
    const [width, height] = [Number(parameter('W')), Number(parameter('H'))];
    const [times, per] = parameter('F').split(':').map(Number);
    const rate = (times ?? 0) / (per ?? 1);
    const isSide = (side: number) => Number.isInteger(side / 2) && side >= 2 && side <= sideMax;
    if (!isSide(width) || !isSide(height))
      throw new Error(`${path}: sides of pictures are even, 2 to ${sideMax} pixels`);
    if (!(rate > 0 && rate <= 120)) throw new Error(`${path}: at most 120 pictures a second`);
    if (!/^(420(jpeg|mpeg2|paldv)?)?$/.test(parameter('C')))
      throw new Error(`${path}: colours are 4:2:0 with 8 bits, not ${parameter('C')}`);
    return new Pictures(file, tape, { width, height }, rate);
  }

  async next(): Promise<{ still: Still } | null> {
    const line = await this.#tape.line();
    if (line === null || !line.startsWith('FRAME')) return null;
    const { width, height } = this.#size;
    const data = await this.#tape.read((width * height * 3) / 2);
    return data === null ? null : { still: { width, height, data } };
  }

  rewind(): void {
    this.#tape.at = this.#begin;
  }

  close(): Promise<void> {
    return this.#file.close();
  }
}

interface Format {
  readonly channels: number;
  readonly samplesPerSecond: number;
}

/** RIFF/WAVE with samples of 16 bits, 20 ms at a time; what is left at the end is shorter. */
class Samples implements Reel {
  readonly kind = 'audio';
  readonly pieceMs = 20;
  readonly #file: FileHandle;
  readonly #tape: Tape;
  readonly #begin: number;
  readonly #end: number;
  readonly #format: Format;

  private constructor(file: FileHandle, begin: number, end: number, format: Format) {
    this.#file = file;
    this.#tape = new Tape(file, begin);
    this.#begin = begin;
    this.#end = end;
    this.#format = format;
  }

  static async open(file: FileHandle, path: string): Promise<Samples> {
    const tape = new Tape(file, 12);
    const { size: fileBytes } = await file.stat();
    let format: Format | null = null;
    for (let head = await tape.read(8); head !== null; head = await tape.read(8)) {
      const [name, bytes] = [head.toString('latin1', 0, 4), head.readUInt32LE(4)];
      const begin = tape.at;
      if (name === 'fmt ') format = readFormat(await tape.read(16), path);
      // A file that was written to a pipe does not know how long it is.
      if (name === 'data' && format !== null)
        return new Samples(file, begin, Math.min(fileBytes, begin + bytes), format);
      tape.at = begin + bytes + (bytes % 2);
    }
    throw new Error(`${path} has no samples`);
  }

  async next(): Promise<{ sound: Sound } | null> {
    const { channels, samplesPerSecond } = this.#format;
    const step = 2 * channels;
    const piece = ((samplesPerSecond * this.pieceMs) / 1_000) * step;
    const left = Math.floor((this.#end - this.#tape.at) / step) * step;
    const bytes = left > 0 ? await this.#tape.read(Math.min(piece, left)) : null;
    if (bytes === null) return null;
    const samples = Int16Array.from({ length: bytes.length / 2 }, (_, index) => bytes.readInt16LE(2 * index));
    return { sound: { channels, samplesPerSecond, samples } };
  }

  rewind(): void {
    this.#tape.at = this.#begin;
  }

  close(): Promise<void> {
    return this.#file.close();
  }
}

const sampleRates = [8_000, 16_000, 32_000, 44_100, 48_000];

function readFormat(bytes: Buffer | null, path: string): Format {
  if (bytes === null) throw new Error(`${path} ends in its middle`);
  const [type, channels, rate, bits] = [
    bytes.readUInt16LE(0),
    bytes.readUInt16LE(2),
    bytes.readUInt32LE(4),
    bytes.readUInt16LE(14),
  ];
  // 0xfffe: the same, told at greater length.
  const plain = (type === 1 || type === 0xfffe) && bits === 16;
  if (!plain) throw new Error(`${path}: samples have 16 bits and are not compressed`);
  if (channels !== 1 && channels !== 2) throw new Error(`${path}: one channel or two`);
  if (!sampleRates.includes(rate)) throw new Error(`${path}: ${sampleRates.join(', ')} samples a second`);
  return { channels, samplesPerSecond: rate };
}
