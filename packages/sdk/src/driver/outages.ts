import type { OutageRecord } from '@holdfast/core';

/** A reconnection from its first sign of trouble to its end, dated (C-90). */
export interface DatedOutage extends OutageRecord {
  /** Wall-clock time of the last packet before it, in ms since 1970; off by as long as this process itself stood still. */
  readonly startedAt: number;
}

/** The latest outages, oldest first. */
export class OutageLog {
  readonly #records: DatedOutage[] = [];

  /** Keeps a record; beyond 20 the oldest goes. */
  add(record: DatedOutage): void {
    this.#records.push(record);
    if (this.#records.length > mostOutages) this.#records.shift();
  }

  /** A copy of the list; the records themselves do not change any more. */
  list(): DatedOutage[] {
    return [...this.#records];
  }
}

const mostOutages = 20;
