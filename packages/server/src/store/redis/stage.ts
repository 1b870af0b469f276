/** Servers' doors to one Redis, for tests. */
import { randomBytes } from 'node:crypto';
import { defaultLimits } from '@holdfast/core';
import { placeOf } from './address.ts';
import { RedisStore } from './store.ts';

/** @throws the bugs of which it is told */
export async function openStore(url: string, prefix: string, stoodMs = () => 0): Promise<RedisStore> {
  const place = placeOf(url);
  if (place === null) throw new Error(`${url} is no address of a Redis`);
  return RedisStore.open({
    ...{ place, prefix, limits: defaultLimits, channelUsers: 100, stoodMs },
    random: { next: Math.random, id: () => randomBytes(16).toString('hex') },
    report: (trouble) => {
      if (trouble.type === 'bug') throw trouble.error;
    },
  });
}

export function newPrefix(): string {
  return `test-${randomBytes(4).toString('hex')}`;
}
