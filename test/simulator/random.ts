/**
 * Randomness that is a pure function of its seed. Everything random in a run has a stream of its own, named
 * after what it is for, so that a scenario with one action less keeps every other dice roll.
 */
export class Random {
  #a: number;
  #b: number;
  #c: number;
  #counter = 1;

  private constructor(a: number, b: number, c: number) {
    this.#a = a;
    this.#b = b;
    this.#c = c;
    for (let round = 0; round < 12; round += 1) this.#word();
  }

  /** The stream with this name of this seed. */
  static of(seed: number, name: string): Random {
    const hash = hashOf(name);
    return new Random(seed >>> 0, Math.floor(seed / 2 ** 32) ^ hash, Math.imul(hash, 0x9e3779b1));
  }

  /** Uniform in [0, 1). */
  next(): number {
    return this.#word() / 2 ** 32;
  }

  /** A whole number from `low` to `high`, both possible. */
  int(low: number, high: number): number {
    return low + Math.floor(this.next() * (high - low + 1));
  }

  chance(probability: number): boolean {
    return this.next() < probability;
  }

  pick<T>(list: readonly T[]): T {
    const item = list[this.int(0, list.length - 1)];
    if (item === undefined) throw new Error('nothing to pick from');
    return item;
  }

  /** One of the names, each as likely as its weight. */
  weighted<K extends string>(weights: Readonly<Record<K, number>>): K {
    const entries = Object.entries(weights) as [K, number][];
    let left = this.next() * entries.reduce((sum, [, weight]) => sum + weight, 0);
    for (const [name, weight] of entries) {
      left -= weight;
      if (left < 0) return name;
    }
    throw new Error('nothing to weigh');
  }

  /** 128 bits in hexadecimal digits. */
  id(): string {
    let digits = '';
    for (let word = 0; word < 4; word += 1) digits += this.#word().toString(16).padStart(8, '0');
    return digits;
  }

  /** sfc32, a small fast counting generator (Chris Doty-Humphrey, public domain). */
  #word(): number {
    const sum = (this.#a + this.#b + this.#counter) | 0;
    this.#counter = (this.#counter + 1) | 0;
    this.#a = this.#b ^ (this.#b >>> 9);
    this.#b = (this.#c + (this.#c << 3)) | 0;
    this.#c = ((this.#c << 21) | (this.#c >>> 11)) + sum;
    return sum >>> 0;
  }
}

/** FNV-1a. */
export function hashOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index += 1) {
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  }
  return hash >>> 0;
}
