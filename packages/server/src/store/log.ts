import { type Entry, type HistoryBounds, history, type Position } from '@holdfast/core';

interface Kept {
  readonly seq: number;
  readonly entry: Entry;
  readonly bytes: number;
  readonly at: number;
}

/** What a retained entry is taken to weigh, in bytes. */
function weightOf(entry: Entry): number {
  return entry.type === 'message' ? entryBytes + entry.message.data.length : entryBytes;
}

const entryBytes = 64;

/** The retained end of a channel's log: bounded in entries, bytes and age (contract, section 1). */
export class Log {
  #kept: Kept[] = [];
  #bytes = 0;
  #position: Position;
  readonly #bounds: HistoryBounds;

  constructor(position: Position, bounds: HistoryBounds = history) {
    this.#position = position;
    this.#bounds = bounds;
  }

  get position(): Position {
    return this.#position;
  }

  /** Retained entries, oldest first; the last is at `position`. */
  get entries(): Entry[] {
    return this.#kept.map(({ entry }) => entry);
  }

  append(entry: Entry, now: number): Position {
    const bytes = weightOf(entry);
    this.#position = { ...this.#position, seq: this.#position.seq + 1 };
    this.#kept.push({ seq: this.#position.seq, entry, bytes, at: now });
    this.#bytes += bytes;
    this.#trim(now);
    return this.#position;
  }

  /** The entries after a position; null where they are not all retained, or it is of another life. */
  since({ incarnation, epoch, seq }: Position, now: number): Entry[] | null {
    this.#trim(now);
    const here = this.#position;
    if (incarnation !== here.incarnation || epoch !== here.epoch || seq > here.seq) return null;
    const oldest = this.#kept[0]?.seq ?? here.seq + 1;
    if (seq + 1 < oldest) return null;
    return this.#kept.slice(seq + 1 - oldest).map(({ entry }) => entry);
  }

  #trim(now: number): void {
    let drop = 0;
    const { entries, bytes: bytesMax, ageMs } = this.#bounds;
    for (const { bytes, at } of this.#kept) {
      const many = this.#kept.length - drop > entries || this.#bytes > bytesMax;
      if (!many && now - at <= ageMs) break;
      this.#bytes -= bytes;
      drop += 1;
    }
    if (drop > 0) this.#kept.splice(0, drop);
  }
}
