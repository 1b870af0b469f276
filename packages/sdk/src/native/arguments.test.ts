/** C-80: applications may pass anything; they get a number, and nothing else happens. */
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { VirtualHost } from '../driver/virtual-host.ts';
import { errorCodes } from '../engine/numbers.ts';
import { makeEngine } from './engine.ts';
import { ErrorCodeType } from './enums.ts';
import type { IRtcEngine } from './types.ts';

const context = { appId: 'demo', servers: ['ws://one'] };

test.each<[string, unknown, number]>([
  ['nothing', undefined, -2],
  ['a string', 'demo', -2],
  ['no app id', { servers: ['ws://one'] }, -2],
  ['an empty app id', { ...context, appId: '' }, -101],
  ['an app id that is too long', { ...context, appId: 'a'.repeat(65) }, -101],
  ['no servers', { appId: 'demo' }, -2],
  ['an empty list of servers', { ...context, servers: [] }, -2],
  ['a server that is no WebSocket address', { ...context, servers: ['http://one'] }, -2],
  ['a platform of another dialect', { ...context, platform: 'ios' }, -2],
  ['an unknown profile', { ...context, channelProfile: 9 }, -2],
  ['a limit of zero', { ...context, interruptedMs: 0 }, -2],
  ['a limit that is no number', { ...context, giveUpMs: 'never' }, -2],
  ['lost before interrupted', { ...context, interruptedMs: 5_000, lostMs: 4_000 }, -2],
  ['never giving up', { ...context, giveUpMs: null }, 0],
  ['options that mean nothing here', { ...context, logConfig: {}, areaCode: 1 }, 0],
])('initialize with %s', (_what, value, result) => {
  expect(call(makeEngine(new VirtualHost())).initialize(value)).toBe(result);
});

test.each<[string, unknown[], number]>([
  ['a uid that is a string', ['', 'room', '7'], -2],
  ['a uid with a fraction', ['', 'room', 1.5], -2],
  ['a negative uid', ['', 'room', -1], -121],
  ['a uid beyond 32 bits', ['', 'room', 2 ** 32], -121],
  ['the largest uid', ['', 'room', 2 ** 32 - 1], 0],
  ['no channel', ['', undefined, 7], -2],
  ['an empty channel', ['', '', 7], -102],
  ['64 characters', ['', 'a'.repeat(64), 7], 0],
  ['65 characters', ['', 'a'.repeat(65), 7], -102],
  ['more than 64 bytes', ['', 'é'.repeat(33), 7], -102],
  ['a line break in the channel', ['', 'a\nb', 7], -102],
  ['half a character', ['', '\ud800', 7], -102],
  ['a token that is a number', [5, 'room', 7], -2],
  ['a token that is too long', ['t'.repeat(4_097), 'room', 7], -2],
  ['no token', [null, 'room', 7], 0],
  ['options that are no object', ['', 'room', 7, 'host'], -2],
  ['an unknown role', ['', 'room', 7, { clientRoleType: 3 }], -2],
  ['a choice that is no boolean', ['', 'room', 7, { publishCameraTrack: 1 }], -2],
  ['options that mean nothing here', ['', 'room', 7, { publishScreenTrack: true }], 0],
])('joinChannel with %s', (_what, args, result) => {
  const { engine } = initialized();
  expect(call(engine).joinChannel(...args)).toBe(result);
});

test.each<[string, unknown[], number]>([
  ['an account that is a number', ['', 'room', 5], -2],
  ['an empty account', ['', 'room', ''], -134],
  ['an account that is too long', ['', 'room', 'a'.repeat(65)], -134],
])('joinChannelWithUserAccount with %s', (_what, args, result) => {
  const { engine } = initialized();
  expect(call(engine).joinChannelWithUserAccount(...args)).toBe(result);
});

test('before initialize every method says so', () => {
  const engine = makeEngine(new VirtualHost());
  const results = [
    engine.joinChannel('', 'room', 1),
    engine.joinChannelWithUserAccount('', 'room', 'alice'),
    engine.leaveChannel(),
    engine.updateChannelMediaOptions({}),
    engine.renewToken('token'),
    engine.createDataStream({}),
    engine.sendStreamMessage(1, new Uint8Array()),
    engine.setClientRole(1),
    engine.setChannelProfile(0),
    engine.enableLocalAudio(true),
    engine.enableLocalVideo(true),
    engine.muteLocalAudioStream(true),
    engine.muteLocalVideoStream(true),
  ];
  expect(new Set(results)).toEqual(new Set([-7]));
  expect(engine.getConnectionState()).toBe(1);
});

test('outside a channel: what needs one says so', () => {
  const { engine } = initialized();
  expect(engine.leaveChannel()).toBe(-18);
  expect(engine.renewToken('token')).toBe(-113);
  expect(engine.updateChannelMediaOptions({})).toBe(-113);
  expect(engine.createDataStream({})).toBe(-113);
  expect(engine.sendStreamMessage(1, new Uint8Array())).toBe(-113);
  expect(engine.renewToken('')).toBe(-2);
});

test('every code has a text and is one of the shared ones', () => {
  const { engine } = initialized();
  const codes = Object.values(ErrorCodeType).filter((value) => typeof value === 'number');
  expect(codes).toEqual(Object.values(errorCodes));
  for (const code of codes) {
    expect(engine.getErrorDescription(code)).not.toMatch(/^error/);
    expect(engine.getErrorDescription(-code)).toBe(engine.getErrorDescription(code));
  }
  expect(engine.getErrorDescription(999)).toBe('error 999');
});

describe('whatever is passed to whichever method', () => {
  const methods = [
    'initialize',
    'registerEventHandler',
    'unregisterEventHandler',
    'addListener',
    'removeListener',
    'removeAllListeners',
    'joinChannel',
    'joinChannelWithUserAccount',
    'updateChannelMediaOptions',
    'renewToken',
    'createDataStream',
    'sendStreamMessage',
    'setClientRole',
    'setChannelProfile',
    'getErrorDescription',
    'enableLocalAudio',
    'enableLocalVideo',
    'muteLocalAudioStream',
    'muteLocalVideoStream',
    'leaveChannel',
    'release',
  ] as const;
  const junk = fc.oneof(
    fc.anything({ withBigInt: true, withDate: true, withMap: true, withNullPrototype: true }),
    fc.constantFrom(Symbol('junk'), Number.NaN, () => {}, new Proxy({}, {})),
  );

  test('it does not throw, and an engine joins afterwards', async () => {
    const calls = fc.array(fc.tuple(fc.constantFrom(...methods), fc.array(junk, { maxLength: 4 })));
    await fc.assert(
      fc.asyncProperty(calls, async (list) => {
        const { host, engine } = initialized();
        for (const [method, args] of list) call(engine)[method](...args);
        engine.release();
        await host.pass(3_000);
        expect(engine.initialize(context)).toBe(0);
        expect(engine.joinChannel('', 'room', 7)).toBe(0);
      }),
      { numRuns: 200 },
    );
  });
});

function initialized() {
  const host = new VirtualHost();
  const engine = makeEngine(host);
  expect(engine.initialize(context)).toBe(0);
  return { host, engine };
}

/** The engine as untyped code sees it. */
function call(engine: IRtcEngine): Record<keyof IRtcEngine, (...args: unknown[]) => unknown> {
  return engine as never;
}
