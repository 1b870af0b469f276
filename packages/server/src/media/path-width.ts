/** How much video the path to one subscriber takes, judged by what it reports. Audio is never held back. */

/**
 * 3: everything. 2 and 1: without the highest temporal layer, without the two highest. 0: key frames alone.
 * Of a stream without layers, everything down to 2, and below that its key frames.
 */
export type Level = 0 | 1 | 2 | 3;

/** Packets are lost because there are too many of them; losses below that may have any cause. Shares, 0 to 1. */
const crowdedLoss = 0.3;
const crowdedLossWithDelay = 0.1;
/** How much longer than at its best a round trip takes where packets queue, in milliseconds. */
const queueMs = 150;
const longQueueMs = 500;
/** Without losses so long a queue may be a machine that is busy: it must last. */
const longQueueLastsMs = 2_000;
/** One sign may be a machine that stood still: a second one so much later, and not much later than that, is believed. */
const confirmedAfterMs = 400;
const forgottenAfterMs = 3_000;
/** Between two steps down: what the last one has brought must have been reported. */
const stepDownMs = 700;
/** So long without a sign of crowding is answered by a step up; doubled whenever that was too early. */
const patienceMinMs = 2_000;
const patienceMaxMs = 32_000;
const tooEarlyMs = 4_000;

export interface Reported {
  /** Of the packets since the report before, 0 to 1. */
  readonly lostShare: number;
  /** Null: not known. */
  readonly roundTripMs: number | null;
}

export class PathWidth {
  #level: Level = 3;
  /** As last told. */
  #queueMs = 0;
  #bestMs = Number.POSITIVE_INFINITY;
  #patienceMs = patienceMinMs;
  /** The first sign of crowding of those that may belong together. */
  #signAt = Number.NEGATIVE_INFINITY;
  /** Since when every report told of a long queue. */
  #queuedSince: number | null = null;
  #downAt = Number.NEGATIVE_INFINITY;
  #upAt = Number.NEGATIVE_INFINITY;
  /** The last sign of crowding, or the last step. */
  #calmSince = 0;

  get level(): Level {
    return this.#level;
  }

  /** The subscriber has told what it got. @returns whether the level is another one */
  reported({ lostShare, roundTripMs }: Reported, now: number): boolean {
    if (roundTripMs !== null) this.#bestMs = Math.min(this.#bestMs, roundTripMs);
    if (roundTripMs !== null) this.#queueMs = roundTripMs - this.#bestMs;
    const queue = this.#queueMs;
    if (queue < longQueueMs) this.#queuedSince = null;
    else this.#queuedSince ??= now;
    const crowded =
      lostShare >= crowdedLoss ||
      (this.#queuedSince !== null && now - this.#queuedSince >= longQueueLastsMs) ||
      (lostShare >= crowdedLossWithDelay && queue >= queueMs);
    return crowded ? this.#down(now) : this.#up(now);
  }

  #down(now: number): boolean {
    this.#calmSince = now;
    if (now - this.#signAt > forgottenAfterMs) this.#signAt = now;
    if (now - this.#signAt < confirmedAfterMs) return false;
    if (this.#level === 0 || now - this.#downAt < stepDownMs) return false;
    if (now - this.#upAt < tooEarlyMs) this.#patienceMs = Math.min(patienceMaxMs, this.#patienceMs * 2);
    this.#level = (this.#level - 1) as Level;
    this.#downAt = now;
    this.#signAt = now;
    return true;
  }

  #up(now: number): boolean {
    if (this.#level === 3) {
      if (now - this.#calmSince >= patienceMaxMs) this.#patienceMs = patienceMinMs;
      return false;
    }
    if (now - this.#calmSince < this.#patienceMs) return false;
    this.#level = (this.#level + 1) as Level;
    this.#upAt = now;
    this.#calmSince = now;
    return true;
  }
}
