/** What is done to a world while its users talk: a random story, the same for the same seed as far as time allows. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Random } from '../simulator/random.ts';
import type { Group, User } from './group.ts';
import type { Cut, Servers } from './servers.ts';

export type DeedName = 'cut' | 'sender restart' | 'freeze' | 'server kill' | 'flood' | 'frozen flood';

/** Something that was done, from when to when; whoever it is not about should not notice. */
export interface Deed {
  readonly name: DeedName;
  readonly from: number;
  to: number;
  /** Null: everybody in the channel. */
  readonly uids: readonly number[] | null;
}

export interface Pace {
  /** Between two deeds at most. */
  readonly restMs: number;
  readonly cutsMs: readonly (readonly [number, number])[];
  /** Floods that overflow a channel's history while somebody is away. */
  readonly floods: boolean;
  /** What happens at least once, spread over the run, which goes on until it has. */
  readonly musts: readonly DeedName[];
  /** One listener is away for longer than a session is kept. */
  readonly longAbsence: boolean;
}

/** After a server has lost its memory nobody knows what a sender that has gone for good had said: let all be told before. */
const calmMs = 3_000;

export class Trouble {
  readonly deeds: Deed[] = [];
  readonly #servers: Servers;
  readonly #groups: readonly Group[];
  readonly #random: Random;
  readonly #pace: Pace;
  readonly #under = new Set<Promise<void>>();
  readonly #cutUsers = new Set<User>();
  #serverBusy = false;
  #failure: unknown = null;

  constructor(servers: Servers, groups: readonly Group[], random: Random, pace: Pace) {
    this.#servers = servers;
    this.#groups = groups;
    this.#random = random;
    this.#pace = pace;
  }

  /** Goes on for so long; resolves when everything is whole again. */
  async run(ms: number): Promise<void> {
    const from = performance.now();
    const musts = [...this.#pace.musts];
    const dueMs = () => ms * (1 - musts.length / (this.#pace.musts.length + 1));
    if (this.#pace.longAbsence) this.#begin(this.#longAbsence());
    while ((performance.now() < from + ms || musts.length > 0) && this.#failure === null) {
      await sleep(this.#random.int(100, this.#pace.restMs));
      const [must] = musts;
      const isDue = must !== undefined && performance.now() >= from + dueMs();
      const done = this.deeds.length;
      await this.#deed(isDue ? must : this.#any());
      // Nobody may be free for it at the moment.
      if (isDue && this.deeds.slice(done).some(({ name }) => name === must)) musts.shift();
    }
    await Promise.all(this.#under);
    if (this.#failure !== null) throw this.#failure;
  }

  #any(): DeedName {
    const flood = this.#pace.floods ? 0.5 : 0;
    return this.#random.weighted({
      ...{ cut: 10, 'sender restart': 3, freeze: 2, 'server kill': 2 },
      ...{ flood, 'frozen flood': flood },
    });
  }

  async #deed(name: DeedName): Promise<void> {
    switch (name) {
      case 'cut':
        return this.#begin(this.#cut());
      case 'sender restart':
        return this.#begin(this.#restart());
      case 'freeze':
        return this.#begin(this.#freeze());
      case 'flood':
        return this.#begin(this.#flood());
      case 'frozen flood':
        return this.#begin(this.#frozenFlood());
      case 'server kill':
        if (this.#servers.forgetful) return this.#loseMemory();
        return this.#begin(this.#killOne());
    }
  }

  #begin(deed: Promise<void>): void {
    const under = deed
      .catch((error) => {
        this.#failure ??= error;
      })
      .finally(() => this.#under.delete(under));
    this.#under.add(under);
  }

  /** A network goes dark, often right after its user has said something. */
  async #cut(user = this.#free(), ms = this.#cutMs(), uids = user && [user.uid]): Promise<void> {
    if (!user || !uids) return;
    const direction = this.#random.weighted<Cut>({ both: 6, up: 2, down: 2 });
    const group = this.#groupOf(user);
    if (group?.talks && this.#random.chance(0.5))
      group.tell({ type: 'burst', count: 3, bytes: 60, overMs: this.#random.int(0, 50) });
    await this.#during('cut', uids, async () => {
      this.#cutUsers.add(user);
      await user.way.cut(direction);
      await sleep(ms);
      await user.way.heal();
      this.#cutUsers.delete(user);
    });
  }

  #cutMs(): number {
    const [low, high] = this.#random.pick(this.#pace.cutsMs);
    return this.#random.int(low, high);
  }

  /** A sender's process is killed, and takes its own stay over. */
  async #restart(): Promise<void> {
    const group = this.#pick((each) => each.talks && this.#isWhole(each));
    if (!group) return;
    const awayMs = this.#random.int(100, 2 * this.#pace.restMs);
    await this.#busy(group, 'sender restart', async () => {
      await group.kill();
      await sleep(awayMs);
      await group.start();
    });
  }

  async #freeze(): Promise<void> {
    const group = this.#pick((each) => !each.talks && !each.busy);
    if (!group) return;
    const ms = this.#random.int(500, 3 * this.#pace.restMs);
    await this.#busy(group, 'freeze', async () => {
      group.freeze();
      await sleep(ms);
      group.thaw();
    });
  }

  /** One of several servers dies; what it knew, others know. */
  async #killOne(): Promise<void> {
    if (this.#serverBusy) return;
    this.#serverBusy = true;
    const which = this.#random.int(0, this.#servers.count - 1);
    const ms = this.#random.int(300, 2 * this.#pace.restMs);
    await this.#during('server kill', null, async () => {
      await this.#servers.kill(which);
      await sleep(ms);
      await this.#servers.start(which);
    });
    this.#serverBusy = false;
  }

  /** The only server dies and forgets everything, while somebody may be away. */
  async #loseMemory(): Promise<void> {
    await Promise.all(this.#under);
    await sleep(calmMs);
    const away = this.#random.chance(0.6) ? this.#cut() : null;
    await this.#during('server kill', null, async () => {
      await sleep(this.#random.int(0, 1_500));
      await this.#servers.kill(0);
      await sleep(this.#random.int(100, 2_000));
      await this.#servers.start(0);
      await away;
      await sleep(calmMs);
    });
  }

  /** More than a channel's history holds, in number or in bytes, while a listener is away. */
  async #flood(): Promise<void> {
    const user = this.#free((group) => !group.talks);
    const talker = this.#pick((each) => each.talks && this.#isWhole(each));
    if (!user || !talker) return;
    const large = this.#random.chance(0.5);
    const overMs = 8_000;
    await this.#busy(talker, 'flood', async () => {
      const cut = this.#cut(user, overMs + 4_000);
      await sleep(500);
      const [count, bytes] = large ? [150, 30_000] : [2_200, 60];
      talker.tell({ type: 'burst', count, bytes, overMs });
      await sleep(overMs + 1_000);
      await cut;
    });
  }

  /** More than a connection's queue and the kernels take, for listeners whose process stands still (C-63). */
  async #frozenFlood(): Promise<void> {
    const listeners = this.#pick((each) => !each.talks && this.#isWhole(each));
    const talker = this.#pick((each) => each.talks && this.#isWhole(each));
    if (!listeners || !talker) return;
    const overMs = 6_000;
    await this.#busy(listeners, 'frozen flood', () =>
      this.#busy(talker, 'flood', async () => {
        listeners.freeze();
        talker.tell({ type: 'burst', count: 400, bytes: 30_000, overMs });
        await sleep(overMs + this.#random.int(0, 6_000));
        listeners.thaw();
      }),
    );
  }

  async #longAbsence(): Promise<void> {
    const user = this.#free((group) => !group.talks);
    await this.#cut(user, 135_000);
  }

  // ---- who ----

  #free(of: (group: Group) => boolean = () => true): User | undefined {
    const users = this.#groups.filter((group) => !group.busy && of(group)).flatMap((group) => group.users);
    const free = users.filter((user) => !this.#cutUsers.has(user));
    return free.length === 0 ? undefined : this.#random.pick(free);
  }

  #pick(of: (group: Group) => boolean): Group | undefined {
    const fitting = this.#groups.filter((group) => !group.busy && of(group));
    return fitting.length === 0 ? undefined : this.#random.pick(fitting);
  }

  #isWhole(group: Group): boolean {
    return group.users.every((user) => !this.#cutUsers.has(user));
  }

  #groupOf(user: User): Group | undefined {
    return this.#groups.find(({ users }) => users.includes(user));
  }

  async #busy(group: Group, name: DeedName, act: () => Promise<void>): Promise<void> {
    group.busy = true;
    const uids = group.users.map(({ uid }) => uid);
    await this.#during(name, uids, act);
    group.busy = false;
  }

  async #during(name: DeedName, uids: readonly number[] | null, act: () => Promise<void>): Promise<void> {
    const deed: Deed = { name, uids, from: Date.now(), to: Number.POSITIVE_INFINITY };
    this.deeds.push(deed);
    await act();
    deed.to = Date.now();
  }
}
