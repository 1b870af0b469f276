/** The shared engine and its delegate. */
import { expect, test, vi } from 'vitest';
import { admit } from '../engine/stage.ts';
import { configured, inside, kitOf, recorder } from './stage.ts';
import type { RtcEngineDelegate } from './types.ts';

const config = { appId: 'demo', servers: ['ws://one'] };

test('there is one engine until it is destroyed; each call may name another delegate', () => {
  const { kit } = kitOf();
  const one: RtcEngineDelegate = {};
  const two: RtcEngineDelegate = {};
  const engine = kit.sharedEngine(config, one);
  expect(engine.delegate).toBe(one);
  expect(kit.sharedEngine(config)).toBe(engine);
  expect(engine.delegate).toBe(one);
  expect(kit.sharedEngine(config, two).delegate).toBe(two);
  expect(kit.sharedEngine(config, null).delegate).toBeNull();
  kit.destroy();
  kit.destroy();
  expect(kit.sharedEngine(config)).not.toBe(engine);
  kit.sharedEngine(config).destroy();
  engine.destroy();
  expect(kit.sharedEngine(config).joinChannel('', 'room', null, 7)).toBe(0);
});

test('a delegate is called on itself with the engine; a missing method is fine, a throwing one disturbs nobody (C-80)', async () => {
  const { host, kit } = kitOf();
  const engine = kit.sharedEngine(config);
  const delegate = {
    heard: [] as unknown[],
    connectionChangedTo() {
      throw new Error('mine');
    },
    didJoinChannel(...args: unknown[]) {
      this.heard.push(...args);
    },
  };
  engine.delegate = delegate;
  engine.joinChannel('', 'room', null, 7);
  await admit(host);
  expect(delegate.heard).toEqual([engine, 'room', 7, 0]);
  expect(host.reported).toEqual([new Error('mine'), new Error('mine')]);
});

test('a block that throws is reported, and what follows is told', async () => {
  const { host, engine, told } = configured();
  const fail = () => {
    throw new Error('mine');
  };
  engine.joinChannel('', 'room', null, 7, fail);
  await admit(host);
  engine.leaveChannel(fail);
  await host.settle();
  expect(host.reported).toEqual([new Error('mine'), new Error('mine')]);
  expect(told.at(-1)).toEqual(['didLeaveChannel', { duration: 0 }]);
});

test('a delegate may be replaced at any time, also from a callback: the next one is told', async () => {
  const { host, engine, delegate, told } = configured();
  const other = recorder();
  delegate.connectionChangedTo = (_engine, state) => {
    if (state === 3) engine.delegate = other.delegate;
  };
  engine.joinChannel('', 'room', null, 7);
  await admit(host);
  expect(told).toEqual([]);
  expect(other.told).toEqual([['didJoinChannel', 'room', 7, 0]]);
  engine.delegate = null;
  await host.pass(4_000);
  engine.delegate = 'nobody' as never;
  await host.pass(6_000);
  expect(engine.delegate).toBeNull();
  expect(other.told).toHaveLength(1);
});

test('C-14 destroy leaves first, which the delegate still hears; the engine is of no use then', async () => {
  const { host, leavers, kit, engine, told } = await inside();
  kit.destroy();
  expect(leavers.size).toBe(0);
  expect([
    engine.joinChannel('', 'room', null, 7),
    engine.leaveChannel(),
    engine.enableLocalAudio(true),
  ]).toEqual([-7, -7, -7]);
  await host.pass(3_000);
  expect(told).toEqual([
    ['connectionChangedTo', 1, 5],
    ['didLeaveChannel', { duration: 0 }],
  ]);
  expect(host.leftovers).toBe(0);
});

test('the app id alone will do where configure has told the servers', async () => {
  const { host, kit } = kitOf();
  expect(kit.configure({ servers: ['ws://two'], platform: 'ios' })).toBe(0);
  const engine = kit.sharedEngine('demo');
  engine.joinChannel('', 'room', null, 7);
  await host.pass(0);
  expect(host.latest.url).toBe('ws://two');
  expect(host.latest.open().sent('join')[0]).toMatchObject({
    platform: 'ios',
    credentials: { appId: 'demo' },
  });
});

test('what a configuration says wins over configure; undefined says nothing', async () => {
  const { host, kit } = kitOf();
  kit.configure({ servers: ['ws://two'], platform: 'ios' });
  const engine = kit.sharedEngine({ appId: 'demo', servers: ['ws://one'], platform: undefined });
  engine.joinChannel('', 'room', null, 7);
  await host.pass(0);
  expect(host.latest.url).toBe('ws://one');
  expect(host.latest.open().sent('join')[0]?.platform).toBe('ios');
});

test.each([
  ['ios', 'ios'],
  ['android', 'ios'],
  ['macos', 'macos'],
  ['linux', 'macos'],
] as const)('on %s a program of Apple is %s unless it says otherwise', async (platform, expected) => {
  const { host, kit } = kitOf(platform);
  kit.sharedEngine(config).joinChannel('', 'room', null, 7);
  await host.pass(0);
  expect(host.latest.open().sent('join')[0]?.platform).toBe(expected);
});

test('in a channel another screen gets the engine as it is, whatever its configuration', async () => {
  const { host, kit, engine } = await inside();
  const delegate = { didOccurError: vi.fn() };
  expect(kit.sharedEngine('another', delegate)).toBe(engine);
  expect(kit.sharedEngine({} as never)).toBe(engine);
  await host.settle();
  expect(delegate.didOccurError).not.toHaveBeenCalled();
  expect(engine.getConnectionState()).toBe(3);
});
