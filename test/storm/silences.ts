/** From when to when a user has done nothing: no frame, and no dial. Milliseconds since the epoch. */
export interface Silence {
  readonly from: number;
  readonly to: number;
}

/** The long silences of one user, by its own account: what others are told of those is true (C-3). */
export class Silences {
  readonly #long: Silence[] = [];
  #since = Date.now();

  /** Something leaves it. */
  ended(): void {
    const now = Date.now();
    if (now - this.#since >= longMs) this.#long.push({ from: this.#since, to: now });
    this.#since = now;
  }

  /** Those of at least 10 s; the one that lasts among them. */
  all(): readonly Silence[] {
    const now = Date.now();
    return now - this.#since >= longMs ? [...this.#long, { from: this.#since, to: now }] : this.#long;
  }
}

/** The shortest limit of any observer. */
const longMs = 10_000;
