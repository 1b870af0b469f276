/** When the packets of one transport came, told to its sender so that it knows how much the path carries. */

/** RTCP feedback on a transport's packets (draft-holmer-rmcat-transport-wide-cc-extensions-01). */
export class Arrivals {
  /** Milliseconds by sequence number, of what is not told yet. */
  #came = new Map<number, number>();
  /** The sequence number that the next feedback begins with; null: nothing came yet. */
  #next: number | null = null;
  #feedbacks = 0;

  came(sequence: number, now: number): void {
    const next = this.#next ?? sequence;
    // What was told as missing and comes after all is not told again.
    if (((sequence - next) & 0xffff) >= 0x8000) return;
    this.#next = next;
    if (!this.#came.has(sequence)) this.#came.set(sequence, now);
  }

  /** Feedback on what came since the last one; null: nothing did. */
  feedback(mediaSsrc: number): Buffer | null {
    const base = this.#next;
    if (base === null || this.#came.size === 0) return null;
    const last = [...this.#came.keys()].reduce((most, sequence) =>
      ((sequence - most) & 0xffff) < 0x8000 ? sequence : most,
    );
    const count = Math.min(countMax, ((last - base) & 0xffff) + 1);
    const times = Array.from({ length: count }, (_, index) => this.#came.get((base + index) & 0xffff));
    const packet = write(base, times, this.#feedbacks, mediaSsrc);
    this.#feedbacks = (this.#feedbacks + 1) & 0xff;
    for (let index = 0; index < count; index += 1) this.#came.delete((base + index) & 0xffff);
    this.#next = (base + count) & 0xffff;
    return packet;
  }
}

function write(
  base: number,
  times: readonly (number | undefined)[],
  feedbacks: number,
  mediaSsrc: number,
): Buffer {
  const first = times.find((time) => time !== undefined) ?? 0;
  const reference = Math.floor(first / referenceMs);
  // Deltas build on each other: each is counted from what the ones before it say, so that rounding does not add up.
  let at = reference * referenceMs * ticksPerMs;
  const deltas = times.map((time) => {
    if (time === undefined) return null;
    const delta = Math.max(-0x8000, Math.min(0x7fff, Math.round(time * ticksPerMs) - at));
    at += delta;
    return delta;
  });
  const symbols = deltas.map((delta) => (delta === null ? 0 : delta >= 0 && delta <= 255 ? 1 : 2));
  const chunks = Math.ceil(symbols.length / 7);
  const deltaBytes = symbols.reduce<number>((sum, symbol) => sum + symbol, 0);
  const length = 4 * Math.ceil((20 + 2 * chunks + deltaBytes) / 4);
  const out = Buffer.alloc(length);
  out[0] = 0x8f;
  out[1] = 205;
  out.writeUInt16BE(length / 4 - 1, 2);
  out.writeUInt32BE(1, 4);
  out.writeUInt32BE(mediaSsrc, 8);
  out.writeUInt16BE(base, 12);
  out.writeUInt16BE(symbols.length, 14);
  out.writeUIntBE(reference & 0xff_ffff, 16, 3);
  out[19] = feedbacks;
  let to = 20;
  for (let chunk = 0; chunk < chunks; chunk += 1, to += 2) {
    let bits = 0xc000;
    for (let index = 0; index < 7; index += 1) bits |= (symbols[7 * chunk + index] ?? 0) << (12 - 2 * index);
    out.writeUInt16BE(bits, to);
  }
  for (const delta of deltas) {
    if (delta === null) continue;
    const small = delta >= 0 && delta <= 255;
    if (small) out[to] = delta;
    else out.writeInt16BE(delta, to);
    to += small ? 1 : 2;
  }
  return out;
}

/** The unit of the reference time. */
const referenceMs = 64;
/** Deltas are in units of 250 µs. */
const ticksPerMs = 4;
/** Packets in one feedback: more are told in the next one. */
const countMax = 700;
