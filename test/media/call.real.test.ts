/** Two pages of a real browser in a call, and what they see of it when media processes and servers end. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Call } from './call.ts';
import { type Caller, longestGap } from './caller.ts';

let call: Call;

beforeAll(async () => {
  call = await Call.begin({ pages: 2, servers: 2, h264: [2] });
});

afterAll(async () => {
  await call?.end();
});

test('C-70 two pages see and hear each other', async () => {
  await call.everybodySees(10);
});

test('each is told how loud both of them are', async () => {
  const [one] = call.callers as [Caller, Caller];
  const heard = () => one.page.evaluate('volumes.map(({ uid }) => uid).sort()');
  await expect.poll(heard, { timeout: 5_000 }).toEqual([1, 2]);
});

test('each sends in the codec that its application has chosen', async () => {
  const [one, two] = call.callers as [Caller, Caller];
  expect([await one.codecs(), await two.codecs()]).toEqual([['video/H264'], ['video/VP8']]);
});

test('C-70 C-72 the media process is killed: pictures go on in the same objects and elements, and nobody is told', async () => {
  const before = await told();
  const at = Date.now();
  const [atWork] = await call.servers[0]!.mediaPids();
  process.kill(atWork!, 'SIGKILL');
  await call.everybodySees(20);
  expect(await gap(at)).toBeLessThan(2_000);
  expect(await told()).toEqual(before);
  expect(await everythingIsTheSame()).toBe(true);
});

test('C-71 who is muted stays muted on a new connection', async () => {
  const [one, two] = call.callers as [Caller, Caller];
  await one.page.evaluate('localStream.muteVideo()');
  await expect.poll(async () => (await two.told()).at(-1)?.[1]).toBe('mute-video');
  const [atWork] = await call.servers[0]!.mediaPids();
  process.kill(atWork!, 'SIGKILL');
  await one.sees(2, 20);
  const shown = (await two.shown(1)).length;
  await one.sees(2, 20);
  expect((await two.shown(1)).length).toBe(shown);
  await one.page.evaluate('localStream.unmuteVideo()');
  await two.sees(1, 10);
});

test('C-70 the server is killed: both go on at the other one, and nobody is told', async () => {
  const before = await told();
  const at = Date.now();
  call.servers[0]!.kill();
  await call.everybodySees(20);
  expect(await gap(at)).toBeLessThan(3_000);
  expect(await told()).toEqual(before);
  expect(await everythingIsTheSame()).toBe(true);
});

test('C-70 users on two servers see and hear each other; one server is killed, and they still do', async () => {
  const apart = await Call.begin({ pages: 2, servers: 2, h264: [2], spread: true });
  try {
    await apart.everybodySees(10);
    apart.servers[1]!.kill();
    await apart.everybodySees(20);
  } finally {
    await apart.end();
  }
});

async function told() {
  return Promise.all(call.callers.map(async (caller) => (await caller.told()).map(([, ...what]) => what)));
}

async function gap(from: number): Promise<number> {
  const gaps = call.pairs.map(async ({ viewer, uid }) =>
    longestGap(await viewer.shown(uid), from, Date.now()),
  );
  return Math.max(...(await Promise.all(gaps)));
}

async function everythingIsTheSame(): Promise<boolean> {
  return (await Promise.all(call.pairs.map(({ viewer, uid }) => viewer.same(uid)))).every(Boolean);
}
