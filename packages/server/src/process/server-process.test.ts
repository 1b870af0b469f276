import { connect } from 'node:net';
import { pino } from 'pino';
import { afterEach, expect, test } from 'vitest';
import { loadSettings, type Sources } from '../config/index.ts';
import { createMemoryStore, ListenError, ProcessClock, ServerProcess } from './index.ts';

const started: ServerProcess[] = [];
const clock = new ProcessClock();

afterEach(async () => {
  for (const server of started.splice(0)) await server.stop();
});

test('C-91 a server is alive and ready', async () => {
  const { server, url } = await start();
  expect(await ask(url, '/healthz')).toEqual({ status: 200, body: { ok: true, server: server.id } });
  expect(await ask(url, '/readyz')).toEqual({ status: 200, body: { ready: true, server: server.id } });
});

test('C-91 its metrics are text of Prometheus, and name nobody', async () => {
  const { url } = await start();
  const response = await fetch(`${url}/metrics`);
  expect(response.headers.get('content-type')).toContain('text/plain; version=0.0.4');
  const text = await response.text();
  for (const name of ['sessions', 'connections', 'channels'])
    expect(text).toMatch(new RegExp(`^holdfast_${name} 0$`, 'm'));
  expect(text).toContain('process_cpu_seconds_total');
});

test('on loopback it shows channels and outages', async () => {
  const { server, url } = await start();
  expect(await ask(url, '/v1/channels')).toEqual({ status: 200, body: { channels: [] } });
  expect(await ask(url, '/v1/outages')).toEqual({ status: 200, body: { server: server.id, outages: [] } });
});

test.each([
  ['a proxy', { 'X-Forwarded-For': '1.2.3.4' }, 'came through a proxy'],
  ['a proxy of the standard kind', { Forwarded: 'for=1.2.3.4' }, 'came through a proxy'],
  ['a page that had its name resolve to loopback', { Host: 'evil.example' }, 'under the name localhost'],
])('but not to %s', async (_, headers, why) => {
  const { port } = await start();
  for (const path of ['/v1/channels', '/v1/outages']) {
    const answer = await rawGet(port, path, headers);
    expect(answer).toContain('403 Forbidden');
    expect(answer).toContain(why);
  }
});

test('beyond loopback it shows them to nobody', async () => {
  const flags = [
    { name: 'host', origin: '--host', value: '0.0.0.0' },
    { name: 'insecure', origin: '--insecure', value: true },
  ];
  const { port } = await start(flags);
  const answer = await ask(`http://127.0.0.1:${port}`, '/v1/channels');
  expect(answer.status).toBe(403);
  expect(answer.body).toMatchObject({ error: 'forbidden', text: expect.stringContaining('loopback') });
  expect((await ask(`http://127.0.0.1:${port}`, '/healthz')).status).toBe(200);
});

test('what is not there is said in JSON', async () => {
  const { url } = await start();
  const answer = await ask(url, '/v2/channels?secret=1');
  expect(answer).toEqual({
    status: 404,
    body: { error: 'not-found', text: 'There is no GET /v2/channels here.' },
  });
});

test('a port in use is an error that says what to do', async () => {
  const { port } = await start();
  const second = start([{ name: 'port', origin: '--port', value: port }]);
  await expect(second).rejects.toThrow(ListenError);
  await expect(second).rejects.toThrow(
    `cannot listen on 127.0.0.1, port ${port}: another process listens there. Stop it, or choose another port with --port`,
  );
});

test('a stopped server is gone within a second, whoever hangs on it', async () => {
  const { server, port, url } = await start();
  const idle = connect(port, '127.0.0.1');
  idle.on('error', () => {});
  await ask(url, '/healthz');
  const at = performance.now();
  await Promise.all([server.stop(), server.stop()]);
  expect(performance.now() - at).toBeLessThan(1_000);
  await expect(fetch(`${url}/healthz`)).rejects.toThrow();
  idle.destroy();
});

async function start(flags: Sources['flags'] = []) {
  const settings = loadSettings({ flags: [{ name: 'port', origin: '--port', value: 0 }, ...flags] });
  const store = createMemoryStore(settings, clock);
  const server = new ServerProcess({ settings, clock, store, log: pino({ level: 'silent' }) });
  const port = await server.listen();
  started.push(server);
  return { server, port, url: `http://127.0.0.1:${port}` };
}

async function ask(url: string, path: string): Promise<{ status: number; body: unknown }> {
  const response = await fetch(`${url}${path}`);
  return { status: response.status, body: await response.json() };
}

/** `fetch` sends no Host header of ours. */
async function rawGet(port: number, path: string, headers: Record<string, string>): Promise<string> {
  const all = { Host: `127.0.0.1:${port}`, Connection: 'close', ...headers };
  const socket = connect(port, '127.0.0.1');
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`);
  socket.write(`GET ${path} HTTP/1.1\r\n${lines.join('')}\r\n`);
  const chunks = (await socket.toArray()) as Buffer[];
  return Buffer.concat(chunks).toString();
}
