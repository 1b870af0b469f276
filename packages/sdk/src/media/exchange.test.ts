import { expect, test } from 'vitest';
import { VirtualHost } from '../driver/virtual-host.ts';
import { Exchange, type Refused } from './exchange.ts';

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

test('C-53 what is sent goes on as before for a while: viewers elsewhere have it from the new place only then', async () => {
  for (const publishes of [false, true]) {
    const { host, peer, exchange, closed } = carrying();
    if (publishes) exchange.publish(1, { video: { id: 'camera' } as MediaStreamTrack });
    await run(host, peer, 1_000, 100);
    const movedAt = host.now();
    exchange.news({ type: 'media-place', id: 'm2', iceServers: [] });
    await run(host, peer, 1_500, 100);
    const [after = Number.POSITIVE_INFINITY] = closed.map((at) => at - movedAt);
    expect(closed.length).toBe(1);
    expect(after >= 600).toBe(publishes);
  }
});

test('a connection that is replaced is kept while its successor carries less, and both are alive', async () => {
  const { host, peer, exchange, closed, tracks } = carrying();
  await run(host, peer, 1_000, 100);
  tracks[0]!.muted = false;
  exchange.news({ type: 'media-place', id: 'm2', iceServers: [] });
  await run(host, peer, 1_500, 100);
  expect(closed).toEqual([]);
  tracks[1]!.muted = false;
  await run(host, peer, 500, 100);
  expect(closed.length).toBe(1);
});

test('C-80 what will not come is told once, and again when it is asked for again; the rest goes on', async () => {
  const { host, peer, refusals, exchange } = carrying();
  await run(host, peer, 500, 100);
  const answer = { type: 'media-answer', connection: 1, revision: 1, sdp: '', text: 'no codec' } as const;
  const refuse = (fault: 'noCodec' | 'stale', mids: string[]) => exchange.news({ ...answer, fault, mids });
  refuse('stale', ['0']);
  refuse('noCodec', ['7']);
  for (let times = 0; times < 2; times += 1) refuse('noCodec', ['0']);
  const told = { uid: 9, stream: 1, kind: 'video', fault: 'noCodec', text: 'no codec' };
  expect(refusals).toEqual([told]);
  await run(host, peer, 500, 100);
  expect(exchange.flows).toBe(true);
  exchange.subscribe({ uid: 9, stream: 1, kinds: ['video'], carry: () => {} });
  refuse('noCodec', ['0']);
  expect(refusals).toEqual([told, told]);
});

/** Media that a test plays: an exchange that wants something, and the connection that it makes for it. */
function carrying() {
  const host = new VirtualHost();
  const peer = { bytes: 0 };
  const heard: number[] = [];
  const closed: number[] = [];
  const tracks: { muted: boolean }[] = [];
  const refusals: Refused[] = [];
  const exchange = new Exchange({
    host,
    makePeer: () => fakePeer(peer, tracks, () => closed.push(host.now())),
    signal(frame) {
      if (frame.type !== 'media-offer') return;
      const { connection, revision } = frame;
      const answer = {
        type: 'media-answer',
        connection,
        revision,
        sdp: 'answer',
        fault: null,
        text: '',
        mids: [],
      };
      queueMicrotask(() => exchange.news(answer as never));
    },
    heard: () => heard.push(host.now()),
    flowing: () => {},
    refused: (refused) => refusals.push(refused),
  });
  exchange.subscribe({ uid: 9, stream: 1, kinds: ['video'], carry: () => {} });
  exchange.news({ type: 'media-place', id: 'm1', iceServers: [] });
  return { host, peer, heard, refusals, exchange, closed, tracks };
}

/** Time passes, and so many bytes come in each quarter of a second. */
async function run(host: VirtualHost, peer: { bytes: number }, ms: number, bytes: number): Promise<void> {
  for (let passed = 0; passed < ms; passed += 250) {
    peer.bytes += bytes;
    await host.pass(250);
    for (let turn = 0; turn < 10; turn += 1) await Promise.resolve();
  }
}

function fakePeer(
  state: { readonly bytes: number },
  tracks: { muted: boolean }[],
  close: () => void,
): RTCPeerConnection {
  const track = { id: 'v', kind: 'video', muted: true };
  tracks.push(track);
  const before = state.bytes;
  return {
    connectionState: 'connected',
    localDescription: { type: 'offer', sdp: 'offer' },
    addTransceiver: () => ({ mid: '0', direction: 'recvonly', receiver: { track } }),
    setLocalDescription: async () => {},
    setRemoteDescription: async () => {},
    getStats: async () =>
      new Map([['T', { id: 'T', type: 'transport', bytesReceived: state.bytes - before }]]),
    close,
  } as unknown as RTCPeerConnection;
}
