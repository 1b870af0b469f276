/** `holdfast doctor` in bad situations: what it finds, what it says to do, and how it ends. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { RedisProcess } from '@holdfast/server/faults';
import { generate } from 'selfsigned';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { cli, freePort } from '../conformance/processes.ts';

const folder = mkdtempSync(join(tmpdir(), 'holdfast-doctor-'));
const ec = { keyType: 'ec' as const };
let redis: RedisProcess;
beforeAll(async () => {
  redis = await RedisProcess.start({ args: ['--requirepass', 'right', '--maxmemory-policy', 'allkeys-lru'] });
});
afterAll(async () => {
  await redis.close();
  rmSync(folder, { recursive: true, force: true });
});

test.concurrent('nothing is wrong: it ends with 0, also in words for programs', async () => {
  const json = join(folder, 'fine.json');
  const { code, output } = await doctor('--json', json);
  expect(output).not.toContain('FAIL');
  expect(output).toMatch(/^ok {4}port \d+: free on 127\.0\.0\.1$/m);
  expect(output).toMatch(/^ok {4}media engine: loads$/m);
  expect(code).toBe(0);
  expect(JSON.parse(readFileSync(json, 'utf8'))).toMatchObject({ ok: true, failures: [] });
});

test.concurrent('a Redis that evicts and keeps nothing is told of, and its password is not', async () => {
  const { code, output } = await doctor('--redis', `redis://:right@127.0.0.1:${redis.port}`);
  expect(output).toMatch(/^ok {4}Redis writes: are taken$/m);
  expect(output).toMatch(/^warn {2}Redis memory: maxmemory-policy is allkeys-lru: set noeviction/m);
  expect(output).toMatch(/^warn {2}Redis maxmemory: not set, \d+ MB are used/m);
  expect(output).toMatch(/^warn {2}Redis data: appendonly is off/m);
  expect(output).toMatch(/^ok {4}Redis replicas: none/m);
  expect(output).toMatch(/^ok {4}cluster: no server runs under the prefix holdfast$/m);
  expect(output).not.toContain('right@');
  expect(code).toBe(0);
});

test.concurrent('a Redis that is full, and whose disk is never up to date', async () => {
  const args = ['--maxmemory', '500kb', '--appendonly', 'yes', '--appendfsync', 'no'];
  const full = await RedisProcess.start({ args });
  const { code, output } = await doctor('--redis', full.url);
  await full.close();
  expect(output).toMatch(/^ok {4}Redis memory: nothing is evicted$/m);
  expect(output).toMatch(/^FAIL {2}Redis writes: OOM/m);
  expect(output).toMatch(/^warn {2}Redis maxmemory: 1 MB of 1 MB are used: raise it/m);
  expect(output).toMatch(/^warn {2}Redis data: .* appendfsync is no/m);
  expect(code).toBe(1);
});

test.concurrent('a wrong password', async () => {
  const { code, output } = await doctor('--redis', `redis://:wrong@127.0.0.1:${redis.port}`);
  expect(output).toMatch(/^FAIL {2}Redis: it does not take this user name and password$/m);
  expect(code).toBe(1);
});

test.concurrent('a Redis that is too old', async () => {
  const port = await oldRedis();
  const { code, output } = await doctor('--redis', `redis://127.0.0.1:${port}`);
  expect(output).toMatch(/^FAIL {2}Redis: it is Redis 6\.2\.14, and 7\.0 or newer is needed$/m);
  expect(code).toBe(1);
});

test.concurrent('key and certificate of two pairs, a port that is taken, a public address that leads nowhere', async () => {
  const [one, two] = await Promise.all([generate([], ec), generate([], ec)]);
  const [cert, key] = [join(folder, 'cert.pem'), join(folder, 'key.pem')];
  writeFileSync(cert, one.cert);
  writeFileSync(key, two.private);
  const taken = createServer().listen(0, '127.0.0.1');
  await once(taken, 'listening');
  const { port } = taken.address() as AddressInfo;
  const flags = ['--tls-cert', cert, '--tls-key', key, '--public-url', `wss://127.0.0.1:${await freePort()}`];
  const { code, output } = await doctor(...flags, '--port', `${port}`);
  taken.close();
  expect(output).toMatch(/^FAIL {2}TLS: tlsCert .* and tlsKey .* make no TLS/m);
  expect(output).toMatch(
    new RegExp(`^FAIL {2}port ${port}: cannot be listened on at 127.0.0.1: EADDRINUSE`, 'm'),
  );
  expect(output).toMatch(/^warn {2}publicUrl .*: nobody answers \(ECONNREFUSED\)/m);
  expect(code).toBe(1);
});

test.concurrent('settings that cannot be', async () => {
  const { code, output } = await doctor('--host', '0.0.0.0');
  expect(output).toMatch(/^FAIL {2}settings: host = "0\.0\.0\.0" .*--insecure/m);
  expect(code).toBe(1);
});

async function doctor(...args: readonly string[]): Promise<{ code: number; output: string }> {
  const port = args.includes('--port') ? [] : ['--port', `${await freePort()}`];
  const child = spawn(process.execPath, [cli, 'doctor', ...port, ...args]);
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (text) => (output += text));
  const [code] = (await once(child, 'close')) as [number];
  return { code, output };
}

/** Says of itself what a Redis of that version says. */
async function oldRedis(): Promise<number> {
  const info = '# Server\r\nredis_version:6.2.14\r\nrole:master\r\nloading:0\r\n';
  const server = createServer((socket) => {
    socket.on('error', () => {});
    socket.on('data', (data) => {
      for (const command of String(data).split(/^\*/m).slice(1))
        socket.write(/info/i.test(command) ? `$${info.length}\r\n${info}\r\n` : '+OK\r\n');
    });
  });
  server.listen(0, '127.0.0.1').unref();
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}
