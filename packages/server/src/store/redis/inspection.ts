/** What an operator would look at in a Redis before servers begin with it; changes nothing that stays. */
import { randomBytes } from 'node:crypto';
import type { Place } from './address.ts';
import { clientOf, RedisLink } from './link.ts';
import { Names } from './names.ts';

export interface Inspection {
  readonly version: string;
  /** Half of five answers took no longer, in ms. */
  readonly answerMs: number;
  /** Why nothing can be written; null: it can. */
  readonly readOnly: string | null;
  readonly policy: string;
  /** What Redis may take at most, in bytes; 0: as much as there is. */
  readonly memoryMax: number;
  readonly memoryUsed: number;
  readonly keepsLog: boolean;
  /** How often what is kept is brought to the disk; null: it may not be asked. */
  readonly keepsEvery: string | null;
  readonly replicas: number;
  /** Sentinels are to make one of them the master. */
  readonly failsOver: boolean;
  /** How far its clock is ahead of this machine's, in ms. */
  readonly aheadMs: number;
  /** Servers that have renewed their lease in the last seconds. */
  readonly servers: readonly { readonly server: string; readonly url: string | null }[];
}

/** @throws {RedisSetupError} where no server can begin with it */
export async function inspect(place: Place, prefix: string): Promise<Inspection> {
  const link = new RedisLink(place, { told() {}, hearing() {}, lost() {}, moved() {} });
  try {
    await link.open(patienceMs);
  } finally {
    link.close();
  }
  const client = clientOf(place);
  client.on('error', () => undefined);
  try {
    if (client.status !== 'ready') await new Promise((ready) => client.once('ready', ready));
    const info = String(await client.info());
    const of = (name: string) => new RegExp(`^${name}:(\\S*)`, 'm').exec(info)?.[1] ?? '';
    const now = Date.now();
    const [seconds = '0', micros = '0'] = (await client.time()).map(String);
    const redisMs = Number(seconds) * 1_000 + Number(micros) / 1_000;
    return {
      version: of('valkey_version') || of('redis_version'),
      answerMs: await answerMs(() => client.get(`${prefix}:doctor`)),
      readOnly: await client.set(`${prefix}:doctor:${randomBytes(6).toString('hex')}`, '1', 'PX', 1_000).then(
        () => null,
        (error: Error) => error.message,
      ),
      policy: of('maxmemory_policy'),
      memoryMax: Number(of('maxmemory')),
      memoryUsed: Number(of('used_memory')),
      keepsLog: of('aof_enabled') === '1',
      keepsEvery: await configured(client, 'appendfsync'),
      replicas: Number(of('connected_slaves')),
      failsOver: place.kind === 'sentinel',
      aheadMs: redisMs - now,
      servers: await serversIn(client, prefix, redisMs),
    };
  } finally {
    client.disconnect();
  }
}

/** Providers often allow nobody to ask. */
async function configured(client: ReturnType<typeof clientOf>, name: string): Promise<string | null> {
  const answer = await client.config('GET', name).catch(() => null);
  return Array.isArray(answer) && typeof answer[1] === 'string' ? answer[1] : null;
}

async function answerMs(ask: () => Promise<unknown>): Promise<number> {
  const took: number[] = [];
  for (let count = 0; count < 5; count += 1) {
    const at = performance.now();
    await ask();
    took.push(performance.now() - at);
  }
  return took.sort((a, b) => a - b)[2] ?? 0;
}

async function serversIn(client: ReturnType<typeof clientOf>, prefix: string, redisMs: number) {
  const [all = '', beats = ''] = new Names(prefix).servers;
  const told = Object.entries(await client.hgetall(all));
  const at = await client.hgetall(beats);
  return told.flatMap(([server, text]) => {
    const ageMs = redisMs - Number(at[server]?.split(' ')[1] ?? 0);
    return ageMs < freshMs ? [{ server, url: (JSON.parse(text) as { url: string | null }).url }] : [];
  });
}

const patienceMs = 3_000;
const freshMs = 3_000;
