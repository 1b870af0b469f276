import type { Interval } from './world.ts';

/** What is so at a time, as far as the facts tell. */
export type Certainty = 0 | 1 | 2;
export const no: Certainty = 0;
export const maybe: Certainty = 1;
export const yes: Certainty = 2;

export interface Piece {
  readonly from: number;
  readonly to: number;
  readonly value: Certainty;
}

/**
 * A statement over time ("this user is present for the web"), as pieces from −∞ on. Where it is in doubt, both
 * answers are right. A piece may have no length: what may be said at exactly one moment.
 */
export class Signal {
  readonly times: number[] = [];
  readonly values: Certainty[] = [];

  static always(value: Certainty): Signal {
    return new Signal().set(Number.NEGATIVE_INFINITY, value);
  }

  /** From `t` on. Times must not go back. */
  set(t: number, value: Certainty): this {
    if (t === Number.POSITIVE_INFINITY || this.values.at(-1) === value) return this;
    this.times.push(t);
    this.values.push(value);
    return this;
  }

  at(t: number): Certainty {
    return this.values[this.indexAt(t)] ?? no;
  }

  /** The lowest value at `t`, pieces without length included. */
  lowestAt(t: number): Certainty {
    let i = this.indexAt(t);
    let value = this.values[i] ?? no;
    for (; i >= 0 && this.times[i] === t; i--) value = Math.min(value, this.values[i] ?? no) as Certainty;
    return value;
  }

  /** The last moment up to `t` at which the value was at most `value`; −∞ if it never was. */
  lastAtMost(value: Certainty, t: number): number {
    for (let i = this.indexAt(t); i >= 0; i--) {
      if ((this.values[i] ?? no) <= value) return Math.min(t, this.endOf(i));
    }
    return Number.NEGATIVE_INFINITY;
  }

  /** The last moment up to `t` at which the value was at least `value`; −∞ if it never was. */
  lastAtLeast(value: Certainty, t: number): number {
    for (let i = this.indexAt(t); i >= 0; i--) {
      if ((this.values[i] ?? no) >= value) return Math.min(t, this.endOf(i));
    }
    return Number.NEGATIVE_INFINITY;
  }

  /** The beginning of the stretch around `t` in which the value stayed at most `value`. */
  sinceAtMost(value: Certainty, t: number): number {
    let i = this.indexAt(t);
    while (i > 0 && (this.values[i - 1] ?? no) <= value) i--;
    return this.times[i] ?? Number.NEGATIVE_INFINITY;
  }

  sinceAtLeast(value: Certainty, t: number): number {
    let i = this.indexAt(t);
    while (i > 0 && (this.values[i - 1] ?? no) >= value) i--;
    return this.times[i] ?? Number.NEGATIVE_INFINITY;
  }

  *pieces(): Generator<Piece> {
    for (let i = 0; i < this.times.length; i++) {
      yield { from: this.times[i] ?? 0, to: this.endOf(i), value: this.values[i] ?? no };
    }
  }

  private endOf(index: number): number {
    return this.times[index + 1] ?? Number.POSITIVE_INFINITY;
  }

  private indexAt(t: number): number {
    let i = this.times.length - 1;
    while (i > 0 && (this.times[i] ?? 0) > t) i--;
    return i;
  }
}

/** All of them are so. */
export function both(...signals: readonly Signal[]): Signal {
  const turns = [...new Set(signals.flatMap((signal) => signal.times))].sort((a, b) => a - b);
  const together = new Signal();
  for (const t of turns) {
    // A piece without length at `t` counts as well as the one after it.
    together.set(
      t,
      lowest(signals, (signal) => signal.lowestAt(t)),
    );
    together.set(
      t,
      lowest(signals, (signal) => signal.at(t)),
    );
  }
  return together;
}

function lowest(signals: readonly Signal[], value: (signal: Signal) => Certainty): Certainty {
  let found: Certainty = yes;
  for (const signal of signals) {
    const own = value(signal);
    if (own < found) found = own;
  }
  return found;
}

/** A cause counts only while the user has not surely left: a silence after a goodbye is no drop. */
export function whileIn(stay: Signal, cause: Signal): Signal {
  const turns = [...new Set([...stay.times, ...cause.times])].sort((a, b) => a - b);
  const within = new Signal();
  for (const t of turns) {
    if (stay.at(t) === no) within.set(t, yes);
    else within.set(t, cause.lowestAt(t)).set(t, cause.at(t));
  }
  return within;
}

/** The same, but in these stretches nobody can tell. */
export function doubted(signal: Signal, stretches: readonly Interval[]): Signal {
  if (stretches.length === 0) return signal;
  const ends = stretches.flatMap(({ from, to }) => [from, to]);
  const turns = [...new Set([...signal.times, ...ends])].sort((a, b) => a - b);
  const inDoubt = (t: number) => stretches.some(({ from, to }) => from <= t && t < to);
  const found = new Signal();
  for (const t of turns) {
    if (inDoubt(t)) found.set(t, maybe);
    else found.set(t, signal.lowestAt(t)).set(t, signal.at(t));
  }
  return found;
}

/** Something that turns the statement on or off at some time between `from` and `due`. */
export interface Turn {
  from: number;
  due: number;
  on: boolean;
  /** On before and after, in doubt between. */
  doubt?: boolean;
}

/** A statement that is false at first. Turns are in the order of their `from`. */
export function turned(turns: readonly Turn[]): Signal {
  const signal = Signal.always(no);
  for (let i = 0; i < turns.length; i++) {
    const turn = turns[i];
    if (turn === undefined) continue;
    const target = turn.on ? yes : no;
    const next = turns[i + 1];
    const overtaken = next !== undefined && next.from <= turn.due;
    if (turn.doubt || signal.values.at(-1) !== target) signal.set(turn.from, maybe);
    if (!overtaken) signal.set(turn.due, target);
  }
  return signal;
}
