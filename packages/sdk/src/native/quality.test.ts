import { expect, test } from 'vitest';
import { granted } from '../driver/virtual-host.ts';
import { QualityType } from './enums.ts';
import { here, inside } from './stage.ts';

const { QualityExcellent, QualityVbad, QualityDown } = QualityType;

/** An engine in a channel, and what it tells of its network: both ways are the same without media. */
async function watched() {
  const stage = await inside();
  const qualities: QualityType[] = [];
  stage.engine.addListener('onNetworkQuality', (connection, remoteUid, tx, rx) => {
    expect([connection, remoteUid, tx]).toEqual([here, 0, rx]);
    qualities.push(tx);
  });
  const beats = async (seconds: number) => {
    for (let beat = 1; beat <= seconds; beat += 1) {
      stage.host.latest.answer(granted.heartbeat(beat));
      await stage.host.pass(1_000);
    }
  };
  return { ...stage, qualities, beats };
}

test('the quality of the network is told every 2 s, without media from round trips', async () => {
  const { qualities, beats } = await watched();
  await beats(1);
  expect(qualities).toEqual([]);
  await beats(5);
  expect(qualities).toEqual([QualityExcellent, QualityExcellent, QualityExcellent]);
});

test('an outage is seen in it before anything else is told, and to its end', async () => {
  const { host, qualities, beats, told } = await watched();
  await beats(1);
  await host.pass(2_500);
  expect(qualities.at(-1)).toBe(QualityVbad);
  expect(told).toEqual([]);
  await host.pass(7_000);
  expect(qualities.at(-1)).toBe(QualityDown);
});

test('C-14, C-32 nothing of it is told in the background or after a leave', async () => {
  const { host, engine, qualities } = await watched();
  engine.notifyAppState('background');
  await host.pass(60_000);
  expect(qualities).toEqual([]);
  engine.notifyAppState('foreground');
  await host.pass(2_100);
  expect(qualities).toHaveLength(1);
  engine.leaveChannel();
  await host.pass(60_000);
  expect(qualities).toHaveLength(1);
});
