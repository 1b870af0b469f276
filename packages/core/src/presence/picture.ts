import type { ObserverClass } from '../contract/index.ts';
import type { Member } from './member.ts';
import { difference, type Edge, isAbsent, view } from './view.ts';

/**
 * What one observer knows of the others, and so what its app has been told. It moves only when the
 * observer receives something, and every move yields exactly the edges that it means (C-21, C-22).
 */
export class Picture {
  #members = new Map<number, Member>();
  readonly #observer: ObserverClass;
  readonly #self: () => number;

  /** @param self the observer's own uid, of which it is told nothing */
  constructor(observer: ObserverClass, self: () => number) {
    this.#observer = observer;
    this.#self = self;
  }

  /** Everyone in the picture, as last known; a returning client brings it along (C-59). */
  members(): Member[] {
    return [...this.#members.values()];
  }

  /** Somebody in the picture, as last known. */
  member(uid: number): Member | undefined {
    return this.#members.get(uid);
  }

  /** One member changed. */
  apply(member: Member): Edge[] {
    return this.#learn(member, this.#members.get(member.uid));
  }

  /** The truth after an absence arrived: what began and ended in between cancels out (C-22). */
  take({ members, complete }: { members: readonly Member[]; complete: boolean }): Edge[] {
    if (!complete) return members.flatMap((member) => this.apply(member));
    const before = this.#members;
    this.#members = new Map();
    const present = new Set(members.map(({ uid }) => uid));
    const edges: Edge[] = [];
    for (const [uid, member] of before) {
      if (!present.has(uid)) edges.push(...difference(member, undefined, this.#observer));
    }
    // A list that names somebody twice tells of it once (C-21).
    const told = new Map<number, Member | undefined>(before);
    for (const member of members) {
      edges.push(...this.#learn(member, told.get(member.uid)));
      told.set(member.uid, this.#members.get(member.uid));
    }
    return edges;
  }

  /** What is known at this moment, for `net`. */
  snapshot(): ReadonlyMap<number, Member> {
    return new Map(this.#members);
  }

  /** The edges of several moves since a snapshot as those of one: what began and ended in between cancels out (C-22). */
  net(before: ReadonlyMap<number, Member>, moves: readonly Edge[]): Edge[] {
    return [...new Set(moves.map(({ member }) => member.uid))].flatMap((uid) => {
      const [was, is] = [before.get(uid), this.#members.get(uid)];
      const gone = moves.findLast(({ type, member }) => type === 'peer-offline' && member.uid === uid);
      const ends = view(was, this.#observer).peer && !view(is, this.#observer).peer;
      return ends && gone ? [gone] : difference(was, is, this.#observer);
    });
  }

  /** Somebody who is not shown, and is absent for the observer's class, stays so until it is heard again (C-23). */
  #learn(member: Member, before: Member | undefined): Edge[] {
    const { uid, gone } = member;
    if (uid === this.#self()) return [];
    const stays = gone === 'no' && !view(before, this.#observer).peer && isAbsent(member, this.#observer);
    const known = stays ? before : member;
    if (known?.gone === 'no') this.#members.set(uid, known);
    else this.#members.delete(uid);
    return stays ? [] : difference(before, member, this.#observer);
  }
}
