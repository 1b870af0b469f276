/** Something that wants to be called at a time that may move. */
export interface Timed {
  /** Running time of its next deadline; null: none. */
  dueAt(): number | null;
  /** A deadline has come. */
  due(): void;
}

/** Stands for the queued time of what is being called: it may move or remove itself meanwhile. */
const running = Number.POSITIVE_INFINITY;

interface Item {
  readonly at: number;
  readonly timed: Timed;
}

/**
 * The earliest deadline of very many. Deadlines that move later, as they do with every packet, cost nothing
 * until their old time comes.
 */
export class Agenda {
  readonly #heap: Item[] = [];
  readonly #queuedAt = new Map<Timed, number>();

  /** Call after anything that may have moved the deadline. */
  update(timed: Timed): void {
    const at = timed.dueAt();
    if (at === null) return;
    const queued = this.#queuedAt.get(timed);
    if (queued !== undefined && queued <= at) return;
    this.#queuedAt.set(timed, at);
    this.#push({ at, timed });
  }

  remove(timed: Timed): void {
    this.#queuedAt.delete(timed);
  }

  /** When to call `run` next. It may be early, never late. */
  nextAt(): number | null {
    return this.#heap[0]?.at ?? null;
  }

  get size(): number {
    return this.#queuedAt.size;
  }

  run(now: number): void {
    for (let first = this.#heap[0]; first !== undefined && first.at <= now; first = this.#heap[0]) {
      this.#pop();
      const { at, timed } = first;
      if (this.#queuedAt.get(timed) !== at) continue;
      this.#queuedAt.set(timed, running);
      const due = timed.dueAt();
      if (due !== null && due <= now) timed.due();
      if (this.#queuedAt.get(timed) !== running) continue;
      this.#queuedAt.delete(timed);
      this.update(timed);
    }
  }

  #push(item: Item): void {
    const heap = this.#heap;
    let index = heap.push(item) - 1;
    while (index > 0) {
      const parent = (index - 1) >> 1;
      const above = heap[parent];
      if (above === undefined || above.at <= item.at) break;
      heap[index] = above;
      index = parent;
    }
    heap[index] = item;
  }

  #pop(): void {
    const heap = this.#heap;
    const last = heap.pop();
    if (last === undefined || heap.length === 0) return;
    let index = 0;
    for (;;) {
      let child = 2 * index + 1;
      const left = heap[child];
      if (left === undefined) break;
      const right = heap[child + 1];
      let least = left;
      if (right !== undefined && right.at < left.at) {
        least = right;
        child += 1;
      }
      if (last.at <= least.at) break;
      heap[index] = least;
      index = child;
    }
    heap[index] = last;
  }
}
