import { halfOpen } from '../../contract/index.ts';
import type { ServerHeartbeat } from '../../wire/frames.ts';

/** A user's connection as its holder sees it: when it was heard, and its heartbeat. */
export class Connection {
  readonly id: number;
  /** C-16: nothing is sent on a connection that has been silent for 4 s. */
  paused = false;
  #heardAt: number;
  #sentAt: number;
  #beatAt: number;
  #beats = 0;
  /** The heartbeat whose answer is awaited. */
  #asked: { id: number; at: number } | null = null;
  #rttMs = 0;

  constructor(id: number, now: number) {
    this.id = id;
    this.#heardAt = now;
    this.#sentAt = now;
    this.#beatAt = now;
  }

  /** A packet came; true if the server had stopped sending. */
  heard(now: number): boolean {
    this.#heardAt = now;
    if (!this.paused) return false;
    this.paused = false;
    this.#sentAt = now;
    return true;
  }

  /** A packet answered the heartbeat of this id. */
  answered(id: number, now: number): void {
    if (this.#asked?.id !== id) return;
    this.#rttMs = Math.max(1, Math.round(now - this.#asked.at));
    this.#asked = null;
  }

  sent(now: number): void {
    this.#sentAt = now;
  }

  /** The next heartbeat; it answers the client's probe `answer`, if that is not 0. */
  beat(answer: number, spreadMs: number, now: number): ServerHeartbeat {
    this.#beats += 1;
    this.#sentAt = now;
    this.#beatAt = now;
    this.#asked = { id: this.#beats, at: now };
    const heardMs = Math.round(now - this.#heardAt);
    return { type: 'heartbeat', id: this.#beats, answer, heardMs, rttMs: this.#rttMs, spreadMs };
  }

  /** A heartbeat is due in a direction in which nothing has flowed for `heartbeatMs`. */
  timers(heartbeatMs: number, at: (time: number, why: 'heartbeat' | 'pause' | 'close') => void): void {
    at(this.#heardAt + halfOpen.closeMs, 'close');
    if (this.paused) return;
    at(this.#heardAt + halfOpen.pauseMs, 'pause');
    const quietUp = Math.max(this.#heardAt, this.#beatAt) + heartbeatMs;
    at(Math.min(this.#sentAt + heartbeatMs, quietUp), 'heartbeat');
  }
}
