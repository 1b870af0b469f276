/** What a server knows of a channel by heart, to put it back into a Redis that has lost it (C-61). */
import {
  advanced,
  type Entry,
  encodeEntry,
  type HistoryBounds,
  type Member,
  type Message,
  newest,
  type Position,
  type Sent,
} from '@holdfast/core';
import type { Proof } from '../store.ts';
import type { Change, Outcome } from './channel.ts';
import type { Argument } from './link.ts';
import { awakens, memberBytes, readStay } from './records.ts';

/** A member's state as Redis keeps it, and the place of its entry in the log. */
interface State {
  readonly member: Member | readonly [awake: Argument, bytes: Argument];
  readonly epoch: number;
  readonly seq: number;
  readonly sent: readonly Sent[];
  /** When it was told of its goodbye; null: it has said none, or was not there to hear it. */
  readonly goneAt: number | null;
}

interface Said {
  readonly uid: number;
  readonly sent: Sent;
  readonly item: Message | Buffer;
  readonly bytes: number;
  readonly at: number;
}

/** A member with the place of its newest entry. */
export interface Placed {
  readonly member: Member;
  readonly epoch: number;
  readonly seq: number;
}

export class Retained {
  readonly #bounds: HistoryBounds;
  readonly #now: () => number;
  /** Users whom this server holds: their fences and stays. */
  readonly #own = new Map<number, { readonly fence: number; readonly stay: string }>();
  readonly #members = new Map<number, State>();
  /** In the order of the log. */
  readonly #messages = new Map<string, Said>();
  #bytes = 0;
  #head: Position = nowhere;
  #profile = '';

  constructor(bounds: HistoryBounds, now: () => number) {
    this.#bounds = bounds;
    this.#now = now;
  }

  /** As far as it knows the log, by what it was told or by what it was answered. */
  get head(): Position {
    return this.#head;
  }

  get knows(): boolean {
    return this.#own.size > 0 || this.#head !== nowhere;
  }

  clear(): void {
    this.#own.clear();
    this.#members.clear();
    this.#messages.clear();
    this.#bytes = 0;
    this.#head = nowhere;
  }

  // ---- what it is told ----

  whole(position: Position, profile: string, members: readonly Placed[], history: readonly Entry[]): void {
    this.#head = position;
    this.#profile = profile;
    const present = new Set(members.map(({ member }) => member.uid));
    for (const uid of this.#members.keys()) if (!present.has(uid)) this.#members.delete(uid);
    for (const { member, epoch, seq } of members)
      this.#members.set(member.uid, {
        member,
        epoch,
        seq,
        sent: member.sent,
        goneAt: this.#goneAt(member.uid),
      });
    for (const entry of history) if (entry.type === 'message') this.#heard(entry.message);
  }

  appended(position: Position, entry: Entry): void {
    this.#reached(position);
    if (entry.type === 'message') return this.#heard(entry.message);
    if (entry.type !== 'member') return;
    const { member } = entry;
    if (member.gone === 'forgotten') this.#members.delete(member.uid);
    else this.#put(member.uid, position, member, member.sent);
  }

  // ---- what it has done ----

  /** A change of this server was made, or its claim was void. */
  settled(server: string, change: Change, outcome: Outcome): void {
    const [what, first] = change;
    const uid = Number(first);
    if (!outcome.ok) return this.#void(uid, Number(change[2]));
    this.#reached(outcome.position);
    if (what === 'forget') this.forget(uid);
    if (what === 'send') this.#sent(change);
    if (what !== 'put') return;
    const [, , , fence, to, stay, awake = '0', bytes = ''] = change;
    const known = stay === '' ? this.#own.get(uid)?.stay : String(stay);
    const mine = to === '' ? this.#own.has(uid) : to === server;
    if (mine && known !== undefined) this.hold(uid, Number(fence), known);
    if (bytes === '') return;
    // A batch ends at the position that is told: its entries are not younger than that.
    this.#put(uid, outcome.position, [awake, bytes], this.#members.get(uid)?.sent ?? []);
  }

  /** The user is this server's. */
  hold(uid: number, fence: number, stay: string): void {
    this.#own.set(uid, { fence, stay });
  }

  /** A claim of this server has ended; another server's is newer. */
  release(uid: number, fence = this.#own.get(uid)?.fence ?? 0): void {
    const own = this.#own.get(uid);
    if (own !== undefined && own.fence <= fence) this.#own.delete(uid);
  }

  forget(uid: number): void {
    this.#own.delete(uid);
    this.#members.delete(uid);
  }

  // ---- what it can put back ----

  fenceOf(uid: number): number | undefined {
    return this.#own.get(uid)?.fence;
  }

  /** The fence of a user of this server who proves to be that; undefined: it is somebody else, or another server's. */
  proves({ uid, session, secret }: Pick<Proof, 'uid' | 'session' | 'secret'>): number | undefined {
    const own = this.#own.get(uid);
    if (own === undefined) return undefined;
    const kept = readStay(own.stay);
    return kept.session !== '' && kept.session === session && kept.secret === secret ? own.fence : undefined;
  }

  /** How long ago the user said goodbye, if this server was there to hear it, in milliseconds. */
  goneMs(uid: number): number {
    const at = this.#goneAt(uid);
    return at === null ? 0 : this.#now() - at;
  }

  /** Everything, as the script takes it. */
  records(): Argument[] {
    this.#trim();
    const { incarnation, epoch, seq } = this.#head;
    const joins = Math.max(0, ...[...this.#members.values()].map(({ member }) => joinOf(member)));
    const all: Argument[] = [incarnation, epoch, seq, this.#profile, joins];
    for (const [uid, state] of this.#members) {
      const own = this.#own.get(uid);
      const said = [...stateOf(state.member), state.epoch, state.seq];
      all.push(
        ...(own === undefined ? ['member', uid, ...said] : ['own', uid, own.fence, own.stay, ...said]),
      );
    }
    for (const { uid, sent, item } of this.#messages.values()) {
      // Of the streams of earlier joins only the latest are remembered: of others it is not known what is lacking.
      if (newest(this.#members.get(uid)?.sent ?? [], sent) < sent.number) continue;
      all.push('message', this.#own.has(uid) ? 1 : 0, uid, sent.join, sent.stream, sent.number, itemOf(item));
    }
    for (const [uid, { sent }] of this.#members)
      for (const { join, stream, number } of sent) all.push('sent', uid, join, stream, number);
    return all;
  }

  #goneAt(uid: number): number | null {
    return this.#members.get(uid)?.goneAt ?? null;
  }

  #void(uid: number, fence: number): void {
    if (this.#own.get(uid)?.fence === fence) this.#own.delete(uid);
  }

  #put(uid: number, { epoch, seq }: Position, member: State['member'], sent: readonly Sent[]): void {
    const before = this.#members.get(uid);
    if (before !== undefined && (before.epoch > epoch || (before.epoch === epoch && before.seq > seq)))
      return;
    const isGone = 'uid' in member && member.gone !== 'no';
    this.#members.set(uid, {
      ...{ member, epoch, seq, sent: sent.reduce(advanced, before?.sent ?? []) },
      goneAt: isGone ? (before?.goneAt ?? this.#now()) : null,
    });
  }

  #sent(change: Change): void {
    const [, uid, , join, stream, number, item] = change;
    const sent = { join: Number(join), stream: Number(stream), number: Number(number) };
    if (item instanceof Buffer) this.#say(Number(uid), sent, item, item.length);
  }

  #heard(message: Message): void {
    const { uid, join, stream, number, data } = message;
    this.#say(uid, { join, stream, number }, message, data.length);
  }

  #say(uid: number, sent: Sent, item: Said['item'], bytes: number): void {
    const name = `${uid} ${sent.join} ${sent.stream} ${sent.number}`;
    if (this.#messages.has(name)) return;
    this.#messages.set(name, { uid, sent, item, bytes, at: this.#now() });
    this.#bytes += bytes;
    const state = this.#members.get(uid);
    if (state !== undefined) this.#members.set(uid, { ...state, sent: advanced(state.sent, sent) });
    this.#trim();
  }

  #trim(): void {
    const { entries, bytes: bytesMax, ageMs } = this.#bounds;
    for (const [name, { at, bytes }] of this.#messages) {
      const many = this.#messages.size > entries || this.#bytes > bytesMax;
      if (!many && this.#now() - at <= ageMs) return;
      this.#messages.delete(name);
      this.#bytes -= bytes;
    }
  }

  #reached(position: Position): void {
    const { epoch, seq } = this.#head;
    if (position.epoch > epoch || (position.epoch === epoch && position.seq >= seq)) this.#head = position;
  }
}

const nowhere: Position = { incarnation: '', epoch: 0, seq: 0 };

function stateOf(member: State['member']): Argument[] {
  return 'uid' in member ? [awakens(member), memberBytes(member)] : [...member];
}

function joinOf(member: State['member']): number {
  return 'uid' in member ? member.join : 0;
}

function itemOf(item: Said['item']): Argument {
  return 'uid' in item ? Buffer.from(encodeEntry({ type: 'message', message: item })) : item;
}
