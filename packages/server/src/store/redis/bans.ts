/** What the operator forbids, for all servers (C-44): kept in Redis, and known to each server by heart. */
import { type Named, targetText } from '../bans.ts';
import { MemoryBans } from '../memory/bans.ts';
import type { Ban, ChannelKey, Target } from '../store.ts';
import { StoreUnavailable } from '../unavailable.ts';
import type { Argument, Reply } from './link.ts';
import type { RedisNode } from './node.ts';
import { banned, forbid, living, permit, type Script } from './scripts.ts';

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
  /** What it knows is all that is forbidden, since this server is there for the others. */
  #complete = false;
  /** Something may have been missed since it was read. */
  #due = true;
  #reading = false;
  /** What it was told while it read: the list may be older than that. */
  #meanwhile: Order[] = [];
  /** What was known before it was read last, and when that was. */
  #before = { bans: [] as readonly Ban[], at: Number.NEGATIVE_INFINITY };

  constructor(node: RedisNode) {
    this.#node = node;
  }

  /** Until then nobody is let in. */
  get complete(): boolean {
    return this.#complete;
  }

  /** This server is another one from here on, of which the others have not heard. */
  begin(): void {
    this.#complete = false;
    this.#due = true;
  }

  /** Something may not have been told to this server. */
  missed(): void {
    this.#due = true;
    // Before the others know of this server, it would be too early.
    if (this.#complete) this.refresh();
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

  /**
   * Reads what is forbidden, if something may have been missed; who is in there and was not known yet is removed. A
   * server is in the list of servers before it reads this one: a ban that is not in it yet is told to it (C-44).
   */
  refresh(): void {
    if (!this.#due || this.#reading) return;
    this.#reading = true;
    this.#due = false;
    this.#meanwhile = [];
    this.list()
      .then((bans) => {
        this.#take(bans);
        // It may have become another server meanwhile.
        this.#complete ||= !this.#due;
        this.#node.wake();
      })
      .catch((error: Error) => {
        this.#due = true;
        this.#passOver(error);
      })
      .finally(() => {
        this.#reading = false;
      });
  }

  #take(bans: readonly Ban[]): void {
    const known = new MemoryBans(() => performance.now());
    const before = new Set(this.#known.list().map(targetText));
    for (const ban of bans) known.add(ban, ban.leftMs);
    this.#before = { bans: this.#known.list(), at: performance.now() };
    // It may have lost them: that is noticed soon.
    const gone = this.#before.bans.filter(
      (ban) => !bans.some((each) => targetText(each) === targetText(ban)),
    );
    for (const ban of gone) known.add(ban, Math.min(ban.leftMs, justMs));
    this.#known = known;
    for (const order of this.#meanwhile) this.#learn(order);
    for (const ban of bans) if (!before.has(targetText(ban))) this.#node.holder.remove(targetOf(ban));
  }

  /** Redis has lost what was forbidden: what this server knows of it is put back (C-44, C-61). */
  restore(): void {
    const { bans, at } = this.#before;
    // It may have been read after it was lost.
    if (performance.now() - at < justMs) for (const ban of bans) this.#known.add(ban, ban.leftMs);
    const putBack = async () => {
      for (const ban of this.#known.list())
        await this.#run(forbid, this.#keys, [targetText(ban), Math.ceil(ban.leftMs)]);
    };
    putBack().catch((error: Error) => this.#passOver(error));
  }

  #passOver(error: Error): void {
    if (!(error instanceof StoreUnavailable)) this.#node.failed(error);
  }

  /** Another server, or this one, was told something by the operator. */
  told({ verb, id, target, forMs = 0 }: Partial<Order> & Pick<Order, 'verb'>): true {
    // The answer to it was late, and it is told again.
    if (id === undefined || target === undefined || this.#done.includes(id)) return true;
    const order = { verb, id, target, forMs };
    this.#done = [...this.#done.slice(-99), id];
    if (this.#reading) this.#meanwhile.push(order);
    this.#learn(order);
    if (verb !== 'unban') this.#node.holder.remove(targetOf(target));
    return true;
  }

  #learn({ verb, target, forMs = 0 }: Order): void {
    if (verb === 'unban') this.#known.lift(target);
    if (verb === 'ban') this.#known.add(target, forMs);
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
    const { name, errands } = this.#node;
    const details: Order = { verb, id: this.#node.newId(), target, forMs };
    this.told(details);
    const others = (await this.#living()).filter((server) => server !== name);
    await Promise.all(
      others.map(async (server) => {
        for (let count = 0; count < tries; count += 1) {
          if ((await errands.ask(server, verb, details)) === true) return;
        }
      }),
    );
  }

  /** Whoever begins after this was asked reads what is forbidden later still. */
  async #living(): Promise<readonly string[]> {
    const { names, lease } = this.#node;
    try {
      return ((await this.#run(living, names.servers, [])) as Buffer[]).map(String);
    } catch (error) {
      if (!(error instanceof StoreUnavailable)) throw error;
      return lease.seats.map(({ server }) => server);
    }
  }
}

function targetOf({ appId, channel, uid, account }: Target): Target {
  return { appId, channel, uid, account };
}
