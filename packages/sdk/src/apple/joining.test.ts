/** Joining, leaving and failing, as an application of the apple dialect sees them. */
import { expect, test, vi } from 'vitest';
import { admit } from '../engine/stage.ts';
import { configured, inside } from './stage.ts';

test('C-12 the state comes before the callback that says the same, and none before joinChannel returns', async () => {
  const { host, engine, told } = configured();
  expect(engine.joinChannel('token', 'room', null, 7)).toBe(0);
  expect(told).toEqual([]);
  expect(engine.getConnectionState()).toBe(2);
  await host.pass(15);
  await admit(host);
  expect(told).toEqual([
    ['connectionChangedTo', 2, 0],
    ['connectionChangedTo', 3, 1],
    ['didJoinChannel', 'room', 7, 15],
  ]);
  expect(engine.getConnectionState()).toBe(3);
});

test('the join says who and what, and publishes unless told not to (C-24)', async () => {
  const { host, engine } = configured();
  engine.joinChannel('token', 'room', 'for nobody', 7);
  await host.pass(0);
  const [join] = host.latest.open().sent('join');
  expect(join).toMatchObject({
    credentials: { appId: 'demo', channel: 'room', token: 'token', sdk: 'holdfast-apple/0.0.0' },
    uid: 7,
    platform: 'macos',
    profile: 'communication',
    self: { role: 'host', streams: [{ id: 1, audio: true, video: true }] },
  });
});

test('a joinSuccess block is called once, in place of didJoinChannel and after the state', async () => {
  const { host, engine, told } = configured();
  const block = vi.fn((...args) => void told.push(['block', ...args]));
  engine.joinChannel('', 'room', null, 0, block);
  await admit(host, 4_711);
  expect(told.slice(1)).toEqual([
    ['connectionChangedTo', 3, 1],
    ['block', 'room', 4_711, 0],
  ]);
  engine.leaveChannel();
  engine.joinChannel('', 'room', null, 7, null);
  await admit(host);
  expect(block).toHaveBeenCalledOnce();
  expect(told.at(-1)).toEqual(['didJoinChannel', 'room', 7, 0]);
});

test('a join with media options says them', async () => {
  const { host, engine } = configured();
  const options = { channelProfile: 1, clientRoleType: 1, publishCameraTrack: false } as const;
  expect(engine.joinChannel('', 'room', 7, options)).toBe(0);
  await admit(host);
  expect(host.latest.sent('join')[0]).toMatchObject({
    uid: 7,
    profile: 'live',
    self: { role: 'host', streams: [{ audio: true, video: false }] },
  });
});

test('C-14 leaving tells the leave and nothing else, then its block, and leaves nothing behind', async () => {
  const { host, engine, told } = await inside();
  await host.pass(1_400);
  expect(engine.leaveChannel((stats) => void told.push(['done', stats]))).toBe(0);
  expect(engine.getConnectionState()).toBe(1);
  await host.settle();
  expect(told).toEqual([
    ['connectionChangedTo', 1, 5],
    ['didLeaveChannel', { duration: 1 }],
    ['done', { duration: 1 }],
  ]);
  expect(host.connections.flatMap((connection) => connection.sent('leave'))).toHaveLength(1);
  await host.pass(2_000);
  expect(host.leftovers).toBe(0);
  expect(engine.leaveChannel()).toBe(-18);
});

test('one channel at a time: a second join is refused, also of the same channel', async () => {
  const { engine } = await inside();
  expect(engine.joinChannel('', 'other', null, 7)).toBe(-17);
  expect(engine.setChannelProfile(1)).toBe(-8);
});

test('a callback may leave and join: the order stays, and what was under way is not told any more', async () => {
  const { host, engine, told, delegate } = await inside();
  delegate.rtcEngineConnectionDidInterrupted = () => {
    told.push(['rtcEngineConnectionDidInterrupted']);
    engine.leaveChannel();
    expect(engine.joinChannel('', 'next', null, 8)).toBe(0);
  };
  await host.pass(4_000);
  expect(told).toEqual([
    ['connectionChangedTo', 4, 2],
    ['rtcEngineConnectionDidInterrupted'],
    ['didEndOutage', expect.objectContaining({ end: 'left' })],
    ['connectionChangedTo', 1, 5],
    ['didLeaveChannel', { duration: 4 }],
    ['connectionChangedTo', 2, 0],
  ]);
});

test.each([
  ['another profile', 4_315, 17, 10],
  ['a bad token', 4_313, 110, 8],
  ['a ban', 4_318, 123, 3],
  ['an expired token', 4_200, 109, 9],
])('%s: the state with its reason, then the error, then its text', async (_what, code, error, reason) => {
  const { host, leavers, engine, told } = configured();
  engine.joinChannel('', 'room', null, 7);
  await host.pass(0);
  host.latest.open().answer({ type: 'refused', code, text: 'why', retryMs: 0 });
  await host.settle();
  expect(told.slice(1)).toEqual([
    ['connectionChangedTo', 5, reason],
    ['didOccurError', error],
    ['didExplainError', error, 'why'],
  ]);
  expect(host.leftovers).toBe(0);
  expect(leavers.size).toBe(0);
});

test('C-40 the same uid elsewhere: the state says so, and leaving after that is told as ever', async () => {
  const { host, engine, told } = await inside();
  host.latest.answer({ type: 'refused', code: 4_316, text: 'elsewhere', retryMs: 0 });
  await host.settle();
  expect(told.splice(0)).toEqual([['connectionChangedTo', 5, 19]]);
  expect(engine.renewToken('new')).toBe(-113);
  expect(engine.leaveChannel()).toBe(0);
  await host.settle();
  expect(told).toEqual([
    ['connectionChangedTo', 1, 5],
    ['didLeaveChannel', { duration: 0 }],
  ]);
});

test('C-31 the end of the world is a leave, whose goodbye is on its way at once; after a leave nobody waits for it', async () => {
  const { host, leavers, engine } = await inside();
  for (const leaver of [...leavers]) leaver.leave();
  expect(host.latest.sent('leave')).toHaveLength(1);
  expect(leavers.size).toBe(0);
  expect(engine.leaveChannel()).toBe(-18);
  engine.joinChannel('', 'room', null, 7);
  expect(leavers.size).toBe(1);
  engine.leaveChannel();
  expect(leavers.size).toBe(0);
});
