import type { Member } from '@holdfast/core';
import type { Asked, ChannelKey } from '../store/store.ts';
import { keyText } from '../store/store.ts';

/**
 * Who asked to come in, has to wait, and is not held here: a server has died, and who adopts its users counts their
 * silence from here, however long the adoption takes (C-56).
 */
export class Askers {
  /** Those heard last at the end. */
  readonly #heard = new Map<string, { readonly at: number; readonly account: string }>();
  readonly #now: () => number;

  constructor(now: () => number) {
    this.#now = now;
  }

  heard(key: ChannelKey, { uid, account }: Asked): void {
    const name = nameOf(key, uid);
    this.#heard.delete(name);
    this.#heard.set(name, { at: this.#now(), account });
    for (const [oldest, { at }] of this.#heard) {
      if (this.#heard.size <= askersMax && this.#now() - at < rememberMs) break;
      this.#heard.delete(oldest);
    }
  }

  /** Running time at which somebody asked last to be this user; −Infinity: nobody has. */
  heardAt(key: ChannelKey, { uid, account }: Member): number {
    const heard = this.#heard.get(nameOf(key, uid));
    return heard?.account === account ? heard.at : Number.NEGATIVE_INFINITY;
  }
}

function nameOf(key: ChannelKey, uid: number): string {
  return `${keyText(key)}\n${uid}`;
}

/** Of more than these, those heard last. */
const askersMax = 50_000;
/** An adoption takes less. */
const rememberMs = 60_000;
