import { cpus } from 'node:os';
import { monitorEventLoopDelay } from 'node:perf_hooks';

/** How late this process was, and how busy the machine, at any time of a run. */
export class Watch {
  readonly #delay = monitorEventLoopDelay({ resolution });
  readonly #late: { readonly at: number; readonly ms: number }[] = [];
  readonly #seconds: { readonly at: number; readonly busy: number }[] = [];
  readonly #before = processorTimes();
  readonly #timers: readonly NodeJS.Timeout[];
  #lookedAt = performance.now();
  #times = this.#before;

  constructor() {
    this.#delay.enable();
    this.#timers = [setInterval(() => this.#look(), lookMs), setInterval(() => this.#count(), 1_000)];
  }

  /** The longest that this process stood still between two moments, in ms; moments are in ms since the epoch. */
  lagMs(from: number, to: number): number {
    return Math.max(0, ...this.#late.filter(({ at, ms }) => at >= from && at - ms <= to).map(({ ms }) => ms));
  }

  /** The most that all processors were busy for a second between two moments, in percent. */
  busiest(from: number, to: number): number {
    const seconds = this.#seconds.filter(({ at }) => at >= from && at <= to + 1_000);
    return Math.max(0, ...seconds.map(({ busy }) => busy));
  }

  /** 99 of 100 looks at the clock were at most this late, in ms. */
  get lagP99Ms(): number {
    return Math.max(0, Math.ceil(this.#delay.percentile(99) / 1e6 - resolution));
  }

  /** Of all processors, how much everything on this machine has used since the beginning, in percent. */
  get busy(): number {
    return share(this.#before, processorTimes());
  }

  close(): void {
    this.#delay.disable();
    for (const timer of this.#timers) clearInterval(timer);
  }

  #look(): void {
    const now = performance.now();
    const ms = Math.round(now - this.#lookedAt - lookMs);
    this.#lookedAt = now;
    if (ms >= lookMs) this.#late.push({ at: Date.now(), ms });
  }

  #count(): void {
    const times = processorTimes();
    this.#seconds.push({ at: Date.now(), busy: share(this.#times, times) });
    this.#times = times;
  }
}

/** In ms; a shorter delay is none. */
const resolution = 5;
const lookMs = 10;

interface ProcessorTimes {
  readonly busy: number;
  readonly all: number;
}

/** Of all processors since the machine started, in ms. */
function processorTimes(): ProcessorTimes {
  let [busy, all] = [0, 0];
  for (const { times } of cpus()) {
    const used = times.user + times.nice + times.sys + times.irq;
    busy += used;
    all += used + times.idle;
  }
  return { busy, all };
}

function share(before: ProcessorTimes, after: ProcessorTimes): number {
  return Math.round(((after.busy - before.busy) / (after.all - before.all || 1)) * 100);
}
