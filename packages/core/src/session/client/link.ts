import { recovery } from '../../contract/index.ts';
import type { ServerHeartbeat } from '../../wire/frames.ts';

/** Why the connection is not trusted at the moment. */
export type Trouble = 'silent' | 'deaf' | 'doubted';

/** The transport on which this user is in the channel. */
export class Link {
  trouble: Trouble | null = null;
  sentAt: number;
  /** The last probe that has not been answered yet. */
  probe: { id: number; at: number } | null = null;
  /** When a standby starts unless something is heard. */
  standbyAfterMs: number;

  constructor(
    readonly attempt: number,
    readonly url: string,
    /** Running time at which it became the connection. */
    readonly since: number,
    standbyAfterMs: number,
  ) {
    this.sentAt = since;
    this.standbyAfterMs = standbyAfterMs;
  }

  /** A packet came. Down-silence is over; whether the server hears us is for its heartbeats to say. */
  heard(): void {
    if (this.trouble === 'silent' || this.trouble === 'doubted') this.trouble = null;
  }

  /** C-16: the server says how long ago it last heard us. */
  reported(heartbeat: ServerHeartbeat): void {
    if (heartbeat.heardMs >= recovery.deafMs) this.trouble = 'deaf';
    else if (this.trouble === 'deaf') this.trouble = null;
  }
}

/** Smoothed round trip and its deviation, as TCP keeps them. */
export class RoundTrip {
  #smoothed = 0;
  #deviation = 0;

  sample(ms: number): void {
    if (ms <= 0) return;
    if (this.#smoothed === 0) {
      this.#smoothed = ms;
      this.#deviation = ms / 2;
      return;
    }
    this.#deviation += (Math.abs(ms - this.#smoothed) - this.#deviation) / 4;
    this.#smoothed += (ms - this.#smoothed) / 8;
  }

  /** Smoothed round trip + 4 × deviation; 0 while nothing was measured. */
  get boundMs(): number {
    return this.#smoothed + 4 * this.#deviation;
  }

  /** How long a connection may be silent before a standby starts; `jitter` in [0, 1) (C-10). */
  standbyAfterMs(jitter: number): number {
    const least = Math.max(recovery.standbyMinMs, this.boundMs);
    return Math.min(recovery.standbyMaxMs, least + jitter * 500);
  }
}
