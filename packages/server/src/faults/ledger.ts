/** `up` flows from a client to its server, `down` from the server to the client. */
export type Direction = 'up' | 'down';

/** One piece of payload handed to the receiving side. */
export interface Delivery {
  /** Milliseconds since the epoch, taken just before the bytes were handed over: nobody can have read them earlier. */
  readonly at: number;
  readonly direction: Direction;
  /** Connections of a network are counted from 1 in the order they arrived. */
  readonly connection: number;
  /** Number of bytes. */
  readonly size: number;
}

/** Hears of every delivery with its bytes, after they were handed over. The bytes must not be changed. */
export type DeliveryListener = (delivery: Delivery, bytes: Uint8Array) => void;

/** The newest deliveries of a network and the last of each direction. */
export class Ledger {
  readonly #limit: number;
  readonly #entries: Delivery[] = [];
  readonly #lastAt: Partial<Record<Direction, number>> = {};
  readonly #listeners = new Set<DeliveryListener>();
  #oldest = 0;

  /** @param limit number of deliveries to keep */
  constructor(limit: number) {
    if (!Number.isInteger(limit) || limit < 1)
      throw new RangeError(`a ledger keeps at least 1 delivery, not ${limit}`);
    this.#limit = limit;
  }

  record(delivery: Delivery, bytes: Uint8Array): void {
    this.#lastAt[delivery.direction] = delivery.at;
    if (this.#entries.length < this.#limit) this.#entries.push(delivery);
    else this.#entries[this.#oldest++ % this.#limit] = delivery;
    for (const listener of this.#listeners) listener(delivery, bytes);
  }

  /** Oldest first. */
  entries(): Delivery[] {
    const split = this.#oldest % this.#limit;
    return [...this.#entries.slice(split), ...this.#entries.slice(0, split)];
  }

  lastAt(direction: Direction): number | undefined {
    return this.#lastAt[direction];
  }

  listen(listener: DeliveryListener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }
}
