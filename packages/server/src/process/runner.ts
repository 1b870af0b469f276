import type { Deadline } from '@holdfast/core';
import type { ProcessClock } from './clock.ts';

/** What a runner drives. */
export interface Driven {
  /** When `tick` is due, in running time. */
  deadline(): Deadline | null;
  tick(): void;
  stalled(): void;
}

/**
 * Calls a server when its deadline has come. A deadline that is due is judged only after the event loop has polled
 * once more: what already waits in the sockets is read first (C-3).
 */
export class Runner {
  readonly #driven: Driven;
  readonly #clock: ProcessClock;
  readonly #forgetClock: () => void;
  #timer: { readonly at: number; readonly handle: NodeJS.Timeout } | null = null;
  #looking: NodeJS.Immediate | null = null;
  #judging: NodeJS.Immediate | null = null;
  #stalledMs = 0;
  #stopped = false;

  constructor(driven: Driven, clock: ProcessClock) {
    this.#driven = driven;
    this.#clock = clock;
    this.#forgetClock = clock.onStall((ms) => {
      this.#stalledMs += ms;
      this.#judgeAfterPoll();
    });
  }

  /** Something happened that may have moved the deadline: it is looked at once, at the end of this turn. */
  wake(): void {
    if (this.#stopped) return;
    this.#looking ??= setImmediate(() => {
      this.#looking = null;
      this.#look();
    });
  }

  /** Nothing is called from here on. */
  stop(): void {
    this.#stopped = true;
    this.#forgetClock();
    if (this.#timer) clearTimeout(this.#timer.handle);
    if (this.#looking) clearImmediate(this.#looking);
    if (this.#judging) clearImmediate(this.#judging);
  }

  #look(): void {
    const deadline = this.#driven.deadline();
    if (deadline === null) return;
    const inMs = deadline.at - this.#clock.now();
    if (inMs <= 0) this.#judgeAfterPoll();
    else this.#setTimer(deadline.at, inMs);
  }

  #setTimer(at: number, inMs: number): void {
    if (this.#timer && this.#timer.at <= at) return;
    if (this.#timer) clearTimeout(this.#timer.handle);
    const handle = setTimeout(
      () => {
        this.#timer = null;
        this.#look();
      },
      Math.min(Math.ceil(inMs), longestTimerMs),
    );
    this.#timer = { at, handle };
  }

  // Between here and the callback the event loop polls: sockets that can be read are read.
  #judgeAfterPoll(): void {
    if (this.#stopped) return;
    this.#judging ??= setImmediate(() => {
      this.#judging = null;
      this.#judge();
    });
  }

  #judge(): void {
    const before = this.#stalledMs;
    const now = this.#clock.now();
    // Stood still since the poll: whatever came meanwhile is not read yet.
    if (this.#stalledMs > before) return this.#judgeAfterPoll();
    if (before > 0) {
      this.#stalledMs = 0;
      this.#driven.stalled();
    }
    const deadline = this.#driven.deadline();
    if (deadline !== null && deadline.at <= now) this.#driven.tick();
    this.#look();
  }
}

/** Node's timers hold no more than 2^31 − 1 ms; a limit may be longer than what is worth one. */
const longestTimerMs = 3_600_000;
