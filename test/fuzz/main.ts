/**
 * npm run fuzz -- [--seconds N] [--target NAME] [--input FILE] [--keep] [--json FILE]: throws what it can think of at whatever
 * reads bytes of strangers (C-80), led by which code it reaches. N is for each target.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import { type Figures, figure, lines, missed } from '../bench/figures.ts';
import { bundleTargets } from './bundle.ts';
import { keepBest, type Outcome, run } from './run.ts';
import { type TargetName, targets } from './targets.ts';

const { values } = parseArgs({
  options: {
    seconds: { type: 'string', default: '60' },
    target: { type: 'string' },
    /** Takes one input instead of fuzzing: what a finding left. */
    input: { type: 'string' },
    /** The inputs that led furthest become the committed ones. */
    keep: { type: 'boolean', default: false },
    json: { type: 'string' },
  },
});

const wanted = targets.filter((name) => values.target === undefined || name === values.target);
if (wanted.length === 0) usage(`--target is one of ${targets.join(', ')}`);
const seconds = Number(values.seconds);
if (!(seconds >= 1)) usage('--seconds is a number from 1');

if (values.input === undefined) await fuzzAll();
else await replay(values.input);

async function fuzzAll(): Promise<never> {
  await bundleTargets();
  const figures: Figures = {};
  const failures: string[] = [];
  const waiting = [...wanted];
  const work = async () => {
    for (let name = waiting.shift(); name !== undefined; name = waiting.shift()) {
      const outcome = await fuzzOne(name);
      Object.assign(figures, figuresOf(name, outcome));
      if (outcome.finding !== null) failures.push(`${name}: ${outcome.finding}`);
    }
  };
  await Promise.all(Array.from({ length: availableParallelism() }, work));
  failures.push(...missed(figures));
  const ok = failures.length === 0;
  if (values.json) writeFileSync(values.json, `${JSON.stringify({ ok, figures, failures }, null, 2)}\n`);
  for (const failure of failures) console.error(failure);
  console.log(ok ? 'fuzz: nothing found' : `fuzz: ${failures.length} findings`);
  process.exit(ok ? 0 : 1);
}

async function fuzzOne(name: TargetName): Promise<Outcome> {
  console.log(`${name}: ${seconds} s …`);
  const outcome = await run(name, seconds, (line) => console.log(`  ${name} ${line}`));
  for (const line of lines(figuresOf(name, outcome))) console.log(line);
  if (values.keep) await keepBest(name);
  return outcome;
}

function figuresOf(name: TargetName, { executions, edges, inputs, finding }: Outcome): Figures {
  return {
    [`${name}_executions`]: figure(executions, 'inputs'),
    [`${name}_edges`]: figure(edges, 'edges of code reached'),
    [`${name}_corpus`]: figure(inputs, 'inputs that each reach something else'),
    [`${name}_findings`]: figure(finding === null ? 0 : 1, 'findings', 0),
  };
}

async function replay(file: string): Promise<void> {
  for (const name of wanted) {
    const { fuzz } = (await import(`./targets/${name}.ts`)) as { fuzz(bytes: Uint8Array): unknown };
    await fuzz(readFileSync(file));
    console.log(`${name}: takes it`);
  }
}

function usage(text: string): never {
  console.error(text);
  process.exit(2);
}
