import type { ServerOutage } from '../../wire/frames.ts';
import type { AttemptRecord, OutageRecord } from './record.ts';

/** A trouble from its first sign to its end, and the record of it (C-90). */
export class Outage {
  readonly id: string;
  readonly beganAt: number;
  /** The last packet before it: zero of the record's times. */
  readonly zero: number;
  interruptedTold = false;
  lostTold = false;
  readonly #noticed: { atMs: number; what: string }[] = [];
  readonly #told: { atMs: number; notice: string }[] = [];
  readonly #attempts: AttemptRecord[] = [];

  constructor(id: string, zero: number, now: number) {
    this.id = id;
    this.zero = zero;
    this.beganAt = now;
  }

  noticed(what: string, now: number): void {
    keep(this.#noticed, { atMs: now - this.zero, what });
  }

  told(notice: string, now: number): void {
    keep(this.#told, { atMs: now - this.zero, notice });
  }

  tried(attempt: AttemptRecord): void {
    keep(this.#attempts, attempt);
  }

  record(
    about: Pick<OutageRecord, 'channel' | 'uid' | 'session' | 'end'>,
    server: ServerOutage | null,
    now: number,
  ): OutageRecord {
    const notes = { noticed: this.#noticed, attempts: this.#attempts, told: this.#told };
    return { ...about, id: this.id, ...notes, endedMs: now - this.zero, server };
  }
}

const mostNotes = 200;

/** A record is bounded: of a very long outage it keeps the beginning and the latest (C-63). */
function keep<T>(list: T[], item: T): void {
  if (list.length >= mostNotes) list.splice(mostNotes / 2, 1);
  list.push(item);
}
