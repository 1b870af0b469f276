import { promised } from './promises.ts';
import type { Outcome, Run } from './run.ts';

export interface Figure {
  readonly value: number;
  readonly unit: string;
  readonly goal: string;
  readonly ok: boolean;
}

export interface Result {
  readonly ok: boolean;
  readonly figures: Readonly<Record<string, Figure>>;
  readonly failures: readonly string[];
}

/** What `--json` writes: figures with their goals, and one text for each violation. */
export function resultOf(run: Run): Result {
  const failed = run.outcomes.filter(({ findings }) => findings.length > 0);
  const early = run.outcomes
    .flatMap(({ findings }) => findings)
    .filter(({ kind }) => kind === 'early').length;
  const figures: Record<string, Figure> = {
    rows: { value: run.outcomes.length, unit: 'rows', goal: '> 0', ok: run.outcomes.length > 0 },
    'rows failed': { value: failed.length, unit: 'rows', goal: '0', ok: failed.length === 0 },
    'callbacks before their limit': { value: early, unit: 'callbacks', goal: '0', ok: early === 0 },
    'rows played again': { value: run.replayed, unit: 'rows', goal: 'none on an idle machine', ok: true },
    'own lag p99': { value: run.ownLag.p99, unit: 'ms', goal: 'none', ok: true },
    'own lag max': { value: run.ownLag.max, unit: 'ms', goal: 'none', ok: true },
  };
  for (const [name, late] of latenessByLimit(run.outcomes)) {
    const bound = boundOf(name) + run.allowanceMs;
    const goal = `<= ${bound} (promised ${boundOf(name)}, own lag ${run.allowanceMs})`;
    for (const [part, value] of Object.entries({ p50: late.p50, p99: late.p99, max: late.max })) {
      figures[`${name} late ${part}`] = { value, unit: 'ms', goal, ok: value <= bound };
    }
  }
  return {
    ok: failed.length === 0 && run.outcomes.length > 0,
    figures,
    failures: failed.flatMap(failuresOf),
  };
}

/** The table, the figures and the timeline of every failed row, for people. */
export function describe(run: Run, result: Result): string {
  const figures = Object.entries(result.figures).map(
    ([name, { value, unit, goal, ok }]) =>
      `${ok ? 'ok  ' : 'FAIL'} ${name.padEnd(32)} ${value} ${unit}  (goal: ${goal})`,
  );
  const failed = run.outcomes.filter(({ findings }) => findings.length > 0);
  return [table(run.outcomes), '', ...figures, ...failed.map(story), ''].join('\n');
}

/** A failed row: what was violated, then what was done and said, in ms since the row began. */
export function story({ row, findings, timeline }: Outcome): string {
  const violations = findings.map(
    ({ kind, who, promise, text }) => `  ${kind}: ${who}: ${text} [${promise}]`,
  );
  return [
    `\n${row.name} (${row.situation.promises})`,
    ...violations,
    ...timeline.map((line) => `    ${line}`),
  ].join('\n');
}

function table(outcomes: readonly Outcome[]): string {
  const cells = outcomes.map(({ row, findings, lateness }) => [
    row.situation.name,
    row.a,
    row.situation.alone ? '-' : row.b,
    findings.length === 0 ? 'ok' : 'FAIL',
    lateness.map(({ figure, ms }) => `${figure} +${ms}`).join(', '),
  ]);
  const header = ['row', 'A', 'B', 'ok', 'lateness in ms'];
  const widths = header.map((title, column) =>
    Math.max(title.length, ...cells.map((row) => (row[column] ?? '').length)),
  );
  const line = (row: readonly string[]) =>
    row
      .map((cell, i) => cell.padEnd(widths[i] ?? 0))
      .join('  ')
      .trimEnd();
  return [
    line(header),
    line(widths.map((width) => '-'.repeat(Math.min(width, 60)))),
    ...cells.map(line),
  ].join('\n');
}

function failuresOf({ row, findings }: Outcome): string[] {
  return findings.map(({ kind, who, promise, text }) => `${row.name}: ${kind}: ${who}: ${text} [${promise}]`);
}

function latenessByLimit(outcomes: readonly Outcome[]) {
  const byName = new Map<string, number[]>();
  for (const { figure, ms } of outcomes.flatMap(({ lateness }) => lateness))
    byName.set(figure, [...(byName.get(figure) ?? []), ms]);
  return [...byName].map(([name, all]) => {
    const sorted = all.sort((left, right) => left - right);
    const part = (fraction: number) => sorted[Math.ceil(fraction * sorted.length) - 1] ?? Number.NaN;
    return [name, { p50: part(0.5), p99: part(0.99), max: part(1) }] as const;
  });
}

/** How late (ms) what is counted under a name may be. */
export function boundOf(figure: string): number {
  if (figure === 'rejoin') return promised.back;
  if (figure === 'return') return promised.back + promised.lateness;
  if (figure === 'goodbye') return promised.goodbye;
  return promised.lateness;
}
