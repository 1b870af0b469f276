/** The lanes of a row's drawing: what was done, the packets of a link, what an observer was told. */
import { inLines, labelBeside, type Scale, silencesOf, stagesOf } from './layout.ts';
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
    deeds.map(({ at, text }) => {
      const x = scale.x(at);
      const label = labelBeside(x, text, scale.left, scale.right + 10, letter);
      return { at, text, x, label, from: Math.min(label.from, x - 7), to: Math.max(label.to, x + 7) + 4 };
    }),
  );
  const markup = placed.map(({ item: { at, text, x, label }, line }) => {
    const y = line * lineHeight + lineHeight / 2;
    return tag(
      'g',
      { class: 'deed' },
      tag('title', {}, `${seconds(at)}: ${text}`),
      tag('path', { d: `M${px(x)} ${y - 5}l5 5l-5 5l-5 -5z` }),
      tag('text', { x: label.x, y: y + 4, 'text-anchor': label.anchor }, label.text),
    );
  });
  return { name: 'done', height: heightOf(placed), markup };
}

/** A tick for each packet; where none came for longer than it may, the silence, counted in the limits' colours. */
export function linkLane(
  { of, dark, ...times }: Link,
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
  const silences = silencesOf(times[way], endMs).map((silence) =>
    silenceBar(silence, `${way === 'up' ? 'from' : 'to'} ${of}`, limits, scale),
  );
  const name = way === 'up' ? `${of} → server` : `server → ${of}`;
  return {
    name,
    height: lineHeight,
    markup: [...shades, ...silences, tag('path', { class: 'packets', d: ticks })],
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
  const markup = placed.map(({ item, line }) =>
    tag('g', { transform: `translate(0 ${line * lineHeight})` }, item.markup),
  );
  return { ...name, height: heightOf(placed), markup };
}

interface Placed {
  readonly from: number;
  readonly to: number;
  readonly markup: Markup;
}

/** From what its time counts from, over the promised window, to the mark and its words. */
function placeTold(told: Told, scale: Scale): Placed {
  const { at, due, broke } = told;
  const since = due?.since;
  const opens = since === undefined ? undefined : scale.x(since + (due?.least ?? 0));
  const x = at === undefined ? (opens ?? scale.right - 8) : scale.x(at);
  const words = [told.name, shortLateness(told)].filter(Boolean).join('  ');
  const label = labelBeside(x, words, scale.left, scale.right + 10, monoLetter);
  const begin = since === undefined ? x : scale.x(since);
  const marks = [...span(told, scale), mark(told, x), ...writing(told, label)];
  const kind = broke ? 'told broke' : due ? 'told kept' : 'told';
  const more = [due && `promised: ${promiseInWords(due)}`, latenessInWords(told)].filter(Boolean).join('; ');
  const title = tag('title', {}, `${at === undefined ? '' : `${seconds(at)}: `}${told.call}\n${more}`);
  const edges = [
    label.from,
    label.to,
    begin,
    x - 7,
    x + 7,
    ...(due && since !== undefined ? [scale.x(since + due.most)] : []),
  ];
  return {
    from: Math.min(...edges),
    to: Math.max(...edges) + 6,
    markup: tag('g', { class: kind }, title, ...marks),
  };
}

/** The limit as it counts, and the window in which the callback had to come. */
function span({ due }: Told, scale: Scale): Markup[] {
  if (due?.since === undefined) return [];
  const [x0, x1, x2] = [due.since, due.since + due.least, due.since + due.most].map(scale.x) as [
    number,
    number,
    number,
  ];
  const counted = due.least > 0 ? [tag('path', { class: 'count', d: `M${px(x0)} 5v10m0 -5H${px(x1)}` })] : [];
  return [
    ...counted,
    tag('rect', { class: 'window', x: x1, y: 2, width: Math.max(3, x2 - x1), height: 16, rx: 2 }),
  ];
}

function mark({ at, broke }: Told, x: number): Markup {
  if (at === undefined) return tag('circle', { class: 'missing', cx: x, cy: 10, r: 5 });
  if (broke) return tag('path', { class: 'cross', d: `M${px(x - 4.5)} 5.5l9 9m0 -9l-9 9` });
  return tag('circle', { cx: x, cy: 10, r: 4.5 });
}

function writing(told: Told, label: ReturnType<typeof labelBeside>): Markup[] {
  const isWhole = label.text.startsWith(told.name);
  const late = isWhole ? label.text.slice(told.name.length).trim() : '';
  return [
    tag(
      'text',
      { x: label.x, y: 14, 'text-anchor': label.anchor },
      isWhole ? told.name : label.text,
      ...(late ? [tag('tspan', { class: 'late', dx: 7 }, late)] : []),
    ),
  ];
}

function placeEnd({ at, how }: { at: number; how: string }, scale: Scale): Placed {
  const x = scale.x(at);
  const label = labelBeside(x, how, scale.left, scale.right + 10, letter);
  return {
    from: Math.min(label.from, x - 7),
    to: Math.max(label.to, x + 7) + 6,
    markup: tag(
      'g',
      { class: 'ended' },
      tag('title', {}, `${seconds(at)}: ${how}`),
      tag('path', { d: `M${px(x)} 3v14` }),
      tag('text', { x: label.x, y: 14, 'text-anchor': label.anchor }, label.text),
    ),
  };
}

function heightOf(placed: readonly { line: number }[]): number {
  return (Math.max(0, ...placed.map(({ line }) => line)) + 1) * lineHeight;
}

function px(value: number): string {
  return `${Math.round(value * 10) / 10}`;
}
