/** The lanes of a row's drawing: what was done, the packets of a link, what an observer was told. */
import { inLines, type Label, labelBeside, type Scale, silencesOf, stagesOf } from './layout.ts';
import { type Markup, tag } from './markup.ts';
import type { Deed, Link, Observer, Told } from './recorded.ts';
import { latenessInWords, promiseInWords, seconds, shortLateness } from './words.ts';

export interface Lane {
  readonly name: string;
  readonly note?: string;
  readonly height: number;
  readonly markup: readonly Markup[];
}

export const lineHeight = 20;
/** Of the drawing's 12 px text; generous, for fonts differ. */
export const letter = 6.6;
const monoLetter = 6.9;

export function deedsLane(deeds: readonly Deed[], scale: Scale): Lane {
  const placed = inLines(
    deeds.map(({ at, text }): Placed => {
      const x = scale.x(at);
      const label = labelBeside({ from: x - 5, to: x + 5, ...bounds(scale), letter }, text);
      const title = tag('title', {}, `${seconds(at)}: ${text}`);
      const diamond = tag('path', { d: `M${px(x)} 5l5 5l-5 5l-5 -5z` });
      const markup = tag('g', { class: 'deed' }, title, diamond, writing(label));
      return { from: label.from, to: label.to + 6, markup };
    }),
  );
  return { name: 'done', height: heightOf(placed), markup: inTheirLines(placed) };
}

/** A tick for each packet; where none came for longer than it may, the silence, counted in the limits' colours. */
export function linkLane(
  { of, dark, elsewhereAt, ...times }: Link,
  way: 'up' | 'down',
  limits: readonly number[],
  endMs: number,
  scale: Scale,
): Lane {
  const shades = dark
    .filter((spell) => spell.way === way)
    .map(({ from, to }) =>
      tag(
        'rect',
        { class: 'cut', x: scale.x(from), y: 0, width: scale.x(to) - scale.x(from), height: 20 },
        tag('title', {}, `dark for ${seconds(to - from)}`),
      ),
    );
  const ticks = times[way].map((at) => `M${px(scale.x(at))} 4v12`).join('');
  const silences = silencesOf(times[way], elsewhereAt ?? endMs).map((silence) =>
    silenceBar(silence, `${way === 'up' ? 'from' : 'to'} ${of}`, limits, scale),
  );
  const elsewhere =
    elsewhereAt === undefined
      ? []
      : [tag('text', { class: 'soft', x: scale.x(elsewhereAt) + 4, y: 14 }, 'goes on at another server')];
  const name = way === 'up' ? `${of} → server` : `server → ${of}`;
  return {
    name,
    height: lineHeight,
    markup: [...shades, ...silences, tag('path', { class: 'packets', d: ticks }), ...elsewhere],
  };
}

function silenceBar(
  silence: ReturnType<typeof silencesOf>[number],
  whose: string,
  limits: readonly number[],
  scale: Scale,
): Markup {
  const ms = silence.to - silence.from;
  const total = `${(ms / 1_000).toFixed(1)} s`;
  const stages = stagesOf(silence, limits);
  const parts = stages.flatMap(({ stage, from, to, limit }, i) => {
    const x = scale.x(from);
    const width = scale.x(to) - x;
    const isLast = i === stages.length - 1;
    const words = stage === 0 ? [] : [`${limit / 1_000} s`];
    const space = width - (isLast ? (total.length + 1) * letter : 0);
    return [
      tag('rect', { class: `stage${stage}`, x, y: 3, width, height: 14 }),
      ...words
        .filter((text) => text.length * letter + 6 <= space)
        .map((text) => tag('text', { class: 'limit', x: x + 4, y: 14 }, text)),
    ];
  });
  const end = scale.x(silence.to);
  const roomInside = end - scale.x(silence.from) > (total.length + 1) * letter;
  return tag(
    'g',
    { class: 'silence' },
    tag('title', {}, `${seconds(ms)} without a packet ${whose}${silence.lasts ? ', to the end' : ''}`),
    ...parts,
    ...(roomInside ? [tag('text', { class: 'total', x: end - 4, y: 14, 'text-anchor': 'end' }, total)] : []),
  );
}

export function observerLane({ role, platform, told, ended }: Observer, scale: Scale): Lane {
  const name = { name: role, note: platform };
  const all = [...told.map((each) => placeTold(each, scale)), ...(ended ? [placeEnd(ended, scale)] : [])];
  if (all.length === 0) {
    const nothing = tag('text', { class: 'soft', x: scale.left + 2, y: 14 }, 'told nothing');
    return { ...name, height: lineHeight, markup: [nothing] };
  }
  const placed = inLines(all);
  return { ...name, height: heightOf(placed), markup: inTheirLines(placed) };
}

function inTheirLines(placed: readonly { readonly item: Placed; readonly line: number }[]): Markup[] {
  return placed.map(({ item, line }) =>
    tag('g', { transform: `translate(0 ${line * lineHeight})` }, item.markup),
  );
}

interface Placed {
  readonly from: number;
  readonly to: number;
  readonly markup: Markup;
}

/** From what its time counts from, over the promised window, to the mark and its words. */
function placeTold(told: Told, scale: Scale): Placed {
  const { at, due, broke } = told;
  const window = windowOf(told, scale);
  const x = at === undefined ? (window?.opens ?? scale.right - 8) : scale.x(at);
  const from = Math.min(x - 5, window?.opens ?? x);
  const to = Math.max(x + 5, window?.closes ?? x);
  const label = labelBeside(
    { from, to, ...bounds(scale), letter: monoLetter },
    told.name,
    shortLateness(told),
  );
  const promised = due ? `promised: ${promiseInWords(due)}; ` : '';
  const when = at === undefined ? '' : `${seconds(at)}: `;
  const title = tag('title', {}, `${when}${told.call}\n${promised}${latenessInWords(told)}`);
  const kind = broke ? 'told broke' : due ? 'told kept' : 'told';
  return {
    from: Math.min(label.from, window?.counts ?? from),
    to: Math.max(label.to, to) + 6,
    markup: tag('g', { class: kind }, title, ...span(told, window, label), mark(told, x), writing(label)),
  };
}

interface Window {
  /** Where its time counts from. */
  readonly counts: number;
  readonly opens: number;
  readonly closes: number;
}

function windowOf({ due }: Told, scale: Scale): Window | undefined {
  if (due?.since === undefined) return undefined;
  const opens = scale.x(due.since + due.least);
  const closes = Math.max(opens + 3, scale.x(due.since + due.most));
  return { counts: scale.x(due.since), opens, closes };
}

/** The limit as it counts, up to a label that stands in its way, and the window in which the callback had to come. */
function span({ due }: Told, window: Window | undefined, label: Label): Markup[] {
  if (!due || !window) return [];
  const { counts, opens, closes } = window;
  const end = label.anchor === 'end' ? Math.max(counts, label.from - 3) : opens;
  const line = tag('path', { class: 'count', d: `M${px(counts)} 5v10m0 -5H${px(end)}` });
  const box = tag('rect', { class: 'window', x: opens, y: 2, width: closes - opens, height: 16, rx: 2 });
  return due.least > 0 ? [line, box] : [box];
}

function mark({ at, broke }: Told, x: number): Markup {
  if (at === undefined) return tag('circle', { class: 'missing', cx: x, cy: 10, r: 5 });
  if (broke) return tag('path', { class: 'cross', d: `M${px(x - 4.5)} 5.5l9 9m0 -9l-9 9` });
  return tag('circle', { cx: x, cy: 10, r: 4.5 });
}

function writing({ x, anchor, text, more }: Label): Markup {
  const late = more ? [tag('tspan', { class: 'late', dx: monoLetter }, more)] : [];
  return tag('text', { x, y: 14, 'text-anchor': anchor }, text, ...late);
}

function placeEnd({ at, how }: { at: number; how: string }, scale: Scale): Placed {
  const x = scale.x(at);
  const label = labelBeside({ from: x - 4, to: x + 4, ...bounds(scale), letter }, how);
  const title = tag('title', {}, `${seconds(at)}: ${how}`);
  const line = tag('path', { d: `M${px(x)} 3v14` });
  return {
    from: label.from,
    to: label.to + 6,
    markup: tag('g', { class: 'ended' }, title, line, writing(label)),
  };
}

/** How far labels may reach. */
function bounds({ left, right }: Scale) {
  return { left, right: right + 10 };
}

function heightOf(placed: readonly { line: number }[]): number {
  return (Math.max(0, ...placed.map(({ line }) => line)) + 1) * lineHeight;
}

function px(value: number): string {
  return `${Math.round(value * 10) / 10}`;
}
