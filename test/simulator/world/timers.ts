import type { Replacements } from './host.ts';
import type { Process } from './process.ts';
import type { Event, Timeline } from './timeline.ts';

interface Timer {
  event: Event | null;
  unref(): Timer;
}

/**
 * Timers and the monotonic clock for product code that takes them from its host. A timer is the business of the process
 * whose turn it was when it was set: it waits while that one stands still, and dies with it.
 */
export class Timers {
  readonly #timeline: Timeline;
  #owner: Process | null = null;

  constructor(timeline: Timeline) {
    this.#timeline = timeline;
  }

  /** From here on, until the next turn, what happens is this process's doing. */
  turnOf(process: Process): void {
    this.#owner = process;
  }

  get replacements(): Replacements {
    return {
      now: () => this.#timeline.now,
      setTimeout: (run: () => void, ms = 0) => this.#set(run, ms, false),
      setInterval: (run: () => void, ms = 0) => this.#set(run, ms, true),
      clearTimeout: (timer?: Timer) => this.#clear(timer),
      clearInterval: (timer?: Timer) => this.#clear(timer),
    };
  }

  #set(run: () => void, ms: number, again: boolean): Timer {
    const owner = this.#owner;
    if (owner === null) throw new Error('a timer was set in no process');
    const timer: Timer = { event: null, unref: () => timer };
    const wait = () => {
      timer.event = this.#timeline.after(Math.max(1, Math.ceil(ms)), () => owner.arrive(ring));
    };
    const ring = () => {
      if (timer.event === null) return;
      if (again) wait();
      else timer.event = null;
      run();
    };
    wait();
    return timer;
  }

  #clear(timer: Timer | undefined): void {
    if (timer?.event) this.#timeline.cancel(timer.event);
    if (timer) timer.event = null;
  }
}
