import type { Limits } from '@holdfast/core';
import type { Timed } from '../channels/agenda.ts';

/** Somebody who asks to come in. */
export interface Asking {
  /** Running time at which it must have been heard, or be reported; Infinity: a join, which comes after all resumes. */
  readonly expiresAt: number;
  /** Of its first frame. */
  readonly bytes: number;
  /** False: its connection has ended. */
  readonly open: boolean;
  admit(): void;
  /** It has to wait: its holder is told that it lives (C-56). */
  waits(): void;
  /** Too many wait: it may come again after `retryMs`. */
  refuse(retryMs: number): void;
}

interface Waiting {
  readonly asking: Asking;
  told: boolean;
}

/**
 * Who is let in next (C-56). In quiet times everybody is, at once. In a storm those who were here before come before
 * those who join, the ones about to be reported first, and no more wait than can be let in within a second: the others
 * are told when to come again, each at a time of its own.
 */
export class Admissions implements Timed {
  /** In the order in which they are let in. */
  readonly #waiting: Waiting[] = [];
  #bytes = 0;
  /** Let in since the last turn of the event loop. */
  #atOnce = 0;
  #dueAt: number | null = null;
  /** How many can be let in in a millisecond, as measured. */
  #perMs = firstGuessPerMs;
  #nextSlotAt = 0;
  readonly #now: () => number;
  readonly #moved: (timed: Timed) => void;

  /** @param moved `dueAt` may have changed */
  constructor(now: () => number, moved: (timed: Timed) => void) {
    this.#now = now;
    this.#moved = moved;
  }

  get waiting(): number {
    return this.#waiting.length;
  }

  ask(asking: Asking): void {
    if (this.#waiting.length === 0 && this.#atOnce < atOnceMost) {
      this.#atOnce += 1;
      asking.admit();
    } else {
      this.#insert({ asking, told: false });
      this.#shorten();
    }
    this.#dueAt ??= this.#now();
    this.#moved(this);
  }

  dueAt(): number | null {
    return this.#dueAt;
  }

  due(): void {
    const startedAt = this.#now();
    this.#atOnce = 0;
    let admitted = 0;
    let now = startedAt;
    for (let next = this.#next(); next !== undefined; next = this.#next()) {
      next.asking.admit();
      admitted += 1;
      now = this.#now();
      if (now - startedAt >= turnMs) break;
    }
    if (now - startedAt >= measurableMs) this.#perMs += (admitted / (now - startedAt) - this.#perMs) * 0.2;
    for (const waiting of this.#waiting) tell(waiting);
    // The rest after everything else has had its turn.
    this.#dueAt = this.#waiting.length > 0 ? now : null;
    if (this.#waiting.length > 0) this.#atOnce = atOnceMost;
  }

  #next(): Waiting | undefined {
    for (;;) {
      const next = this.#waiting.shift();
      if (next === undefined) return undefined;
      this.#bytes -= next.asking.bytes;
      if (next.asking.open) return next;
    }
  }

  #insert(waiting: Waiting): void {
    const { expiresAt, bytes } = waiting.asking;
    let [low, high] = [0, this.#waiting.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#waiting[middle]?.asking.expiresAt ?? 0) <= expiresAt) low = middle + 1;
      else high = middle;
    }
    this.#waiting.splice(low, 0, waiting);
    this.#bytes += bytes;
  }

  /** The last in the queue go until it is short enough. */
  #shorten(): void {
    const most = Math.min(waitingMost, Math.max(waitingLeast, this.#perMs * patienceMs));
    while (this.#waiting.length > most || this.#bytes > bytesMost) {
      const last = this.#waiting.pop();
      if (last === undefined) return;
      this.#bytes -= last.asking.bytes;
      if (!last.asking.open) continue;
      tell(last);
      last.asking.refuse(this.#slotMs());
    }
  }

  /** When somebody who is refused may come again: after those who wait, and after those refused before. */
  #slotMs(): number {
    const now = this.#now();
    const eachMs = 1 / this.#perMs;
    this.#nextSlotAt = Math.max(this.#nextSlotAt, now + this.#waiting.length * eachMs) + eachMs;
    return Math.round(Math.min(retryMostMs, Math.max(retryLeastMs, this.#nextSlotAt - now)));
  }
}

/** When somebody silent for so long must have been heard, lest an observer is told something; running time. */
export function expiresAt(silentMs: number, limits: Limits, now: number): number {
  const ahead = [limits.streamRemovedMs, limits.peerLeaveMs, limits.peerOfflineMs, limits.sessionKeepMs]
    .filter((limit) => limit !== null)
    .filter((limit) => limit > silentMs);
  return now + Math.min(...ahead, limits.sessionKeepMs) - silentMs;
}

function tell(waiting: Waiting): void {
  if (waiting.told || !waiting.asking.open) return;
  waiting.told = true;
  waiting.asking.waits();
}

/** Let in without a look at others, between two turns of the event loop. */
const atOnceMost = 32;
/** A turn lets in for so long, then everything else has its turn. */
const turnMs = 8;
/** Shorter turns say little about the rate. */
const measurableMs = 2;
const firstGuessPerMs = 2;
/** Nobody waits longer than this, as far as can be told. */
const patienceMs = 1_000;
const waitingLeast = 100;
const waitingMost = 10_000;
/** Of all first frames that wait. */
const bytesMost = 32_000_000;
const retryLeastMs = 100;
const retryMostMs = 10_000;
