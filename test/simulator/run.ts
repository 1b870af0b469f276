import { createHash } from 'node:crypto';
import { inspect, type Figures as Lateness } from './model/index.ts';
import { type Product, watchServerSessions } from './product.ts';
import type { Note } from './recorder.ts';
import type { Scenario } from './scenario/scenario.ts';
import { Stage } from './stage.ts';
import type { Trace, Violation } from './trace.ts';
import { withoutHost } from './world/host.ts';

export interface Result {
  readonly trace: Trace;
  readonly violations: readonly Violation[];
  /** How late each limit fired, by its name, in milliseconds. */
  readonly lateness: ReadonlyMap<string, readonly number[]>;
  readonly notes: readonly Note[];
  /** Pairs of a state and an input that it met. */
  readonly met: ReadonlySet<string>;
}

export interface RunOptions {
  /** Whether notes for a story are wanted. */
  readonly telling?: boolean;
  readonly met?: Set<string>;
}

/** Plays a scenario and judges it. Same scenario, same result. */
export async function run(scenario: Scenario, product: Product, options: RunOptions = {}): Promise<Result> {
  const met = options.met ?? new Set();
  const stage = new Stage(scenario, product, { telling: options.telling ?? false, met });
  const { recorder } = stage;
  watchServerSessions((pair) => met.add(pair));
  const rejected = (reason: unknown) => recorder.crash('a promise', reason);
  process.on('unhandledRejection', rejected);
  let trace: Trace;
  try {
    trace = await withoutHost(() => stage.play(), stage.replacements);
    await new Promise(setImmediate);
  } finally {
    process.off('unhandledRejection', rejected);
  }
  const { notes, crashes } = recorder;
  if (crashes.length > 0) return { trace, violations: crashes, lateness: new Map(), notes, met };
  const report = inspect(trace);
  const violations = report.violations.sort((one, other) => one.t - other.t);
  return { trace, violations, lateness: byName(report.figures), notes, met };
}

function byName({ peerOffline, ...others }: Lateness): Map<string, readonly number[]> {
  const offline = Object.entries(peerOffline).map(([name, late]) => [`peerOffline (${name})`, late] as const);
  return new Map([...Object.entries(others), ...offline]);
}

/** Two runs with the same hash were the same. */
export function hashOfTrace(trace: Trace): string {
  return createHash('sha256').update(JSON.stringify(trace)).digest('hex');
}
