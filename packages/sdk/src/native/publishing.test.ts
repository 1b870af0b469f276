/** Role, publishing and mutes in the native dialect. */
import { expect, test } from 'vitest';
import { admit } from '../engine/stage.ts';
import { here, initialized, inside } from './stage.ts';

test('C-25 live: audience unless told otherwise, and an audience publishes nothing', async () => {
  const { host, engine, told } = initialized();
  engine.setChannelProfile(1);
  engine.joinChannel('', 'room', 7);
  await admit(host);
  expect(host.latest.sent('join')[0]).toMatchObject({
    profile: 'live',
    self: { role: 'audience', streams: [] },
  });
  expect(engine.setClientRole(1)).toBe(0);
  await host.settle();
  expect(told.at(-1)).toEqual(['onClientRoleChanged', here, 2, 1]);
  expect(host.latest.sent('update').at(-1)?.self).toMatchObject({ role: 'host', streams: [{ id: 1 }] });
});

test('the communication profile knows no roles', async () => {
  const { host, engine, told } = await inside();
  expect(engine.setClientRole(2)).toBe(0);
  await host.settle();
  expect(told).toEqual([]);
  expect(host.latest.sent('update')).toEqual([]);
});

test('mutes and devices make one stream; a call that changes nothing sends nothing', async () => {
  const { host, engine } = await inside({}, { publishCameraTrack: false });
  expect(host.latest.sent('join')[0]?.self.streams).toMatchObject([{ audio: true, video: false }]);
  engine.muteLocalAudioStream(true);
  engine.muteLocalAudioStream(true);
  engine.updateChannelMediaOptions({ publishCameraTrack: true });
  engine.enableLocalAudio(false);
  engine.enableLocalVideo(false);
  expect(host.latest.sent('update').map(({ self }) => self.streams)).toMatchObject([
    [{ audio: true, video: false, audioMuted: true }],
    [{ audio: true, video: true, audioMuted: true }],
    [{ audio: false, video: true, audioMuted: true }],
    [],
  ]);
});

test('C-71 a mute outlives an outage and the next join', async () => {
  const { host, engine } = await inside();
  engine.muteLocalVideoStream(true);
  await host.pass(5_000);
  host.latest.open();
  expect(host.latest.sent('resume')[0]?.self.streams).toMatchObject([{ videoMuted: true }]);
  engine.leaveChannel();
  await host.pass(3_000);
  engine.joinChannel('', 'room', 7);
  await admit(host);
  expect(host.latest.sent('join')[0]?.self.streams).toMatchObject([{ videoMuted: true }]);
});

test('a renewed token is in the next resume', async () => {
  const { host, engine } = await inside();
  expect(engine.renewToken('newer')).toBe(0);
  await host.pass(5_000);
  expect(host.latest.open().sent('resume')[0]?.credentials.token).toBe('newer');
});
