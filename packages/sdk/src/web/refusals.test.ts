/** C-80: what a server does not pass on is told by the call that had asked for it. */
import type { MediaFault } from '@holdfast/core';
import { expect, test } from 'vitest';
import { cameraAndMicrophone, devicesAnswer, entries, inside, member, testMedia } from './stage.ts';
import type { WebStream } from './stream-types.ts';

test('C-42 to publish what the token does not allow', async () => {
  const { refuse, client, AgoraRTC, told } = await calling();
  const stream = AgoraRTC.createStream(cameraAndMicrophone);
  stream.init();
  await devicesAnswer();
  client.publish(stream, (code: unknown) => told.push(['publish', code]));
  await refuse('notAllowed');
  await refuse('notAllowed');
  const failed = { method: 'publish', code: 'NO_MEDIA_PRIVILEGE', text: 'why' };
  expect(told).toEqual([
    ['publish', 'NO_MEDIA_PRIVILEGE'],
    ['failure', failed],
  ]);
});

test('a stream in a codec that this browser has not', async () => {
  const { refuse, client, host, told } = await calling();
  client.on('stream-added', ({ stream }: { stream: WebStream }) =>
    client.subscribe(stream, (code: unknown) => told.push(['subscribe', code])),
  );
  await entries(host, 1, member(8));
  await refuse('noCodec');
  const failed = { method: 'subscribe', code: 'NO_COMMON_CODEC', text: 'why' };
  expect(told).toEqual([
    ['subscribe', 'NO_COMMON_CODEC'],
    ['failure', failed],
  ]);
});

/** A client in a channel that has media, and a server that refuses the first section of its offer. */
async function calling() {
  const media = { ...testMedia().media, makePeer: () => peer() };
  const stage = await inside('rtc', { media });
  const told: unknown[] = [];
  stage.client.on('failure', (why: unknown) => told.push(['failure', why]));
  stage.host.latest.answer({ type: 'media-place', id: 'm1', iceServers: [] });
  const refuse = async (fault: MediaFault) => {
    await devicesAnswer();
    await stage.host.settle();
    const [offer] = stage.host.latest.sent('media-offer');
    expect(offer?.revision).toBe(1);
    const about = { connection: 1, revision: 1, sdp: 'answer', fault, text: 'why', mids: ['0'] };
    stage.host.latest.answer({ type: 'media-answer', ...about });
    await stage.host.settle();
  };
  return { ...stage, refuse, told };
}

function peer(): RTCPeerConnection {
  let sections = 0;
  const add = () => {
    const track = { muted: true };
    const transceiver = { mid: `${sections}`, receiver: { track }, sender: { track }, direction: 'inactive' };
    sections += 1;
    return transceiver;
  };
  return {
    ...{ connectionState: 'new', localDescription: { type: 'offer', sdp: 'offer' }, addTransceiver: add },
    ...{ setLocalDescription: async () => {}, setRemoteDescription: async () => {} },
    ...{ getStats: async () => new Map(), close: () => {} },
  } as unknown as RTCPeerConnection;
}
