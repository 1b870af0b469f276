import type { Entry, Member, Position, Profile } from '@holdfast/core';
import type { Snapshot } from '../store.ts';

/** Entries of a channel's log as they were told, the first at a position. */
export interface Told {
  readonly first: Position;
  readonly entries: readonly Entry[];
}

export interface Whole {
  readonly position: Position;
  readonly profile: Profile;
  readonly members: readonly Member[];
  readonly history: readonly Entry[];
}

/**
 * How far a server has followed a channel's log. What it is told comes in order or not at all: it notices what is
 * missing, and waits for it to be read.
 */
export class Replica {
  #position: Position | null = null;
  /** Told, but not in order yet. */
  #early: Told[] = [];
  #waiting: Waiting[] = [];
  /** The life before: what was told of it comes late. */
  #left: Position | null = null;
  #unknown: { resolve(): void; reject(error: Error): void }[] = [];
  /** It has been told that another life of the channel has begun. */
  #outdated = false;
  readonly #snapshot: (snapshot: Snapshot) => void;
  readonly #appended: (position: Position, entry: Entry) => void;

  constructor(snapshot: (snapshot: Snapshot) => void, appended: (position: Position, entry: Entry) => void) {
    this.#snapshot = snapshot;
    this.#appended = appended;
  }

  /** Null: it knows nothing yet. */
  get position(): Position | null {
    return this.#position;
  }

  /** Something has to be read. */
  get lacks(): boolean {
    return this.#position === null || this.#outdated || this.#early.length > 0;
  }

  /** From where to read; nowhere: the whole. */
  get readFrom(): Position {
    return this.#outdated || this.#position === null ? { incarnation: '', epoch: 0, seq: 0 } : this.#position;
  }

  /** Another life has begun, if it is not known yet. */
  begun(life: Pick<Position, 'incarnation' | 'epoch'>): void {
    if (this.#position === null || !sameLife(life, this.#position)) this.#outdated = true;
  }

  /** The log that it has followed is lost, and another one in its place. */
  lost(): void {
    this.#outdated = this.#position !== null;
  }

  told(told: Told): void {
    if (this.#early.length < earlyMax) this.#early.push(told);
    this.#catchUp();
  }

  /** The log after `readFrom` was read. */
  tail(position: Position, entries: readonly Entry[]): void {
    this.#take({ first: { ...position, seq: position.seq - entries.length + 1 }, entries });
    this.#catchUp();
  }

  whole(whole: Whole): void {
    const before = this.#position;
    if (before !== null && !sameLife(before, whole.position)) this.#left = before;
    this.#outdated = false;
    this.#position = whole.position;
    this.#snapshot(whole);
    this.#early = this.#early.filter(({ first }) => sameLife(first, whole.position));
    this.#catchUp();
    for (const { resolve } of this.#unknown.splice(0)) resolve();
    // Who waits for a life that is over has nothing to wait for.
    for (const { reached } of this.#waiting.splice(0).filter((each) => !this.#keeps(each))) reached();
  }

  /** Resolves when it knows a position. @throws what it was told when it forgot */
  async known(): Promise<void> {
    if (this.#position !== null) return;
    await new Promise<void>((resolve, reject) => this.#unknown.push({ resolve, reject }));
  }

  /** Follows no more, until the whole is read again. @param why for those who wait for a position to be known */
  forget(why?: Error): void {
    if (why !== undefined) for (const { reject } of this.#unknown.splice(0)) reject(why);
    this.#position = null;
    this.#outdated = false;
    this.#early = [];
    for (const { reached } of this.#waiting.splice(0)) reached();
  }

  /** Resolves when it has followed as far as a position, or the channel has another life by then. */
  async reached(position: Position): Promise<void> {
    if (this.#has(position)) return;
    await new Promise<void>((reached) => this.#waiting.push({ position, reached }));
  }

  #keeps(each: Waiting): boolean {
    const { position } = each;
    if (this.#position === null || !sameLife(position, this.#position)) return false;
    this.#waiting.push(each);
    return true;
  }

  #has(position: Position): boolean {
    const here = this.#position;
    return here !== null && !this.#outdated && sameLife(here, position) && here.seq >= position.seq;
  }

  #catchUp(): void {
    for (let moved = true; moved; ) {
      const before = this.#early.length;
      this.#early = this.#early.filter((told) => !this.#take(told));
      moved = this.#early.length < before && this.#early.length > 0;
    }
    if (this.#outdated) return;
    const waiting = this.#waiting;
    this.#waiting = waiting.filter(({ position }) => !this.#has(position));
    for (const each of waiting) if (this.#has(each.position)) each.reached();
  }

  /** Takes what follows; false: something before it is missing. */
  #take({ first, entries }: Told): boolean {
    const here = this.#position;
    if (here === null || this.#outdated) return false;
    // Of another life: the notice of its beginning comes before, or what is read will show it.
    if (this.#left !== null && sameLife(first, this.#left) && first.incarnation !== '') return true;
    if (!sameLife(first, here)) {
      this.#outdated = true;
      return false;
    }
    if (first.seq > here.seq + 1) return false;
    for (const entry of entries.slice(Math.max(0, here.seq + 1 - first.seq))) {
      this.#position = { ...here, seq: (this.#position?.seq ?? 0) + 1 };
      this.#appended(this.#position, entry);
    }
    return true;
  }
}

interface Waiting {
  readonly position: Position;
  readonly reached: () => void;
}

type Life = Pick<Position, 'incarnation' | 'epoch'>;

function sameLife(one: Life, other: Life): boolean {
  return one.incarnation === other.incarnation && one.epoch === other.epoch;
}

/** More than this is read again. */
const earlyMax = 1_000;
