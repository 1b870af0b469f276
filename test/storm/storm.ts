/** One server of two is killed with everybody on it: all come to the other at once (C-17, C-51, C-56). */
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { RedisProcess } from '@holdfast/server/faults';
import { type Figures, figure, quantile } from '../bench/figures.ts';
import { Served } from '../bench/served.ts';
import { freePort } from '../conformance/processes.ts';
import { Crowd, continued, type Heard, nothing } from './crowd.ts';
import { judge } from './verdict.ts';

export interface StormOptions {
  readonly sessions: number;
  readonly say: (text: string) => void;
  /** Only what is promised: nothing to compare it with, and no longer than it takes. */
  readonly short?: boolean;
}

/** A dead server's users have been adopted within this, and who waits has come to rest. */
const settleMs = 3_000;
/** Those who have joined last have been told of. */
const knownMs = 500;
/** A killed server's connections are seen as closed within this. */
const noticedMs = 500;
const backWithinMs = 60_000;

export async function storm({ sessions, say, short = false }: StormOptions): Promise<Figures> {
  const folder = mkdtempSync(join(tmpdir(), 'holdfast-storm-'));
  const redis = await RedisProcess.start();
  const servers: Served[] = [];
  const crowd = new Crowd(short ? 1 : sessions > 2_000 ? 4 : 2);
  try {
    const ports = [await freePort(), await freePort()];
    for (const port of ports)
      servers.push(new Served(['serve', '--config', configOf(folder, port, redis.url)]));
    for (const [index, port] of ports.entries()) await servers[index]?.answers(port);
    say(`${sessions} users join the first server …`);
    const began = performance.now();
    // They know one server, and are told of the other one.
    await crowd.join(sessions, [`ws://127.0.0.1:${ports[0]}`]);
    say(`all joined in ${((performance.now() - began) / 1_000).toFixed(1)} s`);
    await sleep(knownMs);
    // What they were told while others were still joining is true.
    await crowd.heard();
    await sleep(short ? knownMs : settleMs);
    const calm = await crowd.heard();
    const [first, second] = servers as [Served, Served];
    const memory = { first: first.usage().residentMb, second: second.usage().residentMb };
    say('the first server is killed …');
    const before = { cpu: second.usage().cpuSeconds, calls: await callsOf(redis) };
    const killedAt = Date.now();
    first.kill();
    const back = await untilBack(crowd, sessions, second, say);
    const spent = {
      serverMs: (second.usage().cpuSeconds - before.cpu) * 1_000,
      calls: (await callsOf(redis)) - before.calls,
    };
    await sleep(settleMs);
    const heard = continued(back.heard, await crowd.heard());
    const raw = short ? null : await rawLimit(crowd, sessions, calm.spreadMs, say);
    return figuresOf({ sessions, killedAt, back, raw, heard, calm, memory, spent });
  } finally {
    crowd.disperse();
    for (const server of servers) server.kill();
    await redis.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

interface Back {
  readonly heard: Heard;
  readonly mostMb: number;
}

/** Until everybody is back, or time is over. */
async function untilBack(
  crowd: Crowd,
  sessions: number,
  server: Served,
  say: (text: string) => void,
): Promise<Back> {
  let heard = nothing;
  let mostMb = 0;
  const until = performance.now() + backWithinMs;
  // Some may have gone to the other server before: a busy machine looks like a silent one.
  while (heard.linked < sessions && performance.now() < until) {
    await sleep(noticedMs);
    const more = await crowd.heard();
    mostMb = Math.max(mostMb, server.usage().residentMb);
    heard = continued(heard, more);
    say(`${heard.linked} of ${sessions} have a connection`);
  }
  return { heard, mostMb };
}

/** The same number of plain WebSockets, in the same window, by the same crowd. */
async function rawLimit(crowd: Crowd, sessions: number, withinMs: number, say: (text: string) => void) {
  say('the same number with ws alone …');
  const server: ChildProcess = fork(join(import.meta.dirname, 'raw-server.ts'));
  try {
    const [port] = (await once(server, 'message')) as [number];
    const began = Date.now();
    const { arrivedAt } = await crowd.raw(sessions, `ws://127.0.0.1:${port}`, withinMs);
    return { began, arrivedAt };
  } finally {
    server.kill('SIGKILL');
  }
}

function figuresOf(run: {
  sessions: number;
  killedAt: number;
  back: Back;
  raw: { began: number; arrivedAt: readonly number[] } | null;
  heard: Heard;
  calm: Heard;
  memory: { first: number; second: number };
  spent: { serverMs: number; calls: number };
}): Figures {
  const { sessions, killedAt, back, raw, heard, calm, memory, spent } = run;
  const { arrivedAt, dials, opened, refused, lagMs, cpuMs } = back.heard;
  const backMs = arrivedAt.map((at) => at - killedAt);
  const told = judge(heard);
  const quick = sessions <= 1_000 ? 4_000 : null;
  return {
    storm_sessions: figure(sessions, 'sessions'),
    storm_missing: figure(sessions - back.heard.linked, 'sessions', 0),
    storm_moved_before: figure(calm.arrivedAt.length, 'sessions'),
    storm_observers_told: figure(told.falsely, 'callbacks', 0),
    // Of users who had neither dialled nor sent anything for the limit: their process stood still (C-3).
    storm_told_of_standstills: figure(told.truly, 'callbacks'),
    storm_own_told: figure(told.own, 'callbacks', quick && 0),
    storm_told_before: figure(calm.told.length, 'callbacks', 0),
    storm_back_p50: figure(quantile(backMs, 0.5), 'ms'),
    storm_back_p99: figure(quantile(backMs, 0.99), 'ms'),
    storm_back_max: figure(Math.max(...backMs), 'ms', quick),
    storm_spread: figure(calm.spreadMs, 'ms'),
    storm_peak_accepts: figure(peakPerSecond(arrivedAt), '1/s'),
    storm_dials: figure(dials / sessions, 'for each session'),
    storm_opened: figure(opened / sessions, 'for each session'),
    storm_refused: figure(refused, 'attempts'),
    storm_survivor_cpu: figure(spent.serverMs / sessions, 'ms for each session'),
    storm_redis_calls: figure(spent.calls / sessions, 'for each session'),
    storm_crowd_cpu: figure(cpuMs / sessions, 'ms for each session'),
    storm_crowd_lag: figure(lagMs, 'ms'),
    storm_killed_memory: figure(memory.first, 'MB'),
    storm_survivor_memory_before: figure(memory.second, 'MB'),
    storm_survivor_memory_peak: figure(back.mostMb, 'MB'),
    ...(raw && {
      raw_ws_peak_accepts: figure(peakPerSecond(raw.arrivedAt), '1/s'),
      raw_ws_last: figure(Math.max(...raw.arrivedAt) - raw.began, 'ms'),
    }),
  };
}

async function callsOf(redis: RedisProcess): Promise<number> {
  const [, calls = '0'] = /total_commands_processed:(\d+)/.exec(await redis.ask('INFO', 'stats')) ?? [];
  return Number(calls);
}

/** The most that came within any second. */
function peakPerSecond(at: readonly number[]): number {
  const sorted = [...at].sort((a, b) => a - b);
  let first = 0;
  let most = 0;
  for (const [index, time] of sorted.entries()) {
    while (time - (sorted[first] ?? time) >= 1_000) first += 1;
    most = Math.max(most, index - first + 1);
  }
  return most;
}

/** Everybody comes from one address here, which outside of a test nobody does. */
function configOf(folder: string, port: number, redis: string): string {
  const path = join(folder, `${port}.json`);
  const bounds = {
    ...{ connectionsPerSecondPerAddress: 100_000, pendingPerAddress: 50_000, connectionsPerAddress: 50_000 },
    ...{ pendingConnections: 50_000, joinsPerSecondPerAddress: 10_000, joinsPerSecondPerApp: 10_000 },
  };
  const settings = { port, redis, publicUrl: `ws://127.0.0.1:${port}`, logLevel: 'warn', bounds };
  writeFileSync(path, JSON.stringify(settings));
  return path;
}
