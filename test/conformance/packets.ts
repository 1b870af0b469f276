import type { Delivery, Direction, Network } from '@holdfast/server/faults';

/**
 * When packets were delivered through one user's network. A packet is a complete WebSocket data frame: neither the
 * HTTP handshake nor WebSocket's own ping, pong and close are packets (see the contract's words).
 */
export class PacketLog {
  readonly #times: Record<Direction, number[]> = { up: [], down: [] };
  #waiting: { direction: Direction; then: () => void }[] = [];
  readonly #readers = new Map<string, FrameReader>();
  /** When the user opened a connection, in ms since the epoch. */
  readonly attempts: number[] = [];

  /** @param down the network nearest to the user, where that is another one: it hands over what comes down */
  constructor(up?: Network, down = up) {
    up?.onDelivery((delivery, bytes) => {
      if (up === down || delivery.direction === 'up') this.add(delivery, bytes);
    });
    if (down !== up)
      down?.onDelivery((delivery, bytes) => {
        if (delivery.direction === 'down') this.add(delivery, bytes);
      });
    down?.onConnection((at) => this.attempts.push(at));
  }

  add({ at, direction, connection }: Delivery, bytes: Uint8Array): void {
    const key = `${connection} ${direction}`;
    const reader = this.#readers.get(key) ?? new FrameReader();
    this.#readers.set(key, reader);
    if (reader.read(bytes) === 0) return;
    this.#times[direction].push(at);
    const due = this.#waiting.filter((each) => each.direction === direction);
    this.#waiting = this.#waiting.filter((each) => each.direction !== direction);
    for (const { then } of due) then();
  }

  /** Time (ms since epoch) of the last packet delivered at or before `at`. */
  lastBefore(direction: Direction, at: number): number | undefined {
    return this.#times[direction].findLast((time) => time <= at);
  }

  firstAfter(direction: Direction, at: number): number | undefined {
    return this.#times[direction].find((time) => time > at);
  }

  between(direction: Direction, from: number, to: number): readonly number[] {
    return this.#times[direction].filter((time) => time >= from && time <= to);
  }

  /** The longest time (ms) without a packet that touches [from, to]; it may begin before `from`. */
  longestSilence(direction: Direction, from: number, to: number): number {
    const start = this.lastBefore(direction, from) ?? from;
    const times = [start, ...this.between(direction, from, to), to];
    return times.reduce((longest, time, i) => Math.max(longest, time - (times[i - 1] ?? time)), 0);
  }

  /** Calls back once, before anything else happens in this process, when the next packet has been delivered. */
  onNext(direction: Direction, then: () => void): void {
    this.#waiting.push({ direction, then });
  }
}

/** Follows the bytes of one direction of one connection and counts the data frames they complete. */
class FrameReader {
  #head = '';
  #handshakeIsOver = false;
  #header: number[] = [];
  #payloadLeft = 0;

  /** Returns the number of data frames that these bytes completed. */
  read(bytes: Uint8Array): number {
    let packets = 0;
    for (let i = this.#skipHandshake(bytes); i < bytes.length; ) {
      if (this.#payloadLeft > 0) {
        const step = Math.min(this.#payloadLeft, bytes.length - i);
        this.#payloadLeft -= step;
        i += step;
      } else {
        this.#header.push(bytes[i++] as number);
        this.#payloadLeft = payloadLength(this.#header) ?? 0;
        if (payloadLength(this.#header) === undefined) continue;
      }
      if (this.#payloadLeft > 0) continue;
      if (isData(this.#header)) packets++;
      this.#header = [];
    }
    return packets;
  }

  #skipHandshake(bytes: Uint8Array): number {
    if (this.#handshakeIsOver) return 0;
    const before = this.#head.length;
    this.#head += Buffer.from(bytes).toString('latin1');
    const end = this.#head.indexOf('\r\n\r\n');
    if (end === -1) return bytes.length;
    this.#handshakeIsOver = true;
    this.#head = '';
    return end + 4 - before;
  }
}

// RFC 6455, section 5.2. Undefined while the header is not complete; the mask belongs to the header.
function payloadLength(header: readonly number[]): number | undefined {
  const [, second] = header;
  if (second === undefined) return undefined;
  const short = second & 0x7f;
  const extended = short === 126 ? 2 : short === 127 ? 8 : 0;
  const mask = second & 0x80 ? 4 : 0;
  if (header.length < 2 + extended + mask) return undefined;
  if (extended === 0) return short;
  return header.slice(2, 2 + extended).reduce((length, byte) => length * 256 + byte, 0);
}

function isData(header: readonly number[]): boolean {
  return ((header[0] ?? 0) & 0x0f) < 8;
}
