/** `holdfast serve` as a process: how it ends, and what it refuses to begin with. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { cli, freePort } from '../conformance/processes.ts';
import { type Said, UserProcess } from '../conformance/users.ts';

test('SIGTERM ends it with 0 within a second, and its clients are told', async () => {
  const port = await freePort();
  const server = holdfast(['serve', '--port', `${port}`]);
  await server.answers(port);
  const user = new UserProcess({
    ...{ channel: 'c', ports: [port], uid: 1, platform: 'linux' },
    ...{ profile: 'communication', publishes: true },
  });
  try {
    await user.until('joined', ({ callback }: Said) => callback === 'onJoinChannelSuccess', 5_000);
    const at = performance.now();
    server.child.kill('SIGTERM');
    expect(await server.exit()).toEqual([0, null]);
    expect(performance.now() - at).toBeLessThan(1_000);
  } finally {
    user.kill();
  }
});

test.each([
  [['serve', '--redis', 'x'], {}, /^holdfast: redis = … \(--redis\) is not allowed: redis:\/\//],
  [
    ['serve', '--app-certificate', 'x'],
    {},
    /^holdfast: appCertificate = … \(--app-certificate\) is not allowed: .*32 hex digits/,
  ],
  [['serve', '--host', '0.0.0.0'], {}, /^holdfast: host = "0.0.0.0" \(--host\) is not loopback.*--insecure/],
  [
    ['serve'],
    { HOLDFAST_PORT: 'x' },
    /^holdfast: port = "x" \(HOLDFAST_PORT\) is not allowed: a whole number/,
  ],
  [['serve', '--config', 'missing.json'], {}, /^holdfast: missing\.json: cannot be read \(ENOENT\)/],
  [['dev', '--port', '65530'], {}, /^holdfast: --port 65530 is not allowed: a whole number from 1 to 65520/],
  [['channels', '--server', 'nowhere'], {}, /^holdfast: --server nowhere is not an address/],
])('%j with %j ends with 2', async (args, env, words) => {
  const command = holdfast(args, env);
  expect(await command.exit()).toEqual([2, null]);
  expect(command.output()).toMatch(words);
});

test('every server gives out the web script at /sdk/web.js', async () => {
  const port = await freePort();
  const server = holdfast(['serve', '--port', `${port}`]);
  await server.answers(port);
  const answer = await fetch(`http://127.0.0.1:${port}/sdk/web.js`);
  expect(answer.headers.get('content-type')).toMatch(/^text\/javascript/);
  expect(await answer.text()).toContain('AgoraRTC');
  server.child.kill('SIGTERM');
  expect(await server.exit()).toEqual([0, null]);
});

test('channels and timeline say when no server answers', async () => {
  const port = await freePort();
  for (const name of ['channels', 'timeline']) {
    const command = holdfast([name, '--server', `ws://127.0.0.1:${port}`]);
    expect(await command.exit()).toEqual([1, null]);
    expect(command.output()).toContain(`no server answers at http://127.0.0.1:${port} (ECONNREFUSED)`);
  }
});

function holdfast(args: readonly string[], env: Record<string, string> = {}) {
  const child = spawn(process.execPath, [cli, ...args], { env: { ...process.env, ...env } });
  let output = '';
  child.stdout.on('data', (text) => (output += text));
  child.stderr.on('data', (text) => (output += text));
  const closed = once(child, 'close');
  return {
    child,
    output: () => output,
    exit: () => closed,
    async answers(port: number) {
      for (const until = performance.now() + 5_000; performance.now() < until; await sleep(20)) {
        const alive = await fetch(`http://127.0.0.1:${port}/healthz`).catch(() => null);
        if (alive?.ok) return;
      }
      throw new Error(`no server on port ${port}: ${output}`);
    },
  };
}
