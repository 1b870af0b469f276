/** What every store must do that asks the first of two with one uid whether it lives, before it lets the second in (C-40). */
import { afterEach, describe, expect, it } from 'vitest';
import { granted, joining, key, RecordingHolder, type StoreUnderTest } from './store.suite.ts';

export function keepFirstSuite(name: string, create: () => Promise<StoreUnderTest>): void {
  describe(`${name}: the first is kept`, () => {
    let under: StoreUnderTest | undefined;
    afterEach(() => under?.close());
    const start = async (server: RecordingHolder) => {
      under = await create();
      under.store.connect(server.id, server, `ws://${server.id}`);
      return under.store;
    };

    it('C-40 a server that keeps the first refuses the newcomer only if the first answers', async () => {
      const s1 = new RecordingHolder('s1');
      const store = await start(s1);
      granted(await store.join('s1', key, joining(1)));
      const newcomer = { ...joining(1), nonce: 'another-device-0', keepFirst: true };
      s1.answers = true;
      expect(await store.join('s1', key, newcomer)).toEqual({ refused: 'uidInUse' });
      s1.answers = false;
      granted(await store.join('s1', key, newcomer));
    });

    it('C-40 of several attempts that waited for the first one to answer, one gets in', async () => {
      const s1 = new RecordingHolder('s1');
      const store = await start(s1);
      granted(await store.join('s1', key, joining(1)));
      const attempt = (number: number) =>
        store.join('s1', key, { ...joining(1), nonce: 'another-device-0', keepFirst: true, attempt: number });
      const [first, second] = await Promise.all([attempt(1), attempt(2)]);
      granted(first);
      expect(second).toEqual({ refused: 'superseded' });
    });

    it('C-40 an attempt for whose probe the first answered does not end a join that another one has won', async () => {
      const s1 = new RecordingHolder('s1');
      const store = await start(s1);
      granted(await store.join('s1', key, joining(1)));
      const waiting: ((answers: boolean) => void)[] = [];
      s1.answers = () => new Promise((resolve) => waiting.push(resolve));
      const attempt = (number: number) =>
        store.join('s1', key, { ...joining(1), nonce: 'another-device-0', keepFirst: true, attempt: number });
      const [early, late] = [attempt(1), attempt(2)];
      await expect.poll(() => waiting.length).toBe(2);
      waiting[0]?.(false);
      granted(await early);
      waiting[1]?.(true);
      expect(await late).toEqual({ refused: 'superseded' });
    });
  });
}
