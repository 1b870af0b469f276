/**
 * npm run media [-- --only FAULT] [--repetitions N] [--callers N] [--json FILE]: calls between pages of a real browser,
 * broken again and again. For each fault the gap: the longest interval between pictures at any viewer, minus the
 * p99 of undisturbed intervals.
 */
import { writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { type Figures, figure, lines, missed, quantile } from '../bench/figures.ts';
import { Call } from './call.ts';
import { longestGap } from './caller.ts';
import { type Fault, faults, notRun } from './faults.ts';

const { values } = parseArgs({
  options: {
    only: { type: 'string' },
    repetitions: { type: 'string', default: '10' },
    callers: { type: 'string', default: '5' },
    json: { type: 'string' },
  },
});

/** A call is watched undisturbed for so long before it is broken, in milliseconds. */
const calmMs = 2_000;

const figures: Figures = {};
const failures: string[] = [];

if (values.only === undefined) await attempt('flow', () => flow(Number(values.callers)));
for (const fault of faults) {
  if (values.only !== undefined && values.only !== fault.name) continue;
  await attempt(fault.name, () => breaks(fault, Number(values.repetitions)));
}
failures.push(...missed(figures));
for (const what of notRun) console.log(`not run: ${what}`);

const ok = failures.length === 0;
if (values.json)
  writeFileSync(values.json, `${JSON.stringify({ ok, figures, failures, notRun }, null, 2)}\n`);
for (const failure of failures) console.error(failure);
console.log(ok ? 'media: every goal met' : `media: ${failures.length} missed`);
process.exit(ok ? 0 : 1);

async function attempt(name: string, run: () => Promise<Figures>): Promise<void> {
  console.log(`${name} …`);
  try {
    const found = await run();
    for (const line of lines(found)) console.log(line);
    Object.assign(figures, found);
  } catch (error) {
    failures.push(`${name}: ${error instanceof Error ? error.message : error}`);
  }
}

/** How a call runs that nobody disturbs. */
async function flow(callers: number): Promise<Figures> {
  const call = await Call.begin(callers, 1);
  try {
    const from = Date.now();
    await sleep(5_000);
    const seconds = (Date.now() - from) / 1_000;
    const rates = await Promise.all(
      call.pairs.map(async ({ viewer, uid }) => {
        const shown = await viewer.shown(uid);
        return shown.filter((time) => time >= from).length / seconds;
      }),
    );
    await call.everybodySees();
    return {
      'flow: pairs of viewer and publisher': figure(rates.length, ''),
      'flow: pictures a second, lowest': figure(Math.min(...rates), '1/s'),
      'flow: interval between pictures, p99': figure(await usualGap(call, from, Date.now()), 'ms'),
    };
  } finally {
    await call.end();
  }
}

async function breaks(fault: Fault, repetitions: number): Promise<Figures> {
  console.log(`  ${fault.what}`);
  const gaps: number[] = [];
  for (let round = 1; round <= repetitions; round += 1) {
    const gap = await breakOnce(fault);
    console.log(`  ${round} of ${repetitions}: ${gap.toFixed(0)} ms`);
    gaps.push(gap);
  }
  const { p50Ms, p95Ms } = fault.goals;
  return {
    [`${fault.name}: gap, p50`]: figure(quantile(gaps, 0.5), 'ms', p50Ms),
    [`${fault.name}: gap, p95`]: figure(quantile(gaps, 0.95), 'ms', p95Ms),
  };
}

/** The gap of the worst viewer. What an application is told by it is a failure. */
async function breakOnce(fault: Fault): Promise<number> {
  const call = await Call.begin(2, fault.servers, fault.spread);
  try {
    const calmFrom = Date.now();
    await sleep(calmMs);
    const at = Date.now();
    const usual = await usualGap(call, calmFrom, at);
    const before = await told(call);
    await fault.happens(call);
    const healedAt = fault.name === 'udp-blocked' ? Date.now() : at;
    await call.everybodySees(10, fault.withinMs);
    // Whoever comes again has a page that was told everything anew.
    if (fault.name !== 'page-reloaded') {
      const after = await told(call);
      if (JSON.stringify(after) !== JSON.stringify(before))
        failures.push(`${fault.name}: an application was told: ${JSON.stringify(after)}`);
      const same = await Promise.all(call.pairs.map(({ viewer, uid }) => viewer.same(uid)));
      if (!same.every(Boolean)) failures.push(`${fault.name}: a stream or its element is another one`);
    }
    const gaps = call.pairs.map(async ({ viewer, uid }) =>
      longestGap(await viewer.shown(uid), at, Date.now()),
    );
    return Math.max(0, Math.max(...(await Promise.all(gaps))) - usual - (healedAt - at));
  } finally {
    await call.end();
  }
}

async function usualGap(call: Call, from: number, to: number): Promise<number> {
  const all = call.pairs.map(async ({ viewer, uid }) => {
    const times = (await viewer.shown(uid)).filter((time) => time >= from && time <= to);
    return times.slice(1).map((time, index) => time - (times[index] ?? time));
  });
  return quantile((await Promise.all(all)).flat(), 0.99);
}

function told(call: Call): Promise<unknown[][]> {
  return Promise.all(call.callers.map(async (caller) => (await caller.told()).map(([, ...what]) => what)));
}
