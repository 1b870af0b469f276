/** Three servers over one Redis, and a crowd that talks: each server behind networks of its own that can be cut. */
import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { createNetwork, type Network, RedisProcess } from '@holdfast/server/faults';
import { Member } from '../cluster/cluster.ts';
import { ReplicatedRedis } from '../cluster/replicated.ts';
import type { Platform } from '../conformance/dialects.ts';
import { freePort } from '../conformance/processes.ts';
import { Host, type User } from '../conformance/users.ts';

export interface WorldOptions {
  readonly users: number;
  readonly channels: number;
  /** Messages a second in each channel. */
  readonly rate: number;
  /** A Redis with a replica, behind a Sentinel. */
  readonly replicated?: boolean;
}

/** One of the crowd. */
export interface Talker {
  readonly user: User;
  readonly uid: number;
  readonly channel: string;
}

export interface Place {
  readonly server: Member;
  /** Between it and its clients. */
  readonly front: Network;
  /** Between it and Redis; of a replicated one, only of its Sentinel. */
  readonly back: Network;
  /** Where the way to Redis begins. */
  readonly redisPort: number;
  readonly port: number;
}

const serverCount = 3;
const platforms: readonly Platform[] = ['android', 'windows', 'linux', 'ios', 'macos', 'web'];
/** Users that share a process. */
const perProcess = 100;

export interface Spoken {
  readonly talker: Talker;
  readonly id: string;
  readonly t: number;
}

export class World {
  readonly replicated: ReplicatedRedis | null;
  readonly #redis: RedisProcess | null;
  readonly talkers: Talker[] = [];
  readonly #places: readonly Place[];
  readonly #hosts: Host[] = [];
  readonly #options: WorldOptions;
  #spoken: Spoken[] = [];
  #talking: NodeJS.Timeout | null = null;
  #count = 0;

  private constructor(
    redis: RedisProcess | ReplicatedRedis,
    places: readonly Place[],
    options: WorldOptions,
  ) {
    this.replicated = redis instanceof ReplicatedRedis ? redis : null;
    this.#redis = redis instanceof ReplicatedRedis ? null : redis;
    this.#places = places;
    this.#options = options;
  }

  static async open(options: WorldOptions): Promise<World> {
    const args = ['--appendonly', 'yes'];
    const redis = options.replicated ? await ReplicatedRedis.start(args) : await RedisProcess.start({ args });
    const prefix = `failover-${randomBytes(4).toString('hex')}`;
    const places: Place[] = [];
    for (let index = 0; index < serverCount; index += 1) places.push(await openPlace(redis, prefix));
    const world = new World(redis, places, options);
    await world.#gather();
    return world;
  }

  get redis(): RedisProcess {
    if (this.#redis === null) throw new Error('here Redis is replicated');
    return this.#redis;
  }

  place(index: number): Place {
    const place = this.#places[index];
    if (place === undefined) throw new Error(`there is no server ${index}`);
    return place;
  }

  get places(): readonly Place[] {
    return this.#places;
  }

  async #gather(): Promise<void> {
    const { users, channels } = this.#options;
    for (let uid = 1; uid <= users; uid += 1) {
      if ((uid - 1) % perProcess === 0) this.#hosts.push(new Host());
      const channel = `room-${uid % channels}`;
      const platform = platforms[Math.floor(uid / channels) % platforms.length] ?? 'linux';
      const ports = [this.place(uid % serverCount).port];
      const host = this.#hosts.at(-1);
      if (host === undefined) throw new Error('nobody can be anywhere');
      const user = host.join({ channel, uid, platform, ports, profile: 'communication', publishes: true });
      this.talkers.push({ user, uid, channel });
      // A crowd that comes within a second is another test.
      await sleep(5);
    }
    await this.everybodyIsIn();
  }

  /** Everybody has been told of everybody else in its channel. */
  async everybodyIsIn(): Promise<void> {
    const { users, channels } = this.#options;
    const others = Math.floor(users / channels) - 1;
    for (const { user } of this.talkers) {
      await user.until('it meets the others', () => metBy(user) >= others, 60_000);
    }
  }

  /** Somebody says something in every channel, so often. @param name begins what is said */
  talk(name: string): void {
    const { channels, rate } = this.#options;
    this.#spoken = [];
    this.#talking = setInterval(() => {
      for (let index = 0; index < channels; index += 1) this.#say(name, `room-${index}`);
    }, 1_000 / rate);
  }

  /** Nobody says anything more. @returns what was said */
  hush(): readonly Spoken[] {
    if (this.#talking) clearInterval(this.#talking);
    return this.#spoken;
  }

  #say(name: string, channel: string): void {
    const here = this.talkers.filter((talker) => talker.channel === channel);
    const talker = here[this.#count % here.length];
    this.#count += 1;
    if (talker === undefined) return;
    const id = `${name}/${talker.uid}/${this.#count}`;
    this.#spoken.push({ talker, id, t: Date.now() });
    talker.user.tell(`send ${id}`);
  }

  async close(): Promise<void> {
    this.hush();
    for (const host of this.#hosts) host.close();
    for (const { server, front, back } of this.#places) {
      server.kill('SIGCONT');
      server.kill();
      front.close();
      back.close();
    }
    await (this.replicated ?? this.redis).close();
  }
}

async function openPlace({ url }: { readonly url: string }, prefix: string): Promise<Place> {
  const [front, back] = [await createNetwork(), await createNetwork()];
  const own = await freePort();
  const port = await front.route({ targetPort: own });
  const [, targetPort = ''] = /:(\d+)/.exec(url) ?? [];
  const redisPort = await back.route({ targetPort: Number(targetPort) });
  const server = new Member(own, url.replace(targetPort, `${redisPort}`), prefix, port);
  await server.start();
  return { server, front, back, port, redisPort };
}

function metBy({ said }: User): number {
  return said.filter(({ callback }) => /^(onUserJoined|didJoinedOfUid|peer-online)$/.test(callback)).length;
}
