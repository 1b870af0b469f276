/** What every store must know of whom when servers die one after the other, and when it is young (C-3, C-14, C-56, C-58, C-59). */
import type { Member } from '@holdfast/core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  blank,
  granted,
  joining,
  key,
  RecordingHolder,
  type StoreUnderTest,
  started,
  told,
} from './store.suite.ts';
import type { Store } from './store.ts';

export function lossesSuite(name: string, create: (stoodMs: () => number) => Promise<StoreUnderTest>): void {
  describe(`${name}: what is lost`, () => {
    let under: StoreUnderTest | undefined;
    let stoodMs = 0;
    beforeEach(() => {
      stoodMs = 0;
    });
    afterEach(() => under?.close());
    const start = async (...servers: RecordingHolder[]) => {
      under = await create(() => stoodMs);
      return started(under, servers);
    };

    heirCases(start);
    youngCases(start, (ms) => {
      stoodMs = ms;
    });
  });
}

type Start = (...servers: RecordingHolder[]) => Promise<Store>;

function heirCases(start: Start): void {
  it('C-58 after the death of an heir too a silence counts from the first death, or from a sign of life since', async () => {
    const [s1, s2, s3] = three();
    const store = await start(s1, s2, s3);
    await store.follow('s1', key);
    granted(await store.join('s1', key, joining(1)));
    const heard = granted(await store.join('s1', key, joining(2)));
    store.leaving('s3');
    store.disconnect('s1');
    await told(() => expect(uidsOf(s2)).toEqual([1, 2]));
    await pause(2_500);
    const { session, secret, member } = heard;
    await store.prove(key, { uid: 2, session, secret, account: '', join: member.join });
    await told(() => expect(s2.heardOf).toEqual([2]));
    store.disconnect('s2');
    await told(() => expect(uidsOf(s3)).toEqual([1, 2]));
    // A server's lease is good for 1.5 s after it was renewed.
    const [silent = 0, spoke = 0] = [1, 2].map((uid) => s3.adopted.find((each) => each.uid === uid)?.heardMs);
    expect(silent).toBeGreaterThan(2_500 - 1_500 - 100);
    expect(silent).toBeLessThan(4_500);
    expect(spoke).toBeLessThan(1_100);
  });

  it('C-14 a goodbye that was told to a server which died before it said so is told to its heir', async () => {
    const [s1, s2] = three();
    const store = await start(s1, s2);
    await store.follow('s1', key);
    const { session, secret, member } = granted(await store.join('s1', key, joining(1)));
    expect(await store.leave(key, { uid: 1, session, secret, account: '', join: member.join })).toBeNull();
    await told(() => expect(s1.left).toEqual([1]));
    store.disconnect('s1');
    await told(() => expect(s2.left).toEqual([1]));
  });
}

function youngCases(start: Start, stand: (ms: number) => void): void {
  const known: Member = { ...blank, uid: 2, join: 4 };
  const back = { ...joining(1), rejoin: 3, known: [known], quietMs: 5_000 };
  const stranger = { uid: 2, session: 'of-old', secret: 'x', account: '', join: 4 };

  it('C-56 an attempt of somebody of whom a returner tells later is a sign of life', async () => {
    const s1 = new RecordingHolder('s1');
    const store = await start(s1);
    await store.follow('s1', key);
    expect(await store.prove(key, stranger)).toEqual({ refused: 'unknownSession' });
    granted(await store.join('s1', key, back));
    await told(() => expect(s1.adopted.map(({ uid }) => uid)).toEqual([2]));
    expect(s1.adopted[0]?.heardMs).toBeLessThan(2_000);
  });

  it('C-14 a goodbye of somebody of whom a returner tells later is remembered, and not of a later stay', async () => {
    const s1 = new RecordingHolder('s1');
    const store = await start(s1);
    await store.follow('s1', key);
    expect(await store.leave(key, stranger)).toBeNull();
    await store.leave(key, { ...stranger, uid: 3, join: 5 });
    granted(await store.join('s1', key, { ...back, known: [known, { ...blank, uid: 3, join: 6 }] }));
    const seen = () => s1.members.map(({ uid, gone }) => `${uid} ${gone}`).sort();
    await told(() => expect(seen()).toEqual(['1 no', '2 quit', '3 no']));
  });

  it('C-3 what this server stood still itself is no silence of those in the picture', async () => {
    const s1 = new RecordingHolder('s1');
    const store = await start(s1);
    await store.follow('s1', key);
    stand(10_000);
    granted(await store.join('s1', key, { ...back, quietMs: 13_000 }));
    await told(() => expect(s1.adopted).toEqual([{ uid: 2, heardMs: expect.closeTo(3_000, -2) }]));
  });
}

function three(): [RecordingHolder, RecordingHolder, RecordingHolder] {
  return [new RecordingHolder('s1'), new RecordingHolder('s2'), new RecordingHolder('s3')];
}

function uidsOf({ adopted }: RecordingHolder): number[] {
  return adopted.map(({ uid }) => uid).sort();
}

async function pause(ms: number): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, ms));
}
