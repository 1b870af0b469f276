/** What a page of the web dialect is told of the other users. */
import { nothingPassed } from '@holdfast/core';
import { expect, test } from 'vitest';
import { admit, entries, initialised, inside, member, resume, silent, stream } from './stage.ts';

const left = { ...nothingPassed, streamRemoved: true, peerLeave: true };

test('C-21 peer-online before stream-added; peer-leave ends the peer and its stream', async () => {
  const { host, told } = await inside();
  await entries(host, 1, member(8));
  await entries(host, 2, member(8, { gone: 'quit', streams: [] }));
  const [, added] = told[1] ?? [];
  expect(told).toEqual([
    ['peer-online', { uid: 8 }],
    ['stream-added', { stream: added.stream }],
    ['peer-leave', { uid: 8, reason: 'Quit', stream: added.stream }],
  ]);
  expect(added.stream.getId()).toBe(8);
  expect(added.stream.local).toBe(false);
});

test('C-20 an outage of a publisher: stream-removed, then stream-added, with the same id', async () => {
  const { host, told } = await inside();
  await entries(host, 1, member(8));
  told.length = 0;
  await entries(host, 2, silent(8));
  await entries(host, 3, member(8));
  expect(told.map(([name, { stream }]) => [name, stream.getId()])).toEqual([
    ['stream-removed', 8],
    ['stream-added', 8],
  ]);
});

test('C-21 after the stream is gone the peer goes too, with the stream that it had', async () => {
  const { host, told } = await inside();
  await entries(host, 1, member(8));
  await entries(host, 2, silent(8), silent(8, { passed: left }));
  const streams = told.filter(([, payload]) => payload.stream).map(([, payload]) => payload.stream);
  expect(told.map(([name]) => name)).toEqual(['peer-online', 'stream-added', 'stream-removed', 'peer-leave']);
  expect(told.at(-1)?.[1]).toMatchObject({ uid: 8, reason: 'ServerTimeOut' });
  expect(new Set(streams).size).toBe(1);
});

test('C-24 somebody without a stream leaves with one that has no audio and no video', async () => {
  const { host, told } = await inside();
  await entries(
    host,
    1,
    member(8, { account: 'bob', streams: [] }),
    member(8, { account: 'bob', gone: 'quit' }),
  );
  expect(told.map(([name]) => name)).toEqual(['peer-online', 'peer-leave']);
  const { stream } = told[1]?.[1] ?? {};
  expect(stream.getId()).toBe('bob');
  expect([stream.hasAudio(), stream.hasVideo(), stream.isPlaying()]).toEqual([false, false, false]);
  stream.stop();
  stream.close();
  stream.close();
});

test('C-25 a host that becomes audience leaves as such', async () => {
  const { host, told } = await inside('live');
  await entries(host, 1, member(8), member(8, { role: 'audience', streams: [] }));
  expect(told.at(-1)).toEqual(['peer-leave', expect.objectContaining({ uid: 8, reason: 'BecomeAudience' })]);
});

test('C-23 a newcomer is told of everybody who is present for the web, right after its join', async () => {
  const { host, told, join } = initialised();
  join();
  await admit(host, 7, [member(8), silent(9), member(10, { streams: [] })]);
  expect(told.slice(2).map(([name, payload]) => [name, payload.uid ?? payload])).toEqual([
    ['joined', 7],
    ['peer-online', 8],
    ['stream-added', { stream: expect.anything() }],
    ['peer-online', 10],
  ]);
  told.length = 0;
  await entries(host, 1, member(9));
  expect(told.map(([name]) => name)).toEqual(['peer-online', 'stream-added']);
});

test('mutes are told by uid, and the stream knows them', async () => {
  const { host, told } = await inside();
  await entries(host, 1, member(8));
  const { stream: remote } = told[1]?.[1] ?? {};
  told.length = 0;
  await entries(host, 2, member(8, { streams: [stream({ audioMuted: true, videoMuted: true })] }));
  expect([remote.hasAudio(), remote.isAudioOn(), remote.isVideoOn()]).toEqual([true, false, false]);
  await entries(host, 3, member(8, { streams: [stream({ videoMuted: true })] }), member(8));
  expect(told).toEqual([
    ['mute-audio', { uid: 8 }],
    ['mute-video', { uid: 8 }],
    ['unmute-audio', { uid: 8 }],
    ['unmute-video', { uid: 8 }],
  ]);
});

test('a stream that appears muted: first the stream, then the mute', async () => {
  const { host, told } = await inside();
  await entries(host, 1, member(8, { streams: [stream({ audioMuted: true })] }));
  expect(told.map(([name]) => name)).toEqual(['peer-online', 'stream-added', 'mute-audio']);
});

test('a stream that gets or loses a kind is updated, as the same object', async () => {
  const { host, told } = await inside();
  await entries(host, 1, member(8, { streams: [stream({ video: false })] }), member(8));
  const [added, updated] = told.slice(1).map(([, payload]) => payload.stream);
  expect(told[2]?.[0]).toBe('stream-updated');
  expect(updated).toBe(added);
  expect(added.hasVideo()).toBe(true);
});

test('C-35 a publisher whose page is reloaded in time: nothing is told, the object stays', async () => {
  const { host, client, told } = await inside();
  await entries(host, 1, member(8));
  const { stream: remote } = told[1]?.[1] ?? {};
  told.length = 0;
  await entries(host, 2, member(8, { join: 2 }));
  expect(told).toEqual([]);
  client.subscribe(remote);
  await host.settle();
  expect(told).toEqual([['stream-subscribed', { stream: remote }]]);
});

test('C-22 C-70 after the own outage: exactly the difference, and the objects stay', async () => {
  const { host, client, told } = await inside();
  await entries(host, 1, member(8), member(9));
  const [eight, nine] = told.filter(([name]) => name === 'stream-added').map(([, payload]) => payload.stream);
  await host.pass(15_000);
  told.length = 0;
  await resume(host, [member(8), member(10, { streams: [] })]);
  const changes = told.filter(([name]) => name !== 'outage');
  expect(changes).toEqual([
    ['connection-state-change', { prevState: 'CONNECTING', curState: 'CONNECTED' }],
    ['peer-leave', { uid: 9, reason: 'ServerTimeOut', stream: nine }],
    ['peer-online', { uid: 10 }],
  ]);
  client.subscribe(eight);
  await host.settle();
  expect(told.at(-1)).toEqual(['stream-subscribed', { stream: eight }]);
});

test('subscribe fails for what is no remote stream, is gone, or is of a channel that was left', async () => {
  const { host, client, told, AgoraRTC } = await inside();
  await entries(host, 1, member(8));
  const { stream: remote } = told[1]?.[1] ?? {};
  told.length = 0;
  const codes: string[] = [];
  const failed = (code: string) => codes.push(code);
  client.subscribe(AgoraRTC.createStream({ audio: true, video: true }), failed);
  client.subscribe({} as never, { video: true }, failed);
  client.unsubscribe(null as never, failed);
  await entries(host, 2, silent(8));
  client.subscribe(remote, {}, failed);
  client.unsubscribe(remote, failed);
  client.leave();
  client.subscribe(remote, failed);
  await host.settle();
  expect(codes).toEqual([
    'INVALID_REMOTE_STREAM',
    'INVALID_REMOTE_STREAM',
    'INVALID_REMOTE_STREAM',
    'NO_SUCH_REMOTE_STREAM',
    'NO_SUCH_REMOTE_STREAM',
    'INVALID_OPERATION',
  ]);
  expect(told.some(([name]) => name === 'stream-subscribed')).toBe(false);
});

test('what goes before it could be subscribed to is not told as subscribed', async () => {
  const { host, client, told } = await inside();
  client.on('stream-added', ({ stream: remote }) => client.subscribe(remote));
  await entries(host, 1, member(8), silent(8));
  expect(told.map(([name]) => name)).toEqual(['peer-online', 'stream-added', 'stream-removed']);
  await entries(host, 3, member(8));
  expect(told.slice(3).map(([name]) => name)).toEqual(['stream-added', 'stream-subscribed']);
});

test('another kind of network is told by the name that browsers give it', async () => {
  const { host, told } = await inside();
  host.network = '4g';
  host.hint('address-changed');
  host.network = 'disconnected';
  host.hint('offline');
  await host.settle();
  expect(told).toEqual([
    ['network-type-changed', { networkType: 'cellular' }],
    ['network-type-changed', { networkType: 'none' }],
  ]);
});
