import { expect, test } from 'vitest';
import { drawRow, rowSvg } from './draw.ts';
import type { Recorded, Told } from './recorded.ts';
import { standaloneSvg } from './standalone.ts';
import { promiseTable } from './table.ts';
import { latenessInWords, shortLateness } from './words.ts';

const due = { after: 'the last packet from A', since: 500, least: 20_000, most: 20_250 };
const offline: Told = { name: 'onUserOffline A', call: 'onUserOffline(11, 1)', at: 20_512, due };

test('a drawing shows what was done, the silence by its limits, the window, and the mark in it', () => {
  const svg = rowSvg(row({}), 900);
  expect(svg).toContain('>cut the network of A</text>');
  expect(svg).toContain('23.2 s without a packet from A');
  for (const stage of [0, 1, 2, 3]) expect(svg).toContain(`class="stage${stage}"`);
  expect(svg).toContain('<g class="told kept">');
  expect(svg).toContain('onUserOffline A<tspan class="late" dx="6.9">+12 ms</tspan>');
  expect(svg).toContain(
    'promised: 20 s to 20.25 s after the last packet from A; 12 ms after its limit of 20 s',
  );
});

test('nothing told is said in words, and a process that ended has its mark', () => {
  expect(rowSvg(row({ told: [] }), 900)).toContain('told nothing');
  const ended = { at: 700, how: 'exited with SIGKILL' };
  expect(rowSvg(row({ told: [], ended }), 900)).toContain('exited with SIGKILL');
});

test('what was violated is marked by its shape, not only by its colour', () => {
  const late = rowSvg(row({ told: [{ ...offline, at: 21_000, broke: 'late' }] }), 900);
  expect(late).toContain('class="cross"');
  expect(late).toContain('0.25 s too late');
  const { at: _, ...never } = offline;
  const missing = rowSvg(row({ told: [{ ...never, broke: 'missing' }] }), 900);
  expect(missing).toContain('class="missing"');
  expect(missing).toContain('never came');
});

test('a narrow drawing has the names of its lanes above them', () => {
  expect(drawRow(row({}), 340).height).toBeGreaterThan(drawRow(row({}), 900).height);
  expect(rowSvg(row({}), 340)).toContain('width="340"');
});

test('a drawing of its own has both colour schemes and loads nothing', () => {
  const svg = standaloneSvg(row({}));
  expect(svg).toContain('xmlns="http://www.w3.org/2000/svg"');
  expect(svg).toContain('@media (prefers-color-scheme: dark)');
  expect(svg.replace('http://www.w3.org/2000/svg', '')).not.toMatch(/https?:|url\(|@import|<script|href/);
});

test('texts of a row cannot become markup', () => {
  const told = [{ ...offline, name: '<b>x</b>', call: '"><script>' }];
  for (const text of [rowSvg(row({ told }), 900), promiseTable(row({ told })), standaloneSvg(row({ told }))])
    expect(text).not.toMatch(/<b>|<script/);
});

test.each([
  [{ at: 20_512 }, '+12 ms', '12 ms after its limit of 20 s'],
  [{ at: 20_499, broke: 'early' }, '0.001 s early', '0.001 s before its limit of 20 s'],
  [
    { at: 21_000, broke: 'late' },
    '0.25 s too late',
    '500 ms after its limit of 20 s: 250 ms later than promised',
  ],
  [
    { at: 20_760 },
    '+260 ms',
    '260 ms after its limit of 20 s: 10 ms later than promised, as late as the suite itself was',
  ],
  [{ at: 900, due: { ...due, least: 0, after: 'healed' } }, '400 ms', '400 ms after healed'],
  [{ at: 20_512, broke: 'arguments' }, 'wrong arguments', 'came with the wrong arguments'],
])('lateness in words: %j', (told, short, full) => {
  expect(shortLateness({ ...offline, ...told })).toBe(short);
  expect(latenessInWords({ ...offline, ...told })).toBe(full);
});

function row({ told = [offline], ended }: Partial<Recorded['observers'][number]>): Recorded {
  return {
    slug: 'outage-of-23-s-linux-linux',
    title: 'outage of 23 s: A linux, B linux',
    endMs: 26_000,
    limits: [4_000, 10_000, 20_000],
    deeds: [{ at: 500, text: 'cut the network of A' }],
    links: [{ of: 'A', up: [-500, 500, 23_700], down: [-490, 490, 23_650], dark: [] }],
    observers: [{ role: 'B', platform: 'linux', told, ...(ended && { ended }) }],
  };
}
