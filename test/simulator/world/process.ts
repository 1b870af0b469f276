import { RunningClock } from '../product.ts';
import type { Event, Timeline } from './timeline.ts';

const tickMs = 100;
/** So many deadlines at one time mean a deadline that never moves. */
const spinsMax = 200;

interface Waiting {
  readonly arrived: number;
  readonly handle: (arrived: number) => void;
}

/**
 * A process of the simulated world: an event loop with one timer. It can stand still (its kernel goes on
 * taking what arrives) and it can be killed. What waited is read before any timer fires (C-3).
 *
 * It reads its running clock at each event and at every tick. A tick does nothing else, so ticks are not
 * events: the readings that they would have made are made up for before the next real one.
 */
export abstract class Process {
  readonly name: string;
  protected readonly timeline: Timeline;
  readonly #clock: RunningClock;
  #ticksFrom: number;
  #readAt: number;
  #running = 0;
  #stalledMs = 0;
  #alive = true;
  #standing = 0;
  #pumping = false;
  #inbox: Waiting[] = [];
  #timer: Event | null = null;
  #spins = 0;
  #spinsAt = -1;

  constructor(name: string, timeline: Timeline) {
    this.name = name;
    this.timeline = timeline;
    this.#clock = new RunningClock(timeline.now);
    this.#ticksFrom = timeline.now;
    this.#readAt = timeline.now;
    this.#running = timeline.now;
  }

  get alive(): boolean {
    return this.#alive;
  }

  get frozen(): boolean {
    return this.#standing > 0;
  }

  /** The process stood still for so long. */
  protected abstract stalled(ms: number): void;
  /** In the process's own running time, or `null`. */
  protected abstract deadline(): number | null;
  /** The time that `deadline` named has come. */
  protected abstract deadlineCame(): void;
  /** Its code threw. */
  protected abstract crashed(error: unknown): void;

  /** Running time. */
  now(): number {
    const raw = this.timeline.now;
    if (raw === this.#readAt || this.frozen) return this.#running;
    this.#tick();
    this.#read(raw);
    return this.#running;
  }

  /** Makes up for the ticks since the reading before: for as few as tell the same. */
  #tick(): void {
    const sinceFirst = this.timeline.now - this.#ticksFrom;
    const tick = this.#ticksFrom + Math.floor(sinceFirst / tickMs) * tickMs;
    while (tick > this.#readAt) this.#read(Math.min(tick, this.#readAt + tickMs));
  }

  #read(raw: number): void {
    const { now, stalledMs } = this.#clock.read(raw);
    this.#readAt = raw;
    this.#running = now;
    this.#stalledMs += stalledMs;
  }

  /** Something arrived in the kernel for this process; it is handled as soon as the process runs. */
  arrive(handle: (arrived: number) => void): void {
    if (!this.#alive) return;
    const arrived = this.timeline.now;
    if (this.#standing > 0 || this.#pumping) this.#inbox.push({ arrived, handle });
    else this.turn(() => handle(arrived));
  }

  /** Runs code of the process now. */
  protected turn(run: () => void): void {
    this.now();
    try {
      run();
    } catch (error) {
      this.crashed(error);
    }
    this.settle();
  }

  /** Stands still until `thaw`; several freezes need as many thaws. */
  freeze(): void {
    if (this.#standing === 0) this.#tick();
    this.#standing += 1;
  }

  thaw(): void {
    this.#standing -= 1;
    if (this.#standing > 0 || !this.#alive) return;
    this.#ticksFrom = this.timeline.now;
    this.#read(this.timeline.now);
    if (this.#pumping) return;
    this.#pumping = true;
    this.#pump();
  }

  /** One piece of waiting input for each event, so that what one sets in motion comes to rest before the next. */
  #pump(): void {
    if (!this.#alive || this.#standing > 0) {
      this.#pumping = false;
      return;
    }
    const waiting = this.#inbox.shift();
    if (waiting !== undefined) {
      this.turn(() => waiting.handle(waiting.arrived));
      this.timeline.after(0, () => this.#pump());
      return;
    }
    this.#pumping = false;
    const ms = this.#stalledMs;
    this.#stalledMs = 0;
    this.turn(() => {
      if (ms > 0) this.stalled(ms);
    });
  }

  kill(): void {
    this.#alive = false;
    this.#inbox = [];
    if (this.#timer !== null) this.timeline.cancel(this.#timer);
    this.#timer = null;
  }

  /** Sets the timer to the deadline as it is. */
  settle(): void {
    const due = this.#alive ? this.deadline() : null;
    const at =
      due === null ? null : Math.max(this.timeline.now, Math.ceil(due + this.timeline.now - this.now()));
    if (this.#timer !== null && this.#timer.run !== null && this.#timer.at === at) return;
    if (this.#timer !== null) this.timeline.cancel(this.#timer);
    this.#timer = at === null ? null : this.timeline.at(at, () => this.#timerFired());
  }

  #timerFired(): void {
    this.#timer = null;
    if (this.#standing > 0 || this.#pumping) return;
    this.#spins = this.#spinsAt === this.timeline.now ? this.#spins + 1 : 0;
    this.#spinsAt = this.timeline.now;
    if (this.#spins > spinsMax) {
      this.crashed(new Error(`the deadline of ${this.name} does not move`));
      return;
    }
    this.turn(() => this.deadlineCame());
  }
}
