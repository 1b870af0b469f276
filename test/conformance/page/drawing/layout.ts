/** Where things go in the drawing of a row: pure arithmetic. */
import type { Recorded } from './recorded.ts';

export interface Scale {
  readonly left: number;
  readonly right: number;
  readonly fromMs: number;
  readonly toMs: number;
  x(ms: number): number;
}

/** A drawing begins a little before its row, to show the packets before the first deed. */
const leadMs = 1_200;

export function scaleOf({ endMs }: Pick<Recorded, 'endMs'>, left: number, right: number): Scale {
  const fromMs = -leadMs;
  const toMs = Math.max(1_000, endMs);
  const x = (ms: number) =>
    left + ((Math.min(toMs, Math.max(fromMs, ms)) - fromMs) / (toMs - fromMs)) * (right - left);
  return { left, right, fromMs, toMs, x };
}

/** Whole steps between the numbers of the axis, so wide that the numbers do not touch. */
export function stepMs({ left, right, fromMs, toMs }: Scale): number {
  const atLeast = ((toMs - fromMs) / (right - left)) * 38;
  return [1_000, 2_000, 5_000, 10_000, 20_000, 60_000].find((step) => step >= atLeast) ?? 300_000;
}

export interface Silence {
  readonly from: number;
  readonly to: number;
  /** Nothing came any more. */
  readonly lasts: boolean;
}

/** Longer than between two heartbeats, with one of them lost. */
const silenceMinMs = 2_300;

/** Where a direction was silent, from its packets; a silence may reach to the end. */
export function silencesOf(times: readonly number[], endMs: number): Silence[] {
  return times
    .map((from, i): Silence => ({ from, to: times[i + 1] ?? endMs, lasts: i === times.length - 1 }))
    .filter(({ from, to }) => to - from >= silenceMinMs);
}

/** A silence cut at the limits: `stage` counts how many of them had passed. */
export function stagesOf({ from, to }: Silence, limits: readonly number[]) {
  const edges = [0, ...limits, Number.POSITIVE_INFINITY];
  return edges.slice(0, -1).flatMap((edge, stage) => {
    const begins = from + edge;
    const ends = Math.min(to, from + (edges[stage + 1] ?? 0));
    return ends > begins ? [{ stage, from: begins, to: ends, limit: edge }] : [];
  });
}

/** Puts each item into the first line where it touches nobody; the items are in the order of their beginning. */
export function inLines<Item extends { readonly from: number; readonly to: number }>(
  items: readonly Item[],
): { item: Item; line: number }[] {
  const taken: (readonly [from: number, to: number])[][] = [];
  return items.map((item) => {
    const free = taken.findIndex((line) => line.every(([from, to]) => to <= item.from || from >= item.to));
    const line = free < 0 ? taken.length : free;
    taken[line] = [...(taken[line] ?? []), [item.from, item.to]];
    return { item, line };
  });
}

export interface Label {
  readonly x: number;
  readonly anchor: 'start' | 'end';
  readonly text: string;
  readonly more: string;
  /** What it covers. */
  readonly from: number;
  readonly to: number;
}

/** What a label stands beside, and how far it may reach, in px. */
export interface Place {
  readonly from: number;
  readonly to: number;
  readonly left: number;
  readonly right: number;
  /** How wide a letter is. */
  readonly letter: number;
}

const apart = 5;

/**
 * A label to the right of a mark, or to its left where there is no room. Where there is none on either side, its text
 * is shortened; what comes behind the text is what the reader looks for, and stays whole.
 */
export function labelBeside({ from, to, left, right, letter }: Place, text: string, more = ''): Label {
  const room = { start: right - to - apart, end: from - apart - left };
  const behind = more === '' ? 0 : more.length + 1;
  const anchor = (text.length + behind) * letter <= room.start || room.start >= room.end ? 'start' : 'end';
  const fitting = Math.max(2, Math.floor(room[anchor] / letter) - behind);
  const shown = text.length <= fitting ? text : `${text.slice(0, fitting - 1).trimEnd()}…`;
  const width = (shown.length + behind) * letter;
  return anchor === 'start'
    ? { x: to + apart, anchor, text: shown, more, from, to: to + apart + width }
    : { x: from - apart, anchor, text: shown, more, from: from - apart - width, to };
}
