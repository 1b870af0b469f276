/** A rate, and how much of it may be used at once. */
export interface Rate {
  readonly perSecond: number;
  /** How many may come at once; ten seconds' worth by default. */
  readonly burst?: number;
}

/**
 * How often one thing may happen. Those who are refused are told different times, so that they come back one by one,
 * at the rate that is allowed.
 */
export class Allowance {
  readonly #intervalMs: number;
  readonly #aheadMs: number;
  /** When the allowance is whole again. */
  #fullAt = Number.NEGATIVE_INFINITY;
  /** The last time that was named to somebody who was refused. */
  #backAt = Number.NEGATIVE_INFINITY;

  constructor({ perSecond, burst = perSecond * burstSeconds }: Rate) {
    this.#intervalMs = 1_000 / perSecond;
    this.#aheadMs = Math.max(burst, 1) * this.#intervalMs;
  }

  /** Nothing of it is used. */
  whole(now: number): boolean {
    return this.#fullAt <= now;
  }

  /** In how many milliseconds it may happen again; 0: now. */
  wait(now: number): number {
    const waitMs = Math.max(this.#fullAt, now) + this.#intervalMs - now - this.#aheadMs;
    return waitMs <= tolerance ? 0 : waitMs;
  }

  /** Once more. @returns 0: taken; else it is too much, and in how many milliseconds to come again, at most 10 000 */
  take(now: number): number {
    const waitMs = this.wait(now);
    if (waitMs === 0) {
      this.#fullAt = Math.max(this.#fullAt, now) + this.#intervalMs;
      return 0;
    }
    const backAt = Math.max(this.#backAt + this.#intervalMs, now + waitMs);
    this.#backAt = Math.min(backAt, now + longestWaitMs);
    return Math.max(1, Math.ceil(this.#backAt - now));
  }
}

const burstSeconds = 10;
const longestWaitMs = 10_000;
/** Sums of intervals are not exact. */
const tolerance = 1e-6;
