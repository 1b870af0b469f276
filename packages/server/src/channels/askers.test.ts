import { defaultLimits, type Member, nothingPassed } from '@holdfast/core';
import { describe, expect, it } from 'vitest';
import { MemoryStore } from '../store/memory/store.ts';
import { Channels } from './channels.ts';

const key = { appId: 'app', channel: 'room' };
const random = { next: () => 0.5, id: () => 'an id' };

describe('C-56 who asked while nobody held it', () => {
  it('counts as silent from then on when it is adopted, however late that is', () => {
    const { adoptedAfter } = server();
    expect(adoptedAfter((channels) => channels.heardAsking(key, { uid: 1, account: '' }))).toBe(3_000);
  });

  it('somebody else who asked says nothing', () => {
    const { adoptedAfter } = server();
    const another = (channels: Channels) => {
      channels.heardAsking(key, { uid: 1, account: 'ann' });
      channels.heardAsking(key, { uid: 2, account: '' });
      channels.heardAsking({ ...key, channel: 'another' }, { uid: 1, account: '' });
    };
    expect(adoptedAfter(another)).toBe(12_000);
  });
});

describe('C-3 C-56 while connections wait at the door', () => {
  it('nobody is judged who was adopted and may stand there', () => {
    const { judge, door } = server();
    door.crowded = true;
    expect(judge(12_000)).toMatchObject({ streamRemoved: false });
    expect(judge(40_000)).toMatchObject({ peerOffline: false });
    door.crowded = false;
    expect(judge(40_100)).toMatchObject({ streamRemoved: true, peerOffline: true });
  });

  it('longer than a minute nobody is waited for', () => {
    const { judge, door } = server();
    door.crowded = true;
    expect(judge(71_999)).toMatchObject({ peerOffline: false });
    expect(judge(72_100)).toMatchObject({ peerOffline: true });
  });
});

/** A server that adopts user 1 at 12 s, unheard since its own server died at 0. */
function server() {
  let now = 0;
  const door = { crowded: false };
  const limits = defaultLimits;
  const store = new MemoryStore({ random, now: () => now, firstJoin: 0, limits, channelUsers: 10 });
  const channels = new Channels({
    id: 's1',
    store,
    settings: {
      ...{ limits, appIds: [], servers: () => [], sameUid: 'replace' },
      authenticate: () => ({ close: 'invalidToken', text: '' }),
    },
    now: () => now,
    report: () => undefined,
    crowded: () => door.crowded,
  });
  return {
    door,
    /** Which limits have passed for user 1, adopted at 12 s, when it is `at`. */
    judge(at: number) {
      if (now < 12_000) {
        now = 12_000;
        channels.adopt(key, { uid: 1, fence: 2 }, member, 12_000);
      }
      for (; now <= at; now += 100) channels.agenda.run(now);
      return channels.all()[0]?.held.get(1)?.member.passed;
    },
    adoptedAfter(at9s: (channels: Channels) => unknown) {
      now = 9_000;
      at9s(channels);
      now = 12_000;
      channels.adopt(key, { uid: 1, fence: 2 }, member, 12_000);
      return channels.all()[0]?.held.get(1)?.heardMs;
    },
  };
}

const member: Member = {
  ...{ uid: 1, account: '', join: 1, platform: 'linux', role: 'host', streams: [], sent: [] },
  ...{ gone: 'no', passed: nothingPassed },
};
