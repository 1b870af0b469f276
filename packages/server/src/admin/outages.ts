import type { ServerOutageRecord } from '../events.ts';

/** The server's half of an outage's record, with the time at which it ended. */
export interface DatedOutage extends ServerOutageRecord {
  /** Milliseconds since the epoch, by this machine's clock. */
  readonly endedAt: number;
}

/** The newest outages of a server (C-90). */
export class OutageBook {
  readonly #limit: number;
  readonly #wallClock: () => number;
  #outages: DatedOutage[] = [];

  /** @param limit how many to keep */
  constructor(limit = 1_000, wallClock: () => number = Date.now) {
    this.#limit = limit;
    this.#wallClock = wallClock;
  }

  record(outage: ServerOutageRecord): void {
    this.#outages.push({ ...outage, endedAt: this.#wallClock() });
    if (this.#outages.length >= 2 * this.#limit) this.#outages = this.#outages.slice(-this.#limit);
  }

  /** Oldest first. */
  newest(): readonly DatedOutage[] {
    return this.#outages.slice(-this.#limit);
  }
}
