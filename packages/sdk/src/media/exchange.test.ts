import { expect, test } from 'vitest';
import { VirtualHost } from '../driver/virtual-host.ts';
import { Exchange } from './exchange.ts';

test('C-2 C-72 media are heard while something comes, and not for the second in which they still count as sound', async () => {
  const { host, peer, heard, exchange } = carrying();
  await run(host, peer, 2_000, 100);
  expect(exchange.flows).toBe(true);
  const before = heard.length;
  expect(before).toBeGreaterThan(4);
  await run(host, peer, 750, 0);
  expect(exchange.flows).toBe(true);
  expect(heard.length - before).toBeLessThanOrEqual(1);
  await run(host, peer, 500, 0);
  expect(exchange.flows).toBe(false);
});

/** Media that a test plays: an exchange that wants something, and the connection that it makes for it. */
function carrying() {
  const host = new VirtualHost();
  const peer = { bytes: 0 };
  const heard: number[] = [];
  const exchange = new Exchange({
    host,
    makePeer: () => fakePeer(peer),
    signal(frame) {
      if (frame.type !== 'media-offer') return;
      const { connection, revision } = frame;
      const answer = { type: 'media-answer', connection, revision, sdp: 'answer', fault: null, text: '' };
      queueMicrotask(() => exchange.news(answer as never));
    },
    heard: () => heard.push(host.now()),
    flowing: () => {},
  });
  exchange.subscribe({ uid: 9, stream: 1, kinds: ['video'], carry: () => {} });
  exchange.news({ type: 'media-place', id: 'm1', iceServers: [] });
  return { host, peer, heard, exchange };
}

/** Time passes, and so many bytes come in each quarter of a second. */
async function run(host: VirtualHost, peer: { bytes: number }, ms: number, bytes: number): Promise<void> {
  for (let passed = 0; passed < ms; passed += 250) {
    peer.bytes += bytes;
    await host.pass(250);
    for (let turn = 0; turn < 10; turn += 1) await Promise.resolve();
  }
}

function fakePeer(state: { readonly bytes: number }): RTCPeerConnection {
  const track = { id: 'v', kind: 'video', muted: true };
  const before = state.bytes;
  return {
    connectionState: 'connected',
    localDescription: { type: 'offer', sdp: 'offer' },
    addTransceiver: () => ({ mid: '0', direction: 'recvonly', receiver: { track } }),
    setLocalDescription: async () => {},
    setRemoteDescription: async () => {},
    getStats: async () =>
      new Map([['T', { id: 'T', type: 'transport', bytesReceived: state.bytes - before }]]),
    close: () => {},
  } as unknown as RTCPeerConnection;
}
