/** A Redis that has lost what it had acknowledged: its servers put back what they know (C-54, C-61). */
import { nothingPassed } from '@holdfast/core';
import { afterEach, describe, expect, it } from 'vitest';
import { RedisProcess } from '../../faults/redis.ts';
import { granted, joining, key, RecordingHolder, resuming, told } from '../store.suite.ts';
import type { Claimed, Snapshot } from '../store.ts';
import { newPrefix, openStore } from './stage.ts';
import type { RedisStore } from './store.ts';

const ends: (() => unknown)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

describe('C-61 a Redis that restarts', () => {
  it('empty: nobody goes, what was said is there, claims stand, and the bans too', async () => {
    const { redis, stores, holders, stays } = await talking();
    await stores[0].ban({ appId: 'app', channel: null, uid: 66, account: null }, 60_000);
    // The first of those who are put back has been silent for long: no life ends with it (C-34).
    const [first] = stays;
    const silent = { ...nothingPassed, streamRemoved: true, channelDestroy: true };
    expect(await stores[0].publish(key, first.claim, { ...first.member, passed: silent })).toBe(true);
    await redis.kill();
    await redis.start();
    await told(() => expect(holders[0].snapshots.at(-1)?.position.epoch).toBeGreaterThan(1));
    expect(holders[0].snapshots.map(({ position }) => position.incarnation)).toEqual(
      holders[0].snapshots.map(() => first.position.incarnation),
    );
    for (const [index, stay] of stays.entries()) {
      const store = stores[index] ?? stores[0];
      expect(await store.publish(key, stay.claim, stay.member)).toBe(true);
      expect(await store.send(key, stay.claim, message(stay, 3))).toBe(true);
      expect(await store.send(key, stay.claim, message(stay, 4))).toBe(true);
    }
    for (const { snapshots } of holders) expect(snapshots.filter(isShort)).toEqual([]);
    const later = await newcomer(redis.url, stores[0]);
    await told(() => expect(saidIn(later)).toEqual(['1:1', '1:2', '1:3', '1:4', '2:1', '2:2', '2:3', '2:4']));
    expect(holders.map(({ released, left }) => [released, left])).toEqual(holders.map(() => [[], []]));
    granted(await stores[1].resume('s2', key, resuming(stays[0], 9)));
    await told(() => expect(holders[0].released).toEqual([[1, 'superseded']]));
    expect(await stores[1].join('s2', key, joining(66))).toEqual({ refused: 'banned' });
  });

  it('with an old state: what was acknowledged since then is appended in another epoch, once', async () => {
    const { redis, stores, holders, stays } = await talking('SAVE');
    const [first, second] = stays;
    // Neither a message, nor a state, nor a silent takeover is in what it has kept.
    const silent = { ...nothingPassed, streamRemoved: true };
    expect(await stores[1].publish(key, second.claim, { ...second.member, passed: silent })).toBe(true);
    const moved = granted(await stores[1].resume('s2', key, resuming(first, 5)));
    expect(await stores[1].send(key, moved.claim, message(moved, 4))).toBe(true);
    await told(() => expect(holders[0].messages).toContain(4));
    await redis.kill();
    await redis.start();
    await told(() => expect(holders[0].snapshots.at(-1)?.position.epoch).toBeGreaterThan(1));
    expect(await stores[1].send(key, moved.claim, message(moved, 5))).toBe(true);
    expect(await stores[0].publish(key, first.claim, first.member)).toBe(false);
    const later = await newcomer(redis.url, stores[0]);
    await told(() => expect(saidIn(later)).toEqual(['1:1', '1:2', '1:3', '1:4', '1:5', '2:1', '2:2', '2:3']));
    const shown = later.snapshots.at(-1)?.members.find(({ uid }) => uid === 2);
    expect(shown?.passed.streamRemoved).toBe(true);
    for (const { snapshots } of holders) expect(snapshots.filter(isShort)).toEqual([]);
  });

  it('empty, while the server of one user is gone for good: a survivor takes it over, and nobody goes', async () => {
    const { redis, stores, holders } = await talking();
    stores[1].close();
    await redis.kill();
    await redis.start();
    await new Promise((resolve) => setTimeout(resolve, 3_500));
    expect(holders[0].adopted).toEqual([]);
    await told(() => expect(holders[0].adopted.map(({ uid }) => uid)).toEqual([2]));
    const [{ heardMs } = { heardMs: 0 }] = holders[0].adopted;
    expect(heardMs).toBeGreaterThanOrEqual(2_900);
    expect(heardMs).toBeLessThan(5_000);
    expect(holders[0].snapshots.filter(isShort)).toEqual([]);
  });
});

/** Two servers with a user each, who have said three things each. @param before the third of these, Redis is told this */
async function talking(before?: string) {
  const redis = await RedisProcess.start();
  ends.push(() => redis.close());
  const prefix = newPrefix();
  const stores: [RedisStore, RedisStore] = [
    await openStore(redis.url, prefix),
    await openStore(redis.url, prefix),
  ];
  const holders: [RecordingHolder, RecordingHolder] = [new RecordingHolder('s1'), new RecordingHolder('s2')];
  for (const [index, store] of stores.entries()) {
    ends.push(() => store.close());
    const holder = holders[index] ?? holders[0];
    store.connect(holder.id, holder, null);
    await store.follow(holder.id, key);
  }
  await told(() => expect(stores.map((store) => store.seats().length)).toEqual([2, 2]));
  const stays: [Claimed, Claimed] = [
    granted(await stores[0].join('s1', key, joining(1))),
    granted(await stores[1].join('s2', key, joining(2))),
  ];
  for (const holder of holders) holder.snapshots.splice(0);
  prefixes.set(stores[0], prefix);
  for (const number of [1, 2, 3]) {
    if (number === 3 && before !== undefined) await redis.ask(before);
    for (const [index, store] of stores.entries()) {
      const stay = stays[index] ?? stays[0];
      expect(await store.send(key, stay.claim, message(stay, number))).toBe(true);
    }
  }
  await told(() => expect(holders.map(({ messages }) => messages.length)).toEqual([6, 6]));
  return { redis, stores, holders, stays };
}

const prefixes = new Map<RedisStore, string>();

/** A server that comes when all is over. */
async function newcomer(url: string, beside: RedisStore): Promise<RecordingHolder> {
  const store = await openStore(url, prefixes.get(beside) ?? '');
  ends.push(() => store.close());
  const holder = new RecordingHolder('s3');
  store.connect('s3', holder, null);
  await store.follow('s3', key);
  return holder;
}

function message({ member: { join } }: Claimed, number: number) {
  return { join, stream: 1, number, data: new Uint8Array([number]), sentAt: 0 };
}

/** Somebody is not in it. */
function isShort({ members }: Snapshot): boolean {
  return members.length < 2;
}

function saidIn({ snapshots }: RecordingHolder): string[] {
  const history = snapshots.at(-1)?.history ?? [];
  return history
    .flatMap((entry) => (entry.type === 'message' ? [`${entry.message.uid}:${entry.message.number}`] : []))
    .sort();
}
