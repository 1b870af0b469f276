import { type Named, targetsOf, targetText } from '../bans.ts';
import type { Ban, ChannelKey, Target } from '../store.ts';

/** What the operator forbids, until when. Bounded: beyond `max` the one that ends first makes room. */
export class MemoryBans {
  readonly #bans = new Map<string, { readonly target: Target; readonly until: number }>();
  readonly #now: () => number;
  readonly #max: number;

  constructor(now: () => number, max = bansMax) {
    this.#now = now;
    this.#max = max;
  }

  add(target: Target, forMs: number): void {
    this.#bans.set(targetText(target), { target, until: this.#now() + forMs });
    if (this.#bans.size <= this.#max) return;
    const ends = [...this.#bans].sort(([, a], [, b]) => a.until - b.until);
    for (const [text] of ends.slice(0, ends.length - this.#max)) this.#bans.delete(text);
  }

  /** @returns false: there was none */
  lift(target: Target): boolean {
    const text = targetText(target);
    const lasted = this.#lasts(text);
    this.#bans.delete(text);
    return lasted;
  }

  forbid(key: ChannelKey, user: Named): boolean {
    return this.#bans.size > 0 && targetsOf(key, user).some((text) => this.#lasts(text));
  }

  list(): Ban[] {
    for (const text of [...this.#bans.keys()]) if (!this.#lasts(text)) this.#bans.delete(text);
    return [...this.#bans.values()].map(({ target, until }) => ({
      ...target,
      leftMs: Math.ceil(until - this.#now()),
    }));
  }

  #lasts(text: string): boolean {
    const ban = this.#bans.get(text);
    return ban !== undefined && ban.until > this.#now();
  }
}

const bansMax = 100_000;
