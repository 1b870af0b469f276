import { expect, test } from 'vitest';
import { NetworkType } from './enums.ts';
import { here, inside } from './stage.ts';

test('another kind of network is told once, when the system hints at it; a leave ends it', async () => {
  const { host, engine, told } = await inside();
  host.network = 'wifi';
  expect(told).toEqual([]);
  host.hint('address-changed');
  host.hint('focus');
  await host.settle();
  expect(told).toEqual([['onNetworkTypeChanged', here, NetworkType.NetworkTypeWifi]]);
  host.network = 'disconnected';
  host.hint('offline');
  engine.leaveChannel();
  await host.settle();
  expect(told.map(([name]) => name)).not.toContain(NetworkType.NetworkTypeDisconnected);
  expect(told.filter(([name]) => name === 'onNetworkTypeChanged')).toHaveLength(1);
});

test('what others send is muted by uid; before media flows it is only read', async () => {
  const { engine } = await inside();
  expect(engine.muteRemoteAudioStream(9, true)).toBe(0);
  expect(engine.muteRemoteVideoStream(9, false)).toBe(0);
  expect(engine.muteRemoteAudioStream(0, true)).toBe(-2);
  expect(engine.muteRemoteVideoStream(9, 'yes' as never)).toBe(-2);
});

test('disabling audio and video withdraws the stream, enabling brings it back (C-24)', async () => {
  const { host, engine } = await inside();
  const published = () => host.latest.sent('update').at(-1)?.self.streams;
  engine.disableAudio();
  expect(published()).toMatchObject([{ audio: false, video: true }]);
  engine.disableVideo();
  expect(published()).toEqual([]);
  engine.enableVideo();
  engine.enableAudio();
  expect(published()).toMatchObject([{ audio: true, video: true }]);
});
