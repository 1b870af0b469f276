import { defaultLimits } from '@holdfast/core';
import { storeSuite } from '../store.suite.ts';
import { MemoryStore } from './store.ts';

storeSuite('memory store', async () => {
  let ids = 0;
  const random = { next: () => 0.5, id: () => `id-${++ids}` };
  const options = { random, now: () => 0, firstJoin: 0, limits: defaultLimits, channelUsers: 100 };
  return { store: new MemoryStore(options), close: async () => undefined };
});
