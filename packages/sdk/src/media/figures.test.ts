import { expect, it } from 'vitest';
import { arrivedOf, entries, pathsOf, perSecond } from './figures.ts';

function report(...list: object[]): RTCStatsReport {
  return new Map(list.map((entry) => [(entry as { id: string }).id, entry])) as unknown as RTCStatsReport;
}

const pair = {
  id: 'P',
  type: 'candidate-pair',
  nominated: true,
  state: 'succeeded',
  currentRoundTripTime: 0.04,
};
const video = (packetsReceived: number, packetsLost: number, more = {}) => ({
  ...{ id: 'V', type: 'inbound-rtp', kind: 'video', packetsReceived, packetsLost, jitter: 0.012 },
  ...more,
});

it('a connection that only receives says nothing of the way up', () => {
  const paths = pathsOf({ latest: report(pair, video(100, 0)), earlier: null });
  expect(paths).toEqual({ up: null, down: { roundTripMs: 40, jitterMs: 12, lossShare: null } });
});

it('loss of the way down is what was lost between two reports, of all streams together', () => {
  const sound = (packetsReceived: number) => ({ ...video(packetsReceived, 0), id: 'A', kind: 'audio' });
  const earlier = report(pair, video(1_000, 500), sound(1_000));
  const latest = report(pair, video(1_060, 520), sound(1_020));
  expect(pathsOf({ latest, earlier }).down?.lossShare).toBeCloseTo(0.2);
});

it('loss and jitter of the way up are what the other end reports: the worst of all streams', () => {
  const told = (id: string, fractionLost: number, jitter: number) => ({
    id,
    type: 'remote-inbound-rtp',
    fractionLost,
    jitter,
  });
  const latest = report(pair, told('a', 0.02, 0.03), told('b', 0.1, 0.001));
  expect(pathsOf({ latest, earlier: null }).up).toEqual({ roundTripMs: 40, jitterMs: 30, lossShare: 0.1 });
});

it('a pair that is not in use counts for nothing', () => {
  const spare = { ...pair, id: 'Q', nominated: false, currentRoundTripTime: 9 };
  expect(pathsOf({ latest: report(spare, pair, video(1, 0)), earlier: null }).down?.roundTripMs).toBe(40);
});

it('what grows is told a second, as soon as there are two reports', () => {
  const latest = report(video(0, 0, { timestamp: 3_000, bytesReceived: 9_000 }));
  const [entry = {}] = entries(latest, 'inbound-rtp');
  expect(perSecond({ latest, earlier: null }, entry, 'bytesReceived')).toBeNull();
  const earlier = report(video(0, 0, { timestamp: 1_000, bytesReceived: 1_000 }));
  expect(perSecond({ latest, earlier }, entry, 'bytesReceived')).toBe(4_000);
});

it('what has arrived is counted in frames of a picture, in packets of a sound', () => {
  const sound = { id: 'A', type: 'inbound-rtp', kind: 'audio', trackIdentifier: 'a', packetsReceived: 50 };
  const all = report(sound, video(900, 0, { trackIdentifier: 'v', framesDecoded: 30 }));
  expect(arrivedOf(all, { id: 'v', kind: 'video' } as MediaStreamTrack)).toBe(30);
  expect(arrivedOf(all, { id: 'a', kind: 'audio' } as MediaStreamTrack)).toBe(50);
  expect(arrivedOf(all, { id: 'x', kind: 'audio' } as MediaStreamTrack)).toBeNull();
});
