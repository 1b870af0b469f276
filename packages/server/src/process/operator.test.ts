import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { closeName, encodeClientFrame, type Join, subprotocol } from '@holdfast/core';
import { pino } from 'pino';
import { afterEach, describe, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { loadSettings } from '../config/index.ts';
import type { Store } from '../store/store.ts';
import { createMemoryStore, ProcessClock, ServerProcess } from './index.ts';

const apiKey = 'correct horse battery';
const clock = new ProcessClock();
const started: ServerProcess[] = [];
const sockets: WebSocket[] = [];

afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.terminate();
  for (const server of started.splice(0)) await server.stop();
});

describe('the key', () => {
  test('without one nobody is removed, and the answer says what to do', async () => {
    const { url } = await start({});
    for (const action of ['kick', 'ban', 'unban', 'close']) {
      const answer = await post(url, action, { channel: 'room', uid: 1 }, null);
      expect(answer).toMatchObject({
        status: 403,
        body: { text: expect.stringContaining('HOLDFAST_API_KEY') },
      });
    }
  });

  test.each([
    ['none', null, 401],
    ['a wrong one', 'wrong horse battery', 401],
    ['one that begins alike', apiKey.slice(0, -1), 401],
    ['the right one', apiKey, 200],
  ])('%s', async (_, key, status) => {
    const { url } = await start({ HOLDFAST_API_KEY: apiKey });
    expect(await post(url, 'kick', { channel: 'room', uid: 1 }, key)).toMatchObject({ status });
  });

  test('with it channels are shown from anywhere, without it as before; a wrong one opens nothing', async () => {
    const { url } = await start({ HOLDFAST_API_KEY: apiKey });
    const proxied = { 'X-Forwarded-For': '1.2.3.4' };
    const statusOf = async (headers: Record<string, string>) =>
      (await fetch(`${url}/v1/channels`, { headers })).status;
    expect(await statusOf({ ...proxied, Authorization: `Bearer ${apiKey}` })).toBe(200);
    expect(await statusOf(proxied)).toBe(403);
    expect(await statusOf({})).toBe(200);
    expect(await statusOf({ Authorization: 'Bearer wrong horse battery' })).toBe(401);
  });

  test('C-81 after too many wrong ones no key from that address is looked at for a while', async () => {
    const { url } = await start({ HOLDFAST_API_KEY: apiKey, HOLDFAST_BOUNDS_KEY_FAILURES_PER_MINUTE: '3' });
    const kick = { channel: 'room', uid: 1 };
    for (let wrong = 0; wrong < 3; wrong += 1)
      expect((await post(url, 'kick', kick, `wrong key number ${wrong}`)).status).toBe(401);
    const refused = await post(url, 'kick', kick, apiKey);
    expect(refused).toMatchObject({ status: 429, body: { error: 'too-many' } });
    expect(Number(refused.headers.get('Retry-After'))).toBeGreaterThan(10);
  });

  test('C-91 is in no log and in no answer', async () => {
    const { url, logged } = await start({ HOLDFAST_API_KEY: apiKey, HOLDFAST_LOG_LEVEL: 'trace' });
    const answers = [
      await post(url, 'kick', { channel: 'room', uid: 1 }, apiKey),
      await post(url, 'kick', { channel: 'room', uid: apiKey }, apiKey),
      await post(url, 'kick', {}, 'wrong horse battery'),
    ];
    expect(JSON.stringify([answers.map(({ body }) => body), logged])).not.toMatch(/horse/);
  });
});

describe('C-44 removals', () => {
  test('who is kicked is told so, and may join again; what was done is in the log', async () => {
    const { url, logged } = await start({ HOLDFAST_API_KEY: apiKey });
    const user = await join(url, 1);
    expect(await post(url, 'kick', { channel: 'room', uid: 1 })).toMatchObject({
      status: 200,
      body: { ok: true },
    });
    expect(await user.end).toBe('banned');
    expect((await join(url, 1)).ws.readyState).toBe(WebSocket.OPEN);
    expect(logged.find(({ msg }) => msg === 'operator: kick')).toMatchObject({ channel: 'room', uid: 1 });
  });

  test('who is banned stays out at every server of the process, until it is let in', async () => {
    const one = await start({ HOLDFAST_API_KEY: apiKey });
    const two = await start({ HOLDFAST_API_KEY: apiKey }, one.store);
    const users = [await join(one.url, 1), await join(two.url, 1, 'another'), await join(two.url, 2)];
    await post(one.url, 'ban', { uid: 1, seconds: 60 });
    expect(await Promise.all(users.slice(0, 2).map(({ end }) => end))).toEqual(['banned', 'banned']);
    expect(await (await join(two.url, 1, 'third')).end).toBe('banned');
    const { bans } = (await get(two.url, 'bans')) as { bans: unknown[] };
    const all = { appId: 'demo', channel: null, uid: 1, account: null };
    expect(bans).toEqual([{ ...all, leftMs: expect.any(Number) }]);
    expect(await post(two.url, 'unban', { uid: 1 })).toMatchObject({ status: 200 });
    expect(await post(two.url, 'unban', { uid: 1 })).toMatchObject({ status: 404 });
    await sleep(20);
    expect([users[2], await join(one.url, 1)].map((user) => user?.ws.readyState)).toEqual([1, 1]);
  });

  test('a channel that is closed loses everybody, and opens again after its time', async () => {
    const { url } = await start({ HOLDFAST_API_KEY: apiKey });
    const users = [await join(url, 1), await join(url, 2)];
    await post(url, 'close', { channel: 'room', seconds: 1 });
    expect(await Promise.all(users.map(({ end }) => end))).toEqual(['banned', 'banned']);
    expect(await (await join(url, 3)).end).toBe('banned');
    await sleep(1_050);
    expect((await join(url, 3)).ws.readyState).toBe(WebSocket.OPEN);
  });

  test.each([
    ['kick', {}, 'channel'],
    ['kick', { channel: 'room' }, 'uid or by account'],
    ['kick', { channel: 'room', uid: 1, account: 'ann' }, 'uid or by account'],
    ['kick', { channel: 'room', uid: 0 }, 'uid'],
    ['kick', { channel: 'room', uid: '1' }, 'uid'],
    ['kick', { channel: 'room', uid: 1, forever: true }, 'forever'],
    ['ban', { channel: 'room', uid: 1 }, 'seconds'],
    ['ban', { seconds: 60 }, 'channel, a user, or both'],
    ['ban', { uid: 1, seconds: 0 }, 'seconds'],
    ['ban', { uid: 1, seconds: 40_000_000 }, 'seconds'],
    ['close', { channel: 'x'.repeat(65) }, 'channel'],
    ['close', { channel: 'a\nb' }, 'channel'],
    ['close', [], 'object'],
  ])('%s with %j is refused, and says what is wrong', async (action, order, words) => {
    const { url } = await start({ HOLDFAST_API_KEY: apiKey });
    const { status, body } = await post(url, action, order);
    expect([status, body]).toEqual([400, { error: 'bad-request', text: expect.stringContaining(words) }]);
  });

  test('a server of several apps wants to know which', async () => {
    const { url } = await start({ HOLDFAST_API_KEY: apiKey, HOLDFAST_APP_ID: 'one,two' });
    expect(await post(url, 'kick', { channel: 'room', uid: 1 })).toMatchObject({ status: 400 });
    expect(await post(url, 'kick', { appId: 'two', channel: 'room', uid: 1 })).toMatchObject({ status: 200 });
  });

  test('C-81 a body that is too large is refused', async () => {
    const { url } = await start({ HOLDFAST_API_KEY: apiKey, HOLDFAST_BOUNDS_REST_BODY_BYTES: '1000' });
    const order = { channel: 'room', uid: 1, account: 'x'.repeat(1_000) };
    expect((await post(url, 'kick', order)).status).toBe(413);
  });
});

async function start(env: Record<string, string>, shared?: Store) {
  const flags = [{ name: 'port', origin: '--port', value: 0 }];
  const settings = loadSettings({ env: { HOLDFAST_APP_ID: 'demo', ...env }, flags });
  const logged: { msg: string }[] = [];
  const log = pino({ level: settings.logLevel }, { write: (line: string) => logged.push(JSON.parse(line)) });
  const store = shared ?? createMemoryStore(settings, clock);
  const server = new ServerProcess({ settings, clock, store, log });
  started.push(server);
  return { url: `http://127.0.0.1:${await server.listen()}`, store, logged };
}

async function post(url: string, action: string, order: unknown, key: string | null = apiKey) {
  const authorization = key === null ? {} : { Authorization: `Bearer ${key}` };
  const headers = { 'Content-Type': 'application/json', ...authorization } as Record<string, string>;
  const response = await fetch(`${url}/v1/${action}`, {
    method: 'POST',
    headers,
    body: JSON.stringify(order),
  });
  return { status: response.status, body: (await response.json()) as unknown, headers: response.headers };
}

async function get(url: string, path: string): Promise<unknown> {
  const response = await fetch(`${url}/v1/${path}`, { headers: { Authorization: `Bearer ${apiKey}` } });
  return response.json();
}

/** A user on a connection of its own, once the server has answered its join. */
async function join(url: string, uid: number, channel = 'room') {
  const ws = new WebSocket(url.replace('http', 'ws'), [subprotocol]);
  sockets.push(ws);
  const end = once(ws, 'close').then(([code]) => closeName(code));
  await once(ws, 'open');
  const self = { role: 'host', streams: [] } as const;
  ws.send(
    encodeClientFrame({
      ...{ type: 'join', uid, account: '', platform: 'linux', profile: 'communication', self, rejoin: null },
      ...{ nonce: `nonce-of-sixteen-${Math.random()}`, attempt: 1 },
      credentials: { minor: 0, sdk: 'test', appId: 'demo', channel, token: '' },
    } as Join),
  );
  await Promise.race([once(ws, 'message'), end]);
  return { ws, end };
}
