import { type Class, classOf } from './dialects.ts';
import type { Figure, Result } from './report.ts';
import { chooseRows, type Row } from './rows.ts';
import type { Outcome, Run } from './run.ts';

/** One number of the contract, wrong values for it, and the rows that must notice. */
interface Mutation {
  readonly number: string;
  readonly promisedMs: number | 'never';
  readonly wrongMs: readonly number[];
  readonly rows: RegExp;
  /** Whose class it concerns: a row of each must notice. */
  readonly of: 'A' | 'B';
  readonly classes: readonly Class[];
}

const everyone: readonly Class[] = ['native', 'apple', 'web'];
const telephones: readonly Class[] = ['native', 'apple'];

const mutations: readonly Mutation[] = [
  {
    ...{ number: 'interruptedMs', promisedMs: 4_000, wrongMs: [3_500, 4_500] },
    ...{ rows: /^outage of 8 s \|/, of: 'A', classes: everyone },
  },
  {
    // The web is not told (section 2).
    ...{ number: 'lostMs', promisedMs: 10_000, wrongMs: [9_500, 10_500] },
    ...{ rows: /^outage of 15 s \|/, of: 'A', classes: telephones },
  },
  {
    ...{ number: 'giveUpMs', promisedMs: 'never', wrongMs: [12_000] },
    ...{ rows: /^outage of 15 s \|/, of: 'A', classes: everyone },
  },
  {
    ...{ number: 'giveUpMs', promisedMs: 12_000, wrongMs: [11_500, 12_500] },
    ...{ rows: /clients give up after 12 s/, of: 'A', classes: everyone },
  },
  {
    ...{ number: 'peerOfflineMs', promisedMs: 20_000, wrongMs: [19_500, 20_500] },
    ...{ rows: /^outage of 24 s \|/, of: 'B', classes: telephones },
  },
  {
    ...{ number: 'streamRemovedMs', promisedMs: 10_000, wrongMs: [9_500, 10_500] },
    ...{ rows: /^outage of 15 s \|.*web$/, of: 'B', classes: ['web'] },
  },
  {
    ...{ number: 'peerLeaveMs', promisedMs: 20_000, wrongMs: [19_500, 20_500] },
    ...{ rows: /^outage of 24 s \|.*web$/, of: 'B', classes: ['web'] },
  },
  {
    ...{ number: 'channelDestroyMs', promisedMs: 10_000, wrongMs: [9_500, 10_500] },
    ...{ rows: /^the last user (leaves|is killed) and stays away/, of: 'A', classes: everyone },
  },
  {
    ...{ number: 'appleGoodbyeMs', promisedMs: 4_000, wrongMs: [3_500, 4_500] },
    ...{ rows: /^killed for good \| (ios|macos)/, of: 'B', classes: everyone },
  },
  {
    ...{ number: 'sessionKeepMs', promisedMs: 25_000, wrongMs: [24_500, 25_500] },
    ...{ rows: /sessions are kept for 25 s \|/, of: 'A', classes: everyone },
  },
  {
    ...{ number: 'sessionKeepMs', promisedMs: 120_000, wrongMs: [119_500, 120_500] },
    ...{ rows: /sessions are kept for 120 s \|/, of: 'A', classes: everyone },
  },
  {
    ...{ number: 'heartbeatMs', promisedMs: 1_000, wrongMs: [500, 2_000] },
    ...{ rows: /^nothing happens/, of: 'A', classes: everyone },
  },
];

/** Numbers that cannot be changed from outside, and why. */
const uncovered: readonly string[] = [
  'history of a channel (2 000 entries, 4 MB, 120 s): no setting; a minute away at ten messages a second is a row of --long',
  'message (32 kB): no setting; the largest message and one that is larger are a row',
];

/** Every relevant row once as promised and once with each wrong number. @param numbers which of them; default all */
export function mutatedRows(numbers?: RegExp): Row[] {
  const mutations = mutationsOf(numbers);
  const rows = chooseRows({ pairs: 'one', short: false, long: true, loss: false, repeat: 1 });
  const relevant = rows.filter(({ name }) => mutations.some((mutation) => mutation.rows.test(name)));
  const mutated = mutations.flatMap(({ number, wrongMs, rows: pattern, of, classes }) =>
    wrongMs.flatMap((wrong) =>
      rows
        .filter((row) => pattern.test(row.name) && classes.includes(classIn(row, of)))
        .map((row): Row => ({ ...row, limits: { [number]: wrong } })),
    ),
  );
  return [...relevant, ...mutated];
}

/** The matrix of numbers and rows, and whether every number turned a row of each class red that is green as promised. */
export function mutationReport(run: Run, numbers?: RegExp): { text: string; result: Result } {
  const asPromised = run.outcomes.filter(({ row }) => !row.limits);
  const green = new Set(asPromised.filter(({ findings }) => findings.length === 0).map(nameOf));
  const lines: string[] = [];
  const figures: Record<string, Figure> = {};
  const failures = asPromised
    .filter((each) => !green.has(nameOf(each)))
    .map((outcome) => `${nameOf(outcome)} fails with the promised numbers, so it proves nothing`);
  for (const mutation of mutationsOf(numbers)) {
    for (const wrong of mutation.wrongMs) {
      const name = `${mutation.number} ${mutation.promisedMs} -> ${wrong}`;
      const played = run.outcomes.filter(
        ({ row }) => row.limits?.[mutation.number] === wrong && mutation.rows.test(row.name),
      );
      const red = played.filter(
        (each) => each.findings.length > 0 && !each.broken && green.has(nameOf(each)),
      );
      lines.push(`${name}`, ...played.map((each) => `           ${verdict(each)}`));
      for (const each of mutation.classes) {
        const noticed = red.filter(({ row }) => classIn(row, mutation.of) === each).length;
        const all = played.filter(({ row }) => classIn(row, mutation.of) === each).length;
        const ok = noticed > 0;
        lines.push(
          `  ${ok ? 'noticed' : 'MISSED '}  ${mutation.of} ${each}: ${noticed} of ${all} rows turn red`,
        );
        figures[`rows red with ${name}, ${mutation.of} ${each}`] = {
          ...{ value: noticed, unit: 'rows', goal: `> 0 of ${all}`, ok },
        };
        if (!ok) failures.push(`${name} turned no row red in which ${mutation.of} is ${each}`);
      }
    }
  }
  figures.uncovered = { value: uncovered.length, unit: 'numbers', goal: 'each with its reason', ok: true };
  lines.push(...uncovered.map((each) => `uncovered ${each}`));
  return { text: lines.join('\n'), result: { ok: failures.length === 0, figures, failures } };
}

function mutationsOf(numbers?: RegExp): readonly Mutation[] {
  return mutations.filter(({ number }) => !numbers || numbers.test(number));
}

function classIn(row: Row, role: 'A' | 'B'): Class {
  return classOf(role === 'A' ? row.a : row.b);
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
