import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { lines } from '../bench/figures.ts';
import { resultOf } from './figures.ts';
import { paces } from './paces.ts';
import { type BugName, bugs } from './planted.ts';
import { play } from './run.ts';

const usage = `npm run messages -- [options]
Messages between real processes while networks are cut, senders restarted and servers killed (C-60 to C-63).
  --minutes N    how long there is trouble (default 10)
  --seed N       the same story again, as far as time allows (default: a random one, printed)
  --every MS     milliseconds between the messages of one sender, on average (default 120)
  --plant BUG    judge the run as if the product had this bug: ${Object.keys(bugs).join(', ')}
  --json FILE    write the figures
Exit code 1: a promise was broken, or a goal missed.`;

const { values } = parseArgs({
  options: {
    minutes: { type: 'string', default: '10' },
    seed: { type: 'string' },
    every: { type: 'string', default: '120' },
    plant: { type: 'string' },
    json: { type: 'string' },
    help: { type: 'boolean', default: false },
  },
});

if (values.help) console.log(usage);
else process.exitCode = await run();

async function run(): Promise<number> {
  const seed = numberOf('seed', values.seed ?? `${Math.floor(Math.random() * 1e9)}`);
  const minutes = numberOf('minutes', values.minutes);
  const planted = bugOf(values.plant);
  console.log(`messages: ${minutes} min, seed ${seed}`);
  const played = await play({
    ...{ seed, ms: minutes * 60_000, everyMs: numberOf('every', values.every) },
    pace: minutes >= 3 ? paces.long : minutes >= 1 ? paces.middle : paces.short,
    progress,
  });
  const result = resultOf(played, seed, planted);
  for (const line of lines(result.figures)) console.log(line);
  for (const failure of result.failures) console.error(failure);
  if (values.json) writeFileSync(values.json, `${JSON.stringify(result, null, 2)}\n`);
  console.log(result.ok ? 'messages: kept' : `messages: NOT kept; again with --seed ${seed}`);
  return result.ok ? 0 : 1;
}

function numberOf(option: string, text: string): number {
  const value = Number(text);
  if (value > 0 && Number.isFinite(value)) return value;
  return wrongUse(`--${option} wants a number above 0, not '${text}'`);
}

function bugOf(text: string | undefined): BugName | null {
  if (text === undefined) return null;
  if (text in bugs) return text as BugName;
  return wrongUse(`--plant wants one of ${Object.keys(bugs).join(', ')}`);
}

function wrongUse(text: string): never {
  console.error(text);
  process.exit(2);
}

function progress(line: string): void {
  console.log(`${(performance.now() / 1_000).toFixed(0).padStart(4)} s  ${line}`);
}
