import type { Socket } from 'node:net';

/**
 * One direction of one connection: what `source` sends is written to `sink`.
 * A dark lane stops reading and keeps the end of its source (close or reset) to itself until it is lit.
 */
export class Lane {
  readonly #source: Socket;
  readonly #sink: Socket;
  readonly #deliver: (bytes: Uint8Array, handOver: () => void) => void;
  readonly #delayMs: number;
  /** What was on its way when the lane went dark. */
  readonly #held: (() => void)[] = [];
  #dark: boolean;
  #sinkIsFull = false;
  #ending: 'close' | 'reset' | undefined;

  constructor(options: {
    source: Socket;
    sink: Socket;
    dark: boolean;
    /** Everything arrives this much later. */
    delayMs: number;
    /** Called once for each piece, must call `handOver`. */
    deliver: (bytes: Uint8Array, handOver: () => void) => void;
  }) {
    this.#source = options.source;
    this.#sink = options.sink;
    this.#dark = options.dark;
    this.#delayMs = options.delayMs;
    this.#deliver = options.deliver;
    this.#source.on('data', (bytes) => this.#forward(bytes));
    this.#source.on('end', () => this.#end('close'));
    // The source died: noticed by reading from it, or by the other lane writing to it.
    this.#source.on('error', () => this.#end('reset'));
    this.#sink.on('drain', () => this.#drained());
    this.#flow();
  }

  darken(): void {
    this.#dark = true;
    this.#flow();
  }

  light(): void {
    this.#dark = false;
    for (const arrive of this.#held.splice(0)) arrive();
    this.#flow();
    this.#passOnEnding();
  }

  #forward(bytes: Uint8Array): void {
    this.#onItsWay(() => {
      if (!this.#sink.writable) return;
      this.#deliver(bytes, () => {
        this.#sinkIsFull = !this.#sink.write(bytes);
      });
      if (this.#sinkIsFull) this.#flow();
    });
  }

  // Timers of one length ring in the order in which they were set.
  #onItsWay(arrive: () => void): void {
    if (this.#delayMs === 0) return arrive();
    setTimeout(() => {
      if (this.#dark) this.#held.push(arrive);
      else arrive();
    }, this.#delayMs);
  }

  #drained(): void {
    this.#sinkIsFull = false;
    this.#flow();
  }

  #flow(): void {
    if (this.#dark || this.#sinkIsFull) this.#source.pause();
    else this.#source.resume();
  }

  #end(ending: 'close' | 'reset'): void {
    this.#onItsWay(() => {
      this.#ending = ending;
      if (!this.#dark) this.#passOnEnding();
    });
  }

  #passOnEnding(): void {
    if (this.#ending === 'close') this.#sink.end();
    if (this.#ending === 'reset') this.#sink.resetAndDestroy();
  }
}
