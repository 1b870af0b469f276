/** Reads a fuzzer's bytes as decisions. Once they are used up every decision is the first one: nothing throws. */
export class Choices {
  readonly #bytes: Uint8Array;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  get left(): number {
    return this.#bytes.length - this.#at;
  }

  byte(): number {
    const byte = this.#bytes[this.#at] ?? 0;
    this.#at += 1;
    return byte;
  }

  chance(): boolean {
    return this.byte() % 2 === 1;
  }

  pick<const T>(list: readonly [T, ...T[]]): T {
    return list[this.byte() % list.length] ?? list[0];
  }

  /** Mostly small, sometimes one of the numbers at which something may break; always fits 32 bits. */
  number(): number {
    const byte = this.byte();
    return byte < 200 ? byte % 8 : (edges[byte % edges.length] ?? 0);
  }

  list<T>(max: number, make: () => T): T[] {
    return Array.from({ length: this.byte() % (max + 1) }, make);
  }

  bytes(max: number): Uint8Array {
    const length = Math.min(this.byte(), max, this.left);
    const taken = this.#bytes.slice(this.#at, this.#at + length);
    this.#at += length;
    return taken;
  }

  /** Every byte is one character. */
  text(max: number): string {
    return String.fromCharCode(...this.bytes(max));
  }

  /** What is left, whole. */
  rest(): Uint8Array {
    const rest = this.#bytes.slice(this.#at);
    this.#at = this.#bytes.length;
    return rest;
  }
}

const edges = [
  8, 16, 31, 255, 1_000, 4_000, 10_000, 65_535, 120_000, 0x7fff_ffff, 0x8000_0000, 0xffff_fffe, 0xffff_ffff,
];
