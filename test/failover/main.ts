import { writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { type Figures, figure, lines } from '../bench/figures.ts';
import { isInOwnNetwork, runInOwnNetwork, whyNoLosses } from '../conformance/own-network.ts';
import { Doomed } from './doomed.ts';
import { faults } from './faults.ts';
import { cores, measureUsage } from './usage.ts';
import { type Verdict, verdictOf } from './verdict.ts';
import { World } from './world.ts';

const usage = `npm run failover -- [options]
Three servers over one Redis, a crowd that talks, and one fault after another (C-50 to C-55, C-61).
  --only FAULT     one of ${Object.keys(faults).join(', ')}; may be repeated
  --users N        users of mixed platforms (default 300)
  --channels N     channels that they are in (default 30)
  --rate N         messages a second in each channel (default 10)
  --outage S       seconds for which Redis is cut off from everybody (default 60)
  --json FILE      write the figures
As root it runs in a network namespace of its own, where it can drop packets (Debian: iproute2, nftables).
Exit code 1: a promise was broken, or a goal missed.`;

const { values } = parseArgs({
  options: {
    only: { type: 'string', multiple: true },
    users: { type: 'string', default: '300' },
    channels: { type: 'string', default: '30' },
    rate: { type: 'string', default: '10' },
    outage: { type: 'string', default: '60' },
    json: { type: 'string' },
    help: { type: 'boolean', default: false },
  },
});

/** They talk for so long before anything happens, in milliseconds. */
const restMs = 4_000;
/** With less to spare than that a fault is not all that is measured. */
const fullPercent = 85;
/** What was said is given so long to arrive, in milliseconds. */
const arriveMs = 4_000;

if (values.help) console.log(usage);
else if (isInOwnNetwork() || whyNoLosses() !== undefined) process.exitCode = await run();
else process.exitCode = await runInOwnNetwork();

async function run(): Promise<number> {
  const chosen = values.only ?? Object.keys(faults);
  const unknown = chosen.find((name) => !Object.hasOwn(faults, name));
  if (unknown !== undefined) return wrongUse(`there is no fault '${unknown}'`);
  const [users, channels, rate, outage] = [values.users, values.channels, values.rate, values.outage].map(
    Number,
  );
  if (!users || !channels || !rate || !outage) return wrongUse('every number is above 0');
  const all: Verdict = { figures: {}, failures: [] };
  for (const over of ['redis', 'sentinel'] as const) {
    const here = chosen.filter((name) => (faults[name]?.over ?? 'redis') === over);
    if (here.length === 0) continue;
    progress(`${users} users join ${channels} channels, over ${over} …`);
    const world = await World.open({ users, channels, rate, replicated: over === 'sentinel' });
    try {
      for (const name of here) add(all, await suffer(world, name, outage * 1_000));
    } finally {
      await world.close();
    }
  }
  const { figures, failures } = all;
  const ok = failures.length === 0;
  if (values.json) writeFileSync(values.json, `${JSON.stringify({ ok, figures, failures }, null, 2)}\n`);
  console.log(ok ? 'failover: kept' : `failover: ${failures.length} failures`);
  return ok ? 0 : 1;
}

function add(all: Verdict, found: Verdict): void {
  Object.assign(all.figures, found.figures);
  all.failures.push(...found.failures);
  for (const line of lines(found.figures)) console.log(line);
  for (const failure of found.failures) console.log(`    ${failure}`);
}

async function suffer(world: World, name: string, outageMs: number) {
  const fault = faults[name];
  if (fault === undefined) throw new Error(`there is no fault '${name}'`);
  for (const { user } of world.talkers) {
    user.said.splice(0);
    user.outageEnds.splice(0);
  }
  const place = await world.fullest();
  const doomed = fault.deadly ? await Doomed.join(world, place) : null;
  progress(`${name}: ${fault.what}`);
  world.talk(name);
  const measured = measureUsage(world.parts);
  await sleep(restMs);
  const usage = measured();
  if ((usage.machine ?? 0) > fullPercent)
    progress(
      `the processors are ${usage.machine?.toFixed(0)} % busy at rest: times will say little of the fault`,
    );
  const at = Date.now();
  await fault.run(world, { outageMs, place, doomed });
  await sleep(arriveMs);
  const spoken = world.hush();
  await sleep(arriveMs);
  const dead = world.broken;
  const found = verdictOf(name, fault, { at, talkers: world.talkers, spoken, doomed });
  const figures = { ...usageFigures(name, usage), ...found.figures };
  return { figures, failures: [...found.failures, ...dead] };
}

/** A run on a machine that is full before anything happens says nothing of the fault. */
function usageFigures(name: string, usage: Readonly<Record<string, number>>): Figures {
  return Object.fromEntries(
    Object.entries(usage).map(([part, share]) => [
      `${name}_at_rest_${part}`,
      figure(share, part === 'machine' ? `% of ${cores} cores` : '% of one core'),
    ]),
  );
}

function wrongUse(text: string): number {
  console.error(`failover: ${text}`);
  return 2;
}

function progress(line: string): void {
  console.log(`${(performance.now() / 1_000).toFixed(0).padStart(4)} s  ${line}`);
}
