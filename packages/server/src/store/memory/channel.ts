import {
  type Entry,
  type HistoryBounds,
  type Member,
  type Message,
  newest,
  type Position,
  type Profile,
  withMessage,
} from '@holdfast/core';
import type { ChannelFacts, StayRecord } from '../claims.ts';
import { Log } from '../log.ts';
import type { ChannelKey, Claim, Holder, Snapshot } from '../store.ts';

/** A user's stay and its holder. */
export interface Record extends StayRecord {
  server: string;
  holder: Holder;
  /** When its holder went and nobody was there to adopt it; null: it is held. */
  orphanedAt: number | null;
  /**
   * Until when it may have been heard by the holders before, if the holder of now has got it from one that is gone;
   * null: the holder of now has, or had, its connection (C-58).
   */
  heardUntil: number | null;
  /** It has said goodbye, and its holder was told so (C-14). */
  leaves: boolean;
}

/** One channel: its records, its log, its followers. Every change is one step. */
export class MemoryChannel implements ChannelFacts {
  readonly key: ChannelKey;
  readonly records = new Map<number, Record>();
  readonly followers = new Map<string, Holder>();
  profile: Profile = 'communication';
  /** Somebody who saw the server before die has brought its picture (C-59). */
  knownToTheEnd = false;
  /** The highest join number given. */
  joins: number;
  #log: Log;
  /** Records that have not been quiet for `channelDestroyMs`. */
  #awake = 0;
  readonly #newId: () => string;
  readonly #now: () => number;
  readonly #history: HistoryBounds | undefined;

  constructor(
    key: ChannelKey,
    joins: number,
    newId: () => string,
    now: () => number,
    history: HistoryBounds | undefined,
  ) {
    this.key = key;
    this.joins = joins;
    this.#newId = newId;
    this.#now = now;
    this.#history = history;
    this.#log = new Log(nowhere, history);
  }

  /** False between a channel's destruction and the next return or join (C-34). */
  get alive(): boolean {
    return this.#log.position.incarnation !== '';
  }

  get position(): Position {
    return this.#log.position;
  }

  get users(): number {
    return this.records.size;
  }

  get empty(): boolean {
    return this.records.size === 0 && this.followers.size === 0;
  }

  claimOf({ uid, fence }: Record): Claim {
    return { uid, fence };
  }

  snapshot(): Snapshot {
    const members = [...this.records.values()].map(({ member }) => member);
    const { profile } = this;
    return { position: this.#log.position, profile, members, history: this.#log.entries };
  }

  /** Puts a record, or a record's new state, and appends it. The last quiet one ends the incarnation. */
  put(record: Record, member: Member): void {
    const before = this.records.get(record.uid)?.member;
    if (before !== undefined && isAwake(before)) this.#awake -= 1;
    record.member = member;
    this.records.set(record.uid, record);
    if (isAwake(member)) this.#awake += 1;
    if (!this.alive && isAwake(member)) this.#begin(this.#newId());
    this.#append({ type: 'member', member });
    if (this.alive && this.#awake === 0) this.#begin('');
  }

  /** Appends a message, unless the log has had it (C-60). */
  send(record: Record, message: Message): void {
    if (message.number <= newest(record.member.sent, message)) return;
    record.member = withMessage(record.member, message);
    this.#append({ type: 'message', message });
  }

  remove(record: Record): void {
    if (this.records.get(record.uid) !== record) return;
    if (isAwake(record.member)) this.#awake -= 1;
    this.records.delete(record.uid);
    this.#append({ type: 'member', member: { ...record.member, gone: 'forgotten' } });
    if (this.alive && this.#awake === 0) this.#begin('');
  }

  #begin(incarnation: string): void {
    this.#log = new Log({ incarnation, epoch: 1, seq: 0 }, this.#history);
    const snapshot = this.snapshot();
    for (const holder of this.followers.values()) holder.snapshot(this.key, snapshot);
  }

  #append(entry: Entry): void {
    const position = this.#log.append(entry, this.#now());
    for (const holder of this.followers.values()) holder.appended(this.key, position, entry);
  }
}

const nowhere: Position = { incarnation: '', epoch: 1, seq: 0 };

function isAwake(member: Member): boolean {
  return !member.passed.channelDestroy;
}
