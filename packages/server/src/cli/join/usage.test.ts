/** Command lines of `holdfast join` that make no sense: exit code 2 and a reason. */
import { PassThrough } from 'node:stream';
import type { Platform } from '@holdfast/core';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { appleClient } from './apple.ts';
import type { Dialect, JoinRequest } from './client.ts';
import { joinCommand } from './index.ts';
import { nativeClient } from './native.ts';
import { runJoin } from './run.ts';
import { webClient } from './web.ts';

afterEach(() => vi.restoreAllMocks());

test.each([
  ['no channel', [], "missing required argument 'channel'"],
  ['an unknown option', ['room', '--nonsense'], "unknown option '--nonsense'"],
  ['an unknown platform', ['room', '--platform', 'amiga'], "'amiga' is invalid"],
  ['a file that cannot be written', ['room', '--outages', '/no/such/folder/file'], 'cannot write'],
])('%s', async (_what, args, reason) => {
  class Exit extends Error {}
  const exit = vi.spyOn(process, 'exit').mockImplementation(() => {
    throw new Exit();
  });
  const errors: string[] = [];
  const command = joinCommand().configureOutput({ writeErr: (text) => void errors.push(text) });
  await expect(command.parseAsync(args, { from: 'user' })).rejects.toBeInstanceOf(Exit);
  expect(exit).toHaveBeenCalledWith(2);
  expect(errors.join('')).toContain(reason);
});

type Senseless = readonly [string, Partial<JoinRequest>, reason: string];

const ofEngines: Senseless[] = [
  ['a uid that is no number', { uid: 'alice' }, 'a uid is a number'],
  ['a uid that is too large', { uid: '4294967296' }, '(-121)'],
  ['a server that is no WebSocket address', { servers: ['http://127.0.0.1'] }, '(-2)'],
  ['an empty channel name', { channel: '' }, '(-102)'],
  ['an empty app id', { appId: '' }, '(-101)'],
];

const ofWeb: Senseless[] = [
  ['a uid that is too large', { uid: '4294967296' }, '(INVALID_UID)'],
  ['a name that is too long', { uid: 'a'.repeat(65) }, '(INVALID_UID)'],
  ['a server that is no WebSocket address', { servers: ['http://127.0.0.1'] }, 'ws://'],
  ['an empty channel name', { channel: '' }, '(INVALID_CHANNEL_NAME)'],
  ['an empty app id', { appId: '' }, '(INVALID_VENDOR_KEY)'],
];

const dialects: [Platform, Dialect, Senseless[]][] = [
  ['linux', nativeClient, ofEngines],
  ['macos', appleClient, ofEngines],
  ['web', webClient, ofWeb],
];

describe.each(dialects)('%s', (platform, dialect, requests) => {
  test.each(requests)('%s', async (_what, change, reason) => {
    const errors: string[] = [];
    const view = { ready: vi.fn(), callback: vi.fn(), state: vi.fn(), outage: vi.fn(), help: vi.fn() };
    const code = await runJoin({ ...request, platform, ...change }, dialect, {
      input: new PassThrough(),
      view,
      now: Date.now,
      diagnose: (line) => void errors.push(line),
      onInterrupt: () => {},
      onDeaf: () => {},
      record: () => {},
    });
    expect(code).toBe(2);
    expect(errors.join('')).toContain(reason);
    expect(view.ready).not.toHaveBeenCalled();
    expect(view.callback).not.toHaveBeenCalled();
  });
});

const request: JoinRequest = {
  channel: 'room',
  servers: ['ws://127.0.0.1:1'],
  appId: 'demo',
  uid: '7',
  platform: 'linux',
  token: '',
  profile: 'communication',
  role: undefined,
  publish: true,
};
