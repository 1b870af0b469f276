/** What the operator forbids, for all servers (C-44): kept in Redis, and known to each server by heart. */
import { type Named, targetText } from '../bans.ts';
import { MemoryBans } from '../memory/bans.ts';
import type { Ban, ChannelKey, Target } from '../store.ts';
import { StoreUnavailable } from '../unavailable.ts';
import type { Argument, Reply } from './link.ts';
import type { RedisNode } from './node.ts';
import { banned, forbid, permit, type Script } from './scripts.ts';

/** How often a server is told that does not answer. One that is cut off reads the whole list when it hears again. */
const tries = 3;

/** What was read so long ago was read before a loss that is noticed now, in milliseconds. */
const justMs = 3_000;

/** What the operator wants, as one server tells it to another. */
export interface Order {
  readonly verb: 'remove' | 'ban' | 'unban';
  readonly id: string;
  readonly target: Target;
  readonly forMs?: number;
}

export class RedisBans {
  readonly #node: RedisNode;
  /** Orders that were carried out, by their ids. */
  #done: readonly string[] = [];
  #known = new MemoryBans(() => performance.now());
  /** What was known before it was read last, and when that was. */
  #before = { bans: [] as readonly Ban[], at: Number.NEGATIVE_INFINITY };

  constructor(node: RedisNode) {
    this.#node = node;
  }

  /** Does it concern this user? Asks nobody. */
  forbids(key: ChannelKey, user: Named): boolean {
    return this.#known.forbid(key, user);
  }

  /** Every server removes whom it holds of the target. */
  async remove(target: Target): Promise<void> {
    await this.#tell('remove', target);
  }

  async ban(target: Target, forMs: number): Promise<void> {
    await this.#run(forbid, this.#keys, [targetText(target), forMs]);
    await this.#tell('ban', target, forMs);
  }

  async unban(target: Target): Promise<boolean> {
    const lifted = await this.#run(permit, this.#keys, [targetText(target)]);
    await this.#tell('unban', target);
    return lifted === 1;
  }

  async list(): Promise<readonly Ban[]> {
    const reply = (await this.#run(banned, this.#keys, [])) as Buffer[];
    const bans: Ban[] = [];
    for (let index = 0; index + 1 < reply.length; index += 2) {
      const [appId, channel, uid, account] = JSON.parse(String(reply[index])) as [
        string,
        string,
        number,
        string,
      ];
      bans.push({ appId, channel, uid, account, leftMs: Number(reply[index + 1]) });
    }
    return bans;
  }

  /** Something may have been missed: what is not known yet is removed. */
  async reload(): Promise<void> {
    const known = new MemoryBans(() => performance.now());
    const before = new Set(this.#known.list().map(targetText));
    const bans = await this.list();
    for (const ban of bans) known.add(ban, ban.leftMs);
    this.#before = { bans: this.#known.list(), at: performance.now() };
    // It may have lost them: that is noticed soon.
    const gone = this.#before.bans.filter(
      (ban) => !bans.some((each) => targetText(each) === targetText(ban)),
    );
    for (const ban of gone) known.add(ban, Math.min(ban.leftMs, justMs));
    this.#known = known;
    for (const ban of bans) if (!before.has(targetText(ban))) this.#node.holder.remove(targetOf(ban));
  }

  /** Redis has lost what was forbidden: what this server knows of it is put back (C-44, C-61). */
  async restore(): Promise<void> {
    const { bans, at } = this.#before;
    // It may have been read after it was lost.
    if (performance.now() - at < justMs) for (const ban of bans) this.#known.add(ban, ban.leftMs);
    for (const ban of this.#known.list())
      await this.#run(forbid, this.#keys, [targetText(ban), Math.ceil(ban.leftMs)]);
  }

  /** Another server, or this one, was told something by the operator. */
  told({ verb, id, target, forMs = 0 }: Order): void {
    // The answer to it was late, and it is told again.
    if (this.#done.includes(id)) return;
    this.#done = [...this.#done.slice(-99), id];
    if (verb === 'unban') this.#known.lift(target);
    if (verb === 'ban') this.#known.add(target, forMs);
    if (verb !== 'unban') this.#node.holder.remove(targetOf(target));
  }

  /** An operator's order is worth a few tries: a node of a Redis Cluster may be met for the first time. */
  async #run(script: Script, keys: readonly string[], args: readonly Argument[]): Promise<Reply> {
    for (let count = 1; ; count += 1) {
      try {
        return await this.#node.run(script, keys, args);
      } catch (error) {
        if (!(error instanceof StoreUnavailable) || count === tries) throw error;
        await new Promise((resolve) => setTimeout(resolve, 100 * count));
      }
    }
  }

  get #keys(): readonly string[] {
    return [this.#node.names.bans];
  }

  async #tell(verb: Order['verb'], target: Target, forMs = 0): Promise<void> {
    const { name, lease, errands } = this.#node;
    const details: Order = { verb, id: this.#node.newId(), target, forMs };
    this.told(details);
    const others = lease.seats.filter(({ server }) => server !== name);
    await Promise.all(
      others.map(async ({ server }) => {
        for (let count = 0; count < tries; count += 1) {
          if ((await errands.ask(server, verb, details)) === true) return;
        }
      }),
    );
  }
}

function targetOf({ appId, channel, uid, account }: Target): Target {
  return { appId, channel, uid, account };
}
