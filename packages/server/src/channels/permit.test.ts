import { expect, it } from 'vitest';
import { Permit } from './permit.ts';

const self = {
  role: 'host',
  streams: [{ id: 1, audio: true, video: true, audioMuted: false, videoMuted: false }],
} as const;

it('C-43 what ends with the token is held through the grace, and then it is over', () => {
  const permit = new Permit({ joinMs: 1_000, audioMs: 1_000, videoMs: 1_000, dataMs: 1_000 }, 5_000);
  expect(permit.mask(self, 6_000)).toEqual(self);
  expect(permit.may('data', 35_999)).toBe(true);
  expect(permit.mask(self, permit.overAt).streams).toEqual([]);
});

it('C-42 what ends sooner, or is not granted, is not held', () => {
  const permit = new Permit({ joinMs: 1_000, audioMs: 500, videoMs: 0, dataMs: null }, 5_000);
  expect(permit.mask(self, 5_499).streams).toMatchObject([{ audio: true, video: false }]);
  expect(permit.mask(self, 5_500).streams).toEqual([]);
  expect(permit.may('data', 1e9)).toBe(true);
});

it('C-43 the client ends the grace; a server that has to do it is never sooner', () => {
  const permit = new Permit({ joinMs: 1_000, audioMs: null, videoMs: null, dataMs: null }, 5_000);
  expect(permit.overAt).toBeGreaterThan(36_000);
  expect(permit.overAt).toBeLessThanOrEqual(37_000);
});
