/** One row as an SVG file that needs nothing around it, for documents. */
import { drawRow } from './draw.ts';
import { letter } from './lanes.ts';
import { legend } from './legend.ts';
import { type Markup, tag } from './markup.ts';
import type { Recorded } from './recorded.ts';
import { drawingStyle, palette } from './style.ts';

/** As wide as a document's column. */
const widthPx = 880;
const margin = 16;
const headHeight = 30;
const footHeight = 22;

/** The drawing with its title, on a ground of its own: it is readable on whatever page it stands. */
export function standaloneSvg(recorded: Recorded): string {
  const drawing = drawRow(recorded, widthPx - 2 * margin);
  const height = headHeight + drawing.height + footHeight + 2 * margin;
  const { markup } = tag(
    'svg',
    {
      xmlns: 'http://www.w3.org/2000/svg',
      class: 'timeline',
      width: widthPx,
      height,
      viewBox: `0 0 ${widthPx} ${height}`,
      role: 'img',
    },
    tag('title', {}, recorded.title),
    tag('style', {}, { markup: `${palette}${drawingStyle}` }),
    tag('rect', { width: widthPx, height, rx: 12, style: 'fill: var(--panel)' }),
    tag('text', { x: margin, y: margin + 12, style: 'font-size: 15px; font-weight: 600' }, recorded.title),
    tag('g', { transform: `translate(${margin} ${margin + headHeight - 6})` }, drawing.markup),
    tag('g', { transform: `translate(${margin} ${height - margin - 18})` }, ...legendLine()),
  );
  return `${markup}\n`;
}

/** In a line below the drawing. */
function legendLine(): Markup[] {
  let x = 0;
  return legend.map(({ icon, words }) => {
    const at = x;
    x += 38 + words.length * letter + 16;
    return tag(
      'g',
      { transform: `translate(${at} 0)` },
      icon,
      tag('text', { class: 'soft', x: 36, y: 14 }, words),
    );
  });
}
