import { constants, setPriority } from 'node:os';
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
  /** How late this process itself was, in ms, in the waves that judged. */
  readonly ownLag: { readonly p99: number; readonly max: number };
  /** The most that was added to an upper bound, in ms. */
  readonly allowanceMs: number;
  /** Rows that failed while the machine was busy and were played again. */
  readonly replayed: number;
  /** From the start of the first process to the last verdict. */
  readonly wallMs: number;
}

export interface RunOptions {
  /** Rows that play at the same time; default 40. */
  readonly waveSize?: number;
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
export async function runRows(rows: readonly Row[], { waveSize = 40, progress }: RunOptions): Promise<Run> {
  goFirst();
  const startedAt = performance.now();
  const waves: JudgedWave[] = [];
  let replayed = 0;
  for (let first = 0; first < rows.length; first += waveSize) {
    let wave = rows.slice(first, first + waveSize);
    progress(`wave of ${wave.length} rows (${first + wave.length} of ${rows.length})`);
    for (let tries = 1; wave.length > 0; tries++) {
      const { outcomes, lag } = await playWave(wave, progress);
      const failed = outcomes.filter(({ findings }) => findings.length > 0);
      const again = lag.max > allowanceMaxMs && tries < triesMax ? failed : [];
      wave = again.map(({ row }) => row);
      replayed += again.length;
      waves.push({ outcomes: outcomes.filter((outcome) => !again.includes(outcome)), lag });
      if (again.length > 0)
        progress(`busy machine (own lag ${lag.max} ms): ${again.length} failed rows play again`);
    }
  }
  const outcomes = rows.map((row) => waves.flatMap((wave) => wave.outcomes).find((each) => each.row === row));
  const judging = waves.filter((wave) => wave.outcomes.length > 0).map(({ lag }) => lag);
  const ownLag = {
    p99: Math.max(0, ...judging.map(({ p99 }) => p99)),
    max: Math.max(0, ...judging.map(({ max }) => max)),
  };
  return {
    outcomes: outcomes.filter((outcome) => outcome !== undefined),
    ownLag,
    allowanceMs: Math.min(allowanceMaxMs, ownLag.max),
    replayed,
    wallMs: performance.now() - startedAt,
  };
}

interface JudgedWave {
  readonly outcomes: readonly Outcome[];
  readonly lag: Run['ownLag'];
}

async function playWave(rows: readonly Row[], progress: RunOptions['progress']): Promise<JudgedWave> {
  const resolution = 5;
  const delay = monitorEventLoopDelay({ resolution });
  const played = await new Wave(rows, progress, () => delay.enable()).play();
  delay.disable();
  const ms = (nanoseconds: number) => Math.max(0, Math.ceil(nanoseconds / 1e6 - resolution));
  const lag = { p99: ms(delay.percentile(99)), max: ms(delay.max) };
  return { outcomes: played.map((each) => judgeScene(each, Math.min(allowanceMaxMs, lag.max))), lag };
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
