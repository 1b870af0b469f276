/**
 * How browsers slow a page down that opens many WebSockets in vain. Chromium starts each one late by 1 s to 5 s (evenly)
 * × 2^min(pending + failed ÷ (succeeded + 1), 16) ÷ 65 536, all counted over the last two to four minutes; one that the
 * page gives up has failed. A page that has been in for long has no success to count, so every dial counts here.
 *
 * | dials in 4 min | 8 | 10 | 12 | 13 | 14 | 15 | from 16 |
 * |---|---|---|---|---|---|---|---|
 * | late by at most (ms) | 20 | 78 | 313 | 625 | 1 250 | 2 500 | 5 000 |
 */
export class Throttle {
  /** Running times of the latest dials. */
  readonly #dialledAt: number[] = [];

  dialled(now: number): void {
    this.#dialledAt.push(now);
    if (this.#dialledAt.length > mostCounted) this.#dialledAt.shift();
  }

  /**
   * At least as long as the browser may wait with the next dial, in ms. It rises evenly, so that from one dial to the next
   * it grows by little.
   */
  longestMs(now: number): number {
    const counted = this.#dialledAt.filter((at) => now - at < countedMs).length;
    return (longestMs * Math.max(0, counted - freeDials)) / (mostCounted - freeDials);
  }
}

const longestMs = 5_000;
const countedMs = 240_000;
/** After so many the wait is 20 ms. */
const freeDials = 8;
const mostCounted = 16;
