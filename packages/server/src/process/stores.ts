/** The stores that a process can run its servers over. */
import { randomBytes } from 'node:crypto';
import type { Logger } from 'pino';
import type { Settings } from '../config/index.ts';
import { MemoryStore } from '../store/memory/store.ts';
import { forms, placeOf } from '../store/redis/address.ts';
import type { Trouble } from '../store/redis/node.ts';
import { RedisStore } from '../store/redis/store.ts';
import type { Store } from '../store/store.ts';
import { RedisSetupError } from '../store/unavailable.ts';
import type { ProcessClock } from './clock.ts';

export { RedisSetupError };

const random = { next: Math.random, id: () => randomBytes(16).toString('hex') };

/** The store of the servers of one process; its truth ends with it. */
export function createMemoryStore(settings: Settings, clock: ProcessClock): Store {
  return new MemoryStore({
    random,
    now: clock.now,
    stoodMs: clock.stoodMs,
    firstJoin: Math.floor(Date.now() / 1_000),
    limits: settings.limits,
    channelUsers: settings.bounds.usersPerChannel,
  });
}

/** One server's door to the store that several share. @throws {RedisSetupError} */
export async function createRedisStore(
  settings: Settings,
  clock: ProcessClock,
  log: Logger,
): Promise<RedisStore> {
  const place = placeOf(settings.redis ?? '');
  if (place === null) throw new RedisSetupError(`its address is not one of ${forms}`);
  return RedisStore.open({
    place,
    prefix: settings.redisPrefix,
    random,
    stoodMs: clock.stoodMs,
    limits: settings.limits,
    channelUsers: settings.bounds.usersPerChannel,
    report: (trouble) => logTrouble(log, trouble),
  });
}

function logTrouble(log: Logger, trouble: Trouble): void {
  switch (trouble.type) {
    case 'away':
      return log.error(
        { why: trouble.why },
        'Redis is away: nobody joins or resumes here, and messages wait',
      );
    case 'back':
      return log.warn('Redis is back');
    case 'lost':
      return log.error('Redis has lost what it knew: this server puts back what it knows');
    case 'fenced':
      return log.error('the lease was lost: others have this server’s users, it begins anew');
    case 'adopted':
      return log.warn(
        { from: trouble.server, users: trouble.users },
        'adopted the users of a server that is gone',
      );
    case 'bug':
      return log.error({ err: trouble.error }, 'the store could not be used: this is a bug');
  }
}
