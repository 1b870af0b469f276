/** What a run comes to. */
import { type Figures, figure, quantile } from '../bench/figures.ts';
import { Random } from '../simulator/random.ts';
import { judge, type Violation, type Wrong } from './checker.ts';
import { livesOf } from './lives.ts';
import type { Logged } from './logged.ts';
import { type BugName, bugs, plant } from './planted.ts';
import type { Run } from './run.ts';
import type { Deed, DeedName } from './trouble.ts';

/** So long after a deed somebody may still be on the way back. */
const afterMs = 6_000;
/** Undisturbed, from the call to send to the other app's callback, on two busy cores. */
const undisturbedGoalMs = 250;

const wrongs: readonly Wrong[] = [
  'doubled',
  'lost',
  'out of order',
  'unsent',
  'wrong gap',
  'history',
  'stay ended',
];
const deedNames: readonly DeedName[] = [
  'cut',
  'sender restart',
  'freeze',
  'server kill',
  'flood',
  'frozen flood',
];

export interface Result {
  readonly ok: boolean;
  readonly figures: Figures;
  readonly failures: readonly string[];
}

/** @param planted a bug that the log is judged with, to see it noticed */
export function resultOf(run: Run, seed: number, planted: BugName | null): Result {
  const log = planted === null ? run.log : plant(run.log, planted, Random.of(seed, 'planted'));
  if (log === null) throw new Error(`the run is too short to plant '${planted}' in it`);
  const { violations, ...counts } = judge(log);
  const unnoticed = unnoticedBugs(run.log, seed);
  const number = (wrong: Wrong) => violations.filter((each) => each.wrong === wrong).length;
  const deeds = [...run.deeds.values()].flat();
  const figures: Figures = {
    sent: figure(counts.sent, 'messages'),
    acknowledged: figure(counts.acknowledged, 'messages'),
    delivered: figure(counts.delivered, 'deliveries'),
    ...Object.fromEntries(wrongs.map((wrong) => [name(wrong), figure(number(wrong), 'violations', 0)])),
    gaps: figure(counts.gaps, 'gaps'),
    missed_in_gaps: figure(counts.missedInGaps, 'messages'),
    gaps_of_unknown_size: figure(counts.unknownGaps, 'gaps'),
    ...Object.fromEntries(
      deedNames.map((each) => [
        `${name(each)}s`,
        figure(deeds.filter((deed) => deed.name === each).length, 'times'),
      ]),
    ),
    ...latencies(run),
    planted_bugs_unnoticed: figure(unnoticed.length, `of ${Object.keys(bugs).length}`, 0),
  };
  const missed = Object.entries(figures).filter(([, { ok }]) => !ok);
  const failures = [
    ...violations.slice(0, 50).map(textOf),
    ...unnoticed.map((bug) => `the checker does not tell '${bug}' rightly`),
    ...missed.map(([figureName, { value, unit, goal }]) => `${figureName}: ${value} ${unit}, goal ≤ ${goal}`),
  ];
  return { ok: failures.length === 0, figures, failures };
}

/** Every bug is planted once into what this run has written: a checker that misses one proves nothing. */
export function unnoticedBugs(log: readonly Logged[], seed: number): BugName[] {
  const key = ({ wrong, life, text }: Violation) => `${wrong} ${life} ${text}`;
  const known = new Set(judge(log).violations.map(key));
  return (Object.keys(bugs) as BugName[]).filter((bug) => {
    const withBug = plant(log, bug, Random.of(seed, bug));
    if (withBug === null) return true;
    const found = judge(withBug).violations.filter((violation) => !known.has(key(violation)));
    const { wrong } = bugs[bug];
    return wrong === null ? found.length > 0 : !found.some((violation) => violation.wrong === wrong);
  });
}

/** From the call to send to the callback, of those whom nothing was done to, and of the others. */
function latencies({ log, deeds }: Run): Figures {
  const calm: number[] = [];
  const across: number[] = [];
  const lives = livesOf(log);
  const sent = new Map(lives.flatMap((life) => life.sent.map((each) => [each.id, each] as const)));
  for (const { channel, uid, heard } of lives) {
    const done = deeds.get(channel) ?? [];
    for (const line of heard) {
      const message = line.what === 'got' ? sent.get(line.id) : undefined;
      if (message === undefined) continue;
      const list = disturbed(done, message.t, line.t, [uid, message.life.uid]) ? across : calm;
      list.push(line.t - message.t);
    }
  }
  return {
    undisturbed_p50: figure(quantile(calm, 0.5), 'ms'),
    undisturbed_p99: figure(quantile(calm, 0.99), 'ms', undisturbedGoalMs),
    undisturbed_max: figure(Math.max(0, ...tail(calm)), 'ms'),
    across_cuts_p50: figure(quantile(across, 0.5), 'ms'),
    across_cuts_p99: figure(quantile(across, 0.99), 'ms'),
    across_cuts_max: figure(Math.max(0, ...tail(across)), 'ms'),
  };
}

function disturbed(deeds: readonly Deed[], from: number, to: number, uids: readonly number[]): boolean {
  return deeds.some(
    (deed) =>
      deed.name !== 'flood' &&
      deed.from <= to &&
      deed.to + afterMs >= from &&
      (deed.uids === null || deed.uids.some((uid) => uids.includes(uid))),
  );
}

/** The largest few. */
function tail(values: readonly number[]): number[] {
  return [...values].sort((a, b) => a - b).slice(-5);
}

function name(text: string): string {
  return text.replaceAll(' ', '_');
}

function textOf({ wrong, life, text }: Violation): string {
  return `${wrong}: ${life}: ${text}`;
}
