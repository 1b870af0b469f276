import { expect, test } from 'vitest';
import type { Platform } from '../dialects.ts';
import type { Finding } from '../judge.ts';
import { latenessLines } from '../lateness.ts';
import type { Outcome, Run } from '../run.ts';
import type { Told } from './drawing/recorded.ts';
import { duration, plotsOf, totalsOf } from './figures.ts';
import { pageOf } from './html.ts';
import { drawnRows } from './rows.ts';
import { browserScript } from './write.ts';

const around = { css: 'body {}', script: 'start("</script>")', when: 'today' };
const broken: Finding = { kind: 'late', who: 'B', promise: 'C-20', text: 'came 20500 ms after' };

test('the page has every row, those that failed first and open', () => {
  const html = pageOf(
    run([outcome('outage of 8 s', 'linux', 'ios'), outcome('leaves', 'ios', 'web', [broken])]),
    around,
  );
  const rows = [...html.matchAll(/<details id="([^"]*)" class="row"( open)?/g)].map(([, id, open]) => [
    id,
    open,
  ]);
  expect(rows).toEqual([
    ['leaves-ios-web', ' open'],
    ['outage-of-8-s-linux-ios', undefined],
  ]);
  expect(html).toContain('<title>Conformance: 1 of 2 rows failed</title>');
  expect(html).toContain('1 violation</span>');
  expect(html).toContain('<b>late</b> B: came 20500 ms after');
  const data = JSON.parse(
    /<script type="application\/json" id="recorded">(.*?)<\/script>/.exec(html)?.[1] ?? '',
  );
  expect(data.map(({ slug }: { slug: string }) => slug)).toEqual(rows.map(([id]) => id));
});

test('the cells of the matrix lead to rows that exist', () => {
  const html = pageOf(run([outcome('a', 'linux', 'ios'), outcome('b', 'ios', 'web', [broken])]), around);
  const links = [...html.matchAll(/<a class="(\w+)" href="#([^"]*)"/g)].map(([, kind, id]) => [kind, id]);
  expect(links).toEqual([
    ['kept', 'a-linux-ios'],
    ['failed', 'b-ios-web'],
  ]);
  for (const [, id] of links) expect(html).toContain(`id="${id}"`);
});

test('no text becomes markup, and nothing is asked of any other place', () => {
  const nasty = '</script><img src=x onerror=alert(1)>';
  const html = pageOf(run([outcome(nasty, 'linux', 'ios', [{ ...broken, text: nasty }])]), around);
  expect(html).not.toContain('<img');
  expect(html.match(/<\/script>/g)).toHaveLength(2);
  expect(html).toContain('content="default-src &#39;none&#39;');
  expect(html).not.toMatch(/\b(src|href)="(?!#)/);
});

test('the totals count what was early, late, wrong and not so', () => {
  const early: Finding = { ...broken, kind: 'early' };
  const fact: Finding = { ...broken, kind: 'fact' };
  const totals = totalsOf(
    run([outcome('a', 'linux', 'ios', [broken, broken, fact]), outcome('b', 'linux', 'ios')]),
  );
  expect(totals.slice(0, 5).map(({ name, value, verdict }) => [name, value, verdict])).toEqual([
    ['rows kept', '1 of 2', 'bad'],
    ['early', '0', 'good'],
    ['late', '2', 'bad'],
    ['wrong', '0', 'good'],
    ['facts', '1', 'bad'],
  ]);
  expect(totalsOf(run([outcome('a', 'linux', 'ios', [early])]))[1]).toMatchObject({
    value: '1',
    verdict: 'bad',
  });
  expect(totalsOf(run([]))[0]).toMatchObject({ value: '0 of 0', verdict: 'bad' });
});

test('lateness is told for each limit and each class', () => {
  const lateness = [
    { figure: 'offline', ms: 30, who: 'B' },
    { figure: 'interrupted', ms: 5, who: 'A' },
    { figure: 'channel gone', ms: 40 },
  ];
  const other = [{ figure: 'offline', ms: 10, who: 'B' }];
  const lines = latenessLines([
    { ...outcome('a', 'linux', 'ios'), lateness },
    { ...outcome('b', 'linux', 'macos'), lateness: other },
    { ...outcome('c', 'linux', 'android'), lateness: other },
  ]);
  expect(lines.map(({ figure, class: told, ms, boundMs }) => [figure, told, ms, boundMs])).toEqual([
    ['offline', 'apple', [10, 30], 250],
    ['offline', 'native', [10], 250],
    ['interrupted', 'native', [5], 250],
    ['channel gone', '-', [40], 250],
  ]);
  expect(lines[0]).toMatchObject({ p50: 10, p99: 30, max: 30 });
});

test('a plot has the platforms of its situation, and all plays of a pair in one cell', () => {
  const [plot] = plotsOf([
    outcome('a', 'web', 'ios'),
    outcome('a', 'linux', 'ios'),
    outcome('a', 'web', 'ios'),
  ]);
  expect(plot?.a).toEqual(['linux', 'web']);
  expect(plot?.b).toEqual(['ios']);
  expect(plot?.cells.get('web ios')).toHaveLength(2);
});

test('rows that play again have names of their own', () => {
  const rows = drawnRows([
    outcome('outage of 2.5 s', 'web', 'ios'),
    outcome('outage of 2.5 s', 'web', 'ios'),
  ]);
  expect(rows.map(({ slug }) => slug)).toEqual(['outage-of-2.5-s-web-ios', 'outage-of-2.5-s-web-ios-run-2']);
  expect(rows[0]?.recorded?.title).toBe('outage of 2.5 s: A web, B ios');
});

test('a wall time is told in what people count in', () => {
  expect([34_240, 59_990, 312_400].map(duration)).toEqual(['34.2 s', '60 s', '5 min 12 s']);
});

test('the script of the page is one piece that imports nothing', async () => {
  const script = await browserScript();
  expect(script).toContain('hashchange');
  expect(script).not.toMatch(/\b(import|require)\b/);
});

function run(outcomes: readonly Outcome[]): Run {
  return {
    outcomes,
    ownLag: { p99: 3, max: 9 },
    allowanceMs: 9,
    replayed: 0,
    notPlayed: 0,
    cpu: 20,
    wallMs: 61_000,
  };
}

function outcome(situation: string, a: Platform, b: Platform, findings: readonly Finding[] = []): Outcome {
  const told: Told[] = [];
  return {
    row: {
      name: `${situation} | ${a} | ${b}`,
      situation: { name: situation, promises: 'C-20', play: async () => {}, told: {} },
      ...{ a, b },
    },
    findings,
    lateness: [],
    timeline: [],
    figures: [],
    broken: false,
    recorded: {
      endMs: 12_000,
      limits: [4_000],
      deeds: [],
      links: [],
      observers: [
        { role: 'A', platform: a, told },
        { role: 'B', platform: b, told },
      ],
    },
  };
}
