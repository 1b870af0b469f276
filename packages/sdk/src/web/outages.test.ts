/** What a page of the web dialect is told of its own outage: its state, and nothing else. */
import { expect, test } from 'vitest';
import { granted } from '../driver/virtual-host.ts';
import { inside, resume, testMedia } from './stage.ts';

const change = (prevState: string, curState: string) => ['connection-state-change', { prevState, curState }];

test('C-12 CONNECTING at 4 s, nothing at 10 s, CONNECTED when back', async () => {
  const { host, client, told } = await inside();
  await host.pass(3_900);
  expect(told).toEqual([]);
  await host.pass(100);
  expect(told.splice(0)).toEqual([change('CONNECTED', 'CONNECTING')]);
  expect(client.getConnectionState()).toBe('CONNECTING');
  await host.pass(6_000);
  expect(told).toEqual([]);
  await resume(host);
  expect(told).toEqual([change('CONNECTING', 'CONNECTED'), ['outage', expect.anything()]]);
});

test('C-11 a reconnection before 4 s is told as an outage record and by no other event', async () => {
  const { host, told, client } = await inside();
  host.latest.break();
  await host.pass(10);
  await resume(host);
  expect(told.map(([name]) => name)).toEqual(['outage']);
  expect(client.getOutages()).toEqual([expect.objectContaining({ channel: 'room', uid: 7, end: 'resumed' })]);
});

test('C-14 leaving in an outage is told at once, and nothing after it', async () => {
  const { host, client, told, callback } = await inside();
  await host.pass(5_000);
  told.length = 0;
  client.leave(callback('left'));
  await host.pass(60_000);
  expect(told).toEqual([
    ['outage', expect.objectContaining({ end: 'left' })],
    change('CONNECTING', 'DISCONNECTING'),
    change('DISCONNECTING', 'DISCONNECTED'),
    ['left'],
  ]);
  expect(host.leftovers).toBe(0);
});

test('C-13 a join that takes longer than 10 s stays CONNECTING and goes on', async () => {
  const { host, client, told, join } = await inside();
  client.leave();
  await host.pass(3_000);
  told.length = 0;
  join();
  await host.pass(60_000);
  expect(told).toEqual([change('DISCONNECTED', 'CONNECTING')]);
  expect(client.getConnectionState()).toBe('CONNECTING');
});

test('volumes are told every 2 s once they are asked for', async () => {
  const makePeer = () => expect.fail('nothing is wanted of media');
  const { host, client } = await inside('rtc', { media: { ...testMedia().media, makePeer } });
  const told: unknown[] = [];
  client.on('volume-indicator', (payload) => told.push(payload));
  await host.pass(4_000);
  expect(told).toEqual([]);
  client.enableAudioVolumeIndicator();
  await host.pass(2_000);
  expect(told).toEqual([{ attr: [] }]);
});

test('the quality of the network is told every 2 s, and is down in an outage', async () => {
  const { host, client } = await inside();
  const told: unknown[] = [];
  client.on('network-quality', (payload) => told.push(payload));
  host.latest.answer(granted.heartbeat(1));
  await host.pass(2_000);
  expect(told).toEqual([{ uplinkNetworkQuality: 5, downlinkNetworkQuality: 5 }]);
  await host.pass(4_000);
  expect(told.at(-1)).toEqual({ uplinkNetworkQuality: 6, downlinkNetworkQuality: 6 });
});
