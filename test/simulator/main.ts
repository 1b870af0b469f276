/**
 * npm run simulate -- [--runs N] [--from SEED] [--json FILE] [--shrink SECONDS]   explores seeds
 * npm run simulate -- --seed N [--verbose] [--whole]                              tells one run
 * With --cluster: several servers over Redis, which fails too.
 */
import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { type Campaign, campaign, type Found, work } from './campaign.ts';
import { figureLines, figures, type Report } from './figures.ts';
import { kindOf } from './kind.ts';
import { hashOfTrace, run } from './run.ts';
import { shrink } from './shrink.ts';
import { story } from './story.ts';

const { values } = parseArgs({
  options: {
    runs: { type: 'string', default: '500' },
    from: { type: 'string' },
    seed: { type: 'string' },
    json: { type: 'string' },
    shrink: { type: 'string', default: '20' },
    verbose: { type: 'boolean', default: false },
    whole: { type: 'boolean', default: false },
    worker: { type: 'boolean', default: false },
    cluster: { type: 'boolean', default: false },
  },
});

const { generate, product } = await kindOf(values.cluster);

if (values.worker) work({ generate, product });
else if (values.seed !== undefined) process.exitCode = await tell(wholeNumber('seed', values.seed));
else process.exitCode = await explore();

/** One run as a story; a failing one made small first, unless `--whole`. */
async function tell(seed: number): Promise<number> {
  const scenario = generate(seed);
  const result = await run(scenario, product, { telling: values.verbose });
  if (result.violations.length === 0 || values.whole) console.log(story(scenario, result));
  else await tellShrunk({ seed, violations: result.violations });
  console.log(`\nseed ${seed}: ${result.violations.length} violations, trace ${hashOfTrace(result.trace)}`);
  return result.violations.length === 0 ? 0 : 1;
}

async function explore(): Promise<number> {
  const from = values.from === undefined ? Math.floor(Math.random() * 1e9) : wholeNumber('from', values.from);
  const count = wholeNumber('runs', values.runs);
  console.log(`simulating ${count} scenarios of 60 s, seeds ${from} to ${from + count - 1}`);
  const result = await campaign({ from, count }, values.cluster, progressLine(count));
  const report = reportOf(result);
  for (const line of figureLines(report.figures)) console.log(line);
  for (const line of summary(result.found)) console.log(line);
  const [first] = result.found;
  if (first !== undefined && values.shrink !== '0') await tellShrunk(first);
  if (values.json !== undefined) writeFileSync(values.json, `${JSON.stringify(report, null, 2)}\n`);
  return report.ok ? 0 : 1;
}

/** On a terminal a line that moves, elsewhere a line every ten seconds. */
function progressLine(count: number): (ran: number, failing: number) => void {
  const terminal = process.stderr.isTTY;
  let saidAt = performance.now();
  return (ran, failing) => {
    const now = performance.now();
    if (!terminal && now - saidAt < 10_000) return;
    saidAt = now;
    const end = terminal && ran < count ? '' : '\n';
    process.stderr.write(`${terminal ? '\r' : ''}${ran}/${count} run, ${failing} failing ${end}`);
  };
}

async function tellShrunk({ seed, violations }: Found): Promise<void> {
  const promises = new Set(violations.slice(0, 1).map(({ promise }) => promise));
  const budgetMs = 1_000 * wholeNumber('shrink', values.shrink);
  const small = await shrink(generate(seed), product, promises, budgetMs);
  console.log(`\nseed ${seed} breaks ${[...promises].join(', ')}; made small:\n`);
  console.log(story(small, await run(small, product, { telling: values.verbose })));
  console.log(`\nnpm run simulate -- ${values.cluster ? '--cluster ' : ''}--seed ${seed} --verbose`);
}

function reportOf(result: Campaign): Report {
  const table = figures(result, !values.cluster);
  const failures = result.found.map(({ seed, violations: [first] }) =>
    first === undefined ? `seed ${seed}` : `seed ${seed}: ${first.promise} ${first.who}: ${first.text}`,
  );
  return { ok: Object.values(table).every(({ ok }) => ok), figures: table, failures };
}

/** How often each promise was broken, and where to look. */
function summary(found: readonly Found[]): string[] {
  const seeds = new Map<string, number[]>();
  for (const { seed, violations } of found) {
    for (const promise of new Set(violations.map((violation) => violation.promise))) {
      seeds.set(promise, [...(seeds.get(promise) ?? []), seed]);
    }
  }
  return [...seeds]
    .sort(([, one], [, other]) => other.length - one.length)
    .map(
      ([promise, list]) => `  ${promise}: ${list.length} seeds, for example ${list.slice(0, 6).join(' ')}`,
    );
}

function wholeNumber(name: string, text: string): number {
  const value = Number(text);
  if (Number.isSafeInteger(value) && value >= 0) return value;
  console.error(`--${name} wants a whole number, not ${text}`);
  process.exit(2);
}
