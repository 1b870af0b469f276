/** The store's suite, over a real Redis: each server of a test has a store of its own, as in a cluster. */
import { afterAll, beforeAll, describe } from 'vitest';
import { RedisProcess, type RedisProcessOptions } from '../../faults/redis.ts';
import { RedisCluster } from '../../faults/redis-cluster.ts';
import { bansSuite } from '../bans.suite.ts';
import { keepFirstSuite } from '../keep-first.suite.ts';
import { lossesSuite } from '../losses.suite.ts';
import { patienceSuite } from '../patience.suite.ts';
import { storeSuite } from '../store.suite.ts';
import type { Holder, Store } from '../store.ts';
import { newPrefix, openStore } from './stage.ts';
import type { RedisStore } from './store.ts';

const running: { close(): Promise<void> }[] = [];
afterAll(async () => {
  for (const each of running) await each.close();
});

/** Where the store may live: each starts it and answers with its address. */
const places: Record<string, () => Promise<string>> = {
  redis: async () => (await started()).url,

  async sentinel() {
    const { port } = await started();
    const watching = `sentinel monitor truth 127.0.0.1 ${port} 1`;
    const sentinel = await started({ sentinel: watching });
    return `redis+sentinel://127.0.0.1:${sentinel.port}/truth`;
  },

  async cluster() {
    const cluster = await RedisCluster.start();
    running.push(cluster);
    return cluster.url;
  },
};

describe.each(Object.keys(places))('over %s', (name) => {
  let url = '';
  beforeAll(async () => {
    url = (await places[name]?.()) ?? '';
  });
  storeSuite('the store', () => create(url));
  bansSuite('the store', () => create(url));
  patienceSuite('the store', () => create(url));
  keepFirstSuite('the store', () => create(url));
  // What is told here is told by clocks, wherever Redis is.
  if (name === 'redis') lossesSuite('the store', (stoodMs) => create(url, stoodMs));
});

async function started(options: RedisProcessOptions = {}): Promise<RedisProcess> {
  const redis = await RedisProcess.start(options);
  running.push(redis);
  return redis;
}

async function create(url: string, stoodMs?: () => number) {
  const prefix = newPrefix();
  const open = () => openStore(url, prefix, stoodMs);
  const spare = await Promise.all([open(), open(), open()]);
  const { store, close } = oneOf(spare);
  return { store, close };
}

/** Several servers' stores as if they were one: a call goes to its server's, one that names none to any. */
function oneOf(spare: readonly RedisStore[]): { store: Store; close: () => Promise<void> } {
  const taken = new Map<string, RedisStore>();
  const free = [...spare];
  const of = (server: string): RedisStore => {
    const store = taken.get(server);
    if (store === undefined) throw new Error(`${server} is not connected`);
    return store;
  };
  const any = (): RedisStore => [...taken.values()].at(-1) ?? expectPlace();
  const store: Store = {
    connect(server: string, holder: Holder, url: string | null = null) {
      const own = free.shift() ?? expectPlace();
      taken.set(server, own);
      own.connect(server, holder, url);
    },
    disconnect(server) {
      of(server).disconnect();
      taken.delete(server);
    },
    async handOver(server) {
      await of(server).handOver();
      taken.delete(server);
    },
    whisper: (from, to, text) => of(from).whisper(from, to, text),
    leaving: (server) => of(server).leaving(),
    // Of the server that knows the fewest.
    seats: () => [...taken.values()].map((each) => each.seats()).sort((a, b) => a.length - b.length)[0] ?? [],
    trouble: () => any().trouble(),
    follow: (server, key) => of(server).follow(server, key),
    unfollow: (server, key) => of(server).unfollow(server, key),
    join: (server, key, request) => of(server).join(server, key, request),
    resume: (server, key, request) => of(server).resume(server, key, request),
    prove: (key, proof) => any().prove(key, proof),
    heard: (key, user) => any().heard(key, user),
    leave: (key, proof) => any().leave(key, proof),
    publish: (key, claim, member, removed) => any().publish(key, claim, member, removed),
    send: (key, claim, message) => any().send(key, claim, message),
    forget: (key, claim) => any().forget(key, claim),
    remove: (target) => any().remove(target),
    ban: (target, forMs) => any().ban(target, forMs),
    unban: (target) => any().unban(target),
    bans: () => any().bans(),
  };
  const close = async () => {
    for (const each of spare) each.close();
  };
  return { store, close };
}

function expectPlace(): never {
  throw new Error('this cannot be');
}
