/** What every store must do about whom the operator removes (C-44). */
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { granted, joining, key, RecordingHolder, resuming, type StoreUnderTest } from './store.suite.ts';
import type { Store, Target } from './store.ts';

const all = { appId: key.appId, channel: null, uid: null, account: null };
const minute = 60_000;

export function bansSuite(name: string, create: () => Promise<StoreUnderTest>): void {
  describe(`${name}: removals and bans`, () => {
    let under: StoreUnderTest | undefined;
    afterEach(() => under?.close());
    const start = async (...servers: RecordingHolder[]): Promise<Store> => {
      under = await create();
      for (const server of servers) under.store.connect(server.id, server, `ws://${server.id}`);
      const { store } = under;
      // A server that has just come hears of the others soon.
      await vi.waitFor(() => expect(store.seats()).toHaveLength(servers.length), { interval: 5 });
      return under.store;
    };
    removalCases(start);
    banCases(start);
  });
}

type Start = (...servers: RecordingHolder[]) => Promise<Store>;

function removalCases(start: Start): void {
  it('C-44 every server is told once of a removal', async () => {
    const servers = [new RecordingHolder('s1'), new RecordingHolder('s2')];
    const store = await start(...servers);
    const target = user(7);
    await store.remove(target);
    for (const { removals } of servers) await until(() => removals.length > 0);
    expect(servers.map(({ removals }) => removals)).toEqual([[target], [target]]);
  });

  it('C-44 a stay that was removed is over: it is refused as banned, and a fresh join is not', async () => {
    const store = await start(new RecordingHolder('s1'));
    const stay = granted(await store.join('s1', key, joining(1)));
    await store.publish(key, stay.claim, { ...stay.member, gone: 'quit', streams: [] }, true);
    expect(await store.resume('s1', key, resuming(stay, 5))).toEqual({ refused: 'banned' });
    expect(await store.prove(key, resuming(stay, 6))).toEqual({ refused: 'banned' });
    const repeated = { ...joining(1), attempt: 7 };
    expect(await store.join('s1', key, repeated)).toEqual({ refused: 'banned' });
    const rejoin = { ...joining(1), nonce: 'another-nonce-00', rejoin: stay.member.join };
    expect(await store.join('s1', key, rejoin)).toEqual({ refused: 'banned' });
    granted(await store.join('s1', key, { ...joining(1), nonce: 'the-app-joins-again' }));
  });

  it('C-44 a user who left by itself is not taken for one who was removed', async () => {
    const store = await start(new RecordingHolder('s1'));
    const stay = granted(await store.join('s1', key, joining(1)));
    await store.publish(key, stay.claim, { ...stay.member, gone: 'quit', streams: [] });
    expect(await store.resume('s1', key, resuming(stay, 5))).toEqual({ refused: 'unknownSession' });
  });
}

function banCases(start: Start): void {
  it('C-44 who is banned is removed, and neither joins nor resumes nor proves while it lasts', async () => {
    const s1 = new RecordingHolder('s1');
    const store = await start(s1);
    const stay = granted(await store.join('s1', key, joining(1)));
    await store.ban(user(1), minute);
    await until(() => s1.removals.length > 0);
    const fresh = { ...joining(1), nonce: 'the-app-joins-again' };
    expect(await store.join('s1', key, fresh)).toEqual({ refused: 'banned' });
    expect(await store.resume('s1', key, resuming(stay, 5))).toEqual({ refused: 'banned' });
    expect(await store.prove(key, resuming(stay, 6))).toEqual({ refused: 'banned' });
    expect(await store.unban(user(1))).toBe(true);
    expect(await store.unban(user(1))).toBe(false);
    granted(await store.join('s1', key, fresh));
  });

  it.each<[string, Target, boolean, boolean, boolean]>([
    ['a user of a channel', user(1), true, false, false],
    ['a user in all channels', { ...all, uid: 1 }, true, true, false],
    ['an account', { ...all, channel: key.channel, account: 'ann' }, false, false, true],
    ['an account in all channels', { ...all, account: 'ann' }, false, false, true],
    ['a channel', { ...all, channel: key.channel }, true, false, true],
  ])('C-44 a ban of %s concerns nobody else', async (_, target, one, elsewhere, ann) => {
    const store = await start(new RecordingHolder('s1'));
    await store.ban(target, minute);
    const isBanned = async (where: typeof key, uid: number, account = '') => {
      const answer = await store.join('s1', where, {
        ...joining(uid),
        nonce: `of-${uid}-${account}`,
        account,
      });
      return 'refused' in answer && answer.refused === 'banned';
    };
    const other = { ...key, channel: 'another' };
    expect(await isBanned(key, 1)).toBe(one);
    expect(await isBanned(other, 1)).toBe(elsewhere);
    expect(await isBanned(key, 0, 'ann')).toBe(ann);
    expect(await isBanned({ ...key, appId: 'other' }, 1)).toBe(false);
    expect(await isBanned(other, 2)).toBe(false);
  });

  it('C-44 bans are listed with what is left of them, and end by themselves', async () => {
    const store = await start(new RecordingHolder('s1'));
    await store.ban(user(1), 500);
    await store.ban(user(2), minute);
    await store.ban(user(2), 2 * minute);
    const listed = [...(await store.bans())].sort((a, b) => a.leftMs - b.leftMs);
    expect(listed.map(({ uid }) => uid)).toEqual([1, 2]);
    expect(listed[1]?.leftMs).toBeGreaterThan(minute);
    expect(listed[1]?.leftMs).toBeLessThanOrEqual(2 * minute);
    while ((await store.bans()).length > 1) await sleep(5);
    // A server counts from when it was told, a moment after the list began to.
    await vi.waitFor(async () => granted(await store.join('s1', key, joining(1))), { interval: 5 });
  });
}

function user(uid: number): Target {
  return { ...all, channel: key.channel, uid };
}

async function until(done: () => boolean): Promise<void> {
  while (!done()) await sleep(2);
}
