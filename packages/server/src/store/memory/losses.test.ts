/** What is known of whom when servers die one after the other, and when a store has lost its memory. */
import { defaultLimits, type Member } from '@holdfast/core';
import { beforeEach, describe, expect, it } from 'vitest';
import { blank, granted, joining, key, RecordingHolder, resuming } from '../store.suite.ts';
import { MemoryStore } from './store.ts';

let now = 0;

beforeEach(() => {
  now = 0;
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
  const store = new MemoryStore({
    random,
    now: () => now,
    firstJoin: 0,
    limits: defaultLimits,
    channelUsers: 9,
  });
  const [s1, s2, s3] = [new RecordingHolder('s1'), new RecordingHolder('s2'), new RecordingHolder('s3')];
  for (const server of [s1, s2, s3]) store.connect(server.id, server, `ws://${server.id}`);
  return { store, s1, s2, s3 };
}
