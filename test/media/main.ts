/**
 * npm run media [-- --only NAME,…] [--repetitions N] [--pages N] [--nodes N] [--json FILE]: calls between pages of a real
 * browser and programs on Node, broken again and again, and programs on Node behind bad paths. For each fault the gap:
 * the longest interval between pictures at any viewer, minus the p99 of undisturbed intervals.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { type Figures, figure, lines, quantile } from '../bench/figures.ts';
import { Call, type CallOptions } from './call.ts';
import { longestGap } from './caller.ts';
import { type Fault, faults } from './faults.ts';
import { NodeCaller } from './node-caller.ts';
import { paths, watch } from './paths.ts';
import { Report } from './report.ts';

const { values } = parseArgs({
  options: {
    only: { type: 'string' },
    repetitions: { type: 'string', default: '10' },
    /** In the calls that are broken; 0 needs no browser. */
    pages: { type: 'string', default: '2' },
    nodes: { type: 'string', default: '1' },
    json: { type: 'string' },
  },
});

/** A call is watched undisturbed for so long before it is broken, in milliseconds. */
const calmMs = 2_000;

/** Fewer pictures a second are no flow: the senders give 15. */
const leastPictures = 5;

const report = new Report(values.json);
const only = values.only?.split(',');
const [pages, nodes] = [Number(values.pages), Number(values.nodes)];
const flows = [
  { name: 'flow-2', pages: Math.min(2, pages), nodes: 1, servers: 1 },
  { name: 'flow-5', pages: Math.min(5, 5 * pages), nodes: 1, servers: 1 },
  { name: 'flow-apart', pages: Math.min(2, pages), nodes: 2, servers: 2, spread: true },
];
for (const each of flows) await attempt(each.name, () => flow(each.name, each));
for (const path of paths) await attempt(path.name, () => watch(path, (text) => report.fail(text)));
for (const fault of faults) {
  if (fault.needsPage === true && pages === 0) report.notRun(`${fault.name}: without pages`);
  else await attempt(fault.name, () => breaks(fault, Number(values.repetitions)));
}
const ok = report.end();
console.log(ok ? 'media: every goal met' : 'media: MISSED');
process.exit(ok ? 0 : 1);

async function attempt(name: string, run: () => Promise<Figures>): Promise<void> {
  if (only !== undefined && !only.includes(name)) return;
  console.log(`${name} …`);
  const beganAt = performance.now();
  try {
    const found = await run();
    for (const line of lines(found)) console.log(line);
    report.found(found);
  } catch (error) {
    report.fail(`${name}: ${textOf(error)}`);
  }
  console.log(`  ${((performance.now() - beganAt) / 1_000).toFixed(0)} s`);
}

/** How a call runs that nobody disturbs. */
async function flow(name: string, options: CallOptions): Promise<Figures> {
  const call = await Call.begin(options);
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
    if (Math.min(...rates) < leastPictures)
      report.fail(`${name}: ${rates.map((rate) => rate.toFixed(1)).join(', ')} pictures a second`);
    return {
      [`${name}: pairs of viewer and publisher`]: figure(rates.length, ''),
      [`${name}: pictures a second, lowest`]: figure(Math.min(...rates), '1/s'),
      [`${name}: interval between pictures, p99`]: figure(await usualGap(call, from, Date.now()), 'ms'),
    };
  } finally {
    await call.end();
  }
}

async function breaks(fault: Fault, repetitions: number): Promise<Figures> {
  console.log(`  ${fault.what}`);
  const gaps: Gaps[] = [];
  for (let round = 1; round <= repetitions; round += 1) {
    try {
      const gap = await breakOnce(fault);
      console.log(
        `  ${round} of ${repetitions}: ${Object.entries(gap)
          .map(([at, ms]) => `${ms.toFixed(0)} ms ${at}`)
          .join(', ')}`,
      );
      gaps.push(gap);
      report.found(figuresOf(fault, gaps));
    } catch (error) {
      report.fail(`${fault.name}, ${round} of ${repetitions}: ${textOf(error)}`);
    }
  }
  return figuresOf(fault, gaps);
}

function figuresOf(fault: Fault, gaps: readonly Gaps[]): Figures {
  const { p50Ms, p95Ms } = fault.goals;
  return Object.fromEntries(
    Object.keys(gaps[0] ?? {}).flatMap((at) => {
      const all = gaps.map((gap) => gap[at] ?? Number.NaN);
      return [
        [`${fault.name}: gap ${at}, repetitions`, figure(all.length, '')],
        [`${fault.name}: gap ${at}, p50`, figure(quantile(all, 0.5), 'ms', p50Ms)],
        [`${fault.name}: gap ${at}, p95`, figure(quantile(all, 0.95), 'ms', p95Ms)],
      ];
    }),
  );
}

/** In milliseconds, of the worst viewer in pages and of the worst on Node. */
type Gaps = Record<string, number>;

/** What an application is told by it is a failure. */
async function breakOnce(fault: Fault): Promise<Gaps> {
  const { servers, spread = false } = fault;
  const call = await Call.begin({ pages, nodes, servers, spread });
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
        report.fail(`${fault.name}: an application was told: ${JSON.stringify(after)}`);
      const same = await Promise.all(call.pairs.map(({ viewer, uid }) => viewer.same(uid)));
      if (!same.every(Boolean)) report.fail(`${fault.name}: a stream or its element is another one`);
    }
    const gaps: Gaps = {};
    for (const { viewer, uid } of call.pairs) {
      const where = viewer instanceof NodeCaller ? 'on Node' : 'in a page';
      const gap = longestGap(await viewer.shown(uid), at, Date.now()) - usual - (healedAt - at);
      gaps[where] = Math.max(0, gap, gaps[where] ?? 0);
    }
    return gaps;
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

function textOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function told(call: Call): Promise<unknown[][]> {
  return Promise.all(call.callers.map(async (caller) => (await caller.told()).map(([, ...what]) => what)));
}
