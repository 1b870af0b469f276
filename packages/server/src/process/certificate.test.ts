import { once } from 'node:events';
import { mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { connect, type PeerCertificate, type TLSSocket } from 'node:tls';
import { subprotocol } from '@holdfast/core';
import { pino } from 'pino';
import { generate } from 'selfsigned';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { loadSettings } from '../config/index.ts';
import { CertificateError, createMemoryStore, ProcessClock, ServerProcess } from './index.ts';

const scratch = mkdtempSync(join(tmpdir(), 'holdfast-tls-'));
const files = { tlsCert: join(scratch, 'cert.pem'), tlsKey: join(scratch, 'key.pem') };
const clock = new ProcessClock();
let pairs: { cert: string; private: string }[] = [];
let server: ServerProcess | undefined;

beforeAll(async () => {
  const days = { notAfterDate: new Date(Date.now() + 86_400_000), keyType: 'ec' as const };
  pairs = await Promise.all(['one', 'two'].map((value) => generate([{ name: 'commonName', value }], days)));
});
afterEach(() => server?.stop());
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

test('C-82 a new certificate is used without a restart, and no connection is dropped', async () => {
  put(0);
  const { port, logged } = await start();
  const early = new WebSocket(`wss://127.0.0.1:${port}`, [subprotocol], { rejectUnauthorized: false });
  await once(early, 'open');
  expect(await nameAt(port)).toBe('one');
  put(1);
  while ((await nameAt(port)) !== 'two') await sleep(50);
  expect(early.readyState).toBe(WebSocket.OPEN);
  expect(logged.filter(({ level }) => level >= 50)).toEqual([]);
  early.terminate();
});

test('C-82 a broken one is an error in the log, and the one before stays; then a good one is taken', async () => {
  put(0);
  const { port, logged } = await start();
  const at = performance.now();
  writeFileSync(files.tlsCert, 'nonsense');
  while (!logged.some(({ level }) => level === 50)) await sleep(50);
  // It looked twice: whoever renews them writes one after the other.
  expect(performance.now() - at).toBeGreaterThan(1_000);
  expect(await nameAt(port)).toBe('one');
  put(1);
  while ((await nameAt(port)) !== 'two') await sleep(50);
  expect(logged.filter(({ level }) => level === 50)).toHaveLength(1);
});

test.each([
  ['no file', () => rmSync(files.tlsKey), `tlsKey ${files.tlsKey} cannot be read (ENOENT)`],
  [
    'the key of another certificate',
    () => writeFileSync(files.tlsKey, pairs[1]?.private ?? ''),
    'make no TLS',
  ],
])('C-82 %s: the server does not start, and says why', async (_, spoil, text) => {
  put(0);
  spoil();
  const failed = start();
  await expect(failed).rejects.toThrow(CertificateError);
  await expect(failed).rejects.toThrow(text);
});

test('C-81 a TLS handshake that does not come to its end is cut', async () => {
  put(0);
  const { port } = await start({ HOLDFAST_BOUNDS_HEADER_MS: '200' });
  const { connect: dial } = await import('node:net');
  const socket = dial(port, '127.0.0.1');
  socket.on('error', () => {}).resume();
  await once(socket, 'close');
});

/** As those do that renew certificates: whole files, one after the other. */
function put(index: number): void {
  const pair = pairs[index];
  for (const [path, text] of [[files.tlsKey, pair?.private] as const, [files.tlsCert, pair?.cert] as const]) {
    writeFileSync(`${path}.new`, text ?? '');
    renameSync(`${path}.new`, path);
  }
}

async function start(env: Record<string, string> = {}) {
  const flags = Object.entries({ ...files, port: 0 }).map(([name, value]) => ({ name, origin: name, value }));
  const settings = loadSettings({ env, flags });
  const logged: { level: number }[] = [];
  const log = pino({ level: 'info' }, { write: (line: string) => logged.push(JSON.parse(line)) });
  server = new ServerProcess({ settings, clock, store: createMemoryStore(settings, clock), log });
  return { port: await server.listen(), logged };
}

async function nameAt(port: number): Promise<string | string[] | undefined> {
  const socket: TLSSocket = connect({ port, host: '127.0.0.1', rejectUnauthorized: false });
  await once(socket, 'secureConnect');
  const { subject }: PeerCertificate = socket.getPeerCertificate();
  socket.destroy();
  return subject.CN;
}
