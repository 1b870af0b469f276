/** Joining, leaving and failing, as an application of the native dialect sees them. */
import { expect, test } from 'vitest';
import { granted } from '../driver/virtual-host.ts';
import { admit, member } from '../engine/stage.ts';
import { here, initialized, inside } from './stage.ts';

test('C-12 the state comes before the callback that says the same, and none before joinChannel returns', async () => {
  const { host, engine, told } = initialized();
  expect(engine.joinChannel('token', 'room', 7, {})).toBe(0);
  expect(told).toEqual([]);
  expect(engine.getConnectionState()).toBe(2);
  await host.pass(15);
  await admit(host);
  expect(told).toEqual([
    ['onConnectionStateChanged', here, 2, 0],
    ['onConnectionStateChanged', here, 3, 1],
    ['onJoinChannelSuccess', here, 15],
  ]);
  expect(engine.getConnectionState()).toBe(3);
});

test('the join says who and what, and publishes unless told not to (C-24)', async () => {
  const { host, engine } = initialized();
  engine.joinChannel('token', 'room', 7);
  await host.pass(0);
  const [join] = host.latest.open().sent('join');
  expect(join).toMatchObject({
    credentials: { appId: 'demo', channel: 'room', token: 'token', sdk: 'holdfast-native/0.0.0' },
    uid: 7,
    account: '',
    platform: 'linux',
    profile: 'communication',
    self: { role: 'host', streams: [{ id: 1, audio: true, video: true }] },
  });
});

test('a uid that the server assigns is in every callback after that, the leave included', async () => {
  const { host, engine, told } = initialized();
  engine.joinChannel('', 'room', 0);
  await admit(host, 4_711);
  engine.leaveChannel();
  await host.pass(5_000);
  expect(told.map(([name, connection]) => [name, connection.localUid])).toEqual([
    ['onConnectionStateChanged', 0],
    ['onConnectionStateChanged', 4_711],
    ['onJoinChannelSuccess', 4_711],
    ['onConnectionStateChanged', 4_711],
    ['onLeaveChannel', 4_711],
  ]);
});

test('a user account is sent instead of a uid, and the application learns both', async () => {
  const { host, engine, told } = initialized();
  expect(engine.joinChannelWithUserAccount('', 'room', 'alice')).toBe(0);
  await host.pass(0);
  expect(host.latest.open().sent('join')[0]).toMatchObject({ uid: 0, account: 'alice' });
  host.latest.answer(granted.welcome(7, [member(8, { account: 'bob' })]));
  await host.settle();
  expect(told.slice(2)).toEqual([
    ['onLocalUserRegistered', 7, 'alice'],
    ['onJoinChannelSuccess', here, 0],
    ['onUserJoined', here, 8, 0],
    ['onUserInfoUpdated', 8, { uid: 8, userAccount: 'bob' }],
  ]);
});

test('C-14 leaving tells the leave and nothing else, and leaves nothing behind', async () => {
  const { host, engine, told } = await inside();
  await host.pass(1_400);
  expect(engine.leaveChannel()).toBe(0);
  expect(engine.getConnectionState()).toBe(1);
  await host.settle();
  expect(told).toEqual([
    ['onConnectionStateChanged', here, 1, 5],
    ['onLeaveChannel', here, { duration: 1 }],
  ]);
  expect(host.connections.flatMap((connection) => connection.sent('leave'))).toHaveLength(1);
  await host.pass(2_000);
  expect(host.leftovers).toBe(0);
  expect(engine.leaveChannel()).toBe(-18);
});

test('C-14 release leaves first; the handlers hear of it and of nothing later', async () => {
  const { host, engine, told } = await inside();
  engine.release();
  expect(engine.joinChannel('', 'room', 7)).toBe(-7);
  await host.pass(3_000);
  expect(told.map(([name]) => name)).toEqual(['onConnectionStateChanged', 'onLeaveChannel']);
  expect(host.leftovers).toBe(0);
  told.length = 0;
  engine.initialize({ appId: 'demo', servers: ['ws://one'] });
  engine.joinChannel('', 'room', 7);
  await admit(host);
  expect(told).toEqual([]);
});

test('one channel at a time: a second join is refused, also of the same channel', async () => {
  const { engine } = await inside();
  expect(engine.joinChannel('', 'other', 7)).toBe(-17);
  expect(engine.initialize({ appId: 'demo', servers: ['ws://one'] })).toBe(-8);
  expect(engine.setChannelProfile(1)).toBe(-8);
});

test('a callback may leave and join: the order stays, and what was under way is not told any more', async () => {
  const { host, engine, told, handler } = await inside();
  handler.onConnectionInterrupted = (connection) => {
    told.push(['onConnectionInterrupted', connection]);
    engine.leaveChannel();
    expect(engine.joinChannel('', 'next', 8)).toBe(0);
    expect(engine.joinChannel('', 'next', 8)).toBe(-17);
  };
  await host.pass(4_000);
  expect(told).toEqual([
    ['onConnectionStateChanged', here, 4, 2],
    ['onConnectionInterrupted', here],
    ['onOutage', here, expect.objectContaining({ end: 'left' })],
    ['onConnectionStateChanged', here, 1, 5],
    ['onLeaveChannel', here, { duration: 4 }],
    ['onConnectionStateChanged', { channelId: 'next', localUid: 8 }, 2, 0],
  ]);
});

test.each([
  ['another profile', 4_315, 17, 10],
  ['a bad token', 4_313, 110, 8],
  ['an unknown app', 4_310, 101, 6],
  ['a bad name', 4_311, 102, 7],
  ['a bad uid', 4_312, 121, 10],
  ['a ban', 4_318, 123, 3],
  ['an expired token', 4_200, 109, 9],
])('%s: the state with its reason, then onError', async (_what, code, error, reason) => {
  const { host, engine, told } = initialized();
  engine.joinChannel('', 'room', 7);
  await host.pass(0);
  host.latest.open().answer({ type: 'refused', code, text: 'why', retryMs: 0 });
  await host.settle();
  expect(told.slice(1)).toEqual([
    ['onConnectionStateChanged', here, 5, reason],
    ['onError', error, 'why'],
  ]);
  expect(host.leftovers).toBe(0);
});

test('C-40 the same uid elsewhere: the state says so, and leaving after that is told as ever', async () => {
  const { host, engine, told } = await inside();
  host.latest.answer({ type: 'refused', code: 4_316, text: 'elsewhere', retryMs: 0 });
  await host.settle();
  expect(told.splice(0)).toEqual([['onConnectionStateChanged', here, 5, 19]]);
  expect(engine.renewToken('new')).toBe(-113);
  expect(engine.leaveChannel()).toBe(0);
  await host.settle();
  expect(told).toEqual([
    ['onConnectionStateChanged', here, 1, 5],
    ['onLeaveChannel', here, { duration: 0 }],
  ]);
});
