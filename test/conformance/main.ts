import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { mutatedRows, mutationReport } from './mutate.ts';
import { notShown } from './not-shown.ts';
import { isInOwnNetwork, runInOwnNetwork, whyNoLosses } from './own-network.ts';
import { writeDrawings, writePage } from './page/write.ts';
import { describe, type Result, resultOf, story } from './report.ts';
import { chooseRows } from './rows.ts';
import { runRows } from './run.ts';
import { situations } from './situations/index.ts';

const usage = `npm run conformance -- [options]
  --rows REGEX   only rows whose "situation | A | B" matches
  --pairs all    every pair of platforms (default one: every pair of classes, taking turns over their platforms)
  --short        the short selection, about 1 min
  --long         with the situations that take a minute or more
  --repeat N     every row N times
  --at-once N    rows that play at the same time (default 40)
  --minutes N    begin no row that would end later; as many rows as fit, of every situation and pair alike
  --mutate       change each number of the contract in turn and list which rows notice
  --numbers REGEX  with --mutate: only numbers whose name matches
  --json FILE    write the result
  --html FILE    write a page with the timeline of every row, kept or not; not with --mutate
  --svg DIR      write the timeline of every row as a drawing of its own; not with --mutate
  --list         print the rows and stop`;

const { values } = parseArgs({
  options: {
    rows: { type: 'string' },
    pairs: { type: 'string', default: 'one' },
    short: { type: 'boolean', default: false },
    long: { type: 'boolean', default: false },
    repeat: { type: 'string', default: '1' },
    'at-once': { type: 'string', default: '40' },
    minutes: { type: 'string' },
    mutate: { type: 'boolean', default: false },
    numbers: { type: 'string' },
    json: { type: 'string' },
    html: { type: 'string' },
    svg: { type: 'string' },
    list: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});

const options = {
  atOnce: Number(values['at-once']),
  ...(values.minutes && { withinMs: Number(values.minutes) * 60_000 }),
  progress,
};
const numbers = values.numbers === undefined ? undefined : new RegExp(values.numbers);
const noLosses = values.help || values.list ? undefined : whyNoLosses();

if (values.help) console.log(usage);
else if (!values.list && noLosses === undefined && !isInOwnNetwork()) process.exit(await runInOwnNetwork());
else if (values.list)
  console.log(
    selected()
      .map(({ name }) => name)
      .join('\n'),
  );
else finish(values.mutate ? await mutate() : await conform());

async function conform(): Promise<Result> {
  const run = await runRows(selected(), options);
  const result = resultOf(run);
  console.log(describe(run, result));
  console.log(notPlayed().join('\n'));
  if (values.html) await writePage(values.html, run);
  if (values.svg) console.log(writeDrawings(values.svg, run).join('\n'));
  return result;
}

async function mutate(): Promise<Result> {
  const run = await runRows(mutatedRows(numbers), options);
  const { text, result } = mutationReport(run, numbers);
  const unexpected = run.outcomes.filter(({ row, findings }) => !row.limits && findings.length > 0);
  console.log([text, ...unexpected.map(story)].join('\n'));
  return result;
}

/** Nothing is left out silently. */
function notPlayed(): string[] {
  const skipped = situations.filter((each) => (each.long && !values.long) || (each.needs && noLosses));
  return [
    ...skipped.map(
      ({ name, needs }) => `not played: ${name}: ${needs ? noLosses : 'it is long: --long plays it'}`,
    ),
    ...notShown.map(([promise, why]) => `not shown by any row: ${promise}: ${why}`),
  ];
}

function selected() {
  return chooseRows({
    pairs: values.pairs === 'all' ? 'all' : 'one',
    short: values.short,
    long: values.long,
    loss: noLosses === undefined,
    repeat: Number(values.repeat),
    ...(values.rows && { name: new RegExp(values.rows) }),
  });
}

function finish(result: Result): void {
  if (values.json) writeFileSync(values.json, `${JSON.stringify(result, null, 2)}\n`);
  console.log(result.ok ? 'conformance: kept' : `conformance: ${result.failures.length} violations`);
  process.exit(result.ok ? 0 : 1);
}

function progress(line: string): void {
  console.log(`${(performance.now() / 1_000).toFixed(0).padStart(4)} s  ${line}`);
}
