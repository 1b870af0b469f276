/** Several `holdfast serve` over a real Redis: any of them may die, and Redis may be away. */
import { setTimeout as sleep } from 'node:timers/promises';
import { RedisProcess } from '@holdfast/server/faults';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import type { User } from '../conformance/users.ts';
import { Cluster, callbacks, edges, texts } from './cluster.ts';
import { ReplicatedRedis } from './replicated.ts';

const redises: { close(): Promise<void> }[] = [];
const clusters: Cluster[] = [];
let shared: RedisProcess;

beforeAll(async () => {
  shared = await RedisProcess.start();
  redises.push(shared);
});
afterAll(async () => {
  for (const cluster of clusters) cluster.close();
  for (const redis of redises) await redis.close();
});

describe.concurrent('a cluster', () => {
  test('C-50 C-51 C-52 a server dies by kill -9: nobody is told, no message is lost; who dies with it is told of once', async () => {
    const cluster = await start(shared, 3);
    const a = await cluster.join('room', 1, 'linux', 0);
    const b = await cluster.join('room', 2, 'android', 1);
    const c = await cluster.join('room', 3, 'web', 2);
    const other = await cluster.join('other', 5, 'linux', 0);
    const doomed = await cluster.joinAlone('room', 4, 'ios', 0);
    await meets(b, 3);
    const talk = speak(a, 40);
    await sleep(1_000);
    // It must not see its server die, and ask another one.
    doomed.kill('SIGSTOP');
    const at = cluster.server(0).kill();
    doomed.kill();
    await talk;
    await soon(5_000, () => texts(b), said(40));
    await soon(5_000, () => texts(c), said(40));
    expect([edges(a, at), edges(b, at), edges(c, at)]).toEqual([[], [], []]);
    expect(callbacks(a, at)).toEqual([]);
    expect(callbacks(other, at)).toEqual([]);
    // Its lease had 1.5 s more, at most, in which it can have heard the user.
    await soon(24_000, () => edges(b, at), ['onUserOffline']);
    const offline = b.said.find(({ t, callback }) => t >= at && callback === 'onUserOffline');
    expect((offline?.t ?? 0) - at).toBeGreaterThanOrEqual(19_000);
    expect((offline?.t ?? 0) - at).toBeLessThan(20_000 + 1_500 + 750);
    expect(edges(a, at)).toEqual(['onUserOffline']);
  });

  test('C-51 C-55 a server that is frozen is left, finds itself fenced when it wakes, and is a server again', async () => {
    const cluster = await start(shared, 2);
    const a = await cluster.join('room', 1, 'linux', 0);
    const b = await cluster.join('room', 2, 'web', 1);
    await meets(a, 1);
    await meets(b, 1);
    const at = cluster.server(0).kill('SIGSTOP');
    await speak(a, 30);
    await soon(5_000, () => texts(b), said(30));
    cluster.server(0).kill('SIGCONT');
    await sleep(1_500);
    const c = await cluster.join('room', 3, 'macos', 0);
    await meets(c, 2);
    await soon(2_000, () => edges(a, at), ['onUserJoined']);
    await soon(2_000, () => edges(b, at), ['peer-online', 'stream-added']);
    expect(callbacks(a, at)).toEqual(['onUserJoined']);
    expect(texts(b)).toEqual(said(30));
  });

  test('C-54 C-55 Redis is away for 10 s, then restarts: nobody moves or is told, what was said comes once, joins wait', async () => {
    const redis = await RedisProcess.start({ args: ['--appendonly', 'yes', '--appendfsync', 'always'] });
    redises.push(redis);
    const cluster = await start(redis, 2);
    const a = await cluster.join('room', 1, 'linux', 0);
    const b = await cluster.join('room', 2, 'web', 1);
    await meets(a, 1);
    await meets(b, 1);
    const at = Date.now();
    redis.freeze();
    const late = cluster.join('room', 3, 'linux', 0).catch(() => null);
    await sleep(2_500);
    const ready = await fetch(`http://127.0.0.1:${cluster.server(0).port}/readyz`);
    const alive = await fetch(`http://127.0.0.1:${cluster.server(0).port}/healthz`);
    expect([ready.status, alive.status]).toEqual([503, 200]);
    await speak(a, 20);
    await sleep(5_500);
    expect([callbacks(a, at), edges(b, at), texts(b)]).toEqual([[], [], []]);
    expect(await late).toBeNull();
    redis.thaw();
    await soon(5_000, () => texts(b), said(20));
    // Every server was without it: nobody has a reason to move.
    await sleep(1_500);
    expect([a.outageEnds, b.outageEnds]).toEqual([[], []]);
    await redis.stop();
    await redis.start();
    await speak(b, 20);
    await soon(5_000, () => texts(a), said(20));
    await sleep(4_000);
    expect(callbacks(a, at)).toEqual(['onUserJoined']);
  });

  test('C-54 C-61 Redis is killed and comes back empty: nobody is told, everything that was said comes once', async () => {
    const redis = await RedisProcess.start();
    redises.push(redis);
    const back = async () => {
      await redis.kill();
      await sleep(300);
      await redis.start();
    };
    await outlives(redis, async () => undefined, back);
  });

  test('C-61 a replica becomes the master without the last second: nobody is told, nothing is lost', async () => {
    const redis = await ReplicatedRedis.start();
    redises.push(redis);
    await outlives(
      redis,
      async () => redis.part(),
      () => redis.failOver(),
    );
  });
});

/** People talk while something happens to Redis: they are told nothing but what they say, and of one who comes before it. */
async function outlives(
  redis: { readonly url: string },
  before: () => Promise<void>,
  then: () => Promise<void>,
): Promise<void> {
  const cluster = await start(redis, 2);
  const a = await cluster.join('room', 1, 'linux', 0);
  const b = await cluster.join('room', 2, 'web', 1);
  const c = await cluster.join('room', 3, 'ios', 0);
  for (const each of [a, b, c]) await meets(each, 2);
  const at = Date.now();
  const talk = speak(a, 100);
  await sleep(1_000);
  await before();
  const d = await cluster.join('room', 4, 'android', 1);
  for (const each of [a, b, c, d]) await meets(each, 3);
  await then();
  await talk;
  await speak(d, 10);
  await soon(8_000, () => texts(b), [...said(100), ...said(10)]);
  await soon(2_000, () => texts(c), [...said(100), ...said(10)]);
  await soon(2_000, () => texts(a), said(10));
  // Those whose lease nobody has judged, and silences that waited, are judged by now.
  await sleep(4_000);
  expect([a, b, c].map((each) => callbacks(each, at))).toEqual([
    ['onUserJoined'],
    ['peer-online', 'stream-added'],
    ['didJoinedOfUid'],
  ]);
  expect(edges(d)).toEqual(['onUserJoined', 'onUserJoined', 'onUserJoined']);
}

async function start(redis: { readonly url: string }, servers: number): Promise<Cluster> {
  const cluster = await Cluster.start(redis, servers);
  clusters.push(cluster);
  return cluster;
}

/** Has been told of so many others. */
async function meets(user: User, others: number): Promise<void> {
  const met = () => edges(user).filter((name) => /joined|online/i.test(name)).length;
  await soon(5_000, met, others);
}

/** Comes to be so. */
async function soon<T>(timeout: number, what: () => T, wanted: T): Promise<void> {
  await vi.waitFor(() => expect(what()).toEqual(wanted), { timeout, interval: 20 });
}

/** Says so much, one every 50 ms. */
async function speak(user: User, count: number): Promise<void> {
  for (const text of said(count)) {
    user.tell(`send ${text}`);
    await sleep(50);
  }
}

function said(count: number): string[] {
  return Array.from({ length: count }, (_, index) => `message ${index + 1}`);
}
