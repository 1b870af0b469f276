import { expect, it } from 'vitest';
import { qualitiesOf } from './quality.ts';

const near = { roundTripMs: 5, jitterMs: 1 };
const good = { roundTripMs: 150, jitterMs: 2, lossShare: 0 };
const bad = { roundTripMs: 20, jitterMs: 2, lossShare: 0.15 };

it.each([
  ['nothing is measured yet', { roundTrip: null, silentMs: 100 }, null, [0, 0]],
  ['the connection alone', { roundTrip: near, silentMs: 900 }, null, [1, 1]],
  ['a heartbeat that is 300 ms late', { roundTrip: near, silentMs: 1_300 }, null, [3, 3]],
  ['a silence of 3 s', { roundTrip: near, silentMs: 3_000 }, null, [5, 5]],
  ['an outage', { roundTrip: near, silentMs: 4_000 }, null, [6, 6]],
  ['media decide', { roundTrip: near, silentMs: 0 }, { flows: true, up: bad, down: good }, [4, 2]],
  ['only received', { roundTrip: near, silentMs: 0 }, { flows: true, up: null, down: good }, [1, 2]],
  [
    'media go on in an outage',
    { roundTrip: near, silentMs: 9_000 },
    { flows: true, up: good, down: good },
    [2, 2],
  ],
  [
    'C-72 media alone are gone',
    { roundTrip: near, silentMs: 0 },
    { flows: false, up: good, down: good },
    [6, 6],
  ],
] as const)('%s', (_, signalling, media, [up, down]) => {
  expect(qualitiesOf(signalling, media)).toEqual({ up, down });
});
