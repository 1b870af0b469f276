import { manyCloses } from '@holdfast/core';

/** Connections by the address they come from, and how they closed: many at once is a network's doing (C-31). */
export class Addresses {
  readonly #addresses = new Map<string, { open: number; closedAt: number[] }>();
  readonly #now: () => number;

  constructor(now: () => number) {
    this.#now = now;
  }

  opened(address: string): void {
    const known = this.#addresses.get(address);
    if (known) known.open += 1;
    else this.#addresses.set(address, { open: 1, closedAt: [] });
  }

  closed(address: string): void {
    const known = this.#addresses.get(address);
    if (known === undefined) return;
    known.open -= 1;
    known.closedAt.push(this.#now());
    while (this.#now() - (known.closedAt[0] ?? 0) >= rememberMs) known.closedAt.shift();
    if (this.#addresses.size > addressesKept) this.#forgetIdle();
  }

  /** Did many of the connections behind an address, and most of them, close within a second of one that closed then? */
  closedTogether(address: string, closedMs: number): boolean {
    const known = this.#addresses.get(address);
    if (known === undefined) return false;
    const then = this.#now() - closedMs;
    const together = known.closedAt.filter((at) => Math.abs(at - then) <= manyCloses.withinMs).length;
    return together >= manyCloses.count && together >= (known.open + together) * manyCloses.share;
  }

  #forgetIdle(): void {
    for (const [address, { open, closedAt }] of this.#addresses) {
      if (open <= 0 && this.#now() - (closedAt.at(-1) ?? 0) >= rememberMs) this.#addresses.delete(address);
    }
  }
}

/** Longer than a presumption takes. */
const rememberMs = 60_000;
const addressesKept = 10_000;
