import { recovery } from '../../contract/index.ts';
import type { Context } from './context.ts';

/** When a dial is given up, and when it says that the path was dark (C-59), both in running time. */
export interface Patience {
  readonly overdueAt: number;
  readonly hungAt: number;
}

/** How often a search dials, and how long it lets a dial hang (C-17). */
export interface Pace {
  /** From a dial to the next, in ms. @param started dials of the search; @param eager in the first part of an outage */
  pauseMs(started: number, eager: boolean): number;
  patience(started: number, eager: boolean): Patience;
  /** At one address, a newer dial goes on its way while older ones hang. */
  readonly beside: boolean;
}

/** @param calmMs how much longer a server may take to answer, where many ask it at the same time; 0: there is hurry */
export function paceOf(context: Context, calmMs: number): Pace {
  return context.throttle === null ? new BesideOthers(context, calmMs) : new OneByOne(context);
}

/** Each dial is on its way at once. */
class BesideOthers implements Pace {
  readonly beside = true;
  readonly #context: Context;
  readonly #calmMs: number;

  constructor(context: Context, calmMs: number) {
    this.#context = context;
    this.#calmMs = calmMs;
  }

  pauseMs(started: number, eager: boolean): number {
    const { random } = this.#context;
    // In a storm as seldom as may be: a server that is merely busy gets no more of it by being asked more often (C-56).
    if (this.#calmMs > 0 && eager) return (1 - random.next() / 4) * recovery.attemptMs;
    if (started <= 2) return random.next() * firstPausesMs;
    const longest = eager ? recovery.attemptMs : recovery.patientAttemptMs;
    return (random.next() * longest) / turnsOf(this.#context);
  }

  patience(): Patience {
    const { now } = this.#context;
    // In a storm a dial keeps its place at the door: one after it would stand behind those who are given up (C-56).
    const doorMs = doorsPerSpread * this.#calmMs;
    return { overdueAt: now + recovery.attemptTimeoutMs + doorMs, hungAt: now + hungMs };
  }
}

/**
 * A browser opens one WebSocket at a time to an address, and keeps the next one waiting until that is open or given up.
 * So a dial is given up when the next one at its server should go on its way, which repeats what the dark has swallowed;
 * and there are few of them, because each makes the next ones later.
 */
class OneByOne implements Pace {
  readonly #context: Context;

  constructor(context: Context) {
    this.#context = context;
  }

  /** On a slow path, or one that nobody knows yet, a dial needs its time, and the newest wait behind it. */
  get beside(): boolean {
    const { boundMs } = this.#context.roundTrip;
    return boundMs === 0 || boundMs > recovery.askMs;
  }

  pauseMs(started: number, eager: boolean): number {
    const { random, servers } = this.#context;
    if (started < Math.min(3, servers.count)) return random.next() * firstPausesMs;
    return (1 - random.next() / 4) * pauseMaxMs(eager);
  }

  patience(started: number, eager: boolean): Patience {
    const { now, throttle } = this.#context;
    const hungAt = now + (throttle?.longestMs(now) ?? 0) + hungMs;
    // The path may have become a slow one in the dark.
    const turns = turnsOf(this.#context) + (!eager && started % patientEvery === 0 ? 1 : 0);
    const lifeMs = this.beside ? recovery.attemptTimeoutMs : pauseMaxMs(eager) * turns;
    return { overdueAt: hungAt - hungMs + lifeMs, hungAt };
  }
}

/** Where some servers may be dead, the live one must still have its turn in time. */
function turnsOf({ servers }: Context): number {
  return Math.min(3, Math.max(1, servers.count));
}

/** TCP repeats what the dark has swallowed after 1 s, and then after 2 s more: this is late enough to do without that. */
function pauseMaxMs(eager: boolean): number {
  return eager ? recovery.attemptMs : recovery.patientAttemptMs / 2;
}

/** Longer than a dial takes on any path that is good: a dead server's machine refuses it in a round trip. */
const hungMs = 1_000;
/** The spread grows with the sessions: a server takes all of them within so many of it. */
const doorsPerSpread = 8;
const firstPausesMs = 300;
const patientEvery = 6;
