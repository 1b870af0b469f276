import { recovery } from '../../contract/index.ts';

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

  /** What is known of it; null while nothing was measured. */
  get figures(): { readonly roundTripMs: number; readonly jitterMs: number } | null {
    return this.#smoothed === 0 ? null : { roundTripMs: this.#smoothed, jitterMs: this.#deviation };
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
