/** What is known of whom when servers die one after the other, and when a store has lost its memory. */
import { defaultLimits, type Member } from '@holdfast/core';
import { beforeEach, describe, expect, it } from 'vitest';
import { blank, granted, joining, key, RecordingHolder, resuming } from '../store.suite.ts';
import { MemoryStore } from './store.ts';

let now = 0;
let stoodMs = 0;

beforeEach(() => {
  now = 0;
  stoodMs = 0;
});

describe('C-58 a server dies, then its heir', () => {
  it('silence counts from the first one’s death, for the heir never heard the user', async () => {
    const { store, s2, s3 } = await threeServers();
    granted(await store.join('s1', key, joining(1)));
    now = 6_000;
    store.disconnect('s1');
    now = 10_000;
    store.disconnect('s2');
    expect([s2.adopted, s3.adopted]).toEqual([[{ uid: 1, heardMs: 0 }], [{ uid: 1, heardMs: 4_000 }]]);
  });

  it('or from the sign of life that came to another server meanwhile', async () => {
    const { store, s3 } = await threeServers();
    const stay = granted(await store.join('s1', key, joining(1)));
    now = 6_000;
    store.disconnect('s1');
    now = 9_000;
    await store.prove(key, resuming(stay, 2));
    now = 10_000;
    store.disconnect('s2');
    expect(s3.adopted).toEqual([{ uid: 1, heardMs: 1_000 }]);
  });

  it('and from the heir’s death where the user had come to it', async () => {
    const { store, s3 } = await threeServers();
    const stay = granted(await store.join('s1', key, joining(1)));
    store.disconnect('s1');
    granted(await store.resume('s2', key, resuming(stay, 2)));
    now = 10_000;
    store.disconnect('s2');
    expect(s3.adopted).toEqual([{ uid: 1, heardMs: 0 }]);
  });
});

it('C-14 a goodbye that was told to a dead server is told to its heir', async () => {
  const { store, s2 } = await threeServers();
  const stay = granted(await store.join('s1', key, joining(1)));
  expect(await store.leave(key, resuming(stay, 1))).toBeNull();
  store.disconnect('s1');
  expect(s2.left).toEqual([1]);
});

describe('C-59 a store that has lost its memory', () => {
  const known: Member = { ...blank, uid: 2, join: 4 };
  const back = { ...joining(1), rejoin: 3, known: [known] };
  const stranger = { ...resuming({ ...nobody(), member: known }, 9), uid: 2 };

  it('C-56 remembers an attempt of somebody of whom it is told later', async () => {
    const { store, s1 } = await threeServers();
    now = 1_000;
    expect(await store.resume('s1', key, stranger)).toEqual({ refused: 'unknownSession' });
    now = 3_000;
    await store.join('s1', key, { ...back, quietMs: 5_000 });
    expect(s1.adopted).toEqual([{ uid: 2, heardMs: 2_000 }]);
  });

  it('C-14 remembers a goodbye of somebody of whom it is told later, but not of a later stay', async () => {
    const { store, s1 } = await threeServers();
    await store.follow('s1', key);
    expect(await store.leave(key, stranger)).toBeNull();
    const later = { ...blank, uid: 3, join: 6 };
    await store.leave(key, { ...stranger, uid: 3, join: 5 });
    await store.join('s1', key, { ...back, known: [known, later], quietMs: 5_000 });
    expect(s1.members.map(({ uid, gone }) => [uid, gone]).sort()).toEqual([
      [1, 'no'],
      [2, 'quit'],
      [3, 'no'],
    ]);
  });

  it('C-3 does not count what it stood still itself', async () => {
    const { store, s1 } = await threeServers();
    now = 1_000;
    stoodMs = 10_000;
    await store.join('s1', key, { ...back, quietMs: 13_000 });
    expect(s1.adopted).toEqual([{ uid: 2, heardMs: 3_000 }]);
  });
});

it('C-40 who had been taken over while away stays out, though only a returner’s picture knows of the newer one', async () => {
  const { store } = await threeServers();
  const newer: Member = { ...blank, uid: 2, join: 7 };
  granted(await store.join('s1', key, { ...joining(1), rejoin: 3, known: [newer], quietMs: 1_000 }));
  expect(await store.join('s1', key, { ...joining(2), rejoin: 6 })).toEqual({ refused: 'sameUid' });
  granted(await store.join('s1', key, { ...joining(2), rejoin: 7 }));
});

it('C-34 a survivor counts a goodbye that its dead server took from when it was said', async () => {
  const { store, s2 } = await threeServers();
  const { claim, member } = granted(await store.join('s1', key, joining(1)));
  now = 1_000;
  await store.publish(key, claim, { ...member, gone: 'quit' });
  now = 9_000;
  store.disconnect('s1');
  expect(s2.adopted).toEqual([{ uid: 1, heardMs: 8_000 }]);
});

async function threeServers() {
  let ids = 0;
  const random = { next: () => 0.5, id: () => `id-${++ids}` };
  const clocks = { now: () => now, stoodMs: () => stoodMs };
  const store = new MemoryStore({ random, ...clocks, firstJoin: 0, limits: defaultLimits, channelUsers: 9 });
  const [s1, s2, s3] = [new RecordingHolder('s1'), new RecordingHolder('s2'), new RecordingHolder('s3')];
  for (const server of [s1, s2, s3]) store.connect(server.id, server, `ws://${server.id}`);
  return { store, s1, s2, s3 };
}

/** Of a stay that the store does not know. */
function nobody() {
  const claim = { uid: 2, fence: 1 };
  const position = { incarnation: 'gone', epoch: 1, seq: 1 };
  const inherited = { streams: [], heardMs: 0 };
  return { claim, session: 'of-old', secret: 'x', position, inherited, before: null };
}
