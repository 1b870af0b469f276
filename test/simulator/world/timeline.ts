/** Virtual time. Nothing passes between events; events of one time happen in the order they were asked for. */

export interface Event {
  readonly at: number;
  readonly order: number;
  /** `null` once it has happened or was called off. */
  run: (() => void) | null;
}

/** Something that has asynchronous work of its own; it is looked after when that work has come to rest. */
export interface Restless {
  settle(): void;
}

export class Timeline {
  now = 0;
  #heap: Event[] = [];
  #order = 0;
  #restless = new Set<Restless>();

  /** @returns the event, to call it off with `cancel` */
  at(time: number, run: () => void): Event {
    this.#order += 1;
    const event: Event = { at: Math.max(this.now, time), order: this.#order, run };
    this.#push(event);
    return event;
  }

  after(ms: number, run: () => void): Event {
    return this.at(this.now + ms, run);
  }

  cancel(event: Event): void {
    event.run = null;
  }

  /** Promises may have been set in motion: before the next event they come to rest and `who` settles. */
  unsettled(who: Restless): void {
    this.#restless.add(who);
  }

  /** Lets everything happen that is due until `end`, or until `stop` says so. */
  async run(end: number, stop: () => boolean): Promise<void> {
    while (!stop()) {
      const event = this.#heap[0];
      if (event === undefined || event.at > end) break;
      this.#pop();
      if (event.run === null) continue;
      this.now = event.at;
      const { run } = event;
      event.run = null;
      run();
      if (this.#restless.size > 0) await this.#rest();
    }
    this.now = Math.max(this.now, end);
  }

  async #rest(): Promise<void> {
    while (this.#restless.size > 0) {
      await microtasksDone();
      const settling = [...this.#restless];
      this.#restless.clear();
      for (const who of settling) who.settle();
    }
  }

  #push(event: Event): void {
    const heap = this.#heap;
    let place = heap.length;
    heap.push(event);
    while (place > 0) {
      const above = (place - 1) >> 1;
      const parent = heap[above] as Event;
      if (!before(event, parent)) break;
      heap[place] = parent;
      place = above;
    }
    heap[place] = event;
  }

  #pop(): void {
    const heap = this.#heap;
    const last = heap.pop();
    if (last === undefined || heap.length === 0) return;
    let place = 0;
    for (;;) {
      const left = 2 * place + 1;
      if (left >= heap.length) break;
      const right = heap[left + 1];
      const child = right !== undefined && before(right, heap[left] as Event) ? left + 1 : left;
      if (!before(heap[child] as Event, last)) break;
      heap[place] = heap[child] as Event;
      place = child;
    }
    heap[place] = last;
  }
}

function before(one: Event, other: Event): boolean {
  return one.at < other.at || (one.at === other.at && one.order < other.order);
}

/**
 * Resolves when every promise that can resolve has done so: a tick that is asked for by a microtask runs
 * after all microtasks, however deep their chains are. A hundred times cheaper than a turn of the event loop.
 */
function microtasksDone(): Promise<void> {
  return new Promise((resolve) => queueMicrotask(() => process.nextTick(resolve)));
}
