/** Leaves out frames that are too much for one subscriber, and numbers the others as if there were no more. */
import type { Frame } from './frame.ts';
import type { Level } from './path-width.ts';
import { ahead16, type Rtp } from './rtp.ts';

/** What a packet's numbers are less than its source's, for what was left out before it. */
export interface Less {
  readonly packets: number;
  readonly pictures: number;
}

/** What becomes of a packet. `empty`: its place was kept before it was known that nobody wants it. */
export type Passage =
  | ({ readonly type: 'pass' } & Less)
  | { readonly type: 'empty'; readonly packets: number }
  | null;

/** Of one source's packets, as many as may come late. */
const placesMax = 1_024;
const framesMax = 64;
const layersMax = 3;

interface Place extends Less {
  readonly sequence: number;
  readonly left: boolean;
}

export class Thinning {
  readonly #places: (Place | undefined)[] = [];
  /** By timestamp: whether a frame is passed on. */
  readonly #frames = new Map<number, boolean>();
  #highest: number | null = null;
  #less: Less = { packets: 0, pictures: 0 };
  /** The highest layer that the subscriber can decode at this moment. */
  #layer = layersMax;
  /** Nothing can be decoded before the next key frame. */
  #broken = false;

  /** Whether a key frame would help. */
  get broken(): boolean {
    return this.#broken;
  }

  /** Nothing has been left out of what this source has sent. */
  get idle(): boolean {
    return !this.#broken && this.#less.packets === 0;
  }

  /** The next packet of the source. */
  take(rtp: Rtp, frame: Frame, level: Level): Passage {
    const { sequence } = rtp;
    const ahead = this.#highest === null ? 1 : ahead16(sequence, this.#highest);
    if (ahead <= 0) return this.#late(rtp, frame, level);
    for (let step = 1; this.#highest !== null && step < Math.min(ahead, placesMax); step += 1)
      this.#keep((this.#highest + step) & 0xffff, false);
    this.#highest = sequence;
    const known = this.#frames.has(rtp.timestamp);
    const passes = this.#passes(rtp.timestamp, frame, level);
    if (!passes && !known && frame.picture !== null)
      this.#less = { ...this.#less, pictures: this.#less.pictures + 1 };
    this.#keep(sequence, !passes);
    if (passes) return { type: 'pass', ...this.#less };
    this.#less = { ...this.#less, packets: this.#less.packets + 1 };
    return null;
  }

  /** A packet of which others that followed it have come already. */
  #late({ sequence, timestamp }: Rtp, frame: Frame, level: Level): Passage {
    const place = this.#places[sequence % placesMax];
    if (place?.sequence !== sequence || place.left) return null;
    const { packets, pictures } = place;
    return this.#passes(timestamp, frame, level)
      ? { type: 'pass', packets, pictures }
      : { type: 'empty', packets };
  }

  #keep(sequence: number, left: boolean): void {
    this.#places[sequence % placesMax] = { sequence, left, ...this.#less };
  }

  /** All packets of a frame share its fate. */
  #passes(timestamp: number, frame: Frame, level: Level): boolean {
    const known = this.#frames.get(timestamp);
    if (known !== undefined) return known;
    const passes = this.#decide(frame, level);
    this.#frames.set(timestamp, passes);
    const [oldest] = this.#frames.keys();
    if (this.#frames.size > framesMax && oldest !== undefined) this.#frames.delete(oldest);
    return passes;
  }

  #decide({ key, layer, sync }: Frame, level: Level): boolean {
    if (key) {
      this.#broken = false;
      this.#layer = layersMax;
      return true;
    }
    if (level === 0 || (layer === null && level < 2)) this.#broken = true;
    if (this.#broken) return false;
    if (layer === null) return true;
    const most = level - 1;
    if (layer > most) {
      this.#layer = Math.min(this.#layer, layer - 1);
      return false;
    }
    if (layer > this.#layer && sync) this.#layer = layer;
    return layer <= this.#layer;
  }
}
