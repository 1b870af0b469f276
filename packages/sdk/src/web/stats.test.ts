import { expect, test } from 'vitest';
import { volumeOf } from './stats.ts';

test('a volume is of the track that comes, or of the one that goes out', () => {
  const list = [
    { id: 'i', type: 'inbound-rtp', trackIdentifier: 'theirs', audioLevel: 0.256 },
    { id: 's', type: 'media-source', trackIdentifier: 'own', audioLevel: 1 },
    { id: 'o', type: 'outbound-rtp', trackIdentifier: 'other', audioLevel: 1 },
  ];
  const latest = new Map(list.map((entry) => [entry.id, entry])) as unknown as RTCStatsReport;
  const volumes = ['theirs', 'own', 'other'].map((id) =>
    volumeOf({ latest, earlier: null }, { id } as MediaStreamTrack),
  );
  expect(volumes).toEqual([26, 100, null]);
});
