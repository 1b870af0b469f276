/** `npm start`, as a newcomer meets it: two users behind networks of their own, a server that dies, a network that goes dark. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { statistics } from '../conformance/dialects.ts';
import { cli } from '../conformance/processes.ts';
import { type Said, UserProcess } from '../conformance/users.ts';

test('C-51 C-11 dev: nobody notices a dead server, and only its own user an outage of 5 s', async () => {
  const dev = await startDev();
  const users = [1, 2].map(
    (uid) =>
      new UserProcess({
        ...{ channel: 'demo', ports: [dev.networkPort(uid)], uid, platform: 'linux' },
        ...{ profile: 'communication', publishes: true },
      }),
  );
  const [a, b] = users as [UserProcess, UserProcess];
  try {
    await Promise.all([a, b].map((user) => user.until('both see each other', named('onUserJoined'), 5_000)));
    const before = [a, b].map(told);

    dev.press('1');
    await dev.says(/Server 1 is dead; \d connections broke/);
    await dev.untilUsers(2, [1, 2]);
    await sleep(300);
    expect([a, b].map(told)).toEqual(before);
    dev.press('1');
    await dev.says(/Server 1 is back/);

    dev.press('a');
    await dev.says(/Network A is dark/);
    await a.until('interrupted', named('onConnectionInterrupted'), 6_000);
    dev.press('a');
    await dev.says(/Network A is back after [345]\.\d s/);
    await a.until('rejoined', named('didRejoinChannel'), 2_000);
    expect(told(b)).toBe(before[1]);

    dev.press('nonsense');
    await dev.says(/There is no "nonsense"/);
    dev.press('q');
    expect(await dev.exitCode()).toBe(0);
  } finally {
    for (const user of users) user.kill();
    dev.kill();
  }
});

test('C-53 dev: a server drains: its users are at the other one, nobody is told, no message is lost; so does that one', async () => {
  const dev = await startDev();
  const users = [1, 2].map(
    (uid) =>
      new UserProcess({
        ...{ channel: 'demo', ports: [dev.networkPort(uid)], uid, platform: uid === 1 ? 'macos' : 'web' },
        ...{ profile: 'communication', publishes: true },
      }),
  );
  const [a, b] = users as [UserProcess, UserProcess];
  try {
    await a.until('A sees B', named('didJoinedOfUid'), 5_000);
    await b.until('B sees A', named('stream-added'), 5_000);
    const told = () => users.map(({ said }) => said.filter(({ callback }) => callback !== 'stream-message'));
    const before = told();

    let sent = 0;
    const talking = setInterval(() => a.tell(`send ${sent++}`), 10);
    // A busy machine may have brought a standby beside them (C-10).
    dev.press('d');
    await dev.says(/Server 1 has ended in good order; it had [2-9] connections/);
    dev.press('1');
    await dev.says(/Server 1 is back/);
    dev.press('2');
    await dev.says(/Server 2 is dead; [2-9] connections broke/);
    dev.press('2');
    await dev.says(/Server 2 is back/);
    await dev.untilConnected(1, 2);
    dev.press('d');
    await dev.says(/(in good order; it had [2-9][\s\S]*){2}/);
    clearInterval(talking);
    await b.until('the last message', ({ args }) => JSON.stringify(args).includes(`${sent - 1}`), 2_000);

    expect(told()).toEqual(before);
    const messages = b.said.filter(({ callback }) => callback === 'stream-message');
    const texts = messages.map(({ args }) => (args[0] as { data: { text: string } }).data.text);
    expect(texts).toEqual(Array.from({ length: sent }, (_, number) => `${number}`));
  } finally {
    for (const user of users) user.kill();
    dev.kill();
  }
});

test('dev: ports in use are named, with what to do', async () => {
  const first = await startDev();
  try {
    const second = spawnDev(first.base);
    expect(await second.exitCode()).toBe(1);
    expect(second.output()).toContain(`holdfast: port ${first.base} is in use`);
    expect(second.output()).toContain('npm start -- --port');
  } finally {
    first.kill();
  }
});

function named(callback: string) {
  return (said: Said) => said.callback === callback;
}

/** Starts dev on ports that are free; which they are is only known by trying. */
async function startDev() {
  for (let tries = 0; tries < 10; tries++) {
    const dev = spawnDev(20_000 + 16 * Math.floor(Math.random() * 1_500));
    if (await dev.says(/q {7}quit/).catch(() => false)) return dev;
    dev.kill();
  }
  throw new Error('dev does not start');
}

function spawnDev(base: number) {
  const child = spawn(process.execPath, [cli, 'dev', '--port', `${base}`], {
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (text) => (output += text));
  const exited = once(child, 'exit');
  return {
    base,
    output: () => output,
    networkPort: (uid: number) => base + 8 + 2 * uid,
    press: (key: string) => child.stdin.write(`${key}\n`),
    kill: () => child.kill('SIGKILL'),
    exitCode: async () => (await exited)[0] as number | null,
    async says(what: RegExp) {
      for (const until = performance.now() + 5_000; !what.test(output); await sleep(10)) {
        if (performance.now() > until || child.exitCode !== null)
          throw new Error(`dev does not say ${what}: ${output}`);
      }
      return true;
    },
    /** Waits until a server has at least so many connections. */
    async untilConnected(server: 1 | 2, count: number) {
      const url = `http://127.0.0.1:${base + server - 1}/metrics`;
      for (const until = performance.now() + 3_000; performance.now() < until; await sleep(20)) {
        const [, connections] = /^holdfast_connections (\d+)$/m.exec(await (await fetch(url)).text()) ?? [];
        if (Number(connections) >= count) return;
      }
      throw new Error(`server ${server} does not have ${count} connections`);
    },
    /** Waits until a server shows these users as present. */
    async untilUsers(server: 1 | 2, uids: readonly number[]) {
      const url = `http://127.0.0.1:${base + server - 1}/v1/channels`;
      for (const until = performance.now() + 3_000; performance.now() < until; await sleep(20)) {
        const { channels } = (await (await fetch(url)).json()) as {
          channels: { users: { uid: number }[] }[];
        };
        const shown = channels.flatMap(({ users }) => users.map(({ uid }) => uid)).sort();
        if (`${shown}` === `${uids}`) return;
      }
      throw new Error(`server ${server} does not show the users ${uids}`);
    },
  };
}

/** How much somebody was told of, statistics aside: they come every two seconds. */
function told(user: UserProcess): number {
  return user.said.filter(({ callback }) => !statistics.includes(callback)).length;
}
