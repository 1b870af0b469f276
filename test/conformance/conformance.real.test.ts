import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { story } from './report.ts';
import { chooseRows } from './rows.ts';
import { type Run, runRows } from './run.ts';

const rows = chooseRows({ pairs: 'one', short: true, long: false, loss: false, repeat: 1 });
let run: Run;

beforeAll(async () => {
  run = await runRows(rows, { atOnce: rows.length, progress: () => {} });
}, 240_000);

afterAll(() => {
  if (run) console.log(`own lag p99 ${run.ownLag.p99} ms, max ${run.ownLag.max} ms`);
});

describe('the contract with real processes', () => {
  test.each(rows.map((row) => [`${row.situation.promises} ${row.name}`, row] as const))('%s', (_, row) => {
    const outcome = run.outcomes.find((each) => each.row === row);
    expect(outcome && outcome.findings.length === 0 ? 'kept' : outcome && story(outcome)).toBe('kept');
  });
});
