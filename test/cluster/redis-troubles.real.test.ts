/** What a server says of a Redis with which it cannot begin, or cannot go on; and what must have no effect. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { RedisProcess } from '@holdfast/server/faults';
import { afterAll, describe, expect, test, vi } from 'vitest';
import { cli, freePort } from '../conformance/processes.ts';
import { Cluster, edges, texts } from './cluster.ts';

const ends: (() => unknown)[] = [];
afterAll(async () => {
  for (const end of ends) await end();
});

describe.concurrent('C-54 a Redis', () => {
  test('that nobody is, or that refuses, ends the server with 1 and says why', async () => {
    const [locked, replica] = await Promise.all([
      redis('--requirepass', 'secret'),
      redis('--replicaof', '127.0.0.1', '1'),
    ]);
    const old = await answering('redis_version:6.2.14\r\nrole:master');
    const rows: [string, RegExp][] = [
      [`redis://127.0.0.1:${await freePort()}`, /ECONNREFUSED/],
      [locked.url, /does not take this user name and password/],
      [locked.url.replace('//', '//:wrong@'), /does not take this user name and password/],
      [replica.url, /read-only replica/],
      [`redis://127.0.0.1:${old}`, /it is Redis 6\.2\.14, and 7\.0 or newer is needed/],
      ['redis+sentinel://127.0.0.1:1', /its address is not one of redis:/],
    ];
    const said = await Promise.all(rows.map(([url]) => serve(url)));
    expect(said).toEqual(rows.map(([, why]) => [1, expect.stringMatching(why)]));
    expect(said.join()).not.toContain('wrong@');
  });

  test('that is out of memory makes a server not ready, and says so', async () => {
    const full = await redis('--maxmemory', '1mb', '--maxmemory-policy', 'noeviction');
    const port = await freePort();
    const server = spawn(process.execPath, [cli, 'serve', '--port', `${port}`, '--redis', full.url]);
    ends.push(() => server.kill('SIGKILL'));
    const ready = () => fetch(`http://127.0.0.1:${port}/readyz`).then((answer) => answer.json());
    await vi.waitFor(
      async () => expect(await ready()).toMatchObject({ ready: false, why: expect.stringMatching(/OOM/) }),
      25_000,
    );
    expect((await fetch(`http://127.0.0.1:${port}/healthz`)).status).toBe(200);
  });

  test('that two clusters use under two prefixes keeps them apart; servers whose clocks are minutes apart are one', async () => {
    const shared = await redis();
    const [one, other] = await Promise.all([
      Cluster.start(shared, 2, { clockAheadMs: [0, 600_000] }),
      Cluster.start(shared, 1),
    ]);
    ends.push(
      () => one.close(),
      () => other.close(),
    );
    const a = await one.join('room', 1, 'linux', 0);
    const b = await one.join('room', 2, 'linux', 1);
    const stranger = await other.join('room', 1, 'linux', 0);
    await vi.waitFor(() => expect(edges(a)).toEqual(['onUserJoined']), 5_000);
    a.tell('send hello');
    await vi.waitFor(() => expect(texts(b)).toEqual(['hello']), 5_000);
    await sleep(3_000);
    expect([edges(a), edges(b), edges(stranger)]).toEqual([['onUserJoined'], ['onUserJoined'], []]);
    expect(texts(stranger)).toEqual([]);
  });
});

async function redis(...args: readonly string[]): Promise<RedisProcess> {
  const started = await RedisProcess.start({ args });
  ends.push(() => started.close());
  return started;
}

/** What a server says to stderr, and how it ends. */
async function serve(url: string): Promise<[number, string]> {
  const child = spawn(process.execPath, [cli, 'serve', '--port', '0', '--redis', url]);
  ends.push(() => child.kill('SIGKILL'));
  let said = '';
  child.stderr.on('data', (text) => (said += text));
  const [code] = await once(child, 'close');
  return [code, said];
}

/** Something that speaks Redis, and answers everything with this. */
async function answering(info: string): Promise<number> {
  const server = createServer((socket) => {
    socket.on('data', (data) => {
      const commands = String(data).match(/^\*\d+\r$/gm)?.length ?? 0;
      socket.write(`$${info.length}\r\n${info}\r\n`.repeat(commands));
    });
    socket.on('error', () => undefined);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  ends.push(() => server.close());
  return (server.address() as AddressInfo).port;
}
