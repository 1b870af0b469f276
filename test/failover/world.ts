/** Three servers over one Redis, and a crowd that talks: the ways to and from each server can be cut. */
import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { RedisProcess } from '@holdfast/server/faults';
import { Member } from '../cluster/cluster.ts';
import { ReplicatedRedis } from '../cluster/replicated.ts';
import type { Platform } from '../conformance/dialects.ts';
import { isInOwnNetwork } from '../conformance/own-network.ts';
import { freePort } from '../conformance/processes.ts';
import { Host, type User } from '../conformance/users.ts';
import { openWays, redisAddresses, type Ways } from './packets.ts';
import type { Parts } from './usage.ts';

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
  readonly platform: Platform;
}

export interface Place extends Ways {
  readonly server: Member;
}

const serverCount = 3;
export const platforms: readonly Platform[] = ['android', 'windows', 'linux', 'ios', 'macos', 'web'];
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
    const addresses = redisAddresses(serverCount);
    const bound = isInOwnNetwork() && !options.replicated ? ['--bind', '127.0.0.1', ...addresses] : [];
    const args = ['--appendonly', 'yes', ...bound];
    const redis = options.replicated ? await ReplicatedRedis.start(args) : await RedisProcess.start({ args });
    const prefix = `failover-${randomBytes(4).toString('hex')}`;
    const places: Place[] = [];
    for (const address of addresses)
      places.push(await openPlace(redis, prefix, options.replicated ? null : address));
    const world = new World(redis, places, options);
    await world.#gather();
    return world;
  }

  get redis(): RedisProcess {
    if (this.#redis === null) throw new Error('here Redis is replicated');
    return this.#redis;
  }

  /** The server with the most connections: who has lost one goes to the others, and stays there. */
  async fullest(): Promise<Place> {
    const counts = await Promise.all(this.#places.map(({ server }) => connectionsOf(server).catch(() => 0)));
    const place = this.#places[counts.indexOf(Math.max(...counts))];
    if (place === undefined) throw new Error('there is no server');
    return place;
  }

  get places(): readonly Place[] {
    return this.#places;
  }

  /** Who takes the processors: what runs in this process is the networks and the judge. */
  get parts(): Parts {
    const running = (pids: readonly (number | undefined)[]) => pids.filter((pid) => pid !== undefined);
    return {
      servers: running(this.#places.map(({ server }) => server.pid)),
      clients: running(this.#hosts.map(({ pid }) => pid)),
      redis: running(this.replicated?.pids ?? [this.redis.pid]),
      networks_and_judge: [process.pid],
    };
  }

  /** Processes that have ended though nobody ended them, and what they said last. */
  get broken(): readonly string[] {
    const servers = this.#places.flatMap(({ server }, index) =>
      server.alive ? [] : [`server ${index} is dead: ${server.diagnostics.slice(-8).join(' | ')}`],
    );
    const hosts = this.#hosts.flatMap(({ ended }) =>
      ended === undefined ? [] : [`clients are dead: ${ended}`],
    );
    return [...servers, ...hosts];
  }

  async #gather(): Promise<void> {
    const { users, channels } = this.#options;
    for (let uid = 1; uid <= users; uid += 1) {
      if ((uid - 1) % perProcess === 0) this.#hosts.push(new Host());
      const channel = `room-${uid % channels}`;
      const platform = platforms[Math.floor(uid / channels) % platforms.length] ?? 'linux';
      const ports = this.#places.slice(uid % serverCount, (uid % serverCount) + 1).map(({ port }) => port);
      const host = this.#hosts.at(-1);
      if (host === undefined) throw new Error('nobody can be anywhere');
      const user = host.join({ channel, uid, platform, ports, profile: 'communication', publishes: true });
      this.talkers.push({ user, uid, channel, platform });
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
    // Everybody in turn: the channels are gone through one after the other.
    const talker = here[Math.floor(this.#count / this.#options.channels) % here.length];
    this.#count += 1;
    if (talker === undefined) return;
    const id = `${name}/${talker.uid}/${this.#count}`;
    this.#spoken.push({ talker, id, t: Date.now() });
    talker.user.tell(`send ${id}`);
  }

  async close(): Promise<void> {
    this.hush();
    for (const host of this.#hosts) host.close();
    for (const { server, clients, redis } of this.#places) {
      server.kill('SIGCONT');
      server.kill();
      clients.close();
      redis?.close();
    }
    await (this.replicated ?? this.redis).close();
  }
}

async function openPlace(redis: { url: string }, prefix: string, address: string | null): Promise<Place> {
  const own = await freePort();
  const ways = await openWays(own, redis.url, address);
  const server = new Member(own, ways.redisUrl, prefix, ways.port);
  await server.start();
  return { server, ...ways };
}

function metBy({ said }: User): number {
  return said.filter(({ callback }) => /^(onUserJoined|didJoinedOfUid|peer-online)$/.test(callback)).length;
}

async function connectionsOf({ port }: Member): Promise<number> {
  const metrics = await (await fetch(`http://127.0.0.1:${port}/metrics`)).text();
  const [, count] = /^holdfast_connections (\d+)/m.exec(metrics) ?? [];
  if (count === undefined) throw new Error(`the server on port ${port} does not say who is connected`);
  return Number(count);
}
