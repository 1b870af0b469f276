import { defaultLimits } from '@holdfast/core';
import { bansSuite } from '../bans.suite.ts';
import { keepFirstSuite } from '../keep-first.suite.ts';
import { lossesSuite } from '../losses.suite.ts';
import { patienceSuite } from '../patience.suite.ts';
import { storeSuite } from '../store.suite.ts';
import { MemoryStore } from './store.ts';

storeSuite('memory store', async () => create(() => 0));
keepFirstSuite('memory store', async () => create(() => 0));
bansSuite('memory store', async () => create(() => performance.now()));
patienceSuite('memory store', async () => create(() => performance.now()));
lossesSuite('memory store', async (stoodMs) => create(() => performance.now(), stoodMs));

function create(now: () => number, stoodMs = () => 0) {
  let ids = 0;
  const random = { next: () => 0.5, id: () => `id-${++ids}` };
  const options = { random, now, stoodMs, firstJoin: 0, limits: defaultLimits, channelUsers: 100 };
  return { store: new MemoryStore(options), close: async () => undefined };
}
