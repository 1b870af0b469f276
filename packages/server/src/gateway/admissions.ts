import type { Limits } from '@holdfast/core';
import type { Timed } from '../channels/agenda.ts';

/** Somebody who asks to come in. */
export interface Asking {
  /** Running time at which it must have been heard, or be reported; Infinity: a join, which comes after all resumes. */
  readonly expiresAt: number;
  /** Of its first frame. */
  readonly bytes: number;
  /** Whose stay it is: a newer attempt takes the place of one that waits. */
  readonly stay: string;
  /** When it may be told to come again at the latest, in ms. */
  readonly retryMostMs: number;
  /** False: its connection has ended. */
  readonly open: boolean;
  /** Settles when it is in, or has been refused. */
  admit(): Promise<void>;
  /** It has to wait: its holder is told that it lives (C-56). */
  waits(): void;
  /** It has waited for a while: it is told that it is not forgotten, lest it asks again. */
  reassure(): void;
  /** Too many wait: it may come again after `retryMs`. */
  refuse(retryMs: number): void;
  /** A newer attempt of its stay waits. */
  replaced(): void;
}

interface Waiting {
  readonly asking: Asking;
  told: boolean;
  /** Running time at which it is told again that it waits. */
  reassureAt: number;
}

/**
 * Who is let in next (C-56). In quiet times everybody is, at once. In a storm those who were here before come before
 * those who join, the ones about to be reported first. To wait costs less than to come again, for both ends: only who
 * would wait for too long is told when to come again, each at a time of its own.
 */
export class Admissions implements Timed {
  /** In the order in which they are let in. */
  readonly #waiting: Waiting[] = [];
  readonly #byStay = new Map<string, Waiting>();
  /** Of them, those of whom nobody has been told that they live. */
  #untold: Waiting[] = [];
  #bytes = 0;
  /** Let in since the last turn of the event loop. */
  #atOnce = 0;
  /** The store has not answered yet. They wait, too. */
  readonly #asked = new Set<Waiting>();
  #dueAt: number | null = null;
  /** How many come in in a millisecond while others wait, as measured. */
  #perMs = firstGuessPerMs;
  #arrived = 0;
  #reassureAt = 0;
  /** Since when some have waited all the time, and nothing was measured; null: nobody waits. */
  #measuredAt: number | null = null;
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
    const waiting = { asking, told: false, reassureAt: this.#now() + firstWordMs };
    if (this.#waiting.length === 0 && this.#isFree && this.#atOnce < atOnceMost) {
      this.#atOnce += 1;
      this.#admit(waiting);
    } else {
      this.#byStay.get(asking.stay)?.asking.replaced();
      this.#insert(waiting);
      this.#shorten();
    }
    this.#lookAgain();
  }

  dueAt(): number | null {
    return this.#dueAt;
  }

  due(): void {
    const startedAt = this.#now();
    this.#atOnce = 0;
    this.#measure(startedAt);
    while (this.#isFree && this.#now() - startedAt < turnMs) {
      const next = this.#next();
      if (next === undefined) break;
      this.#admit(next);
    }
    for (const waiting of this.#untold.splice(0)) tell(waiting);
    this.#reassure();
    // The rest when the store has answered, or everything else has had its turn.
    const more = this.#waiting.length > 0;
    if (more) this.#atOnce = atOnceMost;
    // Even a store that does not answer makes nobody silent.
    const anybody = more || this.#asked.size > 0;
    this.#dueAt = more && this.#isFree ? this.#now() : anybody ? this.#reassureAt : null;
  }

  get #isFree(): boolean {
    return this.#asked.size < askedMost;
  }

  #admit(waiting: Waiting): void {
    this.#asked.add(waiting);
    void waiting.asking.admit().finally(() => {
      this.#asked.delete(waiting);
      this.#arrived += 1;
      if (this.#waiting.length > 0) this.#lookAgain();
    });
  }

  #lookAgain(): void {
    this.#dueAt = this.#now();
    this.#moved(this);
  }

  /** The rate says something only while there is always somebody waiting. */
  #measure(now: number): void {
    if (this.#waiting.length === 0) this.#measuredAt = null;
    else if (this.#measuredAt === null) this.#measuredAt = now;
    else if (now - this.#measuredAt < measureMs) return;
    else {
      const perMs = this.#arrived / (now - this.#measuredAt);
      this.#perMs = Math.max(leastPerMs, this.#perMs + (perMs - this.#perMs) * 0.5);
      this.#measuredAt = now;
    }
    this.#arrived = 0;
  }

  /** Whoever waits lives, as long as its connection stands, and knows that it is waited for. */
  #reassure(): void {
    const now = this.#now();
    if (now < this.#reassureAt) return;
    this.#reassureAt = now + firstWordMs / 2;
    for (const waiting of [...this.#asked, ...this.#waiting]) {
      if (waiting.reassureAt > now || !waiting.asking.open) continue;
      waiting.reassureAt = now + nextWordMs;
      waiting.asking.waits();
      waiting.asking.reassure();
    }
  }

  #next(): Waiting | undefined {
    for (;;) {
      const next = this.#waiting.shift();
      if (next === undefined) return undefined;
      this.#gone(next);
      if (!next.asking.open) continue;
      next.told = true;
      return next;
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
    this.#untold.push(waiting);
    this.#byStay.set(waiting.asking.stay, waiting);
    this.#bytes += bytes;
  }

  #gone(waiting: Waiting): void {
    const { bytes, stay } = waiting.asking;
    this.#bytes -= bytes;
    if (this.#byStay.get(stay) === waiting) this.#byStay.delete(stay);
  }

  /** The last in the queue go until it is short enough. */
  #shorten(): void {
    const most = Math.min(waitingMost, Math.max(waitingLeast, this.#perMs * patienceMs));
    while (this.#waiting.length > most || this.#bytes > bytesMost) {
      const last = this.#waiting.pop();
      if (last === undefined) return;
      this.#gone(last);
      if (!last.asking.open) continue;
      last.asking.waits();
      last.asking.refuse(this.#slotMs(last.asking.retryMostMs));
    }
  }

  /** When somebody who is refused may come again: after those who wait, and after those refused before. */
  #slotMs(mostMs: number): number {
    const now = this.#now();
    const eachMs = 1 / this.#perMs;
    this.#nextSlotAt = Math.max(this.#nextSlotAt, now + this.#waiting.length * eachMs) + eachMs;
    return Math.round(Math.min(mostMs, Math.max(retryLeastMs, this.#nextSlotAt - now)));
  }
}

/** When somebody silent for so long must have been heard, lest an observer is told something; running time. */
export function expiresAt(silentMs: number, limits: Limits, now: number): number {
  const ahead = toldAfterMs(limits).filter((limit) => limit > silentMs);
  return now + Math.min(...ahead, limits.sessionKeepMs) - silentMs;
}

/** When a returner may be told to come again at the latest, in ms: before any observer is told of its silence until then. */
export function retryMostMs(limits: Limits): number {
  return Math.min(joinRetryMostMs, Math.min(...toldAfterMs(limits), limits.channelDestroyMs) / 2);
}

/** The silences of which observers are told. */
function toldAfterMs({ streamRemovedMs, peerLeaveMs, peerOfflineMs }: Limits): number[] {
  return [streamRemovedMs, peerLeaveMs, peerOfflineMs].filter((limit) => limit !== null);
}

function tell(waiting: Waiting): void {
  if (waiting.told || !waiting.asking.open) return;
  waiting.told = true;
  waiting.asking.waits();
}

/** Let in without a look at others, between two turns of the event loop. */
const atOnceMost = 32;
/**
 * A turn lets in for so long, then everything else has its turn. The event loop accepts one connection a turn, however
 * many knock: long turns would leave those unheard who are not let in yet.
 */
const turnMs = 1;
/** What the store is asked at the same time. */
const askedMost = 128;
/** The rate is measured over this. */
const measureMs = 100;
const firstGuessPerMs = 2;
const leastPerMs = 0.05;
/** Nobody waits longer than this, as far as can be told. */
const patienceMs = 20_000;
/** Who has waited for so long is told so, and then again. */
const firstWordMs = 200;
const nextWordMs = 2_000;
const waitingLeast = 1_000;
const waitingMost = 10_000;
/** Of all first frames that wait. */
const bytesMost = 32_000_000;
const retryLeastMs = 100;
export const joinRetryMostMs = 10_000;
