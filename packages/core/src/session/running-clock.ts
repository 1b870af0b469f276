import { stalls } from '../contract/index.ts';

/**
 * Running time: a monotonic clock that stands still while its process does (C-3). Every silence in the
 * core is measured in it, so a stall of the measurer never counts as a silence of the other side.
 * The owner reads it at least every `stalls.tickMs`, and whenever anything happens.
 */
export class RunningClock {
  #last: number;
  #stood = 0;

  /** @param raw a monotonic reading in milliseconds that goes on during stalls and ignores clock jumps */
  constructor(raw: number) {
    this.#last = raw;
  }

  /** How long the process had stood still up to the last reading, in all. */
  get stoodMs(): number {
    return this.#stood;
  }

  /** The running time, and how long the process had stood still since the reading before (0: it had not). */
  read(raw: number): { now: number; stalledMs: number } {
    const gap = raw - this.#last;
    this.#last = raw;
    const stalledMs = gap > stalls.gapMs ? gap : 0;
    this.#stood += stalledMs;
    return { now: raw - this.#stood, stalledMs };
  }
}
