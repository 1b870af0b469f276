/** How late callbacks were, for each limit and each class of those who were told. */
import { classOf, type Platform } from './dialects.ts';
import { promised } from './promises.ts';
import type { Outcome } from './run.ts';

export interface LatenessLine {
  readonly figure: string;
  /** The class that was told; `-` for what no client tells. */
  readonly class: string;
  readonly boundMs: number;
  /** In ascending order. */
  readonly ms: readonly number[];
  readonly p50: number;
  readonly p99: number;
  readonly max: number;
}

/** Lateness for each limit and each class of those who were told, in the order in which they first come. */
export function latenessLines(outcomes: readonly Outcome[]): LatenessLine[] {
  const all = new Map<string, { figure: string; class: string; ms: number[] }>();
  for (const { lateness, recorded } of outcomes)
    for (const { figure, ms, who } of lateness) {
      const told = recorded?.observers.find(({ role }) => role === who);
      const line = { figure, class: told ? classOf(told.platform as Platform) : '-', ms: [] };
      const key = `${figure} ${line.class}`;
      all.set(key, all.get(key) ?? line);
      all.get(key)?.ms.push(ms);
    }
  const figures = [...new Set([...all.values()].map(({ figure }) => figure))];
  return [...all.values()]
    .sort((left, right) => figures.indexOf(left.figure) - figures.indexOf(right.figure))
    .map((line) => {
      const ms = line.ms.sort((left, right) => left - right);
      const part = (fraction: number) => ms[Math.ceil(fraction * ms.length) - 1] ?? Number.NaN;
      return { ...line, ms, boundMs: boundOf(line.figure), p50: part(0.5), p99: part(0.99), max: part(1) };
    });
}

/** How late (ms) what is counted under a name may be. */
export function boundOf(figure: string): number {
  if (figure === 'rejoin') return promised.back;
  if (figure === 'return') return promised.back + promised.lateness;
  if (figure === 'goodbye') return promised.goodbye;
  return promised.lateness;
}
