import { performance } from 'node:perf_hooks';
import { RunningClock, stalls } from '@holdfast/core';

export interface ProcessClockOptions {
  /** A monotonic reading in milliseconds; the process's own by default. */
  readonly raw?: () => number;
}

/** The running time of this process (C-3), read at every event and at least every `stalls.tickMs`. */
export class ProcessClock {
  readonly #raw: () => number;
  readonly #clock: RunningClock;
  readonly #stallListeners = new Set<(ms: number) => void>();
  readonly #lagListeners = new Set<(ms: number) => void>();
  readonly #ticking: NodeJS.Timeout;
  #tickedAt: number;

  constructor({ raw = () => performance.now() }: ProcessClockOptions = {}) {
    this.#raw = raw;
    this.#tickedAt = raw();
    this.#clock = new RunningClock(this.#tickedAt);
    this.#ticking = setInterval(() => this.#tick(), stalls.tickMs);
    this.#ticking.unref();
  }

  /** Running time in milliseconds. */
  readonly now = (): number => {
    const { now, stalledMs } = this.#clock.read(this.#raw());
    if (stalledMs > 0) for (const listener of this.#stallListeners) listener(stalledMs);
    return now;
  };

  /** For how long this process has stood still, in all. */
  readonly stoodMs = (): number => this.#clock.stoodMs;

  /** Calls back as soon as it shows that the process stood still, with the milliseconds; answers with a function that ends it. */
  onStall(listener: (ms: number) => void): () => void {
    this.#stallListeners.add(listener);
    return () => this.#stallListeners.delete(listener);
  }

  /** Calls back at every tick with the milliseconds by which it came late. */
  onLag(listener: (ms: number) => void): () => void {
    this.#lagListeners.add(listener);
    return () => this.#lagListeners.delete(listener);
  }

  stop(): void {
    clearInterval(this.#ticking);
  }

  #tick(): void {
    this.now();
    const at = this.#raw();
    const lateMs = Math.max(0, at - this.#tickedAt - stalls.tickMs);
    this.#tickedAt = at;
    for (const listener of this.#lagListeners) listener(lateMs);
  }
}
