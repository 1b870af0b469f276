/**
 * Do more connections wait than have been taken? A poll of the event loop takes one. That many polls in a row brought
 * one says that others stand behind it, and those just taken have not spoken yet: what waits is not read (C-3, C-56).
 */
export class Door {
  readonly #now: () => number;
  readonly #turn: (turn: () => void) => void;
  #took = false;
  #watching = false;
  /** Polls that brought a connection, up to the last one. */
  #inARow = 0;
  #crowdedUntil = Number.NEGATIVE_INFINITY;

  /** @param turn calls back after the present poll; the next call of it, after the next one */
  constructor(now: () => number, turn: (turn: () => void) => void = setImmediate) {
    this.#now = now;
    this.#turn = turn;
  }

  get crowded(): boolean {
    return this.#now() < this.#crowdedUntil;
  }

  /** A connection was taken. */
  took(): void {
    this.#took = true;
    if (this.#watching) return;
    this.#watching = true;
    this.#turn(() => this.#polled());
  }

  #polled(): void {
    this.#inARow = this.#took ? this.#inARow + 1 : 0;
    if (this.#inARow >= crowd) this.#crowdedUntil = this.#now() + speaksMs;
    this.#watching = this.#took;
    this.#took = false;
    if (this.#watching) this.#turn(() => this.#polled());
  }
}

const crowd = 8;
/** Who has been taken says within this who it is. */
const speaksMs = 2_000;
