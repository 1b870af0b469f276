import { Allowance, type Rate } from './allowance.ts';

export interface MeterOptions extends Rate {
  /** Keys that are remembered at once; the one that has been quiet longest goes first. */
  readonly keysMax?: number;
}

/** An allowance for each of very many keys. Bounded: a key whose allowance is whole is forgotten. */
export class Meter {
  readonly #rate: Rate;
  readonly #keysMax: number;
  /** Those used last stand last. */
  readonly #allowances = new Map<string, Allowance>();

  constructor({ keysMax = 20_000, ...rate }: MeterOptions) {
    this.#rate = rate;
    this.#keysMax = keysMax;
  }

  /** Keys that are remembered. */
  get size(): number {
    return this.#allowances.size;
  }

  /** In how many milliseconds it may happen again for this key; 0: now. */
  wait(key: string, now: number): number {
    return this.#allowances.get(key)?.wait(now) ?? 0;
  }

  /** Once more for this key. @returns 0: taken; else in how many milliseconds to come again */
  take(key: string, now: number): number {
    const allowance = this.#allowances.get(key) ?? new Allowance(this.#rate);
    this.#allowances.delete(key);
    this.#forget(now);
    this.#allowances.set(key, allowance);
    return allowance.take(now);
  }

  #forget(now: number): void {
    for (const [key, allowance] of this.#allowances) {
      if (this.#allowances.size < this.#keysMax && !allowance.whole(now)) return;
      this.#allowances.delete(key);
    }
  }
}
