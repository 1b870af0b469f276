/** A Redis Cluster whose slots move to other nodes while channels live in them (C-50, C-60). */
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { RedisProcess } from '../../faults/redis.ts';
import { RedisCluster } from '../../faults/redis-cluster.ts';
import { granted, joining, key, RecordingHolder, resuming, told } from '../store.suite.ts';
import type { Claimed } from '../store.ts';
import { channelText, Names } from './names.ts';
import { newPrefix, openStore } from './stage.ts';

let cluster: RedisCluster;
beforeAll(async () => {
  cluster = await RedisCluster.start();
  return () => cluster.close();
});

const ends: (() => unknown)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

describe('C-50 a Redis Cluster', () => {
  it('moves the slots of a channel and of the servers: everything is said once, in order, and nobody is judged', async () => {
    const { stores, holders, names, stay } = await talking();
    const sender = new Sender((number) => stores[0].send(key, stay.claim, message(stay, number)));
    const goesOn = async () => {
      const { said } = sender;
      await told(() => expect(sender.said).toBeGreaterThan(said + 5));
    };
    // Half of a channel's keys here and half there: Redis has everybody wait.
    const meanwhile = (stage: string) => (stage === 'half' ? sleep(400) : goesOn());
    await move(names.channel(channelText(key))[0], meanwhile);
    await goesOn();
    // While it lasts no lease is renewed: what depends on that may wait.
    await move(names.servers[0]);
    await goesOn();
    await sender.end();
    await told(() => expect(holders.map(({ messages }) => messages)).toEqual([sender.all, sender.all]));
    granted(await stores[1].resume('s2', key, resuming(stay, 5)));
    await told(() => expect(holders[0].released).toEqual([[1, 'superseded']]));
    expect(holders.map(({ adopted, left }) => [adopted, left])).toEqual([
      [[], []],
      [[], []],
    ]);
    expect(stores.map((store) => store.trouble())).toEqual([null, null]);
  });

  it('C-60 ends the connection on which a server is told things: what was said meanwhile comes at once', async () => {
    const { stores, holders, stay } = await talking();
    for (let number = 2; number < 12; number += 1) {
      for (const node of cluster.nodes) await node.ask('CLIENT', 'KILL', 'TYPE', 'pubsub');
      expect(await stores[0].send(key, stay.claim, message(stay, number))).toBe(true);
      await told(() => expect(holders[1].messages.at(-1)).toBe(number));
    }
    expect(holders[1].messages).toEqual(Array.from({ length: 11 }, (_, index) => index + 1));
  });
});

/** Two servers, at one of them a user who has said something. */
async function talking() {
  const prefix = newPrefix();
  const open = async () => {
    const store = await openStore(cluster.url, prefix);
    ends.push(() => store.close());
    return store;
  };
  const stores = [await open(), await open()] as const;
  const holders = [new RecordingHolder('s1'), new RecordingHolder('s2')] as const;
  for (const [index, store] of stores.entries()) {
    const holder = holders[index] ?? holders[0];
    store.connect(holder.id, holder, null);
    await store.follow(holder.id, key);
  }
  await told(() => expect(stores.map((store) => store.seats().length)).toEqual([2, 2]));
  const stay = granted(await stores[0].join('s1', key, joining(1)));
  expect(await stores[0].send(key, stay.claim, message(stay, 1))).toBe(true);
  await told(() => expect(holders.map(({ messages }) => messages)).toEqual([[1], [1]]));
  return { stores, holders, stay, names: new Names(prefix) };
}

/** Says one thing after the other, each when the one before is acknowledged. */
class Sender {
  said = 1;
  readonly #ended: Promise<void>;
  #ending = false;

  constructor(send: (number: number) => Promise<unknown>) {
    this.#ended = this.#run(send);
  }

  get all(): number[] {
    return Array.from({ length: this.said }, (_, index) => index + 1);
  }

  async end(): Promise<void> {
    this.#ending = true;
    await this.#ended;
  }

  async #run(send: (number: number) => Promise<unknown>): Promise<void> {
    while (!this.#ending) {
      expect(await send(this.said + 1)).toBe(true);
      this.said += 1;
      await sleep(2);
    }
  }
}

/** Moves the slot of a key to another node. */
async function move(name = '', meanwhile?: Parameters<RedisCluster['move']>[3]): Promise<void> {
  const { slot, owner } = await cluster.place(name);
  await cluster.move(slot, owner, another(owner), meanwhile);
}

function another(owner: RedisProcess): RedisProcess {
  const { nodes } = cluster;
  return nodes[(nodes.indexOf(owner) + 1) % nodes.length] ?? owner;
}

function message({ member: { join } }: Claimed, number: number) {
  return { join, stream: 1, number, data: new Uint8Array([number % 256]), sentAt: 0 };
}
