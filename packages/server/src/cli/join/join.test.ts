/** `holdfast join` as a process: its lines, its exit codes, its end. The test plays the server. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join as joinPath } from 'node:path';
import { createInterface } from 'node:readline';
import {
  allRights,
  type ClientFrame,
  decodeClientFrame,
  encodeServerFrame,
  type Member,
  noMedia,
  nothingPassed,
  type ServerFrame,
} from '@holdfast/core';
import { afterAll, expect, test, vi } from 'vitest';
import { type WebSocket, WebSocketServer } from 'ws';

const children: ChildProcess[] = [];
const servers: WebSocketServer[] = [];
afterAll(() => {
  for (const child of children) child.kill('SIGKILL');
  for (const server of servers) server.close();
});

const timeout = 30_000;

test.concurrent('joins, tells every callback as a line, leaves when told to and exits with 0', {
  timeout,
}, async () => {
  const { url, frames } = await serve();
  const { child, lines, code } = start('room', '--uid', '7', '--server', url, '--json');
  await vi.waitFor(() => expect(lines).toContainEqual(callback('onJoinChannelSuccess', 7)), timeout);
  expect(lines.map((line) => line.callback)).toEqual([
    '$ready',
    'onConnectionStateChanged',
    'onConnectionStateChanged',
    'onJoinChannelSuccess',
  ]);
  for (const line of lines) expect(line.t).toBeGreaterThan(1_600_000_000_000);
  child.stdin?.write('mute audio\nstate\nleave\n');
  child.stdin?.end();
  expect(await code).toBe(0);
  expect(lines.slice(4)).toMatchObject([
    { callback: '$state', args: [3] },
    { callback: 'onConnectionStateChanged', args: [{ channelId: 'room', localUid: 7 }, 1, 5] },
    {
      callback: 'onLeaveChannel',
      args: [{ channelId: 'room', localUid: 7 }, { duration: expect.any(Number) }],
    },
  ]);
  expect(frames.map(({ type }) => type)).toEqual(['join', 'update', 'leave']);
});

test.concurrent('on macos the lines have the names of the delegate, and arguments without the engine', {
  timeout,
}, async () => {
  const { url, frames } = await serve();
  const { child, lines, code } = start(
    'room',
    '--uid',
    '7',
    '--server',
    url,
    '--json',
    '--platform',
    'macos',
  );
  await vi.waitFor(() => expect(lines.at(-1)?.callback).toBe('didJoinChannel'), timeout);
  child.stdin?.write('unpublish\nmute video\nstate\nleave\n');
  expect(await code).toBe(0);
  expect(lines.map(({ callback: name, args }) => [name, ...args])).toEqual([
    ['$ready'],
    ['connectionChangedTo', 2, 0],
    ['connectionChangedTo', 3, 1],
    ['didJoinChannel', 'room', 7, expect.any(Number)],
    ['$state', 3],
    ['connectionChangedTo', 1, 5],
    ['didLeaveChannel', { duration: expect.any(Number) }],
  ]);
  expect(frames.map(({ type }) => type)).toEqual(['join', 'update', 'leave']);
  expect(frames[0]).toMatchObject({ platform: 'macos' });
});

test.concurrent('on the web the lines are events, streams are their uids, and it publishes once it is in', {
  timeout,
}, async () => {
  const streams = [{ id: 1, audio: true, video: true, audioMuted: false, videoMuted: false }];
  const other = { uid: 8, account: '', join: 1, platform: 'web', role: 'host', streams, gone: 'no' } as const;
  const { url, frames } = await serve((frame) =>
    welcoming(frame, [{ ...other, passed: nothingPassed, sent: [] }]),
  );
  const { child, lines, code } = start('room', '--uid', '7', '--server', url, '--json', '--platform', 'web');
  await vi.waitFor(() => expect(lines.at(-1)?.callback).toBe('stream-published'), timeout);
  child.stdin?.write('mute video\nunpublish\nstate\nvoip on\n');
  await vi.waitFor(() => expect(lines.at(-1)?.callback).toBe('stream-unpublished'), timeout);
  child.stdin?.write('leave\n');
  expect(await code).toBe(0);
  expect(lines.map(({ callback: name, args }) => [name, ...args])).toEqual([
    ['$ready'],
    ['connection-state-change', { prevState: 'DISCONNECTED', curState: 'CONNECTING' }],
    ['connection-state-change', { prevState: 'CONNECTING', curState: 'CONNECTED' }],
    ['join', 7],
    ['peer-online', { uid: 8 }],
    ['stream-added', { stream: { streamId: 8 } }],
    ['stream-published', { stream: { streamId: 7 } }],
    ['$state', 'CONNECTED'],
    ['stream-unpublished', { stream: { streamId: 7 } }],
    ['connection-state-change', { prevState: 'CONNECTED', curState: 'DISCONNECTING' }],
    ['connection-state-change', { prevState: 'DISCONNECTING', curState: 'DISCONNECTED' }],
    ['leave'],
  ]);
  expect(frames.map((frame) => ('self' in frame ? frame.self.streams.length : frame.type))).toEqual([
    ...[0, 1, 1, 0, 'leave'],
  ]);
});

test.concurrent('a refused join on the web is a failure of join; the same uid elsewhere is an error', {
  timeout,
}, async () => {
  const taken = { type: 'refused', code: 4_316, text: 'taken over', retryMs: 0 } as const;
  const { url } = await serve(() => taken);
  const refused = start('room', '--server', url, '--json', '--platform', 'web');
  expect(await refused.code).toBe(1);
  expect(refused.lines.at(-1)).toMatchObject({
    callback: 'failure',
    args: [{ method: 'join', code: 'UID_CONFLICT', text: 'taken over' }],
  });
  expect(refused.errors).toEqual(['holdfast join: taken over']);
  const { url: second } = await serve((frame) => (frame.type === 'update' ? taken : welcoming(frame)));
  const replaced = start('room', '--server', second, '--json', '--platform', 'web');
  expect(await replaced.code).toBe(1);
  expect(replaced.lines.at(-1)).toMatchObject({ callback: 'error', args: [{ reason: 'UID_CONFLICT' }] });
});

test.concurrent('C-31 on ios a signal ends it after the goodbye; Ctrl-C stays a leave', {
  timeout,
}, async () => {
  for (const [signal, end] of [
    ['SIGTERM', null],
    ['SIGINT', 0],
  ] as const) {
    const { url, frames } = await serve();
    const { child, lines, code } = start(
      'room',
      '--uid',
      '7',
      '--server',
      url,
      '--json',
      '--platform',
      'ios',
    );
    await vi.waitFor(() => expect(lines.at(-1)?.callback).toBe('didJoinChannel'), timeout);
    child.kill(signal);
    expect(await code).toBe(end);
    await vi.waitFor(() => expect(frames.at(-1)?.type).toBe('leave'));
  }
});

test.concurrent('a refusal on macos is told as an error, and explained on stderr', { timeout }, async () => {
  const refused = { type: 'refused', code: 4_313, text: 'the token is not yours', retryMs: 0 } as const;
  const { url } = await serve(() => refused);
  const { lines, errors, code } = start('room', '--server', url, '--json', '--platform', 'macos');
  expect(await code).toBe(1);
  expect(lines.slice(-2)).toMatchObject([
    { callback: 'connectionChangedTo', args: [5, 8] },
    { callback: 'didOccurError', args: [110] },
  ]);
  expect(errors).toEqual(['holdfast join: the token is not yours']);
});

test.concurrent('Ctrl-C says goodbye and exits with 0; the end of input alone does not end it', {
  timeout,
}, async () => {
  const { url, frames } = await serve();
  const { child, lines, code } = start('room', '--uid', '7', '--server', url, '--json', '--no-publish');
  child.stdin?.end();
  await vi.waitFor(() => expect(lines).toContainEqual(callback('onJoinChannelSuccess', 7)), timeout);
  expect(frames[0]).toMatchObject({ self: { streams: [] } });
  child.kill('SIGINT');
  expect(await code).toBe(0);
  expect(frames.at(-1)?.type).toBe('leave');
});

test.concurrent('a refused join is told, explained on stderr, and exits with 1', { timeout }, async () => {
  const refused = { type: 'refused', code: 4_313, text: 'the token is not yours', retryMs: 0 } as const;
  const { url } = await serve(() => refused);
  const { lines, errors, code } = start('room', '--server', url, '--json');
  expect(await code).toBe(1);
  expect(lines.slice(-2)).toMatchObject([
    { callback: 'onConnectionStateChanged', args: [{ channelId: 'room', localUid: 0 }, 5, 8] },
    { callback: 'onError', args: [110, 'the token is not yours'] },
  ]);
  expect(errors).toEqual(['holdfast join: the token is not yours']);
});

test.concurrent('the record of a reconnection is appended to a file, and no line tells of it', {
  timeout,
}, async () => {
  const { url, sockets } = await serve();
  const folder = mkdtempSync(joinPath(tmpdir(), 'holdfast-join-'));
  const file = joinPath(folder, 'outages.jsonl');
  const { child, lines, code } = start('room', '--uid', '7', '--server', url, '--json', '--outages', file);
  await vi.waitFor(() => expect(lines).toContainEqual(callback('onJoinChannelSuccess', 7)), timeout);
  sockets[0]?.terminate();
  await vi.waitFor(() => expect(readFileSync(file, 'utf8')).toContain('\n'), timeout);
  const [record] = readFileSync(file, 'utf8').trim().split('\n');
  expect(JSON.parse(record ?? '')).toMatchObject({ channel: 'room', uid: 7, end: 'resumed' });
  expect(lines).toHaveLength(4);
  child.stdin?.write('leave\n');
  expect(await code).toBe(0);
  rmSync(folder, { recursive: true });
});

test.concurrent.each([
  ['linux', ['onStreamMessage', 'onStreamMessageError', 'onStreamMessageGap']],
  ['ios', ['receiveStreamMessageFromUid', 'didOccurStreamMessageErrorFromUid', 'didMissStreamMessages']],
  ['web', ['stream-message', 'stream-message-gap']],
])(
  'C-60 C-62 on %s texts are sent, messages and gaps are lines with plain values',
  {
    timeout,
  },
  async (platform, names) => {
    const { url, frames, sockets } = await serve();
    const { child, lines, errors, code } = start(
      'room',
      '--uid',
      '7',
      '--server',
      url,
      '--json',
      '--platform',
      platform,
    );
    await vi.waitFor(() => expect(lines.length).toBeGreaterThan(3), timeout);
    child.stdin?.write('send\nsend hello there\nsend again\n');
    await vi.waitFor(() => expect(frames.filter(({ type }) => type === 'send')).toHaveLength(2), timeout);
    expect(frames.filter(({ type }) => type === 'send')).toMatchObject([
      { stream: 1, number: 1, data: new TextEncoder().encode('hello there') },
      { stream: 1, number: 2 },
    ]);
    expect(errors).toEqual(['holdfast join: send: say what']);
    const from8 = { uid: 8, join: 1, stream: 1, sentAt: 1_700_000_000_000 };
    const heard = [
      { ...from8, number: 1, data: new TextEncoder().encode('hi') },
      { ...from8, number: 3, data: new Uint8Array([0xff]) },
    ];
    const first = { incarnation: 'first', epoch: 1, seq: 1 };
    const list = heard.map((message) => ({ type: 'message', message }) as const);
    sockets[0]?.send(encodeServerFrame({ type: 'entries', first, entries: list }));
    const told = () => lines.filter((line) => names.includes(line.callback));
    await vi.waitFor(() => expect(told()).toHaveLength(names.length + 1), timeout);
    const text = JSON.stringify(told().map(({ args }) => args));
    expect(text).toContain('{"text":"hi"}');
    expect(text).toContain('{"base64":"/w=="}');
    expect(text).toContain('"missed":1,"from":2,"to":2,"reason":"log-lost"');
    child.stdin?.write('leave\n');
    expect(await code).toBe(0);
  },
);

interface Line {
  readonly t: number;
  readonly callback: string;
  readonly args: unknown[];
}

function callback(name: string, localUid: number) {
  const connection = { channelId: 'room', localUid };
  return expect.objectContaining({ callback: name, args: expect.arrayContaining([connection]) });
}

/** Runs the command from source. */
function start(...args: string[]) {
  const entry = JSON.stringify(joinPath(import.meta.dirname, 'index.ts'));
  const program = `const { joinCommand } = await import(${entry});
    await joinCommand().parseAsync(process.argv.slice(1), { from: 'user' });`;
  const flags = ['--conditions=@holdfast/source', '--import', 'tsx', '--input-type=module', '-e', program];
  const child = spawn(process.execPath, [...flags, '--', ...args], { stdio: 'pipe' });
  children.push(child);
  const lines: Line[] = [];
  const errors: string[] = [];
  createInterface({ input: child.stdout }).on('line', (line) => lines.push(JSON.parse(line)));
  createInterface({ input: child.stderr }).on('line', (line) => errors.push(line));
  const code = once(child, 'close').then(([status]) => status as number);
  return { child, lines, errors, code };
}

/** A server that lets everybody in as who they say they are, or answers as told. */
async function serve(answer: (frame: ClientFrame) => ServerFrame | null = (frame) => welcoming(frame)) {
  const server = new WebSocketServer({ host: '127.0.0.1', port: 0 });
  servers.push(server);
  const frames: ClientFrame[] = [];
  const sockets: WebSocket[] = [];
  server.on('connection', (socket) => {
    sockets.push(socket);
    socket.on('message', (data) => {
      const frame = decodeClientFrame(new Uint8Array(data as Buffer));
      frames.push(frame);
      const reply = answer(frame);
      if (reply !== null) socket.send(encodeServerFrame(reply));
    });
  });
  await once(server, 'listening');
  return { url: `ws://127.0.0.1:${(server.address() as AddressInfo).port}`, frames, sockets };
}

function welcoming(frame: ClientFrame, members: readonly Member[] = []): ServerFrame | null {
  if (frame.type === 'leave') return { type: 'farewell' };
  if (frame.type !== 'join' && frame.type !== 'resume') return null;
  return {
    type: 'welcome',
    minor: 0,
    session: 'session',
    secret: 'secret',
    uid: frame.uid,
    join: 1,
    position: { incarnation: 'first', epoch: 1, seq: 0 },
    members,
    complete: true,
    limits: { interruptedMs: 4_000, lostMs: 10_000, giveUpMs: null },
    servers: [],
    spreadMs: 0,
    outage: null,
    received: [],
    rights: allRights,
    messagesPerSecond: null,
    media: noMedia,
  };
}
