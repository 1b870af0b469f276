/** What the marks mean, each as a small drawing of 30 by 20 px and its words. */
import { type Markup, tag } from './markup.ts';

export interface LegendEntry {
  readonly icon: Markup;
  readonly words: string;
}

export const legend: readonly LegendEntry[] = [
  { icon: tag('path', { class: 'packets', d: 'M8 4v12M15 4v12M22 4v12' }), words: 'packets' },
  {
    icon: tag(
      'g',
      {},
      ...[0, 1, 2, 3].map((stage) =>
        tag('rect', { class: `stage${stage}`, x: 1 + stage * 7, y: 3, width: 7, height: 14 }),
      ),
    ),
    words: 'silence, from limit to limit',
  },
  { icon: tag('rect', { class: 'cut', x: 1, y: 0, width: 28, height: 20 }), words: 'network dark' },
  { icon: tag('g', { class: 'deed' }, tag('path', { d: 'M15 5l5 5l-5 5l-5 -5z' })), words: 'done' },
  {
    icon: tag(
      'g',
      { class: 'told kept' },
      tag('path', { class: 'count', d: 'M1 5v10m0 -5H14' }),
      tag('rect', { class: 'window', x: 14, y: 2, width: 12, height: 16, rx: 2 }),
      tag('circle', { cx: 18, cy: 10, r: 4.5 }),
    ),
    words: 'told within its promised window',
  },
];

/** What only rows that failed have. */
export const troubleLegend: readonly LegendEntry[] = [
  {
    icon: tag('g', { class: 'told broke' }, tag('path', { class: 'cross', d: 'M10.5 5.5l9 9m0 -9l-9 9' })),
    words: 'early, late, wrong or unexpected',
  },
  {
    icon: tag('g', { class: 'told broke' }, tag('circle', { class: 'missing', cx: 15, cy: 10, r: 5 })),
    words: 'never came',
  },
];
