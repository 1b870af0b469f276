/** What an application of the native dialect is told of an outage. */
import { expect, test } from 'vitest';
import { resume } from '../engine/stage.ts';
import { here, inside } from './stage.ts';

test('C-11 C-12 interrupted, lost and the return, each once, each after its state', async () => {
  const { host, told } = await inside();
  await host.pass(3_900);
  expect(told).toEqual([]);
  await host.pass(100);
  expect(told.splice(0)).toEqual([
    ['onConnectionStateChanged', here, 4, 2],
    ['onConnectionInterrupted', here],
  ]);
  await host.pass(6_000);
  expect(told.splice(0)).toEqual([
    ['onConnectionStateChanged', here, 4, 16],
    ['onConnectionLost', here],
  ]);
  await resume(host);
  expect(told.map(([name]) => name)).toEqual([
    'onConnectionStateChanged',
    'didRejoinChannel',
    'onRejoinChannelSuccess',
    'onOutage',
  ]);
  expect(told[0]).toEqual(['onConnectionStateChanged', here, 3, 15]);
  expect(told[1]?.slice(1)).toEqual(told[2]?.slice(1));
});

test('C-90 the last 20 outages are kept, with the time of their beginning', async () => {
  const { host, engine, told } = await inside();
  const joinedAt = host.wallClock();
  await host.pass(5_000);
  let link = await resume(host);
  const [record] = engine.getOutages();
  expect(record).toMatchObject({ channel: 'room', uid: 7, end: 'resumed', startedAt: joinedAt });
  expect(told.at(-1)).toEqual(['onOutage', here, record]);
  for (let round = 0; round < 25; round += 1) {
    link.break();
    await host.pass(2_000);
    link = await resume(host);
  }
  expect(engine.getOutages()).toHaveLength(20);
});

test('C-11 a reconnection before 4 s is told as an outage record and by no callback', async () => {
  const { host, told } = await inside();
  host.latest.break();
  await host.pass(10);
  await resume(host);
  expect(told.map(([name]) => name)).toEqual(['onOutage']);
});

test('C-1 an engine option wins for its own callbacks', async () => {
  const { host, told } = await inside({ interruptedMs: 1_500, lostMs: 2_000 });
  await host.pass(1_500);
  expect(told.map(([name]) => name)).toEqual(['onConnectionStateChanged', 'onConnectionInterrupted']);
  await host.pass(500);
  expect(told.at(-1)?.[0]).toBe('onConnectionLost');
});

test('giving up is the state FAILED and error 112; another join is possible then', async () => {
  const { host, engine, told } = await inside({ giveUpMs: 5_000 });
  await host.pass(5_000);
  expect(told.slice(2)).toEqual([
    ['onOutage', here, expect.objectContaining({ end: 'failed' })],
    ['onConnectionStateChanged', here, 5, 4],
    ['onError', 112, expect.any(String)],
  ]);
  expect(engine.getConnectionState()).toBe(5);
  expect(host.leftovers).toBe(0);
  expect(engine.joinChannel('', 'room', 7)).toBe(0);
});
