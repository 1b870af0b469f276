import type { Self } from '../../presence/index.ts';
import type { Patience } from './pace.ts';
import type { AttemptRecord } from './record.ts';

/** One transport that is being opened to get (back) into the channel. */
export interface Attempt extends Patience {
  readonly number: number;
  readonly url: string;
  readonly startedAt: number;
  /**
   * `dialing` → `open` (may ask) → `asked` (waits for the answer), or beside a troubled connection
   * `standby` (asked without fencing) → `ready` (may take over) → `asked`.
   */
  stage: 'dialing' | 'open' | 'standby' | 'ready' | 'asked';
  /** When it asked last. */
  askedAt: number;
  /** Until when its server is waited for, which has said that it lets us in when it is our turn. */
  waitsUntil: number;
  /** What it said of ourselves when it asked. */
  self: Self | null;
  /** It asked for the first time of all: its answer begins where the log ends. */
  newcomer: boolean;
  /** When it is given up. */
  overdueAt: number;
  readonly record: AttemptRecord;
}

/** What the clock needs to know of all attempts. */
export interface Survey {
  /** Is there one that may ask? */
  readonly mayAsk: boolean;
  /** When one asked last; −Infinity: none waits for an answer. */
  readonly askedAt: number;
  /** Until when a server is waited for that has promised a turn; 0: none has. */
  readonly waitsUntil: number;
  /** The first to be given up. */
  readonly overdue: Attempt | undefined;
}

/** The attempts of a search that are under way, by their numbers: the oldest first. */
export class Attempts extends Map<number, Attempt> {
  at(url: string): Attempt[] {
    return [...this.values()].filter((attempt) => attempt.url === url);
  }

  any(is: (attempt: Attempt) => boolean): boolean {
    for (const attempt of this.values()) if (is(attempt)) return true;
    return false;
  }

  /** The newest attempt that may ask: its path was good most recently. */
  newestToAsk(): Attempt | undefined {
    return [...this.values()].findLast(mayAsk);
  }

  survey(): Survey {
    let [open, askedAt, waitsUntil] = [false, Number.NEGATIVE_INFINITY, 0];
    let overdue: Attempt | undefined;
    for (const attempt of this.values()) {
      open ||= mayAsk(attempt);
      if (attempt.stage === 'asked') askedAt = Math.max(askedAt, attempt.askedAt);
      waitsUntil = Math.max(waitsUntil, attempt.waitsUntil);
      if (overdue === undefined || attempt.overdueAt < overdue.overdueAt) overdue = attempt;
    }
    return { mayAsk: open, askedAt, waitsUntil, overdue };
  }
}

function mayAsk({ stage }: Attempt): boolean {
  return stage === 'open' || stage === 'ready';
}
