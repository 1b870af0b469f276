/** The drawing of a row, as SVG text: the same in the page and in a file of its own. */
import { deedsLane, type Lane, letter, lineHeight, linkLane, observerLane } from './lanes.ts';
import { type Scale, scaleOf, stepMs } from './layout.ts';
import { type Markup, tag } from './markup.ts';
import type { Recorded } from './recorded.ts';
import { seconds } from './words.ts';

export interface Drawing {
  readonly width: number;
  readonly height: number;
  readonly markup: Markup;
}

/** A narrower drawing has the names of its lanes above them, not beside them. */
const besideMinPx = 620;
const axisHeight = 24;
const gap = 10;

/** @param width in px; what is narrower than can be read is not drawn narrower */
export function drawRow(recorded: Recorded, width: number): Drawing {
  const wide = Math.max(300, Math.floor(width));
  const beside = wide >= besideMinPx;
  const scale = scaleOf(recorded, beside ? 124 : 8, wide - 12);
  const lanes = lanesOf(recorded, scale);
  const headHeight = beside ? 0 : lineHeight;
  let y = axisHeight + 4;
  const placed = lanes.map((lane) => {
    const top = y;
    y += headHeight + lane.height + gap;
    return [
      laneName(lane, top, beside),
      tag('g', { transform: `translate(0 ${top + headHeight})` }, lane.markup),
    ];
  });
  const markup = tag('g', {}, darkness(recorded, scale, y), axis(scale, y), ...placed);
  return { width: wide, height: y, markup };
}

/** The drawing as an element of a page. */
export function rowSvg(recorded: Recorded, width: number): string {
  const drawing = drawRow(recorded, width);
  const { markup } = tag(
    'svg',
    {
      class: 'timeline',
      width: drawing.width,
      height: drawing.height,
      viewBox: `0 0 ${drawing.width} ${drawing.height}`,
      role: 'img',
      'aria-label': `timeline of ${recorded.title}`,
    },
    drawing.markup,
  );
  return markup;
}

function lanesOf(recorded: Recorded, scale: Scale): Lane[] {
  const { links, limits, endMs, observers, deeds } = recorded;
  return [
    deedsLane(deeds, scale),
    ...links.flatMap((link) =>
      (['up', 'down'] as const).map((way) => linkLane(link, way, limits, endMs, scale)),
    ),
    ...observers.map((observer) => observerLane(observer, scale)),
  ];
}

function laneName({ name, note }: Lane, y: number, beside: boolean): Markup {
  const at = beside ? { x: 112, y: y + 14, 'text-anchor': 'end' } : { x: 8, y: y + 13 };
  const more = note ? [tag('tspan', { class: 'soft', dx: 5 }, note)] : [];
  return tag('text', { class: 'lane', ...at }, name, ...more);
}

/** Behind everything: while somebody's network was dark. */
function darkness({ links }: Recorded, scale: Scale, height: number): Markup[] {
  const spells = links.flatMap(({ dark }) => dark).map(({ from, to }) => `${from} ${to}`);
  return [...new Set(spells)].map((spell) => {
    const [from = 0, to = 0] = spell.split(' ').map(Number);
    const x = scale.x(from);
    return tag('rect', {
      class: 'dark',
      x,
      y: axisHeight,
      width: scale.x(to) - x,
      height: height - axisHeight - gap + 4,
    });
  });
}

function axis(scale: Scale, height: number): Markup[] {
  const step = stepMs(scale);
  const count = Math.floor(scale.toMs / step) + 1;
  return Array.from({ length: count }, (_, i) => i * step).flatMap((ms) => {
    const x = scale.x(ms);
    const text = ms === 0 ? seconds(ms) : `${ms / 1_000}`;
    const half = (text.length * letter) / 2;
    return [
      tag('line', { class: 'grid', x1: x, x2: x, y1: axisHeight - 6, y2: height - gap + 4 }),
      tag('text', { class: 'axis', x: Math.min(x, scale.right + 12 - half), y: 13 }, text),
    ];
  });
}
