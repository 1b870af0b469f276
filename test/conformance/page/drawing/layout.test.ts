import { expect, test } from 'vitest';
import { inLines, labelBeside, scaleOf, silencesOf, stagesOf, stepMs } from './layout.ts';

test('a scale reaches from shortly before the row to its end, and no further', () => {
  const scale = scaleOf({ endMs: 28_800 }, 100, 700);
  expect(scale.x(-1_200)).toBe(100);
  expect(scale.x(28_800)).toBe(700);
  expect(scale.x(13_800)).toBe(400);
  expect([scale.x(-5_000), scale.x(99_000)]).toEqual([100, 700]);
});

test('the numbers of the axis stand further apart where there is less room', () => {
  expect(stepMs(scaleOf({ endMs: 12_000 }, 100, 1_200))).toBe(1_000);
  expect(stepMs(scaleOf({ endMs: 28_000 }, 100, 700))).toBe(2_000);
  expect(stepMs(scaleOf({ endMs: 28_000 }, 8, 300))).toBe(5_000);
});

test('heartbeats are no silence, a missing second one is, and the last silence lasts to the end', () => {
  const beats = [-1_000, 0, 1_000, 24_700, 25_700];
  expect(silencesOf(beats, 26_000)).toEqual([{ from: 1_000, to: 24_700, lasts: false }]);
  expect(silencesOf([0, 1_000], 12_000)).toEqual([{ from: 1_000, to: 12_000, lasts: true }]);
  expect(silencesOf([], 12_000)).toEqual([]);
});

test('a silence changes its stage at each limit that it reaches', () => {
  const limits = [4_000, 10_000, 20_000];
  const stages = stagesOf({ from: 500, to: 11_500, lasts: false }, limits);
  expect(stages.map(({ stage, from, to }) => [stage, from, to])).toEqual([
    [0, 500, 4_500],
    [1, 4_500, 10_500],
    [2, 10_500, 11_500],
  ]);
  expect(stagesOf({ from: 0, to: 4_000, lasts: false }, limits)).toHaveLength(1);
});

test('what would touch goes into the next line, what would not stays in the first', () => {
  const items = [
    { from: 0, to: 10 },
    { from: 5, to: 15 },
    { from: 10, to: 20 },
    { from: 30, to: 40 },
    { from: 21, to: 29 },
  ];
  expect(inLines(items).map(({ line }) => line)).toEqual([0, 1, 0, 0, 0]);
});

test('a label stands right of its mark, left of it near the edge, and is cut only where neither has room', () => {
  const at = (x: number, text: string) =>
    labelBeside({ from: x - 5, to: x + 5, left: 0, right: 300, letter: 7 }, text, '+12 ms');
  expect(at(50, 'onConnectionLost')).toMatchObject({ anchor: 'start', x: 60, text: 'onConnectionLost' });
  expect(at(280, 'onConnectionLost')).toMatchObject({ anchor: 'end', x: 270, text: 'onConnectionLost' });
  const cut = at(150, 'onConnectionStateChanged');
  expect(cut.text).toBe('onConnection…');
  expect(cut.more).toBe('+12 ms');
  expect(cut.to).toBeLessThanOrEqual(300);
});
