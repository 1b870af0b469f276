/** TLS and an operator's commands, as people use them: `wss://`, and a user of each dialect who is thrown out. */
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join as pathOf } from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';
import { generate } from 'selfsigned';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { cli } from '../conformance/processes.ts';

const scratch = mkdtempSync(pathOf(tmpdir(), 'holdfast-removal-'));
const files = { cert: pathOf(scratch, 'cert.pem'), key: pathOf(scratch, 'key.pem') };
const env = { ...process.env, HOLDFAST_API_KEY: 'correct horse battery', NODE_EXTRA_CA_CERTS: files.cert };
const started: ChildProcess[] = [];
let url = '';

beforeAll(async () => {
  const altNames = [{ type: 7 as const, ip: '127.0.0.1' }];
  const pair = await generate([{ name: 'commonName', value: '127.0.0.1' }], {
    extensions: [{ name: 'subjectAltName', altNames }],
  });
  writeFileSync(files.cert, pair.cert);
  writeFileSync(files.key, pair.private);
  const tls = ['--tls-cert', files.cert, '--tls-key', files.key];
  const server = spawn(process.execPath, [cli, 'serve', '--port', '0', '--app-id', 'demo', ...tls], { env });
  started.push(server);
  const [line] = await once(createInterface(server.stdout), 'line');
  url = `wss://127.0.0.1:${JSON.parse(line).port}`;
}, 15_000);

afterAll(() => {
  for (const child of started) child.kill('SIGKILL');
  rmSync(scratch, { recursive: true, force: true });
});

test.concurrent.each([
  ['linux', 'onConnectionStateChanged', [5, 3], 'onError', 123],
  ['macos', 'connectionChangedTo', [5, 3], 'didOccurError', 123],
  ['web', 'connection-state-change', ['DISCONNECTED'], 'client-banned', 'K_UID_BANNED'],
])(
  'C-44 on %s a user who is banned hears it in its own words, and the others that it quit',
  {
    timeout: 30_000,
  },
  async (platform, stateName, state, errorName, error) => {
    const [a, b] = [user(`room-${platform}`, 1, platform), user(`room-${platform}`, 2, 'linux')];
    await b.until('onUserJoined');
    await operate('ban', `room-${platform}`, '--uid', '1', '--seconds', '60');
    const told = await a.until(errorName);
    expect(JSON.stringify(told.args)).toContain(JSON.stringify(error));
    const last = a.lines.findLast(({ callback }) => callback === stateName);
    for (const part of state) expect(JSON.stringify(last?.args)).toContain(JSON.stringify(part));
    expect(await a.code).toBe(1);
    expect((await b.until('onUserOffline')).args.at(-1)).toBe(0);
    const again = user(`room-${platform}`, 1, platform);
    const refused = await again.until(platform === 'web' ? 'failure' : errorName);
    expect(JSON.stringify(refused.args)).toContain(JSON.stringify(error));
  },
);

test.concurrent('C-44 kick, bans, unban and close from the command line', { timeout: 30_000 }, async () => {
  const a = user('hall', 7, 'linux');
  await a.until('onJoinChannelSuccess');
  expect(await operate('kick', 'hall', '--uid', '7')).toMatch('user 7 is removed from hall');
  await a.until('onError');
  const back = user('hall', 7, 'linux');
  await back.until('onJoinChannelSuccess');
  expect(await operate('close', 'hall', '--seconds', '60')).toBe('hall is closed for 60 s\n');
  await back.until('onError');
  expect(await operate('bans')).toMatch(/demo +hall +everybody +(60|59) s/);
  await operate('unban', 'hall');
  await user('hall', 8, 'linux').until('onJoinChannelSuccess');
  expect(await operate('channels')).toMatch(/demo +hall +8/);
  const failed = operate('unban', 'hall');
  await expect(failed).rejects.toMatchObject({ code: 1, stderr: expect.stringContaining('no ban') });
});

interface Line {
  readonly callback: string;
  readonly args: readonly unknown[];
}

function user(channel: string, uid: number, platform: string) {
  const who = ['--uid', `${uid}`, '--server', url, '--platform', platform, '--json'];
  const child = spawn(process.execPath, [cli, 'join', channel, ...who], { env });
  started.push(child);
  const lines: Line[] = [];
  createInterface(child.stdout).on('line', (line) => lines.push(JSON.parse(line)));
  return {
    lines,
    code: new Promise((resolve) => child.once('exit', resolve)),
    until: (name: string) =>
      vi.waitFor(() => {
        const found = lines.find(({ callback }) => callback === name);
        if (!found) throw new Error(`${uid} was told ${JSON.stringify(lines)}, not ${name}`);
        return found;
      }, 15_000),
  };
}

async function operate(...args: string[]): Promise<string> {
  const command = [cli, ...args, '--server', url];
  return (await promisify(execFile)(process.execPath, command, { env })).stdout;
}
