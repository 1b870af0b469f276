/** What an application of the native dialect is told of the other users. */
import { nothingPassed } from '@holdfast/core';
import { expect, test } from 'vitest';
import { entries, member, stream } from '../engine/stage.ts';
import { here, inside } from './stage.ts';

test('C-21 joined, muted and offline with uid, elapsed and reason; streams are not told apart', async () => {
  const { host, told } = await inside();
  await host.pass(1_000);
  entries(host, 1, member(8), member(9, { streams: [stream({ audioMuted: true })] }));
  entries(host, 3, member(8, { passed: { ...nothingPassed, streamRemoved: true, peerOffline: true } }));
  entries(host, 4, member(9, { streams: [stream({ videoMuted: true })] }));
  entries(host, 5, member(9, { gone: 'quit', streams: [] }));
  await host.settle();
  expect(told).toEqual([
    ['onUserJoined', here, 8, 1_000],
    ['onUserJoined', here, 9, 1_000],
    ['onUserMuteAudio', here, 9, true],
    ['onUserOffline', here, 8, 1],
    ['onUserMuteAudio', here, 9, false],
    ['onUserMuteVideo', here, 9, true],
    ['onUserOffline', here, 9, 0],
  ]);
});

test('C-25 a host that becomes audience goes offline with reason 2', async () => {
  const { host, told } = await inside();
  entries(host, 1, member(8), member(8, { role: 'audience', streams: [] }));
  await host.settle();
  expect(told.at(-1)).toEqual(['onUserOffline', here, 8, 2]);
});
