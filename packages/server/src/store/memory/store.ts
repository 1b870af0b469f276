import {
  advanced,
  type HistoryBounds,
  type Limits,
  type Member,
  nothingPassed,
  passedAfter,
  type Self,
  type Send,
  type Stream,
  sameSelf,
} from '@holdfast/core';
import type {
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
} from '../store.ts';
import { keyText } from '../store.ts';
import { MemoryChannel, type Record } from './channel.ts';
import { MemoryServers } from './servers.ts';
import { type ServerRandom, uidFor, uidOfAccount } from './uids.ts';

export interface MemoryStoreOptions {
  readonly random: ServerRandom;
  /** Running time in milliseconds. */
  readonly now: () => number;
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
  readonly #startedAt: number;

  constructor(options: MemoryStoreOptions) {
    this.#options = options;
    this.#startedAt = options.now();
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

  seats(): readonly Seat[] {
    return this.#servers.seats();
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
    const heardMs = this.#options.now() - heldUntil;
    record.holder.adopt(channel.key, channel.claimOf(record), record.member, heardMs);
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
    const { random, channelUsers } = this.#options;
    const uid = uidFor(channel, request, random);
    const first = channel.records.get(uid);
    const refused = this.#refuseJoin(channel, first, request, channelUsers);
    if (refused) return refused;
    if (request.keepFirst && first && first.nonce !== request.nonce && first.member.gone === 'no') {
      const answers = await first.holder.probe(key, channel.claimOf(first));
      if (answers) return { refused: 'uidInUse' };
    }
    const record = channel.records.get(uid);
    if (record?.nonce === request.nonce && record.member.gone === 'no') {
      return this.#claim(server, channel, record, request.attempt, request.self);
    }
    if (!channel.alive) channel.profile = request.profile;
    this.#takeIn(server, channel, request, uid);
    return this.#stay(server, channel, record, uid, request);
  }

  #refuseJoin(
    channel: MemoryChannel,
    record: Record | undefined,
    request: JoinRequest,
    channelUsers: number,
  ): Refusing | null {
    if (channel.alive && channel.profile !== request.profile) return { refused: 'otherProfile' };
    if (record === undefined) return channel.records.size < channelUsers ? null : { refused: 'busy' };
    // A number that stands for somebody's name (C-40).
    if (record.member.account !== request.account) return { refused: 'uidInUse' };
    if (record.nonce === request.nonce) {
      const left = record.member.gone !== 'no' && request.rejoin === 0;
      if (!left && request.attempt >= record.attempt) return null;
      // A refused attempt of the stay itself is a sign of life (C-56).
      record.holder.heard(channel.key, channel.claimOf(record));
      return { refused: 'superseded' };
    }
    if (record.formerNonces.includes(request.nonce)) return { refused: 'sameUid' };
    const older = request.rejoin > 0 && record.session !== '' && request.rejoin <= record.member.join;
    return older ? { refused: 'sameUid' } : null;
  }

  /** A fresh record; a stay of the same uid that is still on is taken over (C-35, C-40). */
  #stay(
    server: string,
    channel: MemoryChannel,
    before: Record | undefined,
    uid: number,
    request: JoinRequest,
  ): Claimed {
    const { random } = this.#options;
    const live = before?.member.gone === 'no' ? before : undefined;
    const released = live
      ? this.#release(channel, live, live.session === '' ? 'superseded' : 'sameUid')
      : null;
    const same = live?.member.join === request.rejoin;
    const inherited = live && !same ? inheritedBy(request.self, live.member, released) : noStreams;
    const rejoins = request.rejoin > 0;
    channel.joins = rejoins ? Math.max(channel.joins, request.rejoin) : channel.joins + 1;
    const join = rejoins ? request.rejoin : channel.joins;
    const { account, platform } = request;
    const sent = request.sent.reduce(advanced, before?.member.sent ?? []);
    const record: Record = {
      uid,
      session: random.id(),
      secret: random.id(),
      nonce: request.nonce,
      formerNonces: before ? [...before.formerNonces, before.nonce].slice(-formerNoncesKept) : [],
      attempt: request.attempt,
      fence: (before?.fence ?? 0) + 1,
      server,
      holder: this.#servers.holder(server),
      member: { ...present(request.self, inherited), uid, account, join, platform, sent },
      orphanedAt: null,
      knownAt: 0,
    };
    channel.put(record, record.member);
    return this.#claimed(channel, record, inherited, released);
  }

  async resume(server: string, key: ChannelKey, request: ResumeRequest): Promise<Claimed | Refusing> {
    const channel = this.#channel(key);
    this.#awaitedHeard(channel, request.uid);
    const found = proven(channel, request);
    if ('refused' in found) return found;
    if (request.attempt < found.attempt) {
      // A refused attempt of the stay itself is a sign of life (C-56).
      found.holder.heard(key, channel.claimOf(found));
      return { refused: 'superseded' };
    }
    return this.#claim(server, channel, found, request.attempt, request.self);
  }

  /** Somebody with a token for a uid that stands in a picture only: it is on its way back (C-56, C-59). */
  #awaitedHeard(channel: MemoryChannel, uid: number): void {
    const record = channel.records.get(uid);
    if (record?.session === '') record.holder.heard(channel.key, channel.claimOf(record));
  }

  #claim(server: string, channel: MemoryChannel, record: Record, attempt: number, self: Self): Claimed {
    const released = this.#release(channel, record, 'superseded');
    const inherited = released?.inherited ?? noStreams;
    record.attempt = attempt;
    record.fence += 1;
    record.server = server;
    record.holder = this.#servers.holder(server);
    record.orphanedAt = null;
    const { uid, account, join, platform, sent } = record.member;
    const member: Member = { ...present(self, inherited), uid, account, join, platform, sent };
    // A silent return changes nothing and is not worth an entry.
    if (!channel.alive || !(sameSelf(member, record.member) && record.member.passed === nothingPassed))
      channel.put(record, member);
    return this.#claimed(channel, record, inherited, released);
  }

  async prove(key: ChannelKey, proof: Proof): Promise<Refusing | { claim: Claim }> {
    const channel = this.#channel(key);
    this.#awaitedHeard(channel, proof.uid);
    const found = proven(channel, proof);
    if ('refused' in found) return found;
    const claim = channel.claimOf(found);
    found.holder.heard(key, claim);
    return { claim };
  }

  async heard(key: ChannelKey, { uid, account }: Pick<JoinRequest, 'uid' | 'account'>): Promise<void> {
    const channel = this.#channels.get(keyText(key));
    const record = channel?.records.get(account === '' ? uid : uidOfAccount(channel, account));
    if (channel === undefined || record?.member.account !== account) return;
    record.holder.heard(key, channel.claimOf(record));
  }

  async leave(key: ChannelKey, proof: Proof): Promise<Refusing | null> {
    const channel = this.#channel(key);
    const record = channel.records.get(proof.uid);
    const said = record?.session === proof.session && record.secret === proof.secret;
    if (said && record.member.gone === 'quit') return null;
    // Of a stay that this store has forgotten, only its place in somebody's picture can end (C-59).
    const awaited = record?.session === '' && record.member.join === proof.join;
    if (awaited) record.holder.leave(key, channel.claimOf(record));
    if (awaited || record === undefined) return null;
    const found = proven(channel, proof);
    if ('refused' in found) return found;
    found.holder.leave(key, channel.claimOf(found));
    return null;
  }

  async publish(key: ChannelKey, claim: Claim, member: Member): Promise<boolean> {
    const channel = this.#channels.get(keyText(key));
    const record = channel?.records.get(claim.uid);
    if (channel === undefined || record?.fence !== claim.fence) return false;
    channel.put(record, { ...member, sent: record.member.sent });
    return true;
  }

  async send(key: ChannelKey, claim: Claim, message: Omit<Send, 'type'>): Promise<boolean> {
    const channel = this.#channels.get(keyText(key));
    const record = channel?.records.get(claim.uid);
    if (channel === undefined || record?.fence !== claim.fence) return false;
    const { uid, join } = record.member;
    const { stream, number, data, sentAt } = message;
    channel.send(record, { uid, join, stream, number, data, sentAt });
    return true;
  }

  async forget(key: ChannelKey, claim: Claim): Promise<void> {
    const channel = this.#channels.get(keyText(key));
    const record = channel?.records.get(claim.uid);
    if (channel === undefined || record?.fence !== claim.fence) return;
    channel.remove(record);
    if (channel.empty) this.#channels.delete(keyText(key));
  }

  /** C-59: a young store believes a returner about who else was there, the one who was in contact last most. */
  #takeIn(server: string, channel: MemoryChannel, request: JoinRequest, self: number): void {
    const { now, limits } = this.#options;
    if (request.rejoin === 0 || now() - this.#startedAt > limits.sessionKeepMs) return;
    // Who did not see the server before die cannot know how long it may have heard the others: until this one came.
    const closedAt = now() - request.quietMs;
    const certain = request.quietMs > 0 && closedAt <= this.#startedAt;
    const knownAt = certain ? closedAt : this.#startedAt;
    // Whom somebody who was there to the end does not know had gone before it.
    if (!certain && channel.knownToTheEnd) return;
    // What somebody said who had been away counts no more once somebody comes who had not.
    const better = certain && !channel.knownToTheEnd;
    channel.knownToTheEnd ||= certain;
    for (const known of request.known) {
      const { uid, gone, join } = known;
      const record = channel.records.get(uid) ?? this.#awaited(server, known);
      if (uid === self || gone !== 'no' || record.session !== '') continue;
      if (!better && knownAt <= record.knownAt) continue;
      if (better) record.fence += 1;
      record.knownAt = knownAt;
      const quietMs = now() - knownAt;
      const sent = known.sent.reduce(advanced, record.member.sent);
      channel.put(record, { ...known, sent, passed: passedAfter(quietMs, limits, known.passed) });
      record.holder.adopt(channel.key, channel.claimOf(record), record.member, quietMs);
      channel.joins = Math.max(channel.joins, join);
    }
  }

  #awaited(server: string, member: Member): Record {
    const holder = this.#servers.holder(server);
    const nobody = { session: '', secret: '', nonce: '', formerNonces: [], attempt: 0, fence: 1 };
    const unknown = { orphanedAt: null, knownAt: Number.NEGATIVE_INFINITY };
    return { ...nobody, ...unknown, uid: member.uid, server, holder, member };
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

/** Superseded stays whose late joins are recognised. */
const formerNoncesKept = 8;

const noStreams: Inherited = { streams: [], heardMs: 0 };

function present(self: Self, inherited: Inherited) {
  const streams: Stream[] = [...self.streams, ...inherited.streams.filter((stream) => !has(self, stream))];
  return { role: self.role, streams, gone: 'no', passed: nothingPassed } as const;
}

/** What a newcomer keeps of the streams before it, until the observers' limit (C-35). */
function inheritedBy(self: Self, before: Member, released: Released | null): Inherited {
  if (before.passed.streamRemoved) return noStreams;
  const streams = before.streams.filter((stream) => !has(self, stream));
  return { streams, heardMs: released?.heardMs ?? 0 };
}

function has(self: Self, { id }: Stream): boolean {
  return self.streams.some((stream) => stream.id === id);
}

/** The record that a proof of a stay belongs to, or what to answer (C-36, C-40, C-41). */
function proven(channel: MemoryChannel, { uid, account, session, secret, join }: Proof): Record | Refusing {
  const record = channel.records.get(uid);
  if (record === undefined || record.session === '') return { refused: 'unknownSession' };
  if (record.session !== session) {
    // The same join number: the stay itself has come back under another session id (C-36).
    return { refused: join >= record.member.join ? 'unknownSession' : 'sameUid' };
  }
  const { member } = record;
  const known = record.secret === secret && member.account === account && member.gone === 'no';
  return known ? record : { refused: 'unknownSession' };
}
