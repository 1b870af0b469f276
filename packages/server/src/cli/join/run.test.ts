/** Lines in, lines out: `holdfast join` over a client that the test plays. */
import { PassThrough } from 'node:stream';
import { expect, test, vi } from 'vitest';
import { type Client, type Dialect, type JoinRequest, UsageError, type Watcher } from './client.ts';
import { runJoin } from './run.ts';
import { jsonView, watchersView } from './views.ts';

const request: JoinRequest = {
  channel: 'room',
  servers: ['ws://127.0.0.1:7880'],
  appId: 'demo',
  uid: '7',
  platform: 'linux',
  token: '',
  profile: 'communication',
  role: undefined,
  publish: true,
};

test('$ready is the first line, and every callback is a line with the time and its own arguments', () => {
  const { watcher, output } = join();
  watcher().callback({ name: 'onUserJoined', args: [{ channelId: 'room' }, 8, 5], words: '', mood: 'good' });
  watcher().callback({ name: 'didRejoinChannel', args: [], alias: 'other', words: '', mood: 'good' });
  expect(output).toEqual([
    '{"t":1000,"callback":"$ready","args":[]}',
    '{"t":1000,"callback":"onUserJoined","args":[{"channelId":"room"},8,5]}',
    '{"t":1000,"callback":"didRejoinChannel","args":[],"alias":"other"}',
  ]);
});

test('typed lines are obeyed; what is not possible is told on stderr with what is', async () => {
  const { type, output, errors, commands } = join();
  await type('  publish  ', '', 'role  audience', 'state', 'send hello', 'leave now', 'toString');
  expect(commands.publish.run).toHaveBeenCalledWith('');
  expect(commands.role.run).toHaveBeenCalledWith('audience');
  expect(output.at(-1)).toBe('{"t":1000,"callback":"$state","args":[3]}');
  expect(errors).toEqual([
    "'send' is not possible; possible are: leave, role host|audience, publish, state",
    'leave: nothing follows it',
    "'toString' is not possible; possible are: leave, role host|audience, publish, state",
  ]);
});

test('left is 0, failed is 1 with an error line, a request that makes no sense is 2', async () => {
  const left = join();
  left.watcher().ended(null);
  expect(await left.code).toBe(0);
  const failed = join();
  failed.watcher().ended('the token is not valid');
  expect(await failed.code).toBe(1);
  expect(failed.errors).toEqual(['the token is not valid']);
  const refused = join(() => {
    throw new UsageError('no such uid');
  });
  expect(await refused.code).toBe(2);
  expect(refused.errors).toEqual(['no such uid']);
  expect(refused.output).toEqual([]);
});

test('the end of the input is not a leave; Ctrl-C is', async () => {
  const { input, interrupt, commands } = join();
  input.end();
  await new Promise((resolve) => setTimeout(resolve, 20));
  expect(commands.leave.run).not.toHaveBeenCalled();
  interrupt();
  expect(commands.leave.run).toHaveBeenCalledWith('');
});

test('somebody who watches sees the time since joining, the name and the meaning', () => {
  let now = 1_000;
  const lines: string[] = [];
  const view = watchersView({ write: (line) => void lines.push(line), now: () => now, colours: false });
  view.ready(request, now);
  now += 12_345;
  view.callback({ name: 'onUserOffline', args: [], words: '8 has left', mood: 'bad' });
  expect(lines[0]).toBe("joining 'room' as uid 7 (linux, communication) through ws://127.0.0.1:7880");
  expect(lines.at(-1)).toBe('   12.345 s  onUserOffline             8 has left');
});

/** Runs the command over a client that does nothing by itself. */
function join(fail?: () => never) {
  const input = new PassThrough();
  const output: string[] = [];
  const errors: string[] = [];
  const told: Watcher[] = [];
  const commands = {
    leave: { usage: '', run: vi.fn((rest: string) => (rest === '' ? null : 'nothing follows it')) },
    role: { usage: 'host|audience', run: vi.fn(() => null) },
    publish: { usage: '', run: vi.fn(() => null) },
  };
  const client: Client = {
    join: fail ?? (() => undefined),
    state: () => ({ args: [3], words: 'connected', mood: 'plain' }),
    commands,
  };
  const dialect: Dialect = (_request, watcher) => {
    told.push(watcher);
    return client;
  };
  let interrupt = () => {};
  const code = runJoin(request, dialect, {
    input,
    now: () => 1_000,
    view: jsonView({ write: (line) => void output.push(line), now: () => 1_000, colours: false }),
    diagnose: (line) => void errors.push(line),
    onInterrupt: (listener) => {
      interrupt = listener;
    },
    onDeaf: () => {},
    record: () => {},
  });
  const type = async (...lines: string[]) => {
    input.write(lines.map((line) => `${line}\n`).join(''));
    await new Promise((resolve) => setTimeout(resolve, 20));
  };
  const watcher = () => {
    const [first] = told;
    if (first === undefined) throw new Error('no client was made');
    return first;
  };
  return { input, output, errors, commands, code, type, watcher, interrupt: () => interrupt() };
}
