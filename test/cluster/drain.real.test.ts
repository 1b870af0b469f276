/** Servers of a cluster that are told to end, one after the other, while people talk (C-53). */
import { setTimeout as sleep } from 'node:timers/promises';
import { RedisProcess } from '@holdfast/server/faults';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import type { ServerProcess } from '../conformance/processes.ts';
import type { User } from '../conformance/users.ts';
import { Cluster, callbacks, edges, texts } from './cluster.ts';

let redis: RedisProcess;
let cluster: Cluster;

beforeAll(async () => {
  redis = await RedisProcess.start();
});
afterAll(async () => {
  cluster.close();
  await redis.close();
});

test('C-53 a rolling restart: no callback anywhere, every message once and in order; a second SIGTERM does not wait', async () => {
  cluster = await Cluster.start(redis, 2);
  const a = await cluster.join('room', 1, 'ios', 0);
  const b = await cluster.join('room', 2, 'web', 1);
  const c = await cluster.join('room', 3, 'android', 0);
  await meet(b, 2);
  await meet(a, 2);
  await meet(c, 2);
  const at = Date.now();
  let sent = 0;
  const talking = setInterval(() => a.tell(`send ${sent++}`), 20);
  for (const server of cluster.servers) {
    const toldAt = performance.now();
    server.kill('SIGTERM');
    await ends(server, 5_000);
    expect(server.diagnostics.at(-1)).toBe('exited with 0');
    // It was empty long before its time.
    expect(performance.now() - toldAt).toBeLessThan(4_000);
    await server.start();
  }
  clearInterval(talking);
  const all = Array.from({ length: sent }, (_, number) => `${number}`);
  await vi.waitFor(() => expect(texts(b)).toEqual(all), { timeout: 5_000 });
  expect(texts(c)).toEqual(all);
  expect([a, b, c].map((user) => callbacks(user, at))).toEqual([[], [], []]);

  const first = cluster.server(0);
  const stuck = await cluster.joinAlone('other', 4, 'linux', 0);
  stuck.kill('SIGSTOP');
  const ready = async () => (await fetch(`http://127.0.0.1:${first.port}/readyz`)).status;
  expect(await ready()).toBe(200);
  first.kill('SIGTERM');
  await sleep(1_500);
  expect([await ready(), first.alive]).toEqual([503, true]);
  first.kill('SIGTERM');
  await ends(first, 1_000);
  expect(first.diagnostics.at(-1)).toBe('exited with 0');
});

async function ends(server: ServerProcess, withinMs: number): Promise<void> {
  await vi.waitFor(() => expect(server.alive).toBe(false), { timeout: withinMs, interval: 10 });
}

/** Has been told of so many others. */
async function meet(user: User, others: number): Promise<void> {
  const met = () => edges(user).filter((name) => /joined|online/i.test(name)).length;
  await vi.waitFor(() => expect(met()).toBe(others), { timeout: 5_000 });
}
