import { expect, it } from 'vitest';
import { type PathFigures, qualityOf } from './quality.ts';

const unknown: PathFigures = { roundTripMs: null, jitterMs: null, lossShare: null };

it.each([
  ['nothing is known', {}, 0],
  ['a machine next door', { roundTripMs: 1, jitterMs: 0, lossShare: 0 }, 1],
  ['the other end of a continent', { roundTripMs: 60, jitterMs: 8, lossShare: 0 }, 1],
  ['a limit itself still counts as within it', { roundTripMs: 100, jitterMs: 20, lossShare: 0.01 }, 1],
  ['a round trip over an ocean', { roundTripMs: 180 }, 2],
  ['300 ms there and back', { roundTripMs: 300 }, 3],
  ['a satellite', { roundTripMs: 650 }, 4],
  ['two seconds there and back', { roundTripMs: 2_000 }, 5],
  ['2 % loss', { lossShare: 0.02 }, 2],
  ['5 % loss', { lossShare: 0.05 }, 3],
  ['15 % loss', { lossShare: 0.15 }, 4],
  ['30 % loss', { lossShare: 0.3 }, 5],
  ['jitter of 30 ms', { jitterMs: 30 }, 2],
  ['jitter of 60 ms', { jitterMs: 60 }, 3],
  ['jitter of 120 ms', { jitterMs: 120 }, 4],
  ['jitter of 500 ms', { jitterMs: 500 }, 5],
  ['the worst figure decides', { roundTripMs: 20, jitterMs: 5, lossShare: 0.3 }, 5],
] as const)('quality: %s', (_, figures, quality) => {
  expect(qualityOf({ ...unknown, ...figures })).toBe(quality);
});

it('quality: nothing comes through', () => {
  expect(qualityOf('down')).toBe(6);
});
