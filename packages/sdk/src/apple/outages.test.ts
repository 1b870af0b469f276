/** What an application of the apple dialect is told of an outage. */
import { expect, test } from 'vitest';
import { resume } from '../engine/stage.ts';
import { NetworkQuality } from './numbers.ts';
import { inside } from './stage.ts';

test('C-11 C-12 interrupted, lost and the return, each once, each after its state', async () => {
  const { host, told } = await inside();
  await host.pass(3_900);
  expect(told).toEqual([]);
  await host.pass(100);
  expect(told.splice(0)).toEqual([['connectionChangedTo', 4, 2], ['rtcEngineConnectionDidInterrupted']]);
  await host.pass(6_000);
  expect(told.splice(0)).toEqual([['connectionChangedTo', 4, 16], ['rtcEngineConnectionDidLost']]);
  await resume(host);
  expect(told).toEqual([
    ['connectionChangedTo', 3, 15],
    ['didRejoinChannel', 'room', 7, expect.any(Number)],
    ['didEndOutage', expect.objectContaining({ channel: 'room', end: 'resumed' })],
  ]);
});

test('C-13 a first join that does not succeed is lost after 10 s, never interrupted; a later success is ordinary', async () => {
  const { host, engine, told } = await inside();
  engine.leaveChannel();
  await host.pass(3_000);
  told.length = 0;
  engine.joinChannel('', 'room', null, 7);
  await host.pass(10_000);
  expect(told).toEqual([
    ['connectionChangedTo', 2, 0],
    ['connectionChangedTo', 4, 16],
    ['rtcEngineConnectionDidLost'],
  ]);
});

test('C-11 C-90 a reconnection before 4 s is told as a record and by no other callback', async () => {
  const { host, engine, told } = await inside();
  host.latest.break();
  await host.pass(10);
  await resume(host);
  expect(told).toEqual([['didEndOutage', engine.getOutages()[0]]]);
});

test('C-1 an engine option wins for its own callbacks', async () => {
  const { host, told } = await inside({ interruptedMs: 1_500, lostMs: 2_000 });
  await host.pass(2_000);
  expect(told.map(([name]) => name)).toEqual([
    'connectionChangedTo',
    'rtcEngineConnectionDidInterrupted',
    'connectionChangedTo',
    'rtcEngineConnectionDidLost',
  ]);
});

test('giving up is the state FAILED and error 112; another join is possible then', async () => {
  const { host, engine, leavers, told } = await inside({ giveUpMs: 5_000 });
  await host.pass(5_000);
  expect(told.slice(2)).toEqual([
    ['didEndOutage', expect.objectContaining({ end: 'failed' })],
    ['connectionChangedTo', 5, 4],
    ['didOccurError', 112],
    ['didExplainError', 112, expect.any(String)],
  ]);
  expect(host.leftovers).toBe(0);
  expect(leavers.size).toBe(0);
  expect(engine.joinChannel('', 'room', null, 7)).toBe(0);
});

test('the quality of the network is told every 2 s, and is down in an outage', async () => {
  const { host, engine, delegate } = await inside();
  const told: unknown[] = [];
  engine.delegate = { ...delegate, networkQuality: (_engine, ...args) => void told.push(args) };
  await host.pass(6_000);
  expect(told).toEqual([
    [0, NetworkQuality.unknown, NetworkQuality.unknown],
    [0, NetworkQuality.down, NetworkQuality.down],
    [0, NetworkQuality.down, NetworkQuality.down],
  ]);
});
