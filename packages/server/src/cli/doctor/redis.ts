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
  const { answerMs, readOnly, policy, keepsLog, aheadMs } = seen;
  yield readOnly === null ? ok('Redis writes', 'are taken') : fails('Redis writes', readOnly);
  yield answerMs <= slowMs
    ? ok('Redis answers', `in ${answerMs.toFixed(1)} ms`)
    : warn(
        'Redis answers',
        `in ${answerMs.toFixed(0)} ms: joins and returns wait for several of these; run it nearer`,
      );
  yield policy === 'noeviction'
    ? ok('Redis memory', 'nothing is evicted')
    : warn('Redis memory', `maxmemory-policy is ${policy}: set noeviction, or Redis throws sessions away`);
  yield keepsLog
    ? ok('Redis data', 'survives its restart (appendonly)')
    : warn(
        'Redis data',
        'appendonly is off: after its restart the servers put back what they know, the rest is lost',
      );
  const seconds = Math.round(Math.abs(aheadMs) / 1_000);
  const tokens = appCertificate.length > 0 && seconds > clockSeconds;
  if (tokens)
    yield warn(
      'clocks',
      `Redis and this machine are ${seconds} s apart; only tokens' expiry depends on this machine's`,
    );
  else yield ok('clocks', `${seconds} s apart from Redis; no limit depends on them`);
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
const clockSeconds = 10;
