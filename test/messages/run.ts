/** A run: two worlds at once, one whose only server forgets, one with two servers; trouble; calm; what was written. */
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Random } from '../simulator/random.ts';
import { Group, type User } from './group.ts';
import type { DialectName, Logged } from './logged.ts';
import { oneServer, type Servers, twoServers } from './servers.ts';
import { type Deed, type Pace, Trouble } from './trouble.ts';

export interface RunOptions {
  readonly seed: number;
  readonly ms: number;
  /** Milliseconds between the messages of one sender, on average. */
  readonly everyMs: number;
  readonly pace: Pace;
  readonly progress: (line: string) => void;
}

export interface Run {
  readonly log: readonly Logged[];
  /** By channel. */
  readonly deeds: ReadonlyMap<string, readonly Deed[]>;
}

const worlds = { alone: oneServer, pair: twoServers };
const dialectNames: readonly DialectName[] = ['native', 'apple', 'web'];
/** How long everybody may take to be told of everything when all is whole again. */
const calmMostMs = 30_000;
const calmLeastMs = 6_000;

export async function play(options: RunOptions): Promise<Run> {
  const folder = await mkdtemp(join(tmpdir(), 'holdfast-messages-'));
  try {
    const played = await Promise.all(
      Object.entries(worlds).map(async ([name, open]) => {
        const servers = await open();
        try {
          return [name, await playWorld(name, servers, folder, options)] as const;
        } finally {
          servers.close();
        }
      }),
    );
    return { log: await readLog(folder), deeds: new Map(played) };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function playWorld(
  name: string,
  servers: Servers,
  folder: string,
  { seed, ms, everyMs, pace, progress }: RunOptions,
): Promise<readonly Deed[]> {
  const groups = await groupsOf(name, servers, folder, seed, everyMs);
  try {
    for (const group of groups) await group.start();
    progress(`${name}: everybody is in`);
    const trouble = new Trouble(servers, groups, Random.of(seed, name), paceOf(servers, pace));
    const telling = setInterval(() => progress(`${name}: ${summary(trouble.deeds)}`), 10_000);
    try {
      await trouble.run(ms);
    } finally {
      clearInterval(telling);
    }
    for (const group of groups) group.tell({ type: 'quiet' });
    progress(`${name}: ${summary(trouble.deeds)}; whole and quiet`);
    await calm(groups);
    for (const group of groups) await group.end();
    return trouble.deeds;
  } finally {
    await Promise.all(groups.map((group) => group.kill()));
  }
}

/** A sender of each class in a process of its own, and a listener of each class in one together. */
async function groupsOf(
  channel: string,
  servers: Servers,
  folder: string,
  seed: number,
  everyMs: number,
): Promise<Group[]> {
  const user = async (dialect: DialectName, uid: number, pauseMs: number | null): Promise<User> => ({
    ...{ dialect, uid, everyMs: pauseMs },
    way: await servers.way(),
  });
  const talkers = await Promise.all(dialectNames.map((dialect, index) => user(dialect, 1 + index, everyMs)));
  const listeners = await Promise.all(dialectNames.map((dialect, index) => user(dialect, 11 + index, null)));
  const parties = [listeners, ...talkers.map((talker) => [talker])];
  return parties.map((users, index) => new Group(users, channel, folder, seed + 1_000 * index));
}

/** Only with a store that lives on can somebody be away for long: the other's server forgets now and then. */
function paceOf({ forgetful }: Servers, pace: Pace): Pace {
  return { ...pace, longAbsence: pace.longAbsence && !forgetful };
}

/** Until nobody has been told anything for a while. */
async function calm(groups: readonly Group[]): Promise<void> {
  const count = async () => (await Promise.all(groups.map((group) => group.lines()))).join();
  await sleep(calmLeastMs);
  let before = await count();
  for (const until = performance.now() + calmMostMs; performance.now() < until; ) {
    await sleep(2_000);
    const after = await count();
    if (after === before) return;
    before = after;
  }
}

function summary(deeds: readonly Deed[]): string {
  const counts = new Map<string, number>();
  for (const { name } of deeds) counts.set(name, (counts.get(name) ?? 0) + 1);
  return [...counts].map(([name, count]) => `${count} × ${name}`).join(', ') || 'nothing yet';
}

async function readLog(folder: string): Promise<Logged[]> {
  const log: Logged[] = [];
  for (const name of (await readdir(folder)).sort()) {
    const lines = (await readFile(join(folder, name), 'utf8')).split('\n');
    // A process that was killed may have left half a line.
    for (const line of lines) if (line.endsWith('}')) log.push(JSON.parse(line));
  }
  return log;
}
