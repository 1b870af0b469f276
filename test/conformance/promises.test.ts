import { expect, test } from 'vitest';
import { type Class, dialectOf, type Platform } from './dialects.ts';
import { show } from './judge.ts';
import { PacketLog } from './packets.ts';
import { arrivalOf, deathOf, inTime, ownOutage, type Played, promptly, silenceOf } from './promises.ts';

const platforms: Record<Class, Platform> = { native: 'linux', apple: 'ios', web: 'web' };
const classes = Object.keys(platforms) as Class[];

const silences: [ms: number, told: Record<Class, string[]>][] = [
  [8_000, { native: [], apple: [], web: [] }],
  [15_000, { native: [], apple: [], web: ['stream-removed', 'stream-added'] }],
  [
    24_000,
    {
      native: ['onUserOffline', 'onUserJoined'],
      apple: ['didOfflineOfUid', 'didJoinedOfUid'],
      web: ['stream-removed', 'peer-leave', 'peer-online', 'stream-added'],
    },
  ],
];

test.each(silences)('C-20 what each class is told of a silence of %i ms and the return', (ms, told) => {
  for (const observer of classes)
    expect(names(silenceOf(row(observer), 'B', 'A', { ms, back: 'healed' }))).toEqual(told[observer]);
});

test('C-24 of somebody without a stream the web is told at 20 s only', () => {
  const told = (ms: number) =>
    names(silenceOf(row('web', 'native', false), 'B', 'A', { ms, back: 'healed' }));
  expect(told(15_000)).toEqual([]);
  expect(told(24_000)).toEqual(['peer-leave', 'peer-online']);
});

test('C-23 a newcomer 15 s into a silence finds A present if native, absent if web', () => {
  const how = { ms: 23_000, back: 'healed', joinedAt: 15_000 };
  expect(names(silenceOf(row('native'), 'B', 'A', how))).toEqual(['onUserOffline', 'onUserJoined']);
  expect(names(silenceOf(row('web'), 'B', 'A', how))).toEqual(['peer-online', 'stream-added']);
});

test('C-23 a web newcomer 5 s into a silence finds A and loses it like everybody', () => {
  const how = { ms: 15_000, back: 'healed', joinedAt: 5_000 };
  expect(names(silenceOf(row('web'), 'B', 'A', how))).toEqual(['stream-removed', 'stream-added']);
});

test('C-30 C-31 killed for good: a silence, but a goodbye after 4 s if A is apple', () => {
  const how = { ms: Number.POSITIVE_INFINITY };
  expect(names(deathOf(row('native'), 'B', 'A', how))).toEqual(['onUserOffline']);
  expect(names(deathOf(row('web'), 'B', 'A', how))).toEqual(['stream-removed', 'peer-leave']);
  const [quit] = deathOf(row('native', 'apple'), 'B', 'A', how);
  expect(quit && show(quit)).toBe('onUserOffline({"channelId":"room","localUid":22}, 11, 0)');
  expect(quit?.timing).toMatchObject({ atLeastMs: 4_000, atMostMs: 4_250 });
  expect(deathOf(row('web', 'apple'), 'B', 'A', { ms: 2_000, back: 'healed' })).toEqual([]);
});

test('C-11 C-12 A is told of its own outage only what its length calls for, the state first', () => {
  const told = (own: Class, ms: number) => names(ownOutage(row('web', own), 'A', ms, back()));
  const state = 'onConnectionStateChanged';
  expect(classes.map((own) => told(own, 3_999))).toEqual([[], [], []]);
  expect(told('native', 8_000)).toEqual([state, 'onConnectionInterrupted', state, 'didRejoinChannel']);
  expect(told('native', 15_000)).toEqual([
    ...[state, 'onConnectionInterrupted', state, 'onConnectionLost', state, 'didRejoinChannel'],
  ]);
  expect(told('apple', 15_000).filter((name) => name !== 'connectionChangedTo')).toEqual([
    ...['rtcEngineConnectionDidInterrupted', 'rtcEngineConnectionDidLost', 'didRejoinChannel'],
  ]);
  expect(told('web', 15_000)).toEqual(['connection-state-change', 'connection-state-change']);
});

test('stories of one observer are merged by their times', () => {
  const played = row('web');
  const silence = silenceOf(played, 'B', 'A', { ms: 24_000, back: 'healed' });
  expect(names(inTime(silence, arrivalOf(played, 'B', 'C', 15_000)))).toEqual([
    ...['stream-removed', 'peer-online', 'stream-added', 'peer-leave', 'peer-online', 'stream-added'],
  ]);
});

function row(observer: Class, a: Class = 'native', publishes = true): Played {
  const uids = { A: 11, A2: 11, B: 22, C: 33 };
  const platformOf = (role: string) => platforms[role.startsWith('A') ? a : observer];
  return {
    person: (role) => ({ uid: uids[role], platform: platformOf(role), packets: new PacketLog(), publishes }),
    dialect: (role) => dialectOf(platformOf(role), { channel: 'room', uid: uids[role] }),
    marked: () => 0,
    silence: () => 0,
  };
}

function back() {
  return promptly(row('web'), 'healed', 1_500);
}

function names(told: readonly { callback: string }[]): string[] {
  return told.map(({ callback }) => callback);
}
