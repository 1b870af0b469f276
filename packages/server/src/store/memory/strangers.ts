import type { ChannelKey } from '../store.ts';
import { keyText } from '../store.ts';

interface Heard {
  /** Running time of the last sign of life. */
  readonly at: number;
  /** The join that has said goodbye; 0: none has. */
  readonly left: number;
}

/**
 * Whom a young store has heard of before they were let in, or before anybody's picture told it of them: an
 * attempt is a sign of life, and a goodbye ends a stay that only others remember (C-14, C-56, C-59).
 */
export class Strangers {
  readonly #heard = new Map<string, Heard>();
  readonly #now: () => number;
  readonly #until: number;

  /** @param until running time from which on the store believes nobody's picture */
  constructor(now: () => number, until: number) {
    this.#now = now;
    this.#until = until;
  }

  heard(key: ChannelKey, uid: number): void {
    this.#note(key, uid, this.#of(key, uid)?.left ?? 0);
  }

  left(key: ChannelKey, uid: number, join: number): void {
    this.#note(key, uid, join);
  }

  /** Running time of the last sign of life; −Infinity: there was none. */
  heardAt(key: ChannelKey, uid: number): number {
    return this.#of(key, uid)?.at ?? Number.NEGATIVE_INFINITY;
  }

  hasLeft(key: ChannelKey, uid: number, join: number): boolean {
    return (this.#of(key, uid)?.left ?? 0) >= join;
  }

  #of(key: ChannelKey, uid: number): Heard | undefined {
    return this.#heard.get(nameOf(key, uid));
  }

  #note(key: ChannelKey, uid: number, left: number): void {
    if (this.#now() > this.#until) return this.#heard.clear();
    const name = nameOf(key, uid);
    this.#heard.delete(name);
    this.#heard.set(name, { at: this.#now(), left });
    const [oldest] = this.#heard.keys();
    if (this.#heard.size > strangersMax && oldest !== undefined) this.#heard.delete(oldest);
  }
}

function nameOf(key: ChannelKey, uid: number): string {
  return `${keyText(key)}\n${uid}`;
}

/** Of more than these, those heard last. */
const strangersMax = 20_000;
