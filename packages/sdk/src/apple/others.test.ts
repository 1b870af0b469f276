/** What an application of the apple dialect is told of the other users, and they of it. */
import { nothingPassed } from '@holdfast/core';
import { expect, test } from 'vitest';
import { admit, entries, member, stream } from '../engine/stage.ts';
import { configured, inside } from './stage.ts';

test('C-21 joined, muted and offline with uid, elapsed and reason; streams are not told apart', async () => {
  const { host, told } = await inside();
  await host.pass(1_000);
  entries(host, 1, member(8), member(9, { account: 'bob', streams: [stream({ audioMuted: true })] }));
  entries(host, 3, member(8, { passed: { ...nothingPassed, streamRemoved: true, peerOffline: true } }));
  entries(host, 4, member(9, { account: 'bob', streams: [stream({ videoMuted: true })] }));
  entries(host, 5, member(9, { account: 'bob', gone: 'quit', streams: [] }));
  await host.settle();
  expect(told).toEqual([
    ['didJoinedOfUid', 8, 1_000],
    ['didJoinedOfUid', 9, 1_000],
    ['didUpdatedUserInfo', { uid: 9, userAccount: 'bob' }, 9],
    ['didAudioMuted', true, 9],
    ['didOfflineOfUid', 8, 1],
    ['didAudioMuted', false, 9],
    ['didVideoMuted', true, 9],
    ['didOfflineOfUid', 9, 0],
  ]);
});

test('C-25 a host that becomes audience goes offline with reason 2', async () => {
  const { host, told } = await inside();
  entries(host, 1, member(8), member(8, { role: 'audience', streams: [] }));
  await host.settle();
  expect(told.at(-1)).toEqual(['didOfflineOfUid', 8, 2]);
});

test('C-25 live: audience unless told otherwise; a changed role is told to the application and the others', async () => {
  const { host, engine, told } = configured();
  engine.setChannelProfile(1);
  engine.joinChannel('', 'room', null, 7);
  await admit(host);
  expect(host.latest.sent('join')[0]).toMatchObject({
    profile: 'live',
    self: { role: 'audience', streams: [] },
  });
  expect(engine.setClientRole(1)).toBe(0);
  await host.settle();
  expect(told.at(-1)).toEqual(['didClientRoleChanged', 2, 1]);
  expect(host.latest.sent('update').at(-1)?.self).toMatchObject({ role: 'host', streams: [{ id: 1 }] });
});

test('mutes, devices and options make one stream; a call that changes nothing sends nothing', async () => {
  const { host, engine } = await inside();
  engine.muteLocalAudioStream(true);
  engine.muteLocalAudioStream(true);
  engine.enableLocalVideo(false);
  engine.muteLocalVideoStream(true);
  engine.updateChannel({ publishMicrophoneTrack: false });
  engine.enableLocalAudio(false);
  expect(host.latest.sent('update').map(({ self }) => self.streams)).toMatchObject([
    [{ audio: true, video: true, audioMuted: true }],
    [{ audio: true, video: false, audioMuted: true }],
    [{ audio: true, video: false, videoMuted: true }],
    [],
  ]);
});

test('a renewed token is in the next resume', async () => {
  const { host, engine } = await inside();
  expect(engine.renewToken('newer')).toBe(0);
  await host.pass(5_000);
  expect(host.latest.open().sent('resume')[0]?.credentials.token).toBe('newer');
});

test('another kind of network is told as its number', async () => {
  const { host, told } = await inside();
  host.network = 'lan';
  host.hint('address-changed');
  await host.settle();
  expect(told).toEqual([['networkTypeChanged', 1]]);
});
