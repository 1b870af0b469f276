import { recovery } from '../../contract/index.ts';
import type { Self } from '../../presence/index.ts';
import type { AttemptRecord } from './record.ts';

/** One transport that is being opened to get (back) into the channel. */
export interface Attempt {
  readonly number: number;
  readonly url: string;
  readonly startedAt: number;
  /** `dialing` → `open` (may ask) → `asked` (waits for the answer) or `standby` (asked without fencing). */
  stage: 'dialing' | 'open' | 'asked' | 'standby';
  /** When it asked last. */
  askedAt: number;
  /** What it said of ourselves when it asked. */
  self: Self | null;
  readonly record: AttemptRecord;
}

/** The search for a way in: the attempts under way and when the next one starts (C-17). */
export class Search {
  readonly attempts = new Map<number, Attempt>();
  #startedAt: number;
  #started = 0;
  /** When the next attempt starts; Infinity once a way was found. */
  nextAt: number;

  constructor(now: number, firstAt: number) {
    this.#startedAt = now;
    this.nextAt = firstAt;
  }

  get started(): number {
    return this.#started;
  }

  add(attempt: Attempt, jitter: number): void {
    this.attempts.set(attempt.number, attempt);
    this.#started += 1;
    this.nextAt = attempt.startedAt + jitter * this.#longestPause(attempt.startedAt);
  }

  /** "Online", a new address, waking: the back-off ends at once (C-15). */
  hurry(now: number): void {
    if (this.nextAt === Number.POSITIVE_INFINITY) return;
    this.#startedAt = now;
    this.nextAt = now;
  }

  /** No further attempt is wanted; those that asked may still answer. */
  settle(): void {
    this.nextAt = Number.POSITIVE_INFINITY;
  }

  /** The oldest attempt that has been pending for too long, or one too many. */
  overdue(now: number): Attempt | undefined {
    const [oldest] = this.attempts.values();
    if (oldest === undefined) return undefined;
    const tooMany = this.attempts.size > mostPending;
    return tooMany || now >= oldest.startedAt + recovery.attemptTimeoutMs ? oldest : undefined;
  }

  overdueAt(): number {
    const [oldest] = this.attempts.values();
    if (oldest === undefined) return Number.POSITIVE_INFINITY;
    return this.attempts.size > mostPending ? 0 : oldest.startedAt + recovery.attemptTimeoutMs;
  }

  /** When an opened attempt may ask: one asks at a time, the next after a fair wait (C-41). */
  mayAskAt(patienceMs: number): number {
    let open = false;
    let at = 0;
    for (const { stage, askedAt } of this.attempts.values()) {
      if (stage === 'open') open = true;
      else if (stage === 'asked') at = Math.max(at, askedAt + patienceMs);
    }
    return open ? at : Number.POSITIVE_INFINITY;
  }

  /** The newest opened attempt: its path was good most recently. */
  newestOpen(): Attempt | undefined {
    return [...this.attempts.values()].filter(({ stage }) => stage === 'open').at(-1);
  }

  #longestPause(now: number): number {
    if (this.#started <= 2) return firstPausesMs;
    return now - this.#startedAt < recovery.eagerMs ? recovery.attemptMs : recovery.patientAttemptMs;
  }
}

const firstPausesMs = 300;
const mostPending = 12;
