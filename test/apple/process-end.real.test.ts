/** C-31 with real processes: each way to end says goodbye in time, and is what it would have been without an SDK. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { createRtcEngine, type IRtcEngine } from '@holdfast/sdk/native';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { freePort, ServerProcess } from '../conformance/processes.ts';

const server = new ServerProcess(await freePort());
const observers: IRtcEngine[] = [];
const children: ChildProcess[] = [];
beforeAll(() => server.start());
afterAll(() => {
  for (const observer of observers) observer.release();
  for (const child of children) child.kill('SIGKILL');
  server.kill();
});

/** What a program says to have its test go on. */
const ready = 'console.log("ready");';

interface Ending {
  readonly program: string;
  /** What is done to it once it is ready. */
  readonly act?: (child: ChildProcess) => void;
}

const endings: Record<string, Ending> = {
  SIGTERM: { program: ready, act: (child) => child.kill('SIGTERM') },
  SIGINT: { program: ready, act: (child) => child.kill('SIGINT') },
  SIGHUP: { program: ready, act: (child) => child.kill('SIGHUP') },
  'an uncaught error': { program: `${ready} setTimeout(() => { throw new Error('mine'); }, 100);` },
  'an unhandled rejection': { program: `${ready} setTimeout(() => Promise.reject(new Error('mine')), 100);` },
  'process.exit(3)': { program: `${ready} setTimeout(() => process.exit(3), 100);` },
  'a message and process.exit(3) in one turn': {
    program: `${ready} setTimeout(() => { engine?.muteLocalAudioStream(true); process.exit(3); }, 100);`,
  },
  'a leave, and nothing more to do': {
    program: `${ready} setTimeout(() => { engine?.leaveChannel(); process.exitCode = 5; clearInterval(life); }, 100);`,
  },
  'a handler that exits with 4': {
    program: `process.on('SIGTERM', () => process.exit(4)); ${ready}`,
    act: (child) => child.kill('SIGTERM'),
  },
  'a handler for once, and a second signal': {
    program: `process.once('SIGINT', () => console.log('once')); ${ready}`,
    act: (child) => {
      child.kill('SIGINT');
      setTimeout(() => child.kill('SIGINT'), 200);
    },
  },
  'a library that raises the signal again if it alone handles it': {
    program: `
      const library = () => {
        console.log(process.listenerCount('SIGTERM'));
        if (process.listenerCount('SIGTERM') > 1) return;
        process.off('SIGTERM', library);
        process.kill(process.pid, 'SIGTERM');
      };
      process.on('SIGTERM', library);
      ${ready}`,
    act: (child) => child.kill('SIGTERM'),
  },
  'a library that listens from before the join on': {
    program: `engine?.leaveChannel(); process.once('SIGHUP', () => process.kill(process.pid, 'SIGHUP'));
      engine?.joinChannel('', channel, null, 7); setTimeout(() => { ${ready} }, 500);`,
    act: (child) => child.kill('SIGHUP'),
  },
};

test.concurrent.each(Object.entries(endings))(
  'C-31 %s: the others are told QUIT within 1 s, and the end is what it is without an SDK',
  async (name, ending) => {
    const channel = name.replaceAll(/\W/g, '-');
    const told = await observe(channel);
    const plain = await run(ending, channel, false);
    const joined = await run(ending, channel, true);
    await vi.waitFor(() => expect(told.at(-1)).toMatchObject({ reason: 0 }), 2_000);
    expect((told.at(-1)?.at ?? 0) - joined.endedAt).toBeLessThan(1_000);
    expect(joined.how).toEqual(plain.how);
  },
);

test('C-31 a signal that the application handles and survives is no end', async () => {
  const told = await observe('survivor');
  const program = `process.on('SIGHUP', () => console.log('reloaded')); ${ready}`;
  const child = start(program, 'survivor', true);
  const lines = createInterface({ input: child.stdout as NodeJS.ReadableStream });
  const said: string[] = [];
  for await (const line of lines) {
    said.push(line);
    if (line === 'ready') child.kill('SIGHUP');
    if (line === 'reloaded') break;
  }
  await new Promise((resolve) => setTimeout(resolve, 1_500));
  expect(said).toEqual(['ready', 'reloaded']);
  expect(told).toEqual([{ joined: 7 }]);
  child.kill('SIGKILL');
});

/** Runs a program to its end: how it ended, and when. */
async function run({ program, act }: Ending, channel: string, joins: boolean) {
  const child = start(program, channel, joins);
  let [output, errors] = ['', ''];
  child.stdout?.on('data', (text) => {
    if (!output.includes('ready') && `${text}`.includes('ready')) act?.(child);
    output += text;
  });
  child.stderr?.on('data', (text) => {
    errors += text;
  });
  const [code, signal] = await once(child, 'close');
  return { how: { code, signal, output, errors }, endedAt: performance.now() };
}

/** A program that is in the channel as 7, or one that only lives. */
function start(program: string, channel: string, joins: boolean): ChildProcess {
  const prologue = `
    const { RtcEngineKit } = await import('@holdfast/sdk/apple');
    const life = setInterval(() => {}, 1_000);
    const channel = '${channel}';
    const engine = ${joins} ? RtcEngineKit.sharedEngine({ appId: 'demo', servers: ['ws://127.0.0.1:${server.port}'] }) : null;
    if (engine) await new Promise((resolve) => engine.joinChannel('', channel, null, 7, resolve));
  `;
  const flags = ['--conditions=@holdfast/source', '--import', 'tsx', '--input-type=module'];
  const child = spawn(process.execPath, [...flags, '-e', `${prologue}${program}`], { stdio: 'pipe' });
  children.push(child);
  return child;
}

/** Another user in the channel: what it is told of 7, and when. */
async function observe(channel: string) {
  const told: { joined?: number; reason?: number; at?: number }[] = [];
  const engine = createRtcEngine();
  observers.push(engine);
  engine.addListener('onUserJoined', (_, joined) => void told.push({ joined }));
  engine.addListener('onUserOffline', (_, _uid, reason) => void told.push({ reason, at: performance.now() }));
  engine.initialize({ appId: 'demo', servers: [`ws://127.0.0.1:${server.port}`] });
  const inside = new Promise((resolve) => engine.addListener('onJoinChannelSuccess', resolve));
  engine.joinChannel('', channel, 1);
  await inside;
  return told;
}
