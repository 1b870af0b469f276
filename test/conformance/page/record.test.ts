import { expect, test } from 'vitest';
import { type Judged, judge, type Timing } from '../judge.ts';
import type { History } from '../scene.ts';
import { darkness, missedSince, record, shortName } from './record.ts';

const began = 1_000_000;
const packets = [-700, 300, 23_900].map((ms) => began + ms);
const lastPacket: Timing = {
  text: 'the last packet from A',
  since: (at) => packets.findLast((time) => time <= at),
  atLeastMs: 20_000,
  atMostMs: 20_250,
};
const connection = { channelId: 'row-7', localUid: 22 };

test('what the judge held against a scene becomes a row in ms since it began', () => {
  const said = [{ t: began + 20_312.6, callback: 'onUserOffline', args: [connection, 11, 1] }];
  const verdict = judge(
    'B',
    said,
    [[{ ...call('onUserOffline', 3), promise: 'C-20', timing: lastPacket }]],
    0,
  );
  const row = record(history(said), new Map([['B', verdict.judged]]));
  expect(row.endMs).toBe(26_000);
  expect(row.deeds).toEqual([
    { at: 300, text: 'cut the network of A' },
    { at: 23_300, text: 'heal the network of A' },
  ]);
  expect(row.links).toMatchObject([{ of: 'A', up: [-700, 300, 23_900] }]);
  const dark = { from: 300, to: 23_300 };
  expect(row.links[0]?.dark).toEqual([
    { way: 'up', ...dark },
    { way: 'down', ...dark },
  ]);
  expect(row.observers[1]?.told).toEqual([
    {
      name: 'onUserOffline A',
      call: 'onUserOffline(connection, 11, 1)',
      at: 20_312,
      due: { after: 'the last packet from A', since: 300, least: 20_000, most: 20_250 },
      promise: 'C-20',
    },
  ]);
});

test('a callback that never came has the window in which it had to come', () => {
  const { judged } = judge(
    'B',
    [],
    [[{ ...call('onUserOffline', 3), promise: 'C-20', timing: lastPacket }]],
    0,
  );
  const row = record(history([]), new Map([['B', judged]]));
  expect(row.observers[1]?.told).toMatchObject([{ broke: 'missing', due: { since: 300 } }]);
});

test('what counts for a missing callback is the newest silence as long as its limit', () => {
  expect(missedSince(lastPacket, began + 26_000)).toBe(began + 300);
  expect(missedSince({ ...lastPacket, atLeastMs: 4_000 }, began + 30_000)).toBe(began + 23_900);
  expect(missedSince({ ...lastPacket, atLeastMs: 60_000 }, began + 26_000)).toBeUndefined();
  expect(missedSince({ ...lastPacket, since: () => undefined }, began + 26_000)).toBeUndefined();
  expect(missedSince({ ...lastPacket, since: () => began + 25_000 }, began + 26_000)).toBeUndefined();
});

test('without a verdict what was heard is shown, unjudged', () => {
  const said = [{ t: began + 5, callback: 'onUserJoined', args: [connection, 11, 3] }];
  const row = record(history(said), new Map<string, readonly Judged[]>());
  expect(row.observers[1]?.told).toEqual([
    { name: 'onUserJoined A', call: 'onUserJoined(connection, 11, 3)', at: 5 },
  ]);
});

test('an outage that ends after the last packet on the way drawn has ended on another way', () => {
  const linkOf = (...ends: number[]) => record(history([], ends), new Map()).links[0];
  expect(linkOf(began + 23_890)?.elsewhereAt).toBeUndefined();
  expect(linkOf(began + 300, began + 25_000)?.elsewhereAt).toBe(25_000);
});

test('darkness: one way only, twice, to the end, and of a network whose cutting was not noted', () => {
  const times = { up: [0, 900], down: [0, 950] };
  const deed = (at: number, text: string) => ({ at, text });
  const up = [deed(1_000, 'cut the network of A (only up)'), deed(9_000, 'heal the network of A')];
  expect(darkness(['A'], times, up, 12_000)).toEqual([{ way: 'up', from: 1_000, to: 9_000 }]);
  const again = [...up, deed(10_000, 'cut the network of A')];
  expect(darkness(['A', 'A2'], times, again, 12_000)).toEqual([
    { way: 'up', from: 1_000, to: 9_000 },
    { way: 'up', from: 10_000, to: 12_000 },
    { way: 'down', from: 10_000, to: 12_000 },
  ]);
  expect(darkness(['B'], times, again, 12_000)).toEqual([]);
  const unnoted = [deed(9_000, 'heal the network of B')];
  expect(darkness(['B'], times, unnoted, 12_000)).toEqual([
    { way: 'up', from: 900, to: 9_000 },
    { way: 'down', from: 950, to: 9_000 },
  ]);
});

test.each([
  ['onConnectionStateChanged', [connection, 4, 2], 'onConnectionStateChanged reconnecting'],
  ['connectionChangedTo', [3, 15], 'connectionChangedTo connected'],
  [
    'connection-state-change',
    [{ prevState: 'CONNECTED', curState: 'CONNECTING' }],
    'connection-state-change connecting',
  ],
  ['stream-removed', [{ stream: { streamId: 11 } }], 'stream-removed A'],
  ['peer-leave', [{ uid: 11, reason: 'Quit', stream: {} }], 'peer-leave A'],
  ['didRejoinChannel', ['room', 22, 11], 'didRejoinChannel'],
])('%s is shown with what a reader looks for', (callback, args, name) => {
  expect(shortName({ t: 0, callback, args }, (uid) => (uid === 11 ? 'A' : undefined))).toBe(name);
});

function call(callback: string, argumentCount: number) {
  return {
    callback,
    args: Array.from({ length: argumentCount }, () => ({ text: '…', matches: () => true })),
  };
}

function history(heard: History['people'][number]['heard'], outageEnds: readonly number[] = []): History {
  return {
    beganAt: began,
    endedAt: began + 26_000,
    deeds: [
      { at: began - 4_000, text: 'start A (linux, uid 11)' },
      { at: began, text: 'began' },
      { at: began + 300, text: 'cut the network of A' },
      { at: began + 23_300, text: 'heal the network of A' },
      { at: began + 26_000, text: 'ended' },
    ],
    links: [
      { roles: ['A'], up: packets, down: packets },
      { roles: ['B'], up: [], down: [] },
    ],
    people: [
      { role: 'A', uid: 11, platform: 'linux', heard: [], outageEnds },
      { role: 'B', uid: 22, platform: 'android', heard, outageEnds: [] },
    ],
  };
}
