/** A call between processes of Node, whose media run in processes of their own. */
import { existsSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { CallServer } from './call-server.ts';
import { NodeCaller } from './node-caller.ts';

let server: CallServer;
let callers: [NodeCaller, NodeCaller];

beforeAll(async () => {
  server = await CallServer.start(null);
  const place = { servers: [server.url], channel: 'call' };
  callers = [new NodeCaller({ ...place, uid: 1 }), new NodeCaller({ ...place, uid: 2 })];
  await everybodySees();
});

afterAll(() => {
  for (const caller of callers ?? []) caller.kill();
  server?.kill();
});

test('C-70 C-72 media processes end, on the server and at a user: pictures go on, and nobody is told of any absence', async () => {
  const before = await told();
  const [atWork] = await server.mediaPids();
  process.kill(atWork!, 'SIGKILL');
  await everybodySees();
  process.kill(callers[0].mediaPid()!, 'SIGKILL');
  await everybodySees();
  expect(await told()).toEqual(before);
});

test('a caller that was asked by many at once tells the next one what is, not what was', async () => {
  const [one] = callers;
  await Promise.all(Array.from({ length: 20 }, () => one.heard()));
  const before = (await one.shown(2)).length;
  await sleep(500);
  expect((await one.shown(2)).length).toBeGreaterThan(before);
});

test('C-72 a program that is killed takes its media along', async () => {
  const [one, two] = callers;
  const pid = one.mediaPid()!;
  one.kill();
  await expect.poll(() => existsSync(`/proc/${pid}`), { timeout: 2_000 }).toBe(false);
  const changes = async () => (await two.heard()).media.map(([, ...what]) => what.slice(0, 4));
  await expect.poll(changes, { timeout: 5_000 }).toContainEqual(['onRemoteVideoStateChanged', 1, 3, 1]);
});

async function everybodySees(): Promise<void> {
  await Promise.all([callers[0].sees(2), callers[1].sees(1)]);
}

async function told() {
  return Promise.all(callers.map(async (caller) => (await caller.told()).map(([, ...what]) => what)));
}
