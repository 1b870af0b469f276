import { type ChildProcess, fork } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import type { Tally } from './figures.ts';
import type { Kind } from './kind.ts';
import { run } from './run.ts';
import type { Violation } from './trace.ts';

/** Seeds that a worker is given at a time. */
const batchSize = 20;

export interface Found {
  readonly seed: number;
  readonly violations: readonly Violation[];
}

interface Batch {
  readonly from: number;
  readonly count: number;
}

interface BatchResult {
  readonly ran: number;
  readonly found: readonly Found[];
  readonly met: readonly string[];
  readonly actions: readonly (readonly [string, number])[];
  readonly lateness: readonly (readonly [string, readonly number[]])[];
}

export interface Campaign extends Tally {
  readonly found: readonly Found[];
}

/** Runs many seeds on all processors. @param progress is called after each batch */
export async function campaign(
  { from, count }: Batch,
  cluster: boolean,
  progress: (ran: number, failing: number) => void,
): Promise<Campaign> {
  const startedAt = performance.now();
  const found: Found[] = [];
  const met = new Set<string>();
  const actions = new Map<string, number>();
  const lateness = new Map<string, number[]>();
  let next = from;
  let ran = 0;
  const take = (): Batch | null => {
    const batch = { from: next, count: Math.min(batchSize, from + count - next) };
    next += batch.count;
    return batch.count > 0 ? batch : null;
  };
  const collect = (result: BatchResult) => {
    ran += result.ran;
    found.push(...result.found);
    for (const pair of result.met) met.add(pair);
    for (const [name, times] of result.actions) actions.set(name, (actions.get(name) ?? 0) + times);
    gather(lateness, result.lateness);
    progress(ran, found.length);
  };
  const workers = Array.from({ length: availableParallelism() }, () => serveWorker(cluster, take, collect));
  await Promise.all(workers);
  found.sort((one, other) => one.seed - other.seed);
  const violations = found.reduce((sum, { violations: broken }) => sum + broken.length, 0);
  return {
    scenarios: ran,
    elapsedMs: performance.now() - startedAt,
    violations,
    met,
    actions,
    lateness,
    found,
  };
}

/** Keeps one worker busy until there are no batches left. */
function serveWorker(
  cluster: boolean,
  take: () => Batch | null,
  collect: (result: BatchResult) => void,
): Promise<void> {
  return new Promise((resolve, reject) => {
    const worker: ChildProcess = fork(fileURLToPath(new URL('./main.ts', import.meta.url)), [
      '--worker',
      ...(cluster ? ['--cluster'] : []),
    ]);
    const give = () => {
      const batch = take();
      if (batch === null) worker.disconnect();
      else worker.send(batch);
    };
    worker.on('message', (result) => {
      collect(result as BatchResult);
      give();
    });
    worker.on('error', reject);
    worker.on('exit', (code) => (code === 0 ? resolve() : reject(new Error(`a worker ended with ${code}`))));
    give();
  });
}

/** The worker's side. */
export function work(kind: Kind): void {
  process.on('message', (batch) => {
    runBatch(batch as Batch, kind).then(
      (result) => process.send?.(result),
      (error) => {
        console.error(error);
        process.exit(1);
      },
    );
  });
}

async function runBatch({ from, count }: Batch, { generate, product }: Kind): Promise<BatchResult> {
  const found: Found[] = [];
  const met = new Set<string>();
  const actions = new Map<string, number>();
  const lateness = new Map<string, number[]>();
  for (let seed = from; seed < from + count; seed += 1) {
    const scenario = generate(seed);
    for (const { type } of scenario.actions) actions.set(type, (actions.get(type) ?? 0) + 1);
    const { violations, lateness: late } = await run(scenario, product, { met });
    gather(lateness, late);
    if (violations.length > 0) found.push({ seed, violations });
  }
  return { ran: count, found, met: [...met], actions: [...actions], lateness: [...lateness] };
}

function gather(into: Map<string, number[]>, from: Iterable<readonly [string, readonly number[]]>): void {
  for (const [name, values] of from) {
    const list = into.get(name) ?? [];
    for (const value of values) list.push(value);
    into.set(name, list);
  }
}
