/** Publishing, roles and mutes in the web dialect. */
import { expect, test } from 'vitest';
import { admit, cameraAndMicrophone, initialised, inside, resume } from './stage.ts';

test('publish tells the others what the stream is, and the page that it is published', async () => {
  const { host, client, told, AgoraRTC } = await inside();
  const local = AgoraRTC.createStream({ audio: true, video: false });
  local.init();
  client.publish(local);
  expect(told).toEqual([]);
  await host.settle();
  expect(told).toEqual([['stream-published', { stream: local }]]);
  expect(updates(host)).toEqual([{ role: 'host', streams: [described({ video: false })] }]);
  expect(local.getId()).toBe(7);
});

test('unpublish takes it back', async () => {
  const { host, client, told, local } = await publishing();
  client.unpublish(local);
  await host.settle();
  expect(told).toEqual([['stream-unpublished', { stream: local }]]);
  expect(updates(host).at(-1)).toEqual({ role: 'host', streams: [] });
});

test('mutes and tracks change what the others are told; what changes nothing sends nothing', async () => {
  const { host, local } = await publishing();
  expect(local.muteAudio()).toBe(true);
  expect(local.muteAudio()).toBe(true);
  local.muteVideo();
  local.unmuteAudio();
  expect(updates(host).slice(1)).toEqual([
    { role: 'host', streams: [described({ audioMuted: true })] },
    { role: 'host', streams: [described({ audioMuted: true, videoMuted: true })] },
    { role: 'host', streams: [described({ videoMuted: true })] },
  ]);
  expect([local.isAudioOn(), local.isVideoOn()]).toEqual([true, false]);
});

test('C-71 what is published and muted survives an outage', async () => {
  const { host, local } = await publishing();
  local.muteVideo();
  await host.pass(5_000);
  local.muteAudio();
  const said = (await resume(host)).frames.findLast((frame) => 'self' in frame);
  const streams = [described({ audioMuted: true, videoMuted: true })];
  expect(said).toMatchObject({ self: { role: 'host', streams } });
});

test('publishing ends with the stay: the next join publishes nothing, and mutes say nothing', async () => {
  const { host, client, local, join } = await publishing();
  client.leave();
  await host.pass(3_000);
  join();
  await admit(host);
  local.muteAudio();
  expect(host.latest.sent('join')[0]?.self.streams).toEqual([]);
  expect(updates(host)).toEqual([]);
  client.publish(local);
  expect(updates(host)).toEqual([{ role: 'host', streams: [described({ audioMuted: true })] }]);
});

test('what cannot be published, and why', async () => {
  const { host, client, local, AgoraRTC, callback, told } = await publishing();
  const other = AgoraRTC.createStream({ audio: true, video: true });
  client.publish(other, callback('not initialised'));
  other.init();
  client.publish(other, callback('another'));
  client.publish(local, callback('again'));
  client.publish({} as never, callback('no stream'));
  client.unpublish(other, callback('not yet'));
  client.unpublish(null as never, callback('no stream to take back'));
  client.leave();
  client.publish(local, callback('outside'));
  client.unpublish(local, callback('outside too'));
  await host.settle();
  const calls = told.filter(([name]) => name !== 'failure' && name !== 'connection-state-change');
  expect(calls).toEqual([
    ['not initialised', 'INVALID_LOCAL_STREAM'],
    ['another', 'STREAM_ALREADY_PUBLISHED'],
    ['again', 'STREAM_ALREADY_PUBLISHED'],
    ['no stream', 'INVALID_LOCAL_STREAM'],
    ['not yet', 'STREAM_NOT_YET_PUBLISHED'],
    ['no stream to take back', 'INVALID_LOCAL_STREAM'],
    ['outside', 'INVALID_OPERATION'],
    ['outside too', 'INVALID_OPERATION'],
  ]);
});

test('the client has to be in the channel first: joining is not enough', async () => {
  const { host, client, told, callback, AgoraRTC, join } = initialised();
  const local = AgoraRTC.createStream(cameraAndMicrophone);
  local.init();
  join();
  client.publish(local, callback('refused'));
  await host.settle();
  expect(told).toContainEqual(['refused', 'INVALID_OPERATION']);
});

test('C-25 live: audience unless told otherwise; whoever publishes becomes host', async () => {
  const { host, client, told, AgoraRTC } = await inside('live');
  expect(host.latest.sent('join')[0]).toMatchObject({
    profile: 'live',
    self: { role: 'audience', streams: [] },
  });
  const local = AgoraRTC.createStream(cameraAndMicrophone);
  local.init();
  client.publish(local);
  await host.settle();
  expect(told).toEqual([
    ['client-role-changed', { role: 'host' }],
    ['stream-published', { stream: local }],
  ]);
  expect(updates(host)).toEqual([{ role: 'host', streams: [described()] }]);
});

test('C-25 becoming audience takes the stream back', async () => {
  const { host, client, told, callback, local } = await publishing('live');
  client.setClientRole('audience', callback('done'));
  await host.settle();
  expect(told).toEqual([
    ['client-role-changed', { role: 'audience' }],
    ['stream-unpublished', { stream: local }],
    ['done', null],
  ]);
  expect(updates(host).at(-1)).toEqual({ role: 'audience', streams: [] });
});

test('a role that was chosen before is in the join; one that is none is refused', async () => {
  const { host, client, told, callback, join } = initialised('live');
  client.setClientRole('host', { level: 1 }, callback('done'));
  client.setClientRole('king' as never, callback('refused'));
  join();
  await admit(host);
  expect(host.latest.sent('join')[0]?.self.role).toBe('host');
  expect(told.slice(0, 2)).toEqual([
    ['done', null],
    ['refused', 'INVALID_PARAMETER'],
  ]);
  expect(told.map(([name]) => name)).not.toContain('client-role-changed');
});

test('there are no roles in the mode rtc', async () => {
  const { host, client, told } = await inside();
  const codes: (string | null)[] = [];
  client.setClientRole('audience', (error) => codes.push(error));
  await host.settle();
  expect(codes).toEqual(['INVALID_OPERATION']);
  expect(told.map(([name]) => name)).toEqual(['failure']);
  expect(updates(host)).toEqual([]);
});

test('getSessionStats counts seconds and users', async () => {
  const { host, client, callback, told } = await inside();
  await host.pass(2_600);
  client.getSessionStats(callback('stats'));
  client.getLocalAudioStats(callback('local audio'));
  await host.settle();
  expect(told).toEqual([
    ['stats', { Duration: 3, UserCount: 1 }],
    ['local audio', {}],
  ]);
});

/** A client in `room` as 7 that publishes audio and video, and has told so. */
async function publishing(mode: 'rtc' | 'live' = 'rtc') {
  const stage = await inside(mode);
  const local = stage.AgoraRTC.createStream(cameraAndMicrophone);
  local.init();
  stage.client.publish(local);
  await stage.host.settle();
  stage.told.length = 0;
  return { ...stage, local };
}

function updates(host: Awaited<ReturnType<typeof inside>>['host']) {
  return host.latest.sent('update').map(({ self }) => self);
}

function described(change = {}) {
  return { id: 1, audio: true, video: true, audioMuted: false, videoMuted: false, ...change };
}
