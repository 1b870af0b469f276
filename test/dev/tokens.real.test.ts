/** Tokens and messages as people use them from the command line. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import agora from 'agora-token';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { cli } from '../conformance/processes.ts';

const [appId, certificate] = ['a'.repeat(32), 'b'.repeat(32)];
const app = { HOLDFAST_APP_ID: appId, HOLDFAST_APP_CERTIFICATE: certificate };
const started: ChildProcess[] = [];
let url = '';

beforeAll(async () => {
  const server = spawn(process.execPath, [cli, 'serve', '--port', '0'], { env: { ...process.env, ...app } });
  started.push(server);
  const [line] = await once(createInterface(server.stdout), 'line');
  url = `ws://127.0.0.1:${JSON.parse(line).port}`;
}, 15_000);

afterAll(() => {
  for (const child of started) child.kill('SIGKILL');
});

test.concurrent('C-60 a message from one user with a token to another', { timeout: 30_000 }, async () => {
  const a = join('talk', 1, token('talk', 1));
  const b = join('talk', 2, token('talk', 2), 'web');
  await a.until('onUserJoined');
  await b.until('stream-added');
  a.type('send hello');
  expect((await b.until('stream-message')).args[0]).toMatchObject({ uid: 1, data: { text: 'hello' } });
});

test.concurrent('C-42 a subscriber neither publishes nor sends', { timeout: 30_000 }, async () => {
  const a = join('hall', 1, token('hall', 1, agora.RtcRole.SUBSCRIBER));
  const b = join('hall', 2, token('hall', 2), 'web');
  await b.until('peer-online');
  a.type('send smuggled');
  a.type('leave');
  await b.until('peer-leave');
  expect(b.said.filter((name) => name.startsWith('stream-')).sort()).toEqual(['stream-published']);
});

test.concurrent.each([
  ['no token', () => ''],
  ['another user’s', () => token('room', 8)],
  ['another channel’s', () => token('hall', 7)],
])('C-42 %s is no way in', { timeout: 30_000 }, async (_, issued) => {
  const a = join('room', 7, issued());
  expect((await a.until('onError')).args[0]).toBe(110);
  expect(await a.code).toBe(1);
});

test.concurrent('C-43 an expired token is asked for, once, and renewed', { timeout: 30_000 }, async () => {
  const a = join('short', 1, token('short', 1, agora.RtcRole.PUBLISHER, 12));
  const b = join('short', 2, token('short', 2));
  await b.until('onUserJoined');
  await a.until('onTokenPrivilegeWillExpire');
  await a.until('onRequestToken', 20_000);
  a.type(`renew ${token('short', 1)}`);
  expect((await a.until('onRenewTokenResult')).args.at(-1)).toBe(0);
  expect(a.said.filter((name) => name === 'onRequestToken')).toHaveLength(1);
  expect(b.said).not.toContain('onUserOffline');
});

test.concurrent('C-43 else the stay fails 30 s later, and others see it leave', {
  timeout: 60_000,
}, async () => {
  const a = join('over', 1, token('over', 1, agora.RtcRole.PUBLISHER, 12));
  const b = join('over', 2, token('over', 2));
  await b.until('onUserJoined');
  const asked = await a.until('onRequestToken', 20_000);
  const failed = await a.until('onError', 40_000);
  expect(failed.args[0]).toBe(109);
  expect(failed.t - asked.t).toBeGreaterThanOrEqual(30_000);
  expect(failed.t - asked.t).toBeLessThan(31_000);
  expect((await b.until('onUserOffline')).args.at(-1)).toBe(0);
});

interface Line {
  readonly t: number;
  readonly callback: string;
  readonly args: readonly unknown[];
}

function token(channel: string, uid: number, role: number = agora.RtcRole.PUBLISHER, ttlS = 3_600): string {
  return agora.RtcTokenBuilder.buildTokenWithUid(appId, certificate, channel, uid, role, ttlS, 0);
}

function join(channel: string, uid: number, text: string, platform = 'linux') {
  const who = [
    '--uid',
    `${uid}`,
    '--server',
    url,
    '--app-id',
    appId,
    '--platform',
    platform,
    '--token',
    text,
  ];
  const child = spawn(process.execPath, [cli, 'join', channel, '--json', ...who]);
  started.push(child);
  const lines: Line[] = [];
  createInterface(child.stdout).on('line', (line) => lines.push(JSON.parse(line)));
  return {
    code: new Promise((resolve) => child.once('exit', resolve)),
    type: (line: string) => child.stdin.write(`${line}\n`),
    get said() {
      return lines.map(({ callback }) => callback);
    },
    until: (name: string, timeout = 15_000) =>
      vi.waitFor(() => {
        const found = lines.find(({ callback }) => callback === name);
        if (!found) throw new Error(`${uid} was told ${JSON.stringify(lines)}, not ${name}`);
        return found;
      }, timeout),
  };
}
