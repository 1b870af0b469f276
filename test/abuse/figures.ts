import { type Figures, figure, quantile } from '../bench/figures.ts';
import type { Round } from './siege.ts';

/** C-2: what an edge may be late on an idle machine. This one is not: it counts beyond what it is late by itself. */
const lateMaxMs = 250;

/** What one round showed, and what it should have at most. @param baseline the round in which nobody attacks */
export function figuresOf(name: string, round: Round, baseline: Round): Figures {
  const { rttMs, lateMs, early, wrong, troubles, lost, cpuPercent, growthMb, logKb, standstillMs, attacker } =
    round;
  const [idleRtt, idleLate] = [quantile(baseline.rttMs, 0.99), largest(baseline.lateMs)];
  const beyond = (idle: number) => (round === baseline ? null : idle + lateMaxMs);
  const answers = Object.entries(attacker.answers).map(([answer, count]) => [
    `${name}_answer_${answer.replace(/\W+/g, '_')}`,
    figure(count, 'times'),
  ]);
  return {
    [`${name}_heartbeat_p50`]: figure(quantile(rttMs, 0.5), 'ms'),
    [`${name}_heartbeat_p99`]: figure(quantile(rttMs, 0.99), 'ms', beyond(idleRtt)),
    [`${name}_edges`]: figure(lateMs.length, 'edges told'),
    [`${name}_edges_early`]: figure(early.length, 'edges', 0),
    [`${name}_edges_late_max`]: figure(largest(lateMs), 'ms', beyond(idleLate)),
    [`${name}_false_callbacks`]: figure(wrong.length + troubles.length, 'callbacks', 0),
    [`${name}_messages_lost`]: figure(lost, 'messages', 0),
    [`${name}_server_cpu`]: figure(cpuPercent, '% of one core'),
    [`${name}_server_memory_growth`]: figure(growthMb, 'MB'),
    [`${name}_server_log`]: figure(logKb, 'kB'),
    [`${name}_honest_standstill`]: figure(standstillMs, 'ms'),
    [`${name}_attempts`]: figure(attacker.attempts, 'attempts'),
    ...Object.fromEntries(answers),
  };
}

function largest(values: readonly number[]): number {
  return values.reduce((most, value) => Math.max(most, value), 0);
}
