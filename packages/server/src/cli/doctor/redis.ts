import type { Settings } from '../../config/index.ts';
import { placeOf } from '../../store/redis/address.ts';
import { type Inspection, inspect } from '../../store/redis/inspection.ts';
import { RedisSetupError } from '../../store/unavailable.ts';
import { type Finding, fails, ok, warn } from './finding.ts';
import { answersHealth } from './reach.ts';

/** @param url as in the setting `redis`, which may hold a password: it is not shown */
export async function* examineRedis(url: string, settings: Settings): AsyncGenerator<Finding> {
  const place = placeOf(url);
  if (place === null) return;
  let seen: Inspection;
  try {
    seen = await inspect(place, settings.redisPrefix);
  } catch (error) {
    if (!(error instanceof RedisSetupError)) throw error;
    yield fails('Redis', error.message);
    return;
  }
  yield ok('Redis', `${seen.version} answers`);
  yield* findingsOf(seen, settings);
  yield* cluster(seen, settings);
}

function* findingsOf(seen: Inspection, { appCertificate }: Settings): Generator<Finding> {
  const { answerMs, readOnly, aheadMs } = seen;
  yield readOnly === null ? ok('Redis writes', 'are taken') : fails('Redis writes', readOnly);
  yield answerMs <= slowMs
    ? ok('Redis answers', `in ${answerMs.toFixed(1)} ms`)
    : warn(
        'Redis answers',
        `in ${answerMs.toFixed(0)} ms: joins and returns wait for several of these; run it nearer`,
      );
  yield* memory(seen);
  yield* durability(seen);
  const seconds = Math.round(Math.abs(aheadMs) / 1_000);
  const tokens = appCertificate.length > 0 && seconds > clockSeconds;
  if (tokens)
    yield warn(
      'clocks',
      `Redis and this machine are ${seconds} s apart; only tokens' expiry depends on this machine's`,
    );
  else yield ok('clocks', `${seconds} s apart from Redis; no limit depends on them`);
}

function* memory({ policy, memoryMax, memoryUsed }: Inspection): Generator<Finding> {
  yield policy === 'noeviction'
    ? ok('Redis memory', 'nothing is evicted')
    : warn('Redis memory', `maxmemory-policy is ${policy}: set noeviction, or Redis throws sessions away`);
  const what = 'Redis maxmemory';
  const used = megabytes(memoryUsed);
  if (memoryMax === 0)
    yield warn(
      what,
      `not set, ${used} are used: set it below what its machine has, or the system kills Redis when it is full`,
    );
  else if (memoryUsed > fullShare * memoryMax)
    yield warn(
      what,
      `${used} of ${megabytes(memoryMax)} are used: raise it. When it is full nobody joins, and messages wait`,
    );
  else yield ok(what, `${used} of ${megabytes(memoryMax)} are used`);
}

function* durability({ keepsLog, keepsEvery, replicas, failsOver }: Inspection): Generator<Finding> {
  if (!keepsLog)
    yield warn(
      'Redis data',
      'appendonly is off: after its restart the servers put back what they know, the rest is lost',
    );
  else if (keepsEvery === 'no')
    yield warn(
      'Redis data',
      'survives its restart (appendonly), but appendfsync is no: when its machine fails, half a minute is lost; set everysec',
    );
  else yield ok('Redis data', 'survives its restart (appendonly)');
  const what = 'Redis replicas';
  if (replicas > 0)
    yield ok(what, `${replicas}; what one has not got when it becomes the master, the servers put back`);
  else if (failsOver) yield warn(what, 'none: Sentinel has nothing to make the master when this one dies');
  else
    yield ok(
      what,
      'none: while Redis is away, calls go on, nobody joins and messages wait; Sentinel shortens that',
    );
}

function megabytes(bytes: number): string {
  return `${Math.round(bytes / 1_000_000)} MB`;
}

async function* cluster({ servers }: Inspection, { redisPrefix }: Settings): AsyncGenerator<Finding> {
  if (servers.length === 0) yield ok('cluster', `no server runs under the prefix ${redisPrefix}`);
  for (const { server, url } of servers) {
    const what = `cluster server ${server}`;
    if (url === null) {
      yield warn(what, 'has no publicUrl: clients cannot be told of it');
      continue;
    }
    const fault = await answersHealth(url);
    yield fault === null
      ? ok(what, `answers at ${url}`)
      : warn(what, `${url}: ${fault}. If it is another cluster's, give this one a redisPrefix of its own`);
  }
}

const slowMs = 20;
/** Beyond this share of its memory Redis is as good as full. */
const fullShare = 0.8;
const clockSeconds = 10;
