/** The report as one HTML page that needs nothing from outside. */
import { type LatenessLine, latenessLines } from '../lateness.ts';
import type { Outcome, Run } from '../run.ts';
import { drawRow } from './drawing/draw.ts';
import { type LegendEntry, legend, troubleLegend } from './drawing/legend.ts';
import { type Markup, scriptJson, tag } from './drawing/markup.ts';
import type { Recorded } from './drawing/recorded.ts';
import { drawingStyle, palette } from './drawing/style.ts';
import { counted, shortLateness } from './drawing/words.ts';
import { bOf, isKept, type Plot, platforms, plotsOf, totalsOf } from './figures.ts';
import { drawnRows, type Row } from './rows.ts';

export interface Around {
  readonly css: string;
  /** Draws the rows and filters them. */
  readonly script: string;
  /** When the rows played, in words. */
  readonly when: string;
}

export function pageOf(run: Run, { css, script, when }: Around): string {
  const rows = drawnRows(run.outcomes);
  const failed = rows.filter(({ outcome }) => !isKept(outcome));
  const ordered = [...failed, ...rows.filter((row) => !failed.includes(row))];
  const title = `Conformance: ${failed.length === 0 ? 'kept' : `${failed.length} of ${counted(rows.length, 'row')} failed`}`;
  const policy = "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'";
  const head = tag(
    'head',
    {},
    tag('meta', { charset: 'utf-8' }),
    tag('meta', { name: 'viewport', content: 'width=device-width, initial-scale=1' }),
    tag('meta', { name: 'color-scheme', content: 'light dark' }),
    tag('meta', { 'http-equiv': 'Content-Security-Policy', content: policy }),
    tag('title', {}, title),
    tag('style', {}, { markup: `${palette}${drawingStyle}${css}` }),
  );
  const body = tag(
    'body',
    {},
    tag('header', {}, tag('h1', {}, title), tag('p', { class: 'soft' }, when)),
    tag(
      'main',
      {},
      totals(run),
      latenessSection(latenessLines(run.outcomes)),
      matrixSection(plotsOf(run.outcomes), rows),
      rowsSection(ordered, failed.length > 0),
    ),
    tag(
      'script',
      { type: 'application/json', id: 'recorded' },
      scriptJson(ordered.map(({ recorded }) => recorded ?? null)),
    ),
    tag('script', {}, { markup: script.replace(/<\/script/gi, '<\\/script') }),
  );
  return `<!doctype html>\n${tag('html', { lang: 'en' }, head, body).markup}\n`;
}

function totals(run: Run): Markup {
  const items = totalsOf(run).map(({ name, value, note, verdict }) =>
    tag('div', { class: verdict ?? '' }, tag('dt', {}, name), tag('dd', {}, value, tag('small', {}, note))),
  );
  return tag('dl', { class: 'totals' }, ...items);
}

function latenessSection(lines: readonly LatenessLine[]): Markup | string {
  if (lines.length === 0) return '';
  const head = ['limit', 'told', 'n', 'p50', 'p99', 'max', 'window'].map((name) =>
    tag('th', { scope: 'col' }, name),
  );
  const body = lines.map((line, i) => {
    const isNew = lines[i - 1]?.figure !== line.figure;
    const cells = [line.ms.length, line.p50, line.p99, line.max].map((value) => tag('td', {}, `${value}`));
    return tag(
      'tr',
      { class: isNew ? 'first' : '' },
      tag('th', { scope: 'row' }, isNew ? line.figure : ''),
      tag('td', {}, line.class),
      ...cells,
      tag('td', { class: 'strip' }, strip(line)),
    );
  });
  return tag(
    'section',
    {},
    tag(
      'h2',
      {},
      'Lateness ',
      tag('small', {}, 'in ms after the limit, for each limit and the class of those who were told'),
    ),
    tag(
      'div',
      { class: 'wide', tabindex: 0 },
      tag(
        'table',
        { class: 'lateness' },
        tag('thead', {}, tag('tr', {}, ...head)),
        tag('tbody', {}, ...body),
      ),
    ),
  );
}

/** Every measured time as a tick in its promised window. */
function strip({ ms, boundMs, max }: LatenessLine): Markup {
  const width = 220;
  const shown = Math.max(boundMs * 1.08, max);
  const at = (value: number) => Math.round((Math.max(0, value) / shown) * width * 2) / 2;
  const ticks = (values: readonly number[]) => [...new Set(values.map(at))].map((x) => `M${x} 3v10`).join('');
  return tag(
    'svg',
    { class: 'timeline', width: width + 60, height: 16, role: 'img', 'aria-label': `0 to ${boundMs} ms` },
    tag('rect', { class: 'window', x: 0.5, y: 0.5, width: at(boundMs), height: 15, rx: 2 }),
    tag('path', { class: 'packets', d: ticks(ms.filter((each) => each <= boundMs)) }),
    tag('path', { class: 'packets over', d: ticks(ms.filter((each) => each > boundMs)) }),
    tag('text', { class: 'axis', style: 'text-anchor: start', x: at(shown) + 6, y: 12 }, `${boundMs} ms`),
  );
}

function matrixSection(plots: readonly Plot[], rows: readonly Row[]): Markup {
  const slugOf = new Map(rows.map(({ outcome, slug }) => [outcome, slug]));
  return tag(
    'section',
    {},
    tag('h2', {}, 'Rows ', tag('small', {}, 'A down, B across; each leads to its timeline')),
    tag('div', { class: 'plots' }, ...plots.map((plot) => plotTable(plot, slugOf))),
  );
}

function plotTable({ situation, a, b, cells }: Plot, slugOf: ReadonlyMap<Outcome, string>): Markup {
  const short = (platform: string) => platform.slice(0, 3);
  const head = b.map((each) => tag('th', { scope: 'col', title: `B ${each}` }, short(each)));
  const body = a.map((one) =>
    tag(
      'tr',
      {},
      tag('th', { scope: 'row', title: `A ${one}` }, short(one)),
      ...b.map((other) => {
        const outcomes = cells.get(`${one} ${other}`) ?? [];
        return tag('td', {}, ...(outcomes.length > 0 ? [cell(outcomes, `${one}, ${other}`, slugOf)] : []));
      }),
    ),
  );
  return tag(
    'table',
    { class: 'plot' },
    tag('caption', {}, situation),
    tag('thead', {}, tag('tr', {}, tag('td'), ...head)),
    tag('tbody', {}, ...body),
  );
}

function cell(outcomes: readonly Outcome[], pair: string, slugOf: ReadonlyMap<Outcome, string>): Markup {
  const failed = outcomes.filter((outcome) => !isKept(outcome));
  const [first] = [...failed, ...outcomes];
  const slug = (first && slugOf.get(first)) ?? '';
  const times = outcomes.length > 1 ? `, ${outcomes.length - failed.length} of ${outcomes.length} times` : '';
  const words = `${pair}: ${failed.length === 0 ? 'kept' : 'failed'}${times}`;
  const kind = failed.length === 0 ? 'kept' : 'failed';
  return tag(
    'a',
    { class: kind, href: `#${slug}`, title: words, 'aria-label': words },
    failed.length === 0 ? '✓' : '✕',
  );
}

function rowsSection(rows: readonly Row[], anyFailed: boolean): Markup {
  const entries = anyFailed ? [...legend, ...troubleLegend] : legend;
  return tag(
    'section',
    { class: 'timelines' },
    tag('h2', {}, 'Timelines ', tag('small', { id: 'shown', role: 'status' }, counted(rows.length, 'row'))),
    controls(rows),
    tag('p', { class: 'legend' }, ...entries.map(legendItem)),
    tag('noscript', {}, tag('p', {}, 'The timelines are drawn by a script, which does not run here.')),
    tag('div', { id: 'rows' }, ...rows.map(rowDetails)),
  );
}

function legendItem({ icon, words }: LegendEntry): Markup {
  const svg = tag('svg', { class: 'timeline', width: 30, height: 20, 'aria-hidden': 'true' }, icon);
  return tag('span', {}, svg, ' ', words);
}

function controls(rows: readonly Row[]): Markup {
  const situations = [...new Set(rows.map(({ outcome }) => outcome.row.situation.name))].sort();
  const present = (of: (row: Row) => string) =>
    platforms.filter((each) => rows.some((row) => of(row) === each));
  return tag(
    'form',
    { id: 'filter' },
    choice('situation', 'Situation', situations),
    choice(
      'a',
      'A',
      present(({ outcome }) => outcome.row.a),
    ),
    choice(
      'b',
      'B',
      present(({ outcome }) => bOf(outcome)),
    ),
    choice('result', 'Result', ['failed', 'kept']),
    tag('button', { type: 'reset' }, 'All rows'),
    tag(
      'p',
      { class: 'keys soft' },
      tag('kbd', {}, '/'),
      ' to filter, ',
      tag('kbd', {}, 'j'),
      ' ',
      tag('kbd', {}, 'k'),
      ' next and previous row, ',
      tag('kbd', {}, 'Enter'),
      ' opens it',
    ),
  );
}

function choice(name: string, words: string, values: readonly string[]): Markup {
  const options = values.map((value) => tag('option', { value }, value === '-' ? 'nobody' : value));
  return tag(
    'label',
    {},
    words,
    ' ',
    tag('select', { name }, tag('option', { value: '' }, 'all'), ...options),
  );
}

function rowDetails(row: Row): Markup {
  const { outcome, slug, recorded } = row;
  const { row: played, findings, timeline } = outcome;
  const kept = isKept(outcome);
  const filter = { 'data-situation': played.situation.name, 'data-a': played.a, 'data-b': bOf(outcome) };
  const summary = tag(
    'summary',
    {},
    tag('b', { class: kept ? 'kept' : 'failed' }, kept ? '✓' : '✕'),
    tag('span', { class: 'what' }, rowTitle(row)),
    tag('span', { class: 'who' }, `A ${played.a}${bOf(outcome) === '-' ? '' : ` · B ${bOf(outcome)}`}`),
    tag('span', { class: 'late' }, kept ? keptWords(row) : counted(findings.length, 'violation')),
    tag('span', { class: 'promises' }, played.situation.promises),
  );
  const violations = findings.map(({ kind, who, text, promise }) =>
    tag('li', {}, tag('b', {}, kind), ` ${who}: ${text} `, tag('small', {}, promise)),
  );
  return tag(
    'details',
    { id: slug, class: 'row', open: !kept, ...filter, 'data-result': kept ? 'kept' : 'failed' },
    summary,
    ...(kept ? [] : [tag('ul', { class: 'violations' }, ...violations)]),
    recorded
      ? tag('div', { class: 'drawing', style: `min-height: ${heightOf(recorded)}px` })
      : tag('p', { class: 'soft' }, 'It never began.'),
    ...(kept
      ? []
      : [
          tag(
            'details',
            { class: 'log' },
            tag('summary', {}, 'Log'),
            tag('pre', { tabindex: 0 }, timeline.join('\n')),
          ),
        ]),
  );
}

function rowTitle({ outcome: { row } }: Row): string {
  const limits = Object.entries(row.limits ?? {}).map(([name, value]) => `${name} ${value}`);
  return [row.situation.name, ...limits].join(', ');
}

/** About as high as the row is once it is drawn: what stands below it moves little then. */
function heightOf(recorded: Recorded): number {
  const lines = recorded.observers.flatMap(({ told }) => told).length;
  return drawRow(recorded, 1_200).height + 70 + lines * 22;
}

/** The times that count towards a figure. */
function keptWords({ recorded }: Row): string {
  const told = recorded?.observers.flatMap((observer) => observer.told) ?? [];
  return told.flatMap((each) => (each.figure ? [`${each.figure} ${shortLateness(each)}`] : [])).join(' · ');
}
