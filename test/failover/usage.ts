/** What share of a processor each part of a run takes: a machine that is full at rest shows nothing of a fault. */
import { readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { usageOf } from '../bench/served.ts';

/** The processes of each part, by pid. */
export type Parts = Readonly<Record<string, readonly number[]>>;

/** Linux only; elsewhere nothing is known. @returns ends the measurement: percents of one core, and of `machine` of all of them */
export function measureUsage(parts: Parts): () => Readonly<Record<string, number>> {
  if (process.platform !== 'linux') return () => ({});
  const beganAt = performance.now();
  const before = Object.entries(parts).map(([part, pids]) => [part, pids, secondsOf(pids)] as const);
  const machineBefore = machine();
  return () => {
    const seconds = (performance.now() - beganAt) / 1_000;
    const shares = before.map(([part, pids, began]) => [part, ((secondsOf(pids) - began) / seconds) * 100]);
    const { busy, all } = machine();
    const busyShare = (busy - machineBefore.busy) / (all - machineBefore.all);
    return { ...Object.fromEntries(shares), machine: busyShare * 100 };
  };
}

export const cores = availableParallelism();

function secondsOf(pids: readonly number[]): number {
  return pids.reduce((total, pid) => total + secondsOfOne(pid), 0);
}

function secondsOfOne(pid: number): number {
  try {
    return usageOf({ pid }).cpuSeconds;
  } catch {
    // It is gone, which is for others to judge.
    return 0;
  }
}

/** In the system's ticks, whoever used them. */
function machine(): { busy: number; all: number } {
  const [, line = ''] = /^cpu +(.*)$/m.exec(readFileSync('/proc/stat', 'utf8')) ?? [];
  const ticks = line.split(' ').map(Number);
  const all = ticks.slice(0, 8).reduce((total, each) => total + each, 0);
  return { busy: all - (ticks[3] ?? 0) - (ticks[4] ?? 0), all };
}
