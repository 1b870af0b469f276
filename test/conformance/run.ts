import { constants, cpus, setPriority } from 'node:os';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { type Finding, type Judged, judge, type Lateness } from './judge.ts';
import type { Recorded } from './page/drawing/recorded.ts';
import { record } from './page/record.ts';
import type { Row } from './rows.ts';
import type { Measured } from './situations/situation.ts';
import { type Played, Wave } from './wave.ts';

export interface Outcome {
  readonly row: Row;
  readonly findings: readonly Finding[];
  readonly lateness: readonly Lateness[];
  readonly figures: readonly Measured[];
  readonly timeline: readonly string[];
  /** What a drawing of it shows; a row that never began has none. */
  readonly recorded?: Omit<Recorded, 'slug' | 'title'>;
  /** The row did not play to its end, so it judges nothing. */
  readonly broken: boolean;
}

export interface Run {
  readonly outcomes: readonly Outcome[];
  /** How late this process itself was, in ms, in the waves that judged; the greatest of it and of its pages. */
  readonly ownLag: { readonly p99: number; readonly max: number };
  /** The most that was added to an upper bound, in ms. */
  readonly allowanceMs: number;
  /** Rows that failed while the machine was busy and were played again. */
  readonly replayed: number;
  /** Rows for which there was no time. */
  readonly notPlayed: number;
  /** Of all processors, how much everything on this machine used in the waves that judged, in percent. */
  readonly cpu: number;
  /** From the start of the first process to the last verdict. */
  readonly wallMs: number;
}

export interface RunOptions {
  /** Rows that play at the same time; default 40. */
  readonly waveSize?: number;
  /** No wave begins that would end later than this many ms after the start; default: all play. */
  readonly withinMs?: number;
  readonly progress: (line: string) => void;
}

/** The allowance never hides more than this, in ms. A process that was later than this ran on a busy machine. */
const allowanceMaxMs = 100;
/** Rows that fail on a busy machine play this many times at most. */
const triesMax = 3;

/**
 * Plays rows in waves, all rows of a wave at the same time. The promises hold on an idle machine (C-2): what fails
 * while this process itself is kept waiting for longer than its allowance plays again.
 */
export async function runRows(
  all: readonly Row[],
  { waveSize = 40, withinMs = Number.POSITIVE_INFINITY, progress }: RunOptions,
): Promise<Run> {
  goFirst();
  const startedAt = performance.now();
  const queue = evenly(all).map((row) => ({ row, tries: 1 }));
  const judged = new Map<Row, { outcome: Outcome; wave: JudgedWave }>();
  let replayed = 0;
  let longestMs = 0;
  while (queue.length > 0) {
    const beganAt = performance.now();
    if (beganAt - startedAt + longestMs > withinMs) break;
    const now = queue.splice(0, waveSize);
    progress(`wave of ${now.length} rows (${queue.length} after it)`);
    const wave = await playWave(
      now.map(({ row }) => row),
      progress,
    );
    for (const outcome of wave.outcomes) judged.set(outcome.row, { outcome, wave });
    const failed = now.filter(({ row }) => judged.get(row)?.outcome.findings.length);
    const again = failed.filter(({ tries }) => wave.lag.max > allowanceMaxMs && tries < triesMax);
    queue.push(...again.map(({ row, tries }) => ({ row, tries: tries + 1 })));
    replayed += again.length;
    progress(`  ${failed.length} failed; own lag ${wave.lag.max} ms, processors ${wave.cpu} % busy`);
    if (again.length > 0) progress(`  busy machine: ${again.length} failed rows play again later`);
    longestMs = Math.max(longestMs, performance.now() - beganAt);
  }
  const judging = [...new Set([...judged.values()].map(({ wave }) => wave))];
  const ownLag = {
    p99: Math.max(0, ...judging.map(({ lag }) => lag.p99)),
    max: Math.max(0, ...judging.map(({ lag }) => lag.max)),
  };
  return {
    outcomes: all.flatMap((row) => judged.get(row)?.outcome ?? []),
    ownLag,
    allowanceMs: Math.min(allowanceMaxMs, ownLag.max),
    replayed,
    notPlayed: all.length - judged.size,
    cpu: Math.round(judging.reduce((sum, { cpu }) => sum + cpu, 0) / Math.max(1, judging.length)),
    wallMs: performance.now() - startedAt,
  };
}

/**
 * Every wave has its share of every situation and every pair, always in the same order; situations that take long
 * share the last waves.
 */
function evenly(rows: readonly Row[]): Row[] {
  const turn = new Map(rows.map((row, i) => [row, (i * 0.618034) % 1]));
  const place = (row: Row) => (turn.get(row) ?? 0) + (row.situation.lengthy || row.situation.long ? 1 : 0);
  return [...rows].sort((left, right) => place(left) - place(right));
}

interface JudgedWave {
  readonly outcomes: readonly Outcome[];
  readonly lag: Run['ownLag'];
  readonly cpu: number;
}

async function playWave(rows: readonly Row[], progress: RunOptions['progress']): Promise<JudgedWave> {
  const resolution = 5;
  const delay = monitorEventLoopDelay({ resolution });
  let before = processorTimes();
  const played = await new Wave(rows, progress, () => {
    delay.enable();
    before = processorTimes();
  }).play();
  delay.disable();
  const after = processorTimes();
  const cpu = Math.round(((after.busy - before.busy) / (after.all - before.all || 1)) * 100);
  const ms = (nanoseconds: number) => Math.max(0, Math.ceil(nanoseconds / 1e6 - resolution));
  const ownMs = Math.max(ms(delay.max), ...played.map(({ lagMs }) => lagMs));
  const lag = { p99: ms(delay.percentile(99)), max: ownMs };
  return { outcomes: played.map((each) => judgeScene(each, Math.min(allowanceMaxMs, lag.max))), lag, cpu };
}

/** Of all processors since the machine started, in ms. */
function processorTimes(): { busy: number; all: number } {
  const times = cpus().map(({ times: { user, nice, sys, irq, idle } }) => ({
    busy: user + nice + sys + irq,
    idle,
  }));
  const busy = times.reduce((sum, each) => sum + each.busy, 0);
  return { busy, all: busy + times.reduce((sum, { idle }) => sum + idle, 0) };
}

/** Before whatever else runs here, where that is allowed; the processes it starts inherit it. */
function goFirst(): void {
  try {
    setPriority(constants.priority.PRIORITY_HIGHEST);
  } catch {
    // An ordinary user may not.
  }
}

function judgeScene({ row, scene, broken, serverDied }: Played, allowanceMs: number): Outcome {
  const findings: Finding[] = [];
  const lateness: Lateness[] = [];
  const figures: Measured[] = [];
  const judged = new Map<string, readonly Judged[]>();
  if (broken) findings.push({ kind: 'fact', who: 'the row', promise: row.situation.promises, text: broken });
  if (scene && !broken) {
    for (const { role } of scene.people) {
      const acceptable = row.situation.told[role]?.(scene);
      if (!acceptable) throw new Error(`${row.name} does not say what ${role} is told`);
      const verdict = judge(role, scene.heardBy(role), acceptable, allowanceMs);
      findings.push(...verdict.findings);
      lateness.push(...verdict.lateness);
      judged.set(role, verdict.judged);
    }
    const facts = row.situation.facts?.(scene);
    findings.push(...(facts?.findings ?? []));
    lateness.push(...(facts?.lateness ?? []));
    figures.push(...(facts?.figures ?? []));
  }
  if (serverDied)
    findings.push({ kind: 'fact', who: 'server', promise: 'C-80', text: `died: ${serverDied}` });
  return {
    ...{ row, findings, lateness, figures, timeline: scene?.timeline() ?? [], broken: broken !== undefined },
    ...(scene && { recorded: record(scene.history(), judged) }),
  };
}
