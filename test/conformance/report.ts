import { latenessLines } from './lateness.ts';
import type { Outcome, Run } from './run.ts';
import type { Measured } from './situations/situation.ts';

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
    'rows not played': {
      ...{ value: run.notPlayed, unit: 'rows', goal: '0, or as --minutes allows' },
      ok: run.notPlayed === 0,
    },
    'processors busy': { value: run.cpu, unit: '%', goal: '< 50', ok: run.cpu < 50 },
    'wall time': { value: Math.round(run.wallMs / 1_000), unit: 's', goal: 'none', ok: true },
    'own lag p99': { value: run.ownLag.p99, unit: 'ms', goal: 'none', ok: true },
    'own lag max': { value: run.ownLag.max, unit: 'ms', goal: 'none', ok: true },
  };
  for (const line of latenessLines(run.outcomes)) {
    const bound = line.boundMs + run.allowanceMs;
    const goal = `<= ${bound} (promised ${line.boundMs}, own lag ${run.allowanceMs})`;
    const name = line.class === '-' ? line.figure : `${line.figure}, ${line.class}`;
    figures[`${name}: told`] = { value: line.ms.length, unit: 'times', goal: 'none', ok: true };
    for (const [part, value] of Object.entries({ p50: line.p50, p99: line.p99, max: line.max }))
      figures[`${name}: late ${part}`] = { value, unit: 'ms', goal, ok: value <= bound };
  }
  for (const [name, { value, unit }] of measured(run.outcomes))
    figures[name] = { value, unit, goal: 'measured, not promised', ok: true };
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

/** The greatest of what rows measure, by its name. */
function measured(outcomes: readonly Outcome[]): Map<string, Measured> {
  const greatest = new Map<string, Measured>();
  for (const each of outcomes.flatMap(({ figures }) => figures))
    if (each.value >= (greatest.get(each.name)?.value ?? 0)) greatest.set(each.name, each);
  return greatest;
}
