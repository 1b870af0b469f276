import type { HistoryBounds, Position, Profile } from '@holdfast/core';
import type { ChannelFacts } from '../claims.ts';
import type { ChannelKey, Holder } from '../store.ts';
import { StoreUnavailable } from '../unavailable.ts';
import { type Adopted, adoptedOf } from './adoption.ts';
import { commit, restore } from './appending.ts';
import type { Argument, Reply } from './link.ts';
import { type RedisRecord, readItem } from './records.ts';
import { Replica, type Told } from './replica.ts';
import { membersIn, nothingSeen, sightOf } from './replies.ts';
import { Retained } from './retained.ts';
import { look, read, type Script, unfollow } from './scripts.ts';

/** One change of a batch, as the script takes it. */
export type Change = readonly Argument[];

/** What came of a change. */
export type Outcome =
  | { readonly ok: false }
  | { readonly ok: true; readonly position: Position; readonly listeners: number };

/** What the store knows of the users that a job asks about. */
export interface Sight {
  readonly facts: ChannelFacts;
  readonly position: Position;
  /** @throws {StoreUnavailable} where its stay is lost, and its holder has not put it back yet (C-61) */
  record(uid: number): RedisRecord | undefined;
}

/** Something that a server wants of a channel in Redis. */
export interface Job {
  readonly uids: readonly number[];
  /** Refused at once while Redis is away; else it waits. */
  readonly hasty: boolean;
  /** Bytes that it keeps while it waits. */
  readonly bytes: number;
  /** The changes that it wants, on what is known; none: it is done. */
  plan(sight: Sight): readonly Change[];
  /** What came of them. False: it was overtaken, and is planned again. */
  settle(outcomes: readonly Outcome[]): boolean;
  fail(error: Error): void;
}

export interface ChannelHost {
  readonly name: string;
  readonly inbox: string;
  readonly history: HistoryBounds;
  readonly holder: Holder;
  /** Redis has lost what it knew a moment ago: channels that are not there may be put back yet (C-61). */
  readonly mending: boolean;
  /** Somebody else may know more than Redis, and is not there yet to say so (C-61). */
  readonly othersAway: boolean;
  newId(): string;
  /** Resolves when this server may change things in Redis. */
  open(): Promise<void>;
  run(script: Script, keys: readonly string[], args: readonly Argument[]): Promise<Reply>;
  /** The server will have users in this channel, or no more. */
  note(channel: string, present: boolean): Promise<void>;
  /** Redis takes a user for this server's: from here on it is (C-61). */
  foster(channel: RedisChannel, adopted: Adopted): void;
  /** Something of a channel was lost, and is there again as far as this server knows it (C-61). */
  restored(channel: RedisChannel): void;
  failed(error: Error): void;
  /** Nothing waits for the channel, and nothing of it is followed. */
  idled(channel: RedisChannel): void;
}

/**
 * A channel as one server sees it in Redis: what the server wants goes there in one order, batch by batch, the next
 * when the one before is answered; what is not answered is sent again, and changes nothing twice.
 */
export class RedisChannel {
  readonly key: ChannelKey;
  readonly text: string;
  readonly replica: Replica;
  /** What it could put back. */
  readonly retained: Retained;
  readonly #keys: readonly string[];
  readonly #host: ChannelHost;
  #jobs: Job[] = [];
  #pumping = false;
  #reading = false;
  /** The server wants to be told what is appended. */
  #wanted = false;
  /** Redis knows that this server follows: only then may it change anything. */
  #entered = false;
  /** It has to enter to change something, whether it wants to be told or not. */
  #barred = false;
  /** Redis may have lost something (C-61). */
  #doubted = false;
  /** Why nothing comes of it any more. */
  #void: Error | null = null;

  constructor(key: ChannelKey, text: string, keys: readonly string[], host: ChannelHost) {
    this.key = key;
    this.text = text;
    this.#keys = keys;
    this.#host = host;
    const { holder } = host;
    this.retained = new Retained(host.history, () => performance.now());
    this.replica = new Replica(
      (snapshot) => holder.snapshot(key, snapshot),
      (position, entry) => {
        this.retained.appended(position, entry);
        holder.appended(key, position, entry);
      },
    );
  }

  /** Nothing waits, and nothing is followed. */
  get idle(): boolean {
    return !this.#wanted && !this.#entered && this.#jobs.length === 0 && !this.#pumping;
  }

  get waitingBytes(): number {
    return this.#jobs.reduce((sum, { bytes }) => sum + bytes, 0);
  }

  /** Follows from here on; resolves with the first snapshot. */
  async follow(): Promise<void> {
    this.#wanted = true;
    this.#pump();
    await this.replica.known();
  }

  /** Resolves when the server has been told the log as far as a position, if it is told at all. */
  async reached(position: Position): Promise<void> {
    if (this.#wanted) await this.replica.reached(position);
  }

  /** What waits is still done. */
  unfollow(): void {
    this.#wanted = false;
    this.replica.forget();
    this.retained.clear();
    this.#pump();
  }

  ask(job: Job): void {
    this.#jobs.push(job);
    this.#pump();
  }

  told(told: Told): void {
    // Until it is known whether the log goes on from what was told before, it is read, not told (C-61, C-62).
    if (!this.#wanted || this.#doubted) return;
    this.replica.told(told);
    this.#catchUp();
  }

  begun(life: Pick<Position, 'incarnation' | 'epoch'>): void {
    if (!this.#wanted || this.#doubted) return;
    this.replica.begun(life);
    this.#catchUp();
  }

  /** The inbox, or Redis, may have lost something: before anything else is asked of it, it is brought what is known. */
  doubt(): void {
    this.#doubted = this.retained.knows;
    this.#pump();
  }

  /** Redis is away: whoever cannot wait is told so. */
  refuseHasty(error: Error): void {
    const hasty = this.#jobs.filter((job) => job.hasty);
    this.#jobs = this.#jobs.filter((job) => !job.hasty);
    for (const job of hasty) job.fail(error);
  }

  /** The server is not what it was: everything that waits is void. What it wants from here on it asks of another one. */
  void(error: Error): void {
    this.#void = error;
    this.#wanted = false;
    this.#entered = false;
    this.#doubted = false;
    this.replica.forget(error);
    this.retained.clear();
    for (const job of this.#jobs.splice(0)) job.fail(error);
  }

  // ---- what the server wants ----

  #pump(): void {
    if (this.#pumping) return;
    this.#pumping = true;
    void this.#work()
      .catch((error: Error) => {
        for (const job of this.#jobs.splice(0)) job.fail(error);
        this.#host.failed(error);
      })
      .finally(() => {
        this.#pumping = false;
        // Something may have come since the last look.
        if (this.#busy) this.#pump();
        else if (this.idle) this.#host.idled(this);
      });
  }

  async #work(): Promise<void> {
    while (this.#busy) {
      await this.#host.open();
      if (this.#void !== null) return this.void(this.#void);
      try {
        await this.#step();
      } catch (error) {
        await passing(error);
      }
    }
  }

  get #busy(): boolean {
    return this.#jobs.length > 0 || this.#wanted !== this.#entered || this.#unread || this.#doubted;
  }

  get #unread(): boolean {
    return this.#wanted && this.replica.position === null;
  }

  async #step(): Promise<void> {
    if (this.#doubted || (!this.#entered && (this.#wanted || this.#barred))) {
      await this.#host.note(this.text, true);
      if (this.retained.knows || this.#host.othersAway) await this.#restore();
      this.#doubted = false;
      await this.#readOnce(true);
      this.#entered = true;
      this.#barred = false;
    }
    if (this.#unread) await this.#readOnce(false);
    if (this.#jobs.length > 0) return this.#batch();
    if (this.#wanted || !this.#entered) return;
    this.#entered = false;
    await this.#host.run(unfollow, this.#keys, [this.#host.name]);
    if (!this.#wanted && this.#jobs.length === 0) await this.#host.note(this.text, false);
  }

  async #batch(): Promise<void> {
    const jobs = this.#take();
    let open = jobs;
    try {
      const sight = await this.#look([...new Set(jobs.flatMap((job) => job.uids))]);
      const planned = jobs.map((job) => ({ job, changes: planOf(job, sight) }));
      const wanted = planned.filter(({ changes }) => changes.length > 0);
      open = wanted.map(({ job }) => job);
      if (wanted.length === 0) return;
      const outcomes = await this.#commit(wanted.flatMap(({ changes }) => changes));
      if (outcomes === 'strange' || outcomes === 'lost') {
        this.#entered = false;
        this.#barred = true;
        this.#jobs.unshift(...open);
        return;
      }
      open = [];
      const changes = wanted.flatMap((each) => each.changes);
      outcomes.forEach((outcome, index) => {
        const change = changes[index];
        if (change !== undefined) this.retained.settled(this.#host.name, change, outcome);
      });
      const again = wanted.filter(({ job, changes }) => !job.settle(outcomes.splice(0, changes.length)));
      this.#jobs.unshift(...again.map(({ job }) => job));
    } catch (error) {
      if (error instanceof StoreUnavailable) this.#jobs.unshift(...open);
      else for (const job of open) job.fail(error as Error);
      throw error;
    }
  }

  #take(): Job[] {
    let bytes = 0;
    const end = this.#jobs.findIndex((job) => {
      bytes += job.bytes;
      return bytes > batchBytes;
    });
    return this.#jobs.splice(0, Math.min(batchJobs, end === -1 ? batchJobs : Math.max(1, end)));
  }

  async #look(uids: readonly number[]): Promise<Sight> {
    if (uids.length === 0) return nothingSeen;
    const sight = sightOf(uids, (await this.#host.run(look, this.#keys, [...uids])) as Buffer[]);
    if (this.#host.mending && !sight.facts.alive) throw new StoreUnavailable('it has lost this channel');
    return sight;
  }

  async #commit(changes: readonly Change[]): Promise<Outcome[] | 'strange' | 'lost'> {
    const { incarnation, epoch, seq } = this.retained.head;
    const args = [...this.#appending, incarnation, epoch, seq, ...changes.flat()];
    const reply = (await this.#host.run(commit, this.#keys, args)) as Reply[];
    if (reply[0] instanceof Buffer) return String(reply[0]) as 'strange' | 'lost';
    return (reply as Buffer[][]).map(([verdict, life, epoch, seq, listeners]) =>
      String(verdict) === 'ok'
        ? {
            ok: true,
            position: { incarnation: String(life), epoch: Number(epoch), seq: Number(seq) },
            listeners: Number(listeners),
          }
        : { ok: false },
    );
  }

  /** With what every script begins that appends. */
  get #appending(): Argument[] {
    const { inbox, name, history } = this.#host;
    return [inbox, name, this.text, this.#host.newId(), history.entries, history.bytes, history.ageMs];
  }

  // ---- what Redis may have lost (C-61) ----

  async #restore(): Promise<void> {
    const anew = !this.retained.knows && this.#host.othersAway ? 1 : 0;
    const args = [...this.#appending, anew, ...this.retained.records()];
    const [lost, gone, more] = (await this.#host.run(restore, this.#keys, args)) as [
      number,
      Buffer[],
      Buffer[][],
    ];
    for (const uid of gone.map(Number)) {
      const fence = this.retained.fenceOf(uid);
      this.retained.release(uid);
      if (fence !== undefined) this.#host.holder.release(this.key, { uid, fence }, 'superseded');
    }
    for (const [uid, stay = empty, member = empty, sent = empty] of more)
      this.#host.foster(this, adoptedOf(Number(uid), stay, member, sent));
    if (lost !== 1) return;
    this.replica.lost();
    this.#host.restored(this);
  }

  // ---- what the server follows ----

  #catchUp(): void {
    if (this.replica.position !== null && this.replica.lacks) void this.#read();
  }

  /** Reads until nothing is missing, as soon as it can be read: nobody else may ever tell of it (C-60). */
  async #read(): Promise<void> {
    if (this.#reading) return;
    this.#reading = true;
    try {
      do {
        await this.#host.open();
        await this.#readOnce(false).catch(passing);
      } while (this.replica.lacks && this.#wanted);
    } catch (error) {
      this.#host.failed(error as Error);
    } finally {
      this.#reading = false;
    }
  }

  async #readOnce(enter: boolean): Promise<void> {
    const { incarnation, epoch, seq } = this.replica.readFrom;
    const args = [this.#host.name, enter ? 1 : 0, incarnation, epoch, seq];
    const reply = (await this.#host.run(read, this.#keys, args)) as Reply[];
    const kind = String(reply[0]);
    if (!this.#wanted) return;
    if (kind === 'strange' || kind === 'lost') {
      this.#entered = false;
      return this.#pump();
    }
    const [life, newEpoch, newSeq, profile] = reply[1] as Buffer[];
    const position = { incarnation: String(life), epoch: Number(newEpoch), seq: Number(newSeq) };
    const entries = (reply[2] as Buffer[]).map((item) => readItem(item.subarray(item.indexOf(' ') + 1)));
    if (kind === 'tail') return this.replica.tail(position, entries);
    const placed = membersIn(reply[3] as Buffer[], reply[4] as Buffer[]);
    const whole = { position, profile: (String(profile) || 'communication') as Profile, history: entries };
    this.retained.whole(position, whole.profile, placed, entries);
    this.replica.whole({ ...whole, members: placed.map(({ member }) => member) });
  }
}

function planOf(job: Job, sight: Sight): readonly Change[] {
  try {
    return job.plan(sight);
  } catch (error) {
    job.fail(error as Error);
    return [];
  }
}

/** Waits, if what cannot be done now may be done soon. @throws anything else */
async function passing(error: unknown): Promise<void> {
  if (!(error instanceof StoreUnavailable)) throw error;
  await new Promise((resolve) => setTimeout(resolve, againMs));
}

const empty = Buffer.alloc(0);
const batchJobs = 200;
const batchBytes = 500_000;
/** What could not be done is tried again after this, in milliseconds. */
const againMs = 50;
