/** The shared truth of several servers, in Redis. One of these is one server's door to it. */
import type { Limits, Member, Message } from '@holdfast/core';
import { goodbye, isAwaited, refusalOfProof } from '../claims.ts';
import { Strangers } from '../memory/strangers.ts';
import type {
  Asked,
  Ban,
  ChannelKey,
  Claim,
  Claimed,
  Holder,
  JoinRequest,
  Proof,
  Refusing,
  ResumeRequest,
  Seat,
  Store,
  Target,
} from '../store.ts';
import { type ServerRandom, uidsFor } from '../uids.ts';
import { StoreUnavailable } from '../unavailable.ts';
import type { Job, RedisChannel } from './channel.ts';
import { type Claiming, type ClaimingHost, JoinJob, type Probed, ResumeJob } from './claiming.ts';
import { forgetting, looking, noting, publishing, put, sending } from './jobs.ts';
import { channelText } from './names.ts';
import { type NodeOptions, RedisNode } from './node.ts';
import { type RedisRecord, tellsSilence } from './records.ts';

export interface RedisStoreOptions extends Omit<NodeOptions, 'newId' | 'keepMs'> {
  readonly random: ServerRandom;
  readonly limits: Limits;
  /** Users of one channel at most. */
  readonly channelUsers: number;
  /** How long the process has stood still since its start, in milliseconds; never, if left out (C-3). */
  readonly stoodMs?: () => number;
}

/** Messages that may wait for Redis to come back, in bytes (C-54, C-63). */
const waitingBytesMax = 16_000_000;
/** How long a connection may take to show that it lives (C-40), and its server to say so, in milliseconds. */
const probeMs = 1_300;
/** What another server has heard before a limit is known here so long after it, in milliseconds (C-2, C-58). */
const onItsWayMs = 50;
/** How long a Redis may take to answer when a server begins, in milliseconds. */
const openMs = 5_000;

export class RedisStore implements Store {
  readonly #options: RedisStoreOptions;
  readonly #node: RedisNode;
  readonly #strangers = new Strangers(() => performance.now(), Number.POSITIVE_INFINITY);
  /** The newest state of each user that waits to be told. */
  readonly #newest = new Map<string, Member>();

  /** Connects. @throws {RedisSetupError} when no server can begin with this Redis */
  static async open(options: RedisStoreOptions): Promise<RedisStore> {
    const store = new RedisStore(options);
    try {
      await store.#node.link.open(openMs);
    } catch (error) {
      store.close();
      throw error;
    }
    return store;
  }

  /** Not to be used before its link is open: see `open`. */
  constructor(options: RedisStoreOptions) {
    this.#options = options;
    this.#node = new RedisNode({
      ...options,
      newId: () => options.random.id(),
      keepMs: options.limits.sessionKeepMs,
    });
  }

  /** Ends its connections; nothing is told to anybody. */
  close(): void {
    this.#node.close();
  }

  // ---- servers ----

  connect(server: string, holder: Holder, url: string | null = null): void {
    this.#node.begin(server, url, holder);
  }

  disconnect(): void {
    void this.#node.resign().catch(() => undefined);
  }

  seats(): readonly Seat[] {
    return this.#node.lease.seats;
  }

  whisper(_: string, to: string, text: string): void {
    this.#node.errands.mention(to, 'whisper', { from: this.#node.name, text });
  }

  trouble(): string | null {
    return this.#node.trouble;
  }

  leaving(): void {
    void this.#node.lease.leave();
  }

  async handOver(): Promise<void> {
    const heir =
      this.seats()
        .slice(1)
        .find(({ leaving }) => !leaving) ?? this.seats()[1];
    if (heir !== undefined) await this.#node.bequeath(heir.server).catch(() => undefined);
    await this.#node.resign().catch(() => undefined);
  }

  // ---- channels ----

  async follow(_server: string, key: ChannelKey): Promise<void> {
    await this.#node.channel(key).follow();
  }

  unfollow(_server: string, key: ChannelKey): void {
    this.#node.channel(key).unfollow();
  }

  async join(_server: string, key: ChannelKey, request: JoinRequest): Promise<Claimed | Refusing> {
    const channel = this.#channel(key);
    let last: Probed | null = null;
    for (;;) {
      const probed: Probed | null = last;
      const claiming: Claiming = await asked<Claiming>(channel, (resolve, reject): Job => {
        return new JoinJob(request, probed, this.#claimingHost(key), resolve, reject);
      });
      if (!('probe' in claiming)) return this.#arrived(channel, claiming);
      const record = claiming.probe;
      last = { fence: record.fence, answers: await this.#answers(key, record) };
    }
  }

  async resume(_server: string, key: ChannelKey, request: ResumeRequest): Promise<Claimed | Refusing> {
    const channel = this.#channel(key);
    const claiming = await asked<Claiming>(channel, (resolve, reject) => {
      return new ResumeJob(request, this.#claimingHost(key), resolve, reject);
    });
    return this.#arrived(channel, claiming);
  }

  /** What a claim is told of must not be older than the claim. */
  async #arrived(channel: RedisChannel, claiming: Claiming): Promise<Claimed | Refusing> {
    if ('refused' in claiming) return claiming;
    if ('probe' in claiming) throw new Error('somebody has to be asked first');
    const { claim, member, position } = claiming.claimed;
    await channel.reached(position);
    if (!this.#node.bans.forbids(channel.key, member)) return claiming.claimed;
    // It was forbidden while it was under way.
    await this.publish(channel.key, claim, { ...member, gone: 'quit', streams: [] }, true);
    return { refused: 'banned' };
  }

  async prove(key: ChannelKey, proof: Proof): Promise<Refusing | { claim: Claim }> {
    if (this.#node.bans.forbids(key, proof)) return { refused: 'banned' };
    // One of its own it has heard before Redis says that it is one: a limit that passes meanwhile has not passed (C-2).
    const fence = this.#node.known(channelText(key))?.retained.proves(proof);
    if (fence !== undefined) this.#node.holder.heard(key, { uid: proof.uid, fence });
    const record = await this.#record(key, proof.uid);
    if (record !== undefined && isAwaited(record, proof)) this.#heard(key, record);
    if (record === undefined) this.#strangers.heard(key, proof.uid);
    const refused = refusalOfProof(record, proof);
    if (refused !== null || record === undefined) return { refused: refused ?? 'unknownSession' };
    this.#heard(key, record);
    // Whoever has only looked for a place during an outage is better off where it is.
    if (this.#node.isJustBack) return { refused: 'unavailable' };
    return { claim: { uid: record.uid, fence: record.fence } };
  }

  async heard(key: ChannelKey, user: Asked): Promise<void> {
    if (user.uid === 0 && user.account === '') return;
    const [first = user.uid] = user.uid === 0 ? uidsFor({ ...user, nonce: '' }) : [];
    const asked = { uid: first, account: user.account, session: user.session };
    if (!this.#node.holder.heardAsking(key, asked)) this.#strangers.heard(key, first);
    this.#node.hearsay.add(key, asked);
  }

  async leave(key: ChannelKey, proof: Proof): Promise<Refusing | null> {
    const record = await this.#record(key, proof.uid);
    if (record === undefined) this.#strangers.left(key, proof.uid, proof.join);
    const verdict = goodbye(record, proof);
    if (verdict !== 'done' && verdict !== 'tell') return { refused: verdict };
    if (verdict === 'tell' && record !== undefined) await this.#tellLeave(key, record);
    return null;
  }

  async publish(key: ChannelKey, claim: Claim, member: Member, removed = false): Promise<boolean> {
    const channel = this.#node.channel(key);
    const name = `${channel.text} ${claim.uid}`;
    let leastMs = onItsWayMs;
    return asked(channel, (resolve, reject) => {
      const later = (job: Job) => {
        const waitMs = Math.max(leastMs, this.#node.settlesInMs);
        leastMs = 0;
        return this.#postpone(channel, name, member, waitMs, job, resolve);
      };
      return publishing(claim, member, removed, { resolve, reject }, later);
    });
  }

  /**
   * A silence is not told at once: its user may just have been heard by another server, which says so through Redis
   * (C-2); or be on the way to one, right after Redis was away (C-54).
   */
  #postpone(
    channel: RedisChannel,
    name: string,
    member: Member,
    waitMs: number,
    job: Job,
    done: (ok: boolean) => void,
  ): boolean {
    this.#newest.delete(name);
    if (!tellsSilence(member) || waitMs === 0) return false;
    this.#newest.set(name, member);
    setTimeout(() => {
      const newest = this.#newest.get(name) === member;
      if (newest) this.#newest.delete(name);
      if (newest) this.#node.channel(channel.key).ask(job);
      else done(true);
    }, waitMs + 1);
    return true;
  }

  async send(key: ChannelKey, claim: Claim, message: Omit<Message, 'uid'>): Promise<boolean> {
    const channel = this.#node.channel(key);
    if (this.#node.trouble !== null && this.#node.waitingBytes > waitingBytesMax)
      throw new StoreUnavailable('too many messages wait for it');
    return asked(channel, (resolve, reject) => sending(claim, message, { resolve, reject }));
  }

  async forget(key: ChannelKey, claim: Claim): Promise<void> {
    await asked<boolean>(this.#node.channel(key), (resolve, reject) =>
      forgetting(claim, { resolve, reject }),
    );
  }

  async remove(target: Target): Promise<void> {
    await this.#node.bans.remove(target);
  }

  async ban(target: Target, forMs: number): Promise<void> {
    await this.#node.bans.ban(target, forMs);
  }

  async unban(target: Target): Promise<boolean> {
    return this.#node.bans.unban(target);
  }

  async bans(): Promise<readonly Ban[]> {
    return this.#node.bans.list();
  }

  // ---- other servers ----

  async #answers(key: ChannelKey, { uid, fence, server }: RedisRecord): Promise<boolean> {
    if (server === this.#node.name) return this.#node.holder.probe(key, { uid, fence });
    const details = { channel: this.#node.channel(key).text, uid, fence };
    return (await this.#node.errands.ask(server, 'probe', details, probeMs)) === true;
  }

  #heard(key: ChannelKey, { uid, fence, server, from }: RedisRecord): void {
    // From here on it has been heard later than by the server that is gone (C-58).
    if (from !== undefined)
      this.#node.channel(key).ask(noting({ uid, fence }, { from: undefined }, () => undefined));
    if (server === this.#node.name) return this.#node.holder.heard(key, { uid, fence });
    this.#node.errands.mention(server, 'heard', { channel: channelText(key), uid, fence });
  }

  /** A goodbye reaches the holder; one that does not answer is not waited for: this server says it in its place. */
  async #tellLeave(key: ChannelKey, { uid, fence, server, member }: RedisRecord): Promise<void> {
    const { holder, name, errands } = this.#node;
    if (server === name) return holder.leave(key, { uid, fence });
    // A holder that dies before it says so leaves it to its heir (C-14).
    await new Promise<void>((done) =>
      this.#node.channel(key).ask(noting({ uid, fence }, { leaves: true }, done)),
    );
    const told = await errands.ask(server, 'leave', { channel: channelText(key), uid, fence });
    if (told === true) return;
    const claim = { uid, fence: fence + 1 };
    const taken = await asked<boolean>(this.#node.channel(key), (resolve, reject) => ({
      ...publishing({ uid, fence }, member, false, { resolve, reject }, () => false),
      plan: () => [put({ uid, expected: fence, fence: claim.fence, server: name })],
    }));
    if (!taken) return;
    holder.adopt(key, claim, member, 0);
    holder.leave(key, claim);
  }

  #claimingHost(key: ChannelKey): ClaimingHost {
    const { random, limits, channelUsers } = this.#options;
    const node = this.#node;
    const channel = node.channel(key).text;
    return {
      ...{ name: node.name, random, limits, channelUsers },
      strangers: this.#strangers,
      key,
      stoodMs: () => this.#options.stoodMs?.() ?? 0,
      youngMs: () => node.lease.youngMs,
      heard: (record) => this.#heard(key, record),
      forbids: (user) => node.bans.forbids(key, user),
      released: (claim, close) => node.holder.release(key, claim, close),
      adopt: (claim, member, heardMs) => node.holder.adopt(key, claim, member, heardMs),
      asks: ({ uid, fence, server }, close) =>
        server === node.name ? null : node.errands.prepare(server, 'release', { channel, uid, fence, close }),
    };
  }

  async #record(key: ChannelKey, uid: number): Promise<RedisRecord | undefined> {
    const channel = this.#channel(key);
    return asked<RedisRecord | undefined>(channel, (resolve, reject) => {
      return looking([uid], (record) => resolve(record(uid)), reject);
    });
  }

  /** @throws {StoreUnavailable} while Redis is away */
  #channel(key: ChannelKey): RedisChannel {
    const { trouble, isNew } = this.#node;
    if (trouble !== null && !isNew) throw new StoreUnavailable(trouble);
    return this.#node.channel(key);
  }
}

async function asked<T>(
  channel: RedisChannel,
  job: (resolve: (answer: T) => void, reject: (error: Error) => void) => Job,
): Promise<T> {
  return new Promise<T>((resolve, reject) => channel.ask(job(resolve, reject)));
}
