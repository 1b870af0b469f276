/** What every store must do about servers that leave, and users who ask and have to wait (C-53, C-56). */
import { afterEach, describe, expect, it } from 'vitest';
import {
  granted,
  joining,
  key,
  RecordingHolder,
  resuming,
  type Start,
  type StoreUnderTest,
  started,
  told,
} from './store.suite.ts';

export function patienceSuite(name: string, create: () => Promise<StoreUnderTest>): void {
  describe(`${name}: servers that leave, users who wait`, () => {
    let under: StoreUnderTest | undefined;
    afterEach(() => under?.close());
    const start: Start = async (...servers) => {
      under = await create();
      return started(under, servers);
    };
    patienceCases(start);
    whisperCases(start);
    heardCases(start);
  });
}

function patienceCases(start: Start): void {
  it('C-53 a server that hands over tells when it heard each of its users last', async () => {
    const [s1, s2] = [new RecordingHolder('s1'), new RecordingHolder('s2')];
    const store = await start(s1, s2);
    await store.follow('s1', key);
    const first = granted(await store.join('s1', key, joining(1)));
    s1.heardMs = 7_000;
    await store.handOver('s1');
    await told(() => expect(s1.released).toEqual([[1, 'superseded']]));
    await told(() => expect(s2.adopted.map(({ uid }) => uid)).toEqual([1]));
    expect(s2.adopted[0]?.heardMs).toBeGreaterThanOrEqual(7_000);
    expect(s2.adopted[0]?.heardMs).toBeLessThan(7_500);
    expect(await store.publish(key, first.claim, first.member)).toBe(false);
    await told(() => expect(store.seats().map(({ server }) => server)).toEqual(['s2']));
  });

  it('C-53 a server that is leaving says so, and is given nobody while there is another', async () => {
    const [s1, s2, s3] = ['s1', 's2', 's3'].map((id) => new RecordingHolder(id)) as [
      RecordingHolder,
      RecordingHolder,
      RecordingHolder,
    ];
    const store = await start(s1, s2, s3);
    await store.follow('s3', key);
    granted(await store.join('s3', key, joining(1)));
    const before = s1.serversTold;
    store.leaving('s1');
    await told(() => expect(s1.serversTold).toBeGreaterThan(before));
    await told(() => expect(store.seats()).toContainEqual({ server: 's1', url: 'ws://s1', leaving: true }));
    expect(store.seats()).toContainEqual({ server: 's2', url: 'ws://s2', leaving: false });
    store.disconnect('s3');
    await told(() => expect([s1.adopted.length, s2.adopted.length]).toEqual([0, 1]));
  });

  it('C-56 a join that has to wait is a sign of life of its user, and of nobody else', async () => {
    const [s1, s2] = [new RecordingHolder('s1'), new RecordingHolder('s2')];
    const store = await start(s1, s2);
    await store.follow('s1', key);
    const { session } = granted(await store.join('s1', key, joining(1)));
    await store.heard(key, { uid: 1, account: '' });
    await store.heard(key, { uid: 2, account: '' });
    await store.heard(key, { uid: 1, account: 'somebody else' });
    await store.heard({ ...key, channel: 'another' }, { uid: 1, account: '' });
    await told(() => expect(s1.heardOf).toEqual([1]));
    const named = granted(await store.join('s1', key, { ...joining(0), account: 'ann' }));
    await store.heard(key, { uid: 0, account: 'ann' });
    await told(() => expect(s1.heardOf).toEqual([1, named.claim.uid]));
    await store.heard(key, { uid: 1, account: '', session });
    await told(() => expect(s1.heardOf).toEqual([1, named.claim.uid, 1]));
    expect(s2.heardOf).toEqual([]);
  });
}

function whisperCases(start: Start): void {
  it('brings what a server whispers to the one that is meant', async () => {
    const [s1, s2] = [new RecordingHolder('s1'), new RecordingHolder('s2')];
    const store = await start(s1, s2);
    store.whisper('s1', 's2', 'a text\nof two lines');
    await told(() => expect([s1.whispers, s2.whispers]).toEqual([[], ['a text\nof two lines']]));
  });

  it('what is whispered to a server that is gone, or goes meanwhile, is lost, and harms nobody', async () => {
    const [s1, s2] = [new RecordingHolder('s1'), new RecordingHolder('s2')];
    const store = await start(s1, s2);
    store.whisper('s1', 's2', 'goes meanwhile');
    store.disconnect('s2');
    store.whisper('s1', 's2', 'is gone');
    store.whisper('s1', 's1', 'is there');
    await told(() => expect(s1.whispers).toEqual(['is there']));
  });
}

/** Who asks has been heard, whatever the answer (C-2, C-56). */
function heardCases(start: Start): void {
  it('C-2 a user of this server who comes back has been heard before the store has judged its proof', async () => {
    const s1 = new RecordingHolder('s1');
    const store = await start(s1);
    const first = granted(await store.join('s1', key, joining(1)));
    const proving = store.prove(key, resuming(first, 5));
    expect(s1.heardOf).toEqual([1]);
    expect(await proving).toEqual({ claim: first.claim });
    const stolen = store.prove(key, { ...resuming(first, 5), secret: 'guess' });
    expect(await stolen).toEqual({ refused: 'unknownSession' });
    expect(new Set(s1.heardOf)).toEqual(new Set([1]));
  });

  it('C-56 a stay that came back and never heard of its new session is heard when it asks under the old one', async () => {
    const s1 = new RecordingHolder('s1');
    const store = await start(s1);
    const stay = granted(await store.join('s1', key, { ...joining(1), rejoin: 7 }));
    const older = { ...resuming(stay, 5), session: 'older', secret: 'older' };
    for (const asks of [() => store.prove(key, older), () => store.resume('s1', key, older)]) {
      s1.heardOf.splice(0);
      expect(await asks()).toEqual({ refused: 'unknownSession' });
      expect(s1.heardOf).toEqual([1]);
    }
  });
}
