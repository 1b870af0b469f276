import { constants, setPriority } from 'node:os';
import { type Finding, type Judged as JudgedCall, judge, type Lateness } from './judge.ts';
import type { Recorded } from './page/drawing/recorded.ts';
import { record } from './page/record.ts';
import { type Played, Playhouse } from './playhouse.ts';
import type { Row } from './rows.ts';
import type { Measured } from './situations/situation.ts';
import { Watch } from './watch.ts';

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
  /** How late this process itself was, in ms; the greatest of it and of its pages, while rows played that judged. */
  readonly ownLag: { readonly p99: number; readonly max: number };
  /** The most that was added to an upper bound, in ms. */
  readonly allowanceMs: number;
  /** Rows that failed while the machine was busy and were played again. */
  readonly replayed: number;
  /** Rows for which there was no time. */
  readonly notPlayed: number;
  /** Of all processors, how much everything on this machine used, in percent. */
  readonly cpu: number;
  /** From the start of the first process to the last verdict. */
  readonly wallMs: number;
}

export interface RunOptions {
  /** Rows that play at the same time; default 40. */
  readonly atOnce?: number;
  /** No row begins that would end later than this many ms after the start; default: all play. */
  readonly withinMs?: number;
  readonly progress: (line: string) => void;
}

/** The allowance never hides more than this, in ms. A process that was later than this ran on a busy machine. */
const allowanceMaxMs = 100;
/** For a second in which the processors were busier than this, in percent, a machine is a busy one. */
const busyFrom = 95;
/** Rows that fail on a busy machine play this many times at most… */
const triesMax = 3;
/** …and then beside few others. */
const quietly = 10;

/**
 * Plays rows; when one ends, the next one begins. The promises hold on an idle machine (C-2): what fails while this
 * process itself is kept waiting for longer than its allowance plays again.
 */
export async function runRows(
  all: readonly Row[],
  { atOnce = 40, withinMs = Number.POSITIVE_INFINITY, progress }: RunOptions,
): Promise<Run> {
  goFirst();
  const startedAt = performance.now();
  const watch = new Watch();
  const house = await Playhouse.open();
  const judged = new Map<Row, Judged>();
  let replayed = 0;
  try {
    let rows: readonly Row[] = evenly(all);
    for (let tries = 1; rows.length > 0 && tries <= triesMax; tries++) {
      if (tries > 1) progress(`busy machine: ${rows.length} failed rows play again`);
      const places = tries === 1 ? atOnce : Math.min(atOnce, quietly);
      const played = await playAll(rows, { house, watch, places, endMs: startedAt + withinMs, progress });
      for (const each of played) judged.set(each.outcome.row, each);
      if (tries > 1) replayed += played.length;
      rows = played.flatMap(({ outcome, busy }) => (outcome.findings.length > 0 && busy ? outcome.row : []));
    }
  } finally {
    watch.close();
    await house.close();
  }
  const max = Math.max(0, ...[...judged.values()].map(({ lagMs }) => lagMs));
  return {
    outcomes: all.flatMap((row) => judged.get(row)?.outcome ?? []),
    ownLag: { p99: watch.lagP99Ms, max },
    allowanceMs: Math.min(allowanceMaxMs, max),
    replayed,
    notPlayed: all.length - judged.size,
    cpu: watch.busy,
    wallMs: performance.now() - startedAt,
  };
}

interface Judged {
  readonly outcome: Outcome;
  readonly lagMs: number;
  /** What failed may have failed because of the machine. */
  readonly busy: boolean;
}

interface Pass {
  readonly house: Playhouse;
  readonly watch: Watch;
  readonly places: number;
  /** No row begins that would end later, by the clock of `performance`. */
  readonly endMs: number;
  readonly progress: (line: string) => void;
}

async function playAll(rows: readonly Row[], pass: Pass): Promise<Judged[]> {
  const { house, watch, places, endMs, progress } = pass;
  const queue = [...rows];
  const judged: Judged[] = [];
  const playing = new Set<Row>();
  let longestMs = 0;
  const place = async () => {
    while (performance.now() + longestMs <= endMs) {
      const row = queue.shift();
      if (row === undefined) return;
      const openedAt = performance.now();
      playing.add(row);
      judged.push(judgePlayed(await house.play(row), watch));
      playing.delete(row);
      longestMs = Math.max(longestMs, performance.now() - openedAt);
    }
  };
  const report = () => {
    const failed = judged.filter(({ outcome }) => outcome.findings.length > 0).length;
    const now = Date.now();
    const machine = `own lag ${watch.lagMs(now - reportMs, now)} ms, processors ${watch.busiest(now - reportMs, now)} % busy`;
    progress(
      `${judged.length} of ${rows.length} rows over, ${failed} failed, ${playing.size} playing; ${machine}`,
    );
  };
  const ticker = setInterval(() => {
    report();
    house.keepFor([...queue, ...playing]);
  }, reportMs);
  await Promise.all(Array.from({ length: places }, place));
  clearInterval(ticker);
  report();
  return judged;
}

const reportMs = 5_000;

function judgePlayed(played: Played, watch: Watch): Judged {
  const { beganAt, endedAt } = played;
  const lagMs = Math.max(watch.lagMs(beganAt, endedAt), played.lagMs);
  // A row with a wrong number is there to fail.
  const crowded = played.row.limits === undefined && watch.busiest(beganAt, endedAt) >= busyFrom;
  const busy = lagMs > allowanceMaxMs || crowded;
  return { outcome: judgeScene(played, Math.min(allowanceMaxMs, lagMs)), lagMs, busy };
}

/**
 * At any time every situation and every pair has its share of the rows that play, always in the same order; those that
 * take a minute or more begin first.
 */
function evenly(rows: readonly Row[]): Row[] {
  const turn = new Map(rows.map((row, i) => [row, (i * 0.618034) % 1]));
  const place = (row: Row) => (turn.get(row) ?? 0) - (row.situation.long ? 1 : 0);
  return [...rows].sort((left, right) => place(left) - place(right));
}

/** Before whatever else runs here, where that is allowed; the processes it starts inherit it. */
function goFirst(): void {
  try {
    setPriority(constants.priority.PRIORITY_HIGHEST);
  } catch {
    // An ordinary user may not.
  }
}

function judgeScene({ row, scene, broken, facts, serverDied }: Played, allowanceMs: number): Outcome {
  const findings: Finding[] = [];
  const lateness: Lateness[] = [];
  const figures: Measured[] = [];
  const judged = new Map<string, readonly JudgedCall[]>();
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
