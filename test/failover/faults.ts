/** What is done to a cluster, one after another. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Doomed } from './doomed.ts';
import type { Place, World } from './world.ts';

export interface Fault {
  /** What it is, in words. */
  readonly what: string;
  /** Goal for the time from the fault until everybody is back, 99 of 100, in milliseconds; null: none. */
  readonly backMs: number | null;
  /** Goal for the time from saying something to hearing it, 99 of 100, in milliseconds: where nobody has a gap. */
  readonly deliveryMs?: number;
  /** Where the servers keep what they share; a Redis of its own, if left out. */
  readonly over?: 'sentinel';
  /** Is nobody told anything, not even whom it concerns? */
  readonly silent: boolean;
  /** Do users lose the server that they are at? */
  readonly moves?: boolean;
  /** Some users at the server die with it. */
  readonly deadly?: boolean;
  /** Does it, and mends it again. */
  run(world: World, options: FaultOptions): Promise<void>;
}

export interface FaultOptions {
  /** How long Redis is cut off from everybody, in milliseconds. */
  readonly outageMs: number;
  /** The server that most users are at: what is done to one server is done to this one. */
  readonly place: Place;
  /** Who dies with it. */
  readonly doomed: Doomed | null;
}

export const faults: Readonly<Record<string, Fault>> = {
  kill: {
    what: 'a server is killed (kill -9) and started again after 5 s',
    ...{ backMs: 1_000, silent: true, moves: true },
    async run(_, { place: { server } }) {
      server.kill();
      await sleep(5_000);
      await server.start();
    },
  },
  'kill-together': {
    what: 'a server is killed together with some of its users',
    deadly: true,
    ...{ backMs: 1_000, silent: true, moves: true },
    async run(_, { place: { server }, doomed }) {
      server.kill();
      doomed?.die();
      await sleep(reportedMs);
      await server.start();
    },
  },
  freeze: {
    what: 'a server stands still (SIGSTOP) for 8 s',
    ...{ backMs: 4_000, silent: false, moves: true },
    async run(_, { place: { server } }) {
      server.kill('SIGSTOP');
      await sleep(8_000);
      server.kill('SIGCONT');
    },
  },
  cut: {
    what: 'a server loses all of its network for 10 s: packets from and to it are dropped',
    ...{ backMs: 4_000, silent: false, moves: true },
    async run(_, { place: { clients, redis } }) {
      for (const way of [clients, redis]) way?.cut();
      await sleep(10_000);
      for (const way of [clients, redis]) way?.heal();
    },
  },
  drain: {
    what: 'a server is told to end (SIGTERM) and started again',
    ...{ backMs: null, silent: true, moves: true, deliveryMs: 250 },
    run: (_, { place }) => restart(place),
  },
  rolling: {
    what: 'all servers are restarted, one after another (SIGTERM)',
    ...{ backMs: null, silent: true, moves: true, deliveryMs: 250 },
    async run(world) {
      for (const place of world.places) {
        await restart(place);
        await sleep(2_000);
      }
    },
  },
  'redis-restart': {
    what: 'Redis is restarted, and has kept everything',
    ...{ backMs: null, silent: true },
    async run({ redis }) {
      await redis.stop();
      await sleep(1_000);
      await redis.start();
    },
  },
  'redis-cut': {
    what: 'every server is cut off from Redis',
    ...{ backMs: null, silent: true },
    async run(world, { outageMs }) {
      for (const { redis } of world.places) redis?.cut();
      await sleep(outageMs);
      for (const { redis } of world.places) redis?.heal();
    },
  },
  'redis-loss': {
    what: 'Redis loses everything',
    ...{ backMs: null, silent: true },
    async run({ redis }) {
      await redis.ask('FLUSHALL');
      await sleep(5_000);
    },
  },
  'server-redis-cut': {
    what: 'one server is cut off from Redis for 15 s',
    ...{ backMs: null, silent: true, moves: true },
    async run(_, { place: { redis } }) {
      redis?.cut();
      await sleep(15_000);
      redis?.heal();
    },
  },
  'sentinel-failover': {
    what: 'the master dies, and Sentinel makes a replica the master, without the last second',
    over: 'sentinel',
    ...{ backMs: null, silent: true },
    async run({ replicated }) {
      replicated?.part();
      await sleep(1_000);
      await replicated?.failOver();
      await sleep(3_000);
    },
  },
};

/** By then the dead are reported, or never, in milliseconds. */
const reportedMs = 23_000;

async function restart({ server }: Place): Promise<void> {
  server.kill('SIGTERM');
  while (server.alive) await sleep(20);
  await server.start();
}
