/** What happens to users whose server is gone (C-52), hands them over (C-53), or does not put them back after a loss (C-61). */
import type { Member } from '@holdfast/core';
import { nobodys } from '../claims.ts';
import type { Claim } from '../store.ts';
import { StoreUnavailable } from '../unavailable.ts';
import type { RedisChannel } from './channel.ts';
import { leaseTimes } from './lease.ts';
import type { Reply } from './link.ts';
import { channelOf } from './names.ts';
import type { RedisNode } from './node.ts';
import { readMember, readStay, stayText } from './records.ts';
import { adopt, channelsOf, foster, held, type Script, settle } from './scripts.ts';

/** A user whom Redis takes for this server's. */
export interface Adopted {
  readonly claim: Claim;
  readonly stay: string;
  readonly member: Member;
}

/** What a server that hands its users over tells of those in one channel. */
interface Inheritance {
  readonly channel?: string;
  readonly from?: string;
  /** Age of each one's last packet, in milliseconds. */
  readonly heard?: Readonly<Record<number, number>>;
}

export class Adoption {
  readonly #node: RedisNode;
  /** Servers whose users are being adopted. */
  readonly #adopting = new Set<string>();
  /** Until when, in raw time, servers that are gone can have heard anybody. */
  readonly #until = new Map<string, number>();
  /** Raw time at which Redis may have lost something. */
  #movedAt = Number.NEGATIVE_INFINITY;

  constructor(node: RedisNode) {
    this.#node = node;
  }

  /** Redis may have lost something. */
  moved(): void {
    this.#movedAt = raw();
  }

  /** @param quietMs how long ago a server that is gone can have heard anybody at the latest */
  gone(server: string, quietMs: number): void {
    this.#until.delete(server);
    this.#until.set(server, raw() - quietMs);
    const [oldest] = this.#until.keys();
    if (this.#until.size > goneMax && oldest !== undefined) this.#until.delete(oldest);
  }

  /** @param quietMs how long ago a dead server can have heard its users at the latest */
  async adopt(server: string, quietMs: number): Promise<void> {
    if (this.#adopting.has(server)) return;
    this.#adopting.add(server);
    const at = raw();
    this.gone(server, quietMs);
    try {
      const channels = await this.#channelsOf(server);
      const adoptNext = async () => {
        let users = 0;
        for (let channel = channels.pop(); channel !== undefined; channel = channels.pop())
          users += await this.#adoptIn(channel, server, () => quietMs + raw() - at);
        return users;
      };
      // Side by side: in the storm after its death every answer waits for the event loop (C-58).
      const adopted = await Promise.all(Array.from({ length: channelsAtOnce }, adoptNext));
      const users = adopted.reduce((sum, each) => sum + each, 0);
      const { servers } = this.#node.names;
      await this.#node.run(settle, [...servers, this.#node.names.channelsOf(server)], [server]);
      this.#node.adopted(server, users);
    } catch (error) {
      if (!(error instanceof StoreUnavailable)) this.#node.failed(error as Error);
    } finally {
      this.#adopting.delete(server);
    }
  }

  async inherit({ channel = '', from = '', heard = {} }: Inheritance): Promise<boolean> {
    const at = raw();
    await this.#adoptIn(channel, from, (uid) => (heard[uid] ?? 0) + raw() - at);
    return true;
  }

  /** Hands this server's users over, with the age of their last packets (C-53). */
  async bequeath(heir: string): Promise<void> {
    const { name, holder, errands } = this.#node;
    for (const channel of await this.#channelsOf(name)) {
      const heard: Record<number, number> = {};
      for (const claim of await this.#heldIn(channel)) {
        const released = holder.release(channelOf(channel), claim, 'superseded');
        if (released !== null) heard[claim.uid] = released.heardMs;
      }
      await errands.ask(heir, 'inherit', { channel, from: name, heard }, inheritMs);
    }
  }

  /** The user is this server's from here on. */
  take(channel: RedisChannel, { claim, stay, member }: Adopted, heardMs: number): void {
    const { holder } = this.#node;
    const { from = '', leaves = false } = readStay(stay);
    channel.retained.hold(claim.uid, claim.fence, stay);
    const ages = [heardMs, raw() - this.#heardUntil(from), channel.retained.goneMs(claim.uid)];
    holder.adopt(channel.key, claim, member, Math.max(...ages));
    if (leaves) holder.leave(channel.key, claim);
  }

  /** Raw time until which a server, the last known to have heard somebody, can have done so, or another since. */
  #heardUntil(server: string): number {
    const until = this.#until.get(server) ?? raw();
    // It may have been heard later at a server whose claim is lost, unless that one lived to put it back (C-2, C-61).
    return this.#movedAt > until ? this.#movedAt + leaseTimes.patienceMs : until;
  }

  /** Who is not put back in a lease's patience has lost its server too, which may have heard it while its lease was good. */
  expect(channel: RedisChannel): void {
    const lostAt = raw();
    const { patienceMs, validMs } = leaseTimes;
    setTimeout(() => void this.#fosterIn(channel, lostAt), patienceMs + validMs).unref();
  }

  async #fosterIn(channel: RedisChannel, lostAt: number): Promise<void> {
    if (this.#node.known(channel.text) !== channel) return;
    await this.#node.open();
    try {
      const users = await this.#run(foster, channel.text, [this.#node.name, nobodysStay]);
      for (const user of users) this.take(channel, user, raw() - lostAt - leaseTimes.validMs);
    } catch (error) {
      if (!(error instanceof StoreUnavailable)) return this.#node.failed(error as Error);
      await new Promise((resolve) => setTimeout(resolve, leaseTimes.renewMs));
      return this.#fosterIn(channel, lostAt);
    }
  }

  /** Those that another survivor has taken are not among them. */
  async #adoptIn(text: string, server: string, quietMs: (uid: number) => number): Promise<number> {
    await this.#node.note(text, true);
    const users = await this.#run(adopt, text, [this.#node.name, server]);
    for (const user of users) this.take(this.#node.channel(channelOf(text)), user, quietMs(user.claim.uid));
    return users.length;
  }

  async #run(script: Script, channel: string, args: readonly string[]): Promise<Adopted[]> {
    const reply = (await this.#node.run(script, this.#node.names.channel(channel), args)) as Buffer[][];
    return reply.map(([uid, stay = empty, member = empty, sent = empty]) => {
      return adoptedOf(Number(uid), stay, member, sent);
    });
  }

  /** The channels in which a server may have users. */
  async #channelsOf(server: string): Promise<string[]> {
    const keys = [this.#node.names.channelsOf(server)];
    return ((await this.#node.run(channelsOf, keys, [])) as Buffer[]).map(String);
  }

  async #heldIn(channel: string): Promise<Claim[]> {
    const { name, names } = this.#node;
    return ((await this.#node.run(held, names.channel(channel), [name])) as Reply[]).map((pair) => {
      const [uid = 0, fence = 0] = String(pair).split(' ').map(Number);
      return { uid, fence };
    });
  }
}

/** @param value of the stay, as Redis keeps it */
export function adoptedOf(uid: number, value: Buffer, member: Buffer, sent: Buffer): Adopted {
  const [, fence, stay = ''] = /^(\d+) \S+ (.*)$/s.exec(value.toString()) ?? [];
  return { claim: { uid, fence: Number(fence) }, stay, member: readMember(member, sent) };
}

/** What is kept of somebody whose stay is lost: it can be taken over, and not be resumed. */
const nobodysStay = stayText({ ...nobodys, inherited: [] });

/** Servers that are remembered after they are gone. */
const goneMax = 100;

const channelsAtOnce = 32;

/** How long a server may take to adopt the users of one channel that are handed to it, in milliseconds. */
const inheritMs = 1_000;

const empty = Buffer.alloc(0);

function raw(): number {
  return performance.now();
}
