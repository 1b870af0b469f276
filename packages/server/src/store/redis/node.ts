/** One server in the cluster: its connections to Redis, its lease, its inbox, and the channels that it follows. */
import { type HistoryBounds, history } from '@holdfast/core';
import type { ChannelKey, Holder } from '../store.ts';
import { StoreUnavailable } from '../unavailable.ts';
import type { Place } from './address.ts';
import { type Adopted, Adoption } from './adoption.ts';
import { RedisBans } from './bans.ts';
import { RedisChannel } from './channel.ts';
import { type Errand, Errands } from './errands.ts';
import { Hearsay, heardIn } from './hearsay.ts';
import { Lease, leaseTimes } from './lease.ts';
import { type Argument, type Link, type LinkListener, RedisLink, type Reply } from './link.ts';
import { channelOf, channelText, Names } from './names.ts';
import { entriesIn } from './records.ts';
import { bury, note, type Script } from './scripts.ts';

export interface NodeOptions {
  readonly place: Place;
  /** The way there, if it is not the usual one. */
  readonly link?: (listener: LinkListener) => Link;
  /** Beginning of every name in Redis: two clusters on one Redis have two. */
  readonly prefix: string;
  readonly newId: () => string;
  /** After its beginning a store believes returners for so long, in milliseconds (C-59). */
  readonly keepMs: number;
  readonly history?: HistoryBounds;
  /** What an operator should know. */
  readonly report: (trouble: Trouble) => void;
}

export type Trouble =
  | { readonly type: 'away'; readonly why: string }
  | { readonly type: 'back' }
  | { readonly type: 'lost' }
  | { readonly type: 'fenced' }
  | { readonly type: 'adopted'; readonly server: string; readonly users: number }
  | { readonly type: 'bug'; readonly error: Error };

export class RedisNode {
  readonly names: Names;
  readonly history: HistoryBounds;
  readonly errands: Errands;
  readonly hearsay: Hearsay;
  readonly link: Link;
  readonly bans: RedisBans;
  readonly #options: NodeOptions;
  readonly #channels = new Map<string, RedisChannel>();
  readonly #adoption: Adoption;
  #holder: Holder | null = null;
  #lease: Lease | null = null;
  #name = '';
  /** How often it has begun anew. */
  #lives = 0;
  #opening: (() => void)[] = [];
  /** Raw time from which a silence that passed a limit is told again (C-54). */
  #settledAt = 0;
  /** When Redis came back last, in raw time. */
  #backAt = Number.NEGATIVE_INFINITY;
  /** This server's clients have been told so (C-55). */
  #degraded = false;
  #beatHeardAt = 0;
  /** What is put into its inbox reaches it: who cannot be told anything must hold nobody. */
  #listens = false;
  #why = 'no lease yet';
  #cameFirst = false;

  constructor(options: NodeOptions) {
    this.#options = options;
    this.names = new Names(options.prefix);
    this.history = options.history ?? history;
    const listener: LinkListener = {
      told: (message) => this.#told(message),
      hearing: () => this.#hearing(),
      lost: (why) => {
        this.#why = why;
        this.#cameFirst ||= this.#lease === null || this.isNew;
      },
      moved: () => this.#doubt(),
    };
    this.link = options.link?.(listener) ?? new RedisLink(options.place, listener);
    this.bans = new RedisBans(this);
    this.#adoption = new Adoption(this);
    this.hearsay = new Hearsay((users) => {
      for (const { server } of this.lease.seats.slice(1))
        this.errands.mention(server, 'heard-asking', { users });
    });
    this.errands = new Errands({
      name: () => this.#name,
      tell: (server, message) => this.link.tell(this.names.inbox + server, message),
      answer: async (verb, details) => this.#answer(verb, details as Errand),
    });
  }

  get name(): string {
    return this.#name;
  }

  get inbox(): string {
    return this.names.inbox;
  }

  get holder(): Holder {
    if (this.#holder === null) throw new Error('no server is connected to the store');
    return this.#holder;
  }

  get lease(): Lease {
    if (this.#lease === null) throw new Error('no server is connected to the store');
    return this.#lease;
  }

  /** Why nothing can be asked of the store; null: it can. */
  get trouble(): string | null {
    if (this.#lease === null) return 'no server is connected';
    if (!this.#listens) return 'its inbox is not open yet';
    if (this.#lease.valid && !this.bans.complete) return 'it has not read yet what is forbidden';
    return this.#lease.valid ? null : this.#why;
  }

  /** It has not been able to do anything yet. */
  get isNew(): boolean {
    return this.lease.isNew || !this.#listens || !this.bans.complete;
  }

  /** Messages and changes that wait for Redis, in bytes. */
  get waitingBytes(): number {
    return [...this.#channels.values()].reduce((sum, { waitingBytes }) => sum + waitingBytes, 0);
  }

  begin(name: string, url: string | null, holder: Holder): void {
    if (this.#lease !== null) throw new Error('one store is one server’s');
    this.#holder = holder;
    this.#name = name;
    this.#lives = 1;
    this.link.listen(this.inbox + name);
    this.#lease = new Lease(name, url, this.#options.keepMs, {
      cameFirst: () => this.#cameFirst,
      raw,
      inbox: this.inbox,
      keys: this.names.servers,
      run: (script, keys, args) => this.link.run(script, keys, args),
      unable: (why) => {
        this.#why = why;
      },
      unanswered: () => {
        this.#why = 'Redis does not answer';
        this.link.reconnect();
      },
      opened: (afterOutage) => this.#opened(afterOutage),
      closed: () => this.#closed(),
      lost: () => this.#lost(),
      fenced: () => this.#fenced(name),
      dead: (server, quietMs) => void this.#adoption.adopt(server, quietMs),
      gone: (server, quietMs) => this.#adoption.gone(server, quietMs),
      serversChanged: () => holder.serversChanged(),
      renewed: () => this.#renewed(),
      alive: (server) => this.errands.heard(server),
      failed: (error) => this.failed(error),
    });
  }

  close(): void {
    this.#lease?.end();
    for (const channel of this.#channels.values()) channel.void(new StoreUnavailable('it is closed'));
    this.link.close();
  }

  adopted(server: string, users: number): void {
    this.#options.report({ type: 'adopted', server, users });
  }

  failed(error: Error): void {
    this.#options.report({ type: 'bug', error });
  }

  newId(): string {
    return this.#options.newId();
  }

  async run(script: Script, keys: readonly string[], args: readonly Argument[]): Promise<Reply> {
    return this.link.run(script, keys, args);
  }

  /** The channel, if this server has anything to do with it. */
  known(text: string): RedisChannel | undefined {
    return this.#channels.get(text);
  }

  /** Resolves when this server may change things in Redis: while its lease is good (C-55). */
  async open(): Promise<void> {
    while (this.trouble !== null) await new Promise<void>((open) => this.#opening.push(open));
  }

  /** Who waits looks again whether it is open. */
  wake(): void {
    for (const open of this.#opening.splice(0)) open();
  }

  async note(channel: string, present: boolean): Promise<void> {
    const { servers } = this.names;
    const keys = [...servers, this.names.channelsOf(this.#name)];
    const noted = await this.run(note, keys, [this.#name, channel, present ? 1 : 0]);
    if (noted !== 1 && present) throw new StoreUnavailable('this server has lost its lease');
  }

  /** Redis has just come back: for every other server too, maybe, to whose clients it says so any moment (C-55). */
  get isJustBack(): boolean {
    return raw() - this.#backAt < justBackMs;
  }

  /**
   * After this long a silence that passed a limit is told, in milliseconds: its user may have come back elsewhere while
   * Redis was away.
   */
  get settlesInMs(): number {
    return Math.max(0, this.#settledAt - raw());
  }

  channel(key: ChannelKey): RedisChannel {
    const text = channelText(key);
    let channel = this.#channels.get(text);
    if (channel === undefined) {
      channel = new RedisChannel(key, text, this.names.channel(text), this);
      this.#channels.set(text, channel);
    }
    return channel;
  }

  idled(channel: RedisChannel): void {
    if (this.#channels.get(channel.text) === channel) this.#channels.delete(channel.text);
  }

  // ---- its lease ----

  #opened(afterOutage: boolean): void {
    if (afterOutage) {
      this.#settledAt = raw() + leaseTimes.patienceMs;
      this.#options.report({ type: 'back' });
      if (this.#degraded) this.holder.recovered();
      this.#degraded = false;
      this.#backAt = raw();
      // What was told while Redis was away is lost.
      this.#doubt();
    }
    this.wake();
  }

  // ---- what Redis may have lost (C-61) ----

  /** It may know less than before: it is brought what this server knows. */
  #doubt(): void {
    this.#lease?.doubt();
    this.#adoption.moved();
    for (const channel of this.#channels.values()) channel.doubt();
  }

  #lost(): void {
    this.#options.report({ type: 'lost' });
    this.#settledAt = raw() + leaseTimes.patienceMs;
    this.#doubt();
    this.bans.restore();
  }

  get othersAway(): boolean {
    return this.lease.othersAway;
  }

  get mending(): boolean {
    return this.lease.mending;
  }

  foster(channel: RedisChannel, adopted: Adopted): void {
    this.#adoption.take(channel, adopted, 0);
  }

  restored(channel: RedisChannel): void {
    this.#settledAt = raw() + leaseTimes.patienceMs;
    this.#adoption.expect(channel);
  }

  #closed(): void {
    this.#options.report({ type: 'away', why: this.#why });
    const error = new StoreUnavailable(this.#why);
    for (const channel of this.#channels.values()) channel.refuseHasty(error);
    setTimeout(() => {
      if (this.trouble === null || this.isNew || this.#degraded) return;
      this.#degraded = true;
      this.holder.degraded();
    }, degradedMs - leaseTimes.validMs).unref();
  }

  /** Others have adopted its users: it gives up whatever it holds, and begins again as another. */
  #fenced(first: string): void {
    this.#options.report({ type: 'fenced' });
    const channels = [...this.#channels.values()];
    this.#channels.clear();
    for (const channel of channels) channel.void(new StoreUnavailable('this server has lost its lease'));
    this.#listens = false;
    this.bans.begin();
    this.#degraded = false;
    void this.link.unlisten(this.inbox + this.#name);
    this.#lives += 1;
    this.#name = `${first}~${this.#lives}`;
    this.link.listen(this.inbox + this.#name);
    this.holder.fenced();
    this.lease.rename(this.#name);
  }

  // ---- its inbox ----

  #hearing(): void {
    this.#listens = true;
    this.lease.begin();
    this.#beatHeardAt = raw();
    this.#doubt();
    this.bans.missed();
  }

  #told(message: Buffer): void {
    const kind = message[0];
    if (kind === 0x62) {
      this.#beatHeardAt = raw();
      return;
    }
    if (kind === 0x71 || kind === 0x61) return this.errands.take(message.toString());
    const end = message.indexOf('\n');
    const head = message.toString('latin1', 0, end === -1 ? message.length : end);
    const [, text = '', ...rest] = head.split(' ');
    if (kind === 0x77) {
      const [epoch, incarnation = ''] = rest;
      return this.#channels.get(text)?.begun({ incarnation, epoch: Number(epoch) });
    }
    const [incarnation = '', epoch, seq] = rest;
    const first = { incarnation, epoch: Number(epoch), seq: Number(seq) };
    this.#channels.get(text)?.told({ first, entries: entriesIn(message.subarray(end + 1)) });
  }

  /** Does the inbox hear what is put into it? Else it is opened anew. */
  #renewed(): void {
    this.bans.refresh();
    if (raw() - this.#beatHeardAt > deafMs) this.link.listenAnew();
  }

  async #answer(verb: string, errand: Errand): Promise<unknown> {
    const key = channelOf(errand.channel ?? '');
    const claim = { uid: errand.uid ?? 0, fence: errand.fence ?? 0 };
    switch (verb) {
      case 'release':
        this.#channels.get(errand.channel ?? '')?.retained.release(claim.uid, claim.fence);
        return this.holder.release(key, claim, errand.close ?? 'superseded');
      case 'heard':
        return this.holder.heard(key, claim);
      case 'heard-asking':
        for (const [key, user] of heardIn(errand.users ?? [])) this.holder.heardAsking(key, user);
        return true;
      case 'leave':
        this.holder.leave(key, claim);
        return true;
      case 'probe':
        return this.holder.probe(key, claim);
      case 'inherit':
        return this.#adoption.inherit(errand);
      case 'remove':
      case 'ban':
      case 'unban':
        return this.bans.told({ verb, ...errand });
      case 'whisper':
        this.holder.whispered?.(errand.from ?? '', errand.text ?? '');
        return true;
      default:
        return null;
    }
  }

  /** Hands its users over, with the age of their last packets (C-53). */
  async bequeath(heir: string): Promise<void> {
    await this.#adoption.bequeath(heir);
  }

  /** This server is gone for good, from here on. */
  async resign(): Promise<void> {
    this.#lease?.end();
    await this.run(bury, this.names.servers, [this.#name, '*']);
  }
}

/** Without Redis for so long a server is degraded, in milliseconds (C-55). */
const degradedMs = 2_000;

/** In this time, in milliseconds, every server that Redis was away for has found that it is back. */
const justBackMs = 1_000;

/** An inbox that has not heard this server's own beat for so long hears nothing, in milliseconds. */
const deafMs = 3 * leaseTimes.renewMs;

function raw(): number {
  return performance.now();
}
