/** C-80: applications may pass anything; they get a number, and nothing else happens. */
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { configured, kitOf, recorder } from './stage.ts';
import type { RtcEngineKit } from './types.ts';

const config = { appId: 'demo', servers: ['ws://one'] };

test.each<[string, unknown, number]>([
  ['nothing', undefined, 2],
  ['an app id without servers', 'demo', 2],
  ['a number', 5, 2],
  ['no app id', { servers: ['ws://one'] }, 2],
  ['an empty app id', { ...config, appId: '' }, 101],
  ['an app id that is too long', { ...config, appId: 'a'.repeat(65) }, 101],
  ['a server that is no WebSocket address', { ...config, servers: ['http://one'] }, 2],
  ['a platform of another dialect', { ...config, platform: 'linux' }, 2],
  ['an unknown profile', { ...config, channelProfile: 9 }, 2],
  ['lost before interrupted', { ...config, interruptedMs: 5_000, lostMs: 4_000 }, 2],
])('sharedEngine with %s tells the error, and methods return it', async (_what, wrong, code) => {
  const { host, kit } = kitOf();
  const { told, delegate } = recorder();
  const engine = kit.sharedEngine(wrong as never, delegate);
  expect(told).toEqual([]);
  await host.settle();
  expect(told).toEqual([
    ['didOccurError', code],
    ['didExplainError', code, kit.getErrorDescription(code)],
  ]);
  expect(engine.joinChannel('', 'room', null, 7)).toBe(-code);
  expect(engine.muteLocalAudioStream(true)).toBe(-code);
  kit.sharedEngine(config);
  expect(engine.joinChannel('', 'room', null, 7)).toBe(0);
});

test('a configuration that makes no sense leaves the one before', async () => {
  const { host, kit, engine, told } = configured();
  kit.sharedEngine('' as never);
  await host.settle();
  expect(told[0]).toEqual(['didOccurError', 101]);
  expect(engine.joinChannel('', 'room', null, 7)).toBe(0);
});

test.each<[string, unknown]>([
  ['nothing', undefined],
  ['no servers', {}],
  ['an address', 'ws://one'],
  ['servers that are no list', { servers: 'ws://one' }],
  ['a platform of another dialect', { servers: ['ws://one'], platform: 'web' }],
  ['a limit that is no number', { servers: ['ws://one'], lostMs: 'soon' }],
])('configure with %s', (_what, wrong) => {
  expect(kitOf().kit.configure(wrong as never)).toBe(-2);
});

test.each<[string, unknown[], number]>([
  ['a uid that is a string', ['', 'room', null, '7'], -2],
  ['a uid with a fraction', ['', 'room', null, 1.5], -2],
  ['no uid', ['', 'room'], -2],
  ['a negative uid', ['', 'room', null, -1], -121],
  ['a uid beyond 32 bits', ['', 'room', null, 2 ** 32], -121],
  ['no channel', ['', undefined, null, 7], -2],
  ['an empty channel', ['', '', null, 7], -102],
  ['a line break in the channel', ['', 'a\nb', null, 7], -102],
  ['a token that is a number', [5, 'room', null, 7], -2],
  ['no token', [null, 'room', undefined, 7], 0],
  ['info that is an object', ['', 'room', {}, 7], -2],
  ['info', ['', 'room', 'hello', 7], 0],
  ['a block that is none', ['', 'room', null, 7, 'done'], -2],
  ['a uid where info belongs', ['', 'room', 7, 7], -2],
  ['media options', ['', 'room', 7, { publishCameraTrack: false }], 0],
  ['no media options', ['', 'room', 7], 0],
  ['an unknown role', ['', 'room', 7, { clientRoleType: 3 }], -2],
  ['media options and a block that is none', ['', 'room', 7, {}, 7], -2],
])('joinChannel with %s', (_what, args, result) => {
  const { engine, leavers } = configured();
  expect(call(engine).joinChannel(...args)).toBe(result);
  expect(leavers.size).toBe(result === 0 ? 1 : 0);
});

test('outside a channel: what needs one says so', () => {
  const { engine } = configured();
  expect(call(engine).leaveChannel('now')).toBe(-2);
  expect(engine.leaveChannel()).toBe(-18);
  expect(engine.renewToken('token')).toBe(-113);
  expect(engine.updateChannel({})).toBe(-113);
  expect(engine.createDataStream()).toBe(-113);
  expect(engine.sendStreamMessage(1, new Uint8Array())).toBe(-113);
  expect(engine.renewToken('')).toBe(-2);
  expect(engine.setChannelProfile(5 as never)).toBe(-2);
  expect(engine.setClientRole(0 as never)).toBe(-2);
});

test('whatever is passed to whichever method, it does not throw, and an engine joins afterwards', async () => {
  const methods = [
    'joinChannel',
    'leaveChannel',
    'updateChannel',
    'renewToken',
    'createDataStream',
    'sendStreamMessage',
    'setClientRole',
    'setChannelProfile',
    'getConnectionState',
    'enableLocalAudio',
    'enableLocalVideo',
    'muteLocalAudioStream',
    'muteLocalVideoStream',
    'getOutages',
    'destroy',
  ] as const;
  const junk = fc.oneof(
    fc.anything({ withBigInt: true, withDate: true, withMap: true, withNullPrototype: true }),
    fc.constantFrom(Symbol('junk'), Number.NaN, () => {}, new Proxy({}, {})),
  );
  const args = fc.array(junk, { maxLength: 5 });
  const calls = fc.array(
    fc.tuple(fc.constantFrom('sharedEngine', 'configure', 'delegate', ...methods), args),
  );
  await fc.assert(
    fc.asyncProperty(calls, async (list) => {
      const { host, kit } = kitOf();
      for (const [method, given] of list) {
        const engine = kit.sharedEngine(config);
        if (method === 'delegate') engine.delegate = given[0] as never;
        else if (method === 'sharedEngine' || method === 'configure') {
          (kit[method] as (...given: unknown[]) => unknown)(...given);
        } else call(engine)[method](...given);
      }
      kit.destroy();
      await host.pass(3_000);
      expect(kit.sharedEngine(config).joinChannel('', 'room', null, 7)).toBe(0);
    }),
    { numRuns: 200 },
  );
});

/** The engine as untyped code sees it. */
function call(
  engine: RtcEngineKit,
): Record<Exclude<keyof RtcEngineKit, 'delegate'>, (...args: unknown[]) => unknown> {
  return engine as never;
}
