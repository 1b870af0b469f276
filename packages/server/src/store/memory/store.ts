import {
  type HistoryBounds,
  type Limits,
  type Member,
  type Message,
  nothingPassed,
  type Self,
  sameSelf,
} from '@holdfast/core';
import {
  awaited,
  closeOf,
  fits,
  freshStay,
  goneFrom,
  goodbye,
  isAwaited,
  isElsewhere,
  isOf,
  isRepeat,
  type Refused,
  refusalOfJoin,
  refusalOfProof,
  refusalOfResume,
  replaces,
  returned,
  takenIn,
} from '../claims.ts';
import type {
  Asked,
  Ban,
  ChannelKey,
  Claim,
  Claimed,
  Holder,
  Inherited,
  JoinRequest,
  Proof,
  Refusing,
  Released,
  ResumeRequest,
  Seat,
  Store,
  Target,
} from '../store.ts';
import { keyText } from '../store.ts';
import { type Asking, type ServerRandom, uidsFor } from '../uids.ts';
import { MemoryBans } from './bans.ts';
import { MemoryChannel, type Record } from './channel.ts';
import { MemoryServers } from './servers.ts';
import { Strangers } from './strangers.ts';

export interface MemoryStoreOptions {
  readonly random: ServerRandom;
  /** Running time in milliseconds. */
  readonly now: () => number;
  /** How long the process has stood still since its start, in milliseconds; never, if left out (C-3). */
  readonly stoodMs?: () => number;
  /** Join numbers start above this; seconds since the epoch make them grow across restarts (C-40). */
  readonly firstJoin: number;
  /** The store believes returners about others for `sessionKeepMs` after its start (C-59). */
  readonly limits: Limits;
  /** Users of one channel at most. */
  readonly channelUsers: number;
  /** The contract's, if left out. */
  readonly history?: HistoryBounds;
}

/** The store of servers in one process: the small case of the cluster. Its truth ends with the process. */
export class MemoryStore implements Store {
  readonly #options: MemoryStoreOptions;
  readonly #channels = new Map<string, MemoryChannel>();
  readonly #servers = new MemoryServers();
  readonly #bans: MemoryBans;
  readonly #strangers: Strangers;
  readonly #startedAt: number;

  constructor(options: MemoryStoreOptions) {
    this.#options = options;
    this.#startedAt = options.now();
    this.#bans = new MemoryBans(options.now);
    this.#strangers = new Strangers(options.now, this.#startedAt + options.limits.sessionKeepMs);
  }

  connect(server: string, holder: Holder, url: string | null = null): void {
    this.#servers.add(server, holder, url);
    for (const channel of this.#channels.values()) {
      for (const record of channel.records.values()) {
        if (record.orphanedAt !== null) this.#reassign(channel, record, record.orphanedAt);
      }
    }
    this.#servers.tell();
  }

  disconnect(server: string): void {
    const now = this.#options.now();
    this.#remove(server, () => now);
  }

  async handOver(server: string): Promise<void> {
    const now = this.#options.now();
    this.#remove(server, (channel, record) => {
      const released = this.#release(channel, record, 'superseded');
      return now - (released?.heardMs ?? 0);
    });
  }

  trouble(): null {
    return null;
  }

  seats(): readonly Seat[] {
    return this.#servers.seats();
  }

  whisper(from: string, to: string, text: string): void {
    queueMicrotask(() => this.#servers.find(to)?.whispered?.(from, text));
  }

  leaving(server: string): void {
    if (this.#servers.leaving(server)) this.#servers.tell();
  }

  /** @param heardAt until when a user of the server can have been heard by it */
  #remove(server: string, heardAt: (channel: MemoryChannel, record: Record) => number): void {
    if (!this.#servers.remove(server)) return;
    for (const channel of this.#channels.values()) {
      channel.followers.delete(server);
      for (const record of channel.records.values()) {
        if (record.server === server) this.#reassign(channel, record, heardAt(channel, record));
      }
    }
    this.#servers.tell();
  }

  /** C-52: a survivor counts from the latest moment the server before can have heard the user. */
  #reassign(channel: MemoryChannel, record: Record, heldUntil: number): void {
    const heir = this.#servers.heir();
    record.orphanedAt = heir === null ? heldUntil : null;
    if (heir === null) return;
    record.server = heir.server;
    record.holder = heir.holder;
    record.fence += 1;
    // An heir that dies too had never heard it itself (C-58).
    record.heardUntil ??= heldUntil;
    const heardMs = this.#options.now() - record.heardUntil;
    const claim = channel.claimOf(record);
    record.holder.adopt(channel.key, claim, record.member, heardMs);
    // Its goodbye may have been told to a server that was dead (C-14).
    if (record.leaves) record.holder.leave(channel.key, claim);
  }

  /** A sign of life that did not come on the user's own connection. */
  #heard(channel: MemoryChannel, record: Record): void {
    if (record.heardUntil !== null) record.heardUntil = this.#options.now();
    record.holder.heard(channel.key, channel.claimOf(record));
  }

  async follow(server: string, key: ChannelKey): Promise<void> {
    const channel = this.#channel(key);
    const holder = this.#servers.holder(server);
    channel.followers.set(server, holder);
    holder.snapshot(key, channel.snapshot());
  }

  unfollow(server: string, key: ChannelKey): void {
    const channel = this.#channels.get(keyText(key));
    channel?.followers.delete(server);
    if (channel?.empty) this.#channels.delete(keyText(key));
  }

  async join(server: string, key: ChannelKey, request: JoinRequest): Promise<Claimed | Refusing> {
    const channel = this.#channel(key);
    if (this.#bans.forbid(key, request)) return { refused: 'banned' };
    const uid = uidIn(channel, request);
    const forbidden = () => this.#bans.forbid(key, { ...request, uid });
    if (request.account !== '' && forbidden()) return { refused: 'banned' };
    const first = channel.records.get(uid);
    const refused = refusalOfJoin(channel, first, request, this.#options.channelUsers);
    if (refused) return this.#refuse(channel, first, refused);
    if (request.keepFirst && replaces(first, request)) {
      const answers = await first.holder.probe(key, channel.claimOf(first));
      // Another attempt of this join may have been let in meanwhile: then the first was there in vain.
      if (answers && replaces(channel.records.get(uid), request)) return { refused: 'uidInUse' };
      if (forbidden()) return { refused: 'banned' };
      if (isElsewhere(channel.records.get(uid), request)) return { refused: 'superseded' };
    }
    const record = channel.records.get(uid);
    if (isRepeat(record, request)) return this.#claim(server, channel, record, request.attempt, request.self);
    if (!channel.alive) channel.profile = request.profile;
    this.#takeIn(server, channel, request, uid);
    return this.#stay(server, channel, record, uid, request);
  }

  #refuse(channel: MemoryChannel, record: Record | undefined, { refused, heard }: Refused): Refusing {
    if (heard && record) this.#heard(channel, record);
    return { refused };
  }

  #stay(
    server: string,
    channel: MemoryChannel,
    before: Record | undefined,
    uid: number,
    request: JoinRequest,
  ): Claimed {
    const released = before?.member.gone === 'no' ? this.#release(channel, before, closeOf(before)) : null;
    const { record: stay, inherited } = freshStay(channel, before, uid, request, this.#options.random);
    channel.joins = Math.max(channel.joins, stay.member.join);
    const record: Record = { ...stay, ...heldBy(server, this.#servers.holder(server)) };
    channel.put(record, record.member);
    const heardMs = released?.heardMs ?? 0;
    return this.#claimed(channel, record, { streams: inherited, heardMs }, released);
  }

  async resume(server: string, key: ChannelKey, request: ResumeRequest): Promise<Claimed | Refusing> {
    const channel = this.#channel(key);
    if (this.#bans.forbid(key, request)) return { refused: 'banned' };
    this.#awaitedHeard(channel, request);
    const found = channel.records.get(request.uid);
    const refused = refusalOfResume(found, request);
    if (refused) return this.#refuse(channel, found, refused);
    return this.#claim(server, channel, found as Record, request.attempt, request.self);
  }

  /** Somebody with a token for a uid that is awaited, or will stand in a picture: it is on its way back (C-56, C-59). */
  #awaitedHeard(channel: MemoryChannel, proof: Proof): void {
    const record = channel.records.get(proof.uid);
    if (record !== undefined && !isAwaited(record, proof)) return;
    this.#strangers.heard(channel.key, proof.uid);
    if (record !== undefined) this.#heard(channel, record);
  }

  #claim(server: string, channel: MemoryChannel, record: Record, attempt: number, self: Self): Claimed {
    const released = this.#release(channel, record, 'superseded');
    const inherited = released?.inherited ?? noStreams;
    record.attempt = attempt;
    record.fence += 1;
    Object.assign(record, heldBy(server, this.#servers.holder(server)));
    const member = returned(record, self, inherited.streams);
    // A silent return changes nothing and is not worth an entry.
    if (!channel.alive || !(sameSelf(member, record.member) && record.member.passed === nothingPassed))
      channel.put(record, member);
    return this.#claimed(channel, record, inherited, released);
  }

  async prove(key: ChannelKey, proof: Proof): Promise<Refusing | { claim: Claim }> {
    if (this.#bans.forbid(key, proof)) return { refused: 'banned' };
    const channel = this.#channel(key);
    this.#awaitedHeard(channel, proof);
    const found = channel.records.get(proof.uid);
    const refused = refusalOfProof(found, proof);
    if (refused !== null || found === undefined) return { refused: refused ?? 'unknownSession' };
    this.#heard(channel, found);
    return { claim: channel.claimOf(found) };
  }

  async heard(key: ChannelKey, user: Asked): Promise<void> {
    const channel = this.#channels.get(keyText(key));
    if (user.uid !== 0) this.#strangers.heard(key, user.uid);
    if (channel === undefined || (user.uid === 0 && user.account === '')) return;
    const record = channel.records.get(user.uid === 0 ? uidIn(channel, { ...user, nonce: '' }) : user.uid);
    if (record !== undefined && isOf(user, record)) this.#heard(channel, record);
  }

  async leave(key: ChannelKey, proof: Proof): Promise<Refusing | null> {
    const channel = this.#channels.get(keyText(key));
    const record = channel?.records.get(proof.uid);
    if (channel === undefined || record === undefined) {
      this.#strangers.left(key, proof.uid, proof.join);
      return null;
    }
    const verdict = goodbye(record, proof);
    if (verdict === 'tell') {
      record.leaves = true;
      record.holder.leave(key, channel.claimOf(record));
    }
    return verdict === 'done' || verdict === 'tell' ? null : { refused: verdict };
  }

  async publish(key: ChannelKey, claim: Claim, member: Member, removed = false): Promise<boolean> {
    const channel = this.#channels.get(keyText(key));
    const record = channel?.records.get(claim.uid);
    if (channel === undefined || record?.fence !== claim.fence) return false;
    record.removed ||= removed;
    // Whoever adopts it counts from its goodbye (C-34).
    if (member.gone !== 'no' && record.member.gone === 'no') record.heardUntil = this.#options.now();
    channel.put(record, { ...member, sent: record.member.sent });
    return true;
  }

  async send(key: ChannelKey, claim: Claim, message: Omit<Message, 'uid'>): Promise<boolean> {
    const channel = this.#channels.get(keyText(key));
    const record = channel?.records.get(claim.uid);
    if (channel === undefined || record?.fence !== claim.fence) return false;
    channel.send(record, { ...message, uid: record.uid });
    return true;
  }

  async forget(key: ChannelKey, claim: Claim): Promise<void> {
    const channel = this.#channels.get(keyText(key));
    const record = channel?.records.get(claim.uid);
    if (channel === undefined || record?.fence !== claim.fence) return;
    channel.remove(record);
    if (channel.empty) this.#channels.delete(keyText(key));
  }

  async remove(target: Target): Promise<void> {
    for (const holder of this.#servers.holders()) holder.remove(target);
  }

  async ban(target: Target, forMs: number): Promise<void> {
    this.#bans.add(target, forMs);
    await this.remove(target);
  }

  async unban(target: Target): Promise<boolean> {
    return this.#bans.lift(target);
  }

  async bans(): Promise<readonly Ban[]> {
    return this.#bans.list();
  }

  /** C-59: a young store believes a returner about who else was there, the one who was in contact last most. */
  #takeIn(server: string, channel: MemoryChannel, request: JoinRequest, self: number): void {
    const { now, limits } = this.#options;
    if (request.rejoin === 0 || now() - this.#startedAt > limits.sessionKeepMs) return;
    const { knownAt, certain } = this.#contactOf(request);
    // Whom somebody who was there to the end does not know had gone before it.
    if (!certain && channel.knownToTheEnd) return;
    // What somebody said who had been away counts no more once somebody comes who had not.
    const better = certain && !channel.knownToTheEnd;
    channel.knownToTheEnd ||= certain;
    for (const known of request.known) {
      const record = channel.records.get(known.uid) ?? this.#awaited(server, known);
      if (known.uid === self || known.gone !== 'no' || record.session !== '') continue;
      if (this.#bans.forbid(channel.key, known)) continue;
      if (!better && knownAt <= record.knownAt) continue;
      if (better) record.fence += 1;
      record.knownAt = knownAt;
      const quietMs = now() - Math.max(knownAt, this.#strangers.heardAt(channel.key, known.uid));
      const left = this.#strangers.hasLeft(channel.key, known.uid, known.join);
      channel.put(record, takenIn(record, left ? goneFrom(known) : known, quietMs, limits));
      record.holder.adopt(channel.key, channel.claimOf(record), record.member, quietMs);
      channel.joins = Math.max(channel.joins, known.join);
    }
  }

  /** Until when the server before may have heard the others, and whether the returner saw it die (C-59). */
  #contactOf({ quietMs }: JoinRequest): { knownAt: number; certain: boolean } {
    const { now, stoodMs } = this.#options;
    // In the returner's time, which did not stand still with this process (C-3).
    const closedAt = now() + (stoodMs?.() ?? 0) - quietMs;
    // Who did not see it die cannot know how long it may have heard the others: until this one came.
    const certain = quietMs > 0 && closedAt <= this.#startedAt;
    return { knownAt: certain ? closedAt : this.#startedAt, certain };
  }

  #awaited(server: string, member: Member): Record {
    const holder = this.#servers.holder(server);
    return { ...awaited(member), ...heldBy(server, holder) };
  }

  #release(channel: MemoryChannel, record: Record, close: 'superseded' | 'sameUid'): Released | null {
    return record.holder.release(channel.key, channel.claimOf(record), close);
  }

  #claimed(channel: MemoryChannel, record: Record, inherited: Inherited, before: Released | null): Claimed {
    const { session, secret, member } = record;
    const claim = channel.claimOf(record);
    return { claim, session, secret, member, position: channel.position, inherited, before };
  }

  #channel(key: ChannelKey): MemoryChannel {
    const text = keyText(key);
    let channel = this.#channels.get(text);
    if (channel === undefined) {
      const { random, now, firstJoin, history } = this.#options;
      channel = new MemoryChannel(key, firstJoin, () => random.id(), now, history);
      this.#channels.set(text, channel);
    }
    return channel;
  }
}

function heldBy(server: string, holder: Holder) {
  return { server, holder, orphanedAt: null, heardUntil: null, leaves: false };
}

const noStreams: Inherited = { streams: [], heardMs: 0 };

function uidIn(channel: MemoryChannel, request: Asking): number {
  for (const uid of uidsFor(request)) if (fits(channel.records.get(uid), request)) return uid;
  throw new Error('there is always one more');
}
