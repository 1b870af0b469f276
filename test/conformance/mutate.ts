import type { Figure, Result } from './report.ts';
import { chooseRows, type Row } from './rows.ts';
import type { Outcome, Run } from './run.ts';

/** One number of the contract, wrong values for it, and the rows that must notice. */
interface Mutation {
  readonly number: string;
  readonly promisedMs: number | 'never';
  readonly wrongMs: readonly number[];
  readonly rows: RegExp;
}

const mutations: readonly Mutation[] = [
  { number: 'interruptedMs', promisedMs: 4_000, wrongMs: [3_500, 4_500], rows: /^outage of 8 s/ },
  { number: 'lostMs', promisedMs: 10_000, wrongMs: [9_500, 10_500], rows: /^outage of 15 s/ },
  { number: 'giveUpMs', promisedMs: 'never', wrongMs: [12_000], rows: /^outage of 15 s/ },
  {
    number: 'peerOfflineMs',
    promisedMs: 20_000,
    wrongMs: [19_500, 20_500],
    rows: /^(outage of 24 s|killed for good)/,
  },
  { number: 'streamRemovedMs', promisedMs: 10_000, wrongMs: [9_500, 10_500], rows: /^outage of 15 s.*web$/ },
  { number: 'peerLeaveMs', promisedMs: 20_000, wrongMs: [19_500, 20_500], rows: /^outage of 24 s.*web$/ },
  { number: 'channelDestroyMs', promisedMs: 10_000, wrongMs: [8_500, 12_000], rows: /^the last user/ },
  {
    number: 'appleGoodbyeMs',
    promisedMs: 4_000,
    wrongMs: [3_500, 4_500],
    rows: /^killed for good . (ios|macos)/,
  },
  { number: 'heartbeatMs', promisedMs: 1_000, wrongMs: [500, 2_000], rows: /^nothing happens/ },
];

/** Numbers that no row can notice, and why. */
const uncovered: readonly string[] = [
  'sessionKeepMs: a forgotten session shows only in the messages that are not replayed, and no row sends messages',
];

/** Every relevant row once as promised and once with each wrong number. */
export function mutatedRows(): Row[] {
  const rows = chooseRows({ pairs: 'one', short: false, repeat: 1 });
  const relevant = rows.filter(({ name }) => mutations.some((mutation) => mutation.rows.test(name)));
  const mutated = mutations.flatMap(({ number, wrongMs, rows: pattern }) =>
    wrongMs.flatMap((wrong) =>
      rows
        .filter(({ name }) => pattern.test(name))
        .map((row): Row => ({ ...row, limits: { [number]: wrong } })),
    ),
  );
  return [...relevant, ...mutated];
}

/** The matrix of numbers and rows, and whether every number turned a row red that is green as promised. */
export function mutationReport(run: Run): { text: string; result: Result } {
  const green = new Set(
    run.outcomes.filter(({ row, findings }) => !row.limits && findings.length === 0).map(nameOf),
  );
  const lines: string[] = [];
  const figures: Record<string, Figure> = {};
  const failures = run.outcomes
    .filter(({ row, findings }) => !row.limits && findings.length > 0)
    .map((outcome) => `${nameOf(outcome)} fails with the promised numbers, so it proves nothing`);
  const notCovered = [...uncovered];
  for (const { number, promisedMs, wrongMs, rows } of mutations) {
    if (!run.outcomes.some(({ row }) => rows.test(row.name))) {
      notCovered.push(`${number}: its rows need a platform that does not exist yet`);
      continue;
    }
    for (const wrong of wrongMs) {
      const name = `${number} ${promisedMs} -> ${wrong}`;
      const played = run.outcomes.filter(({ row }) => row.limits?.[number] === wrong);
      const red = played.filter(
        (each) => each.findings.length > 0 && !each.broken && green.has(nameOf(each)),
      );
      const ok = red.length > 0;
      lines.push(
        `${ok ? 'noticed' : 'MISSED '}  ${name}`,
        ...played.map((each) => `           ${verdict(each)}`),
      );
      figures[`rows red with ${name}`] = { value: red.length, unit: 'rows', goal: '> 0', ok };
      if (!ok) failures.push(`${name} turned no row red`);
    }
  }
  figures.uncovered = { value: notCovered.length, unit: 'numbers', goal: 'each with its reason', ok: true };
  lines.push(...notCovered.map((each) => `uncovered ${each}`));
  return { text: lines.join('\n'), result: { ok: failures.length === 0, figures, failures } };
}

function verdict(outcome: Outcome): string {
  const [first] = outcome.findings;
  if (outcome.broken) return `broken  ${nameOf(outcome)}: ${first?.text}`;
  return first
    ? `red     ${nameOf(outcome)}: ${first.kind}: ${first.who}: ${first.text}`
    : `green   ${nameOf(outcome)}`;
}

function nameOf({ row }: Outcome): string {
  return row.name;
}
