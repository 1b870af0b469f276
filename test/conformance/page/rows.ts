/** Names for the rows of a run, and what is drawn of each. */
import type { Outcome } from '../run.ts';
import type { Recorded } from './drawing/recorded.ts';

export interface Row {
  readonly outcome: Outcome;
  /** As it stands in addresses and file names; no two rows share one. */
  readonly slug: string;
  readonly recorded?: Recorded;
}

/** In the order of the run; a row that played several times has a number behind its name from the second on. */
export function drawnRows(outcomes: readonly Outcome[]): Row[] {
  const times = new Map<string, number>();
  return outcomes.map((outcome) => {
    const { row, recorded } = outcome;
    const base = slugOf(row.name);
    const time = (times.get(base) ?? 0) + 1;
    times.set(base, time);
    const slug = time === 1 ? base : `${base}-run-${time}`;
    return { outcome, slug, ...(recorded && { recorded: { slug, title: titleOf(outcome), ...recorded } }) };
  });
}

/** `outage of 15 s: A linux, B ios, C web`. Who comes again, as A2, is who it was. */
function titleOf({ row, recorded }: Outcome): string {
  const people = recorded?.observers.filter(({ role }) => role !== 'A2') ?? [];
  return `${row.situation.name}: ${people.map(({ role, platform }) => `${role} ${platform}`).join(', ')}`;
}

/** `outage of 2.5 s | linux | ios` is `outage-of-2.5-s-linux-ios`. */
function slugOf(name: string): string {
  return name
    .toLowerCase()
    .replace(/[^a-z0-9.]+/g, '-')
    .replace(/^-+|-+$/g, '');
}
