/** The operator bans somebody while a server begins: it must hold on that server, too (C-44). */
import { defaultLimits } from '@holdfast/core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { RedisProcess } from '../../faults/redis.ts';
import { granted, joining, key, RecordingHolder, told } from '../store.suite.ts';
import { placeOf } from './address.ts';
import { type Link, type LinkListener, RedisLink, type Reply } from './link.ts';
import { banned, type Script } from './scripts.ts';
import { newPrefix, openStore } from './stage.ts';
import { RedisStore } from './store.ts';

const minute = 60_000;
const target = { appId: key.appId, channel: null, uid: 1, account: null };
let redis: RedisProcess;
beforeAll(async () => {
  redis = await RedisProcess.start();
});
const stores: RedisStore[] = [];
afterAll(async () => {
  for (const store of stores) store.close();
  await redis.close();
});

it.concurrent('C-44 nobody is let in before a server has read who is banned', async () => {
  const { first, prefix } = await firstServer();
  await first.ban(target, minute);
  const reading = held();
  const second = begun(prefix, 's2', (link) => reading.holdUp(link));
  await reading.asked;
  const joined = second.join('s2', key, joining(1));
  const other = second.join('s2', key, joining(2));
  const early = await Promise.race([
    joined,
    other,
    new Promise((resolve) => setTimeout(resolve, 300, 'waits')),
  ]);
  reading.goOn();
  expect(early).toBe('waits');
  expect(await joined).toEqual({ refused: 'banned' });
  granted(await other);
});

it.concurrent('C-44 a ban holds on a server that has read before it, and of which the others have not heard yet', async () => {
  const { first, prefix } = await firstServer();
  const reading = held();
  const second = begun(prefix, 's2', (link) => reading.holdUp(link));
  await reading.answered;
  const unheardOf = first.seats().length === 1;
  await first.ban(target, minute);
  reading.goOn();
  expect(unheardOf).toBe(true);
  expect(await second.join('s2', key, joining(1))).toEqual({ refused: 'banned' });
});

it.concurrent('C-44 what a server is told while it reads an older list holds for all of its time', async () => {
  const { first, prefix } = await firstServer();
  const reading = held();
  const second = begun(prefix, 's2', (link) => reading.holdUp(link));
  await reading.answered;
  await told(() => expect(first.seats()).toHaveLength(2));
  await first.ban(target, minute);
  reading.goOn();
  // For some seconds even what a list lacks is held to be banned.
  await new Promise((resolve) => setTimeout(resolve, 3_300));
  expect(await second.join('s2', key, joining(1))).toEqual({ refused: 'banned' });
});

async function firstServer(): Promise<{ first: RedisStore; prefix: string }> {
  const prefix = newPrefix();
  const first = await openStore(redis.url, prefix);
  stores.push(first);
  first.connect('s1', new RecordingHolder('s1'), null);
  await told(() => expect(first.trouble()).toBeNull());
  return { first, prefix };
}

function begun(prefix: string, name: string, way: (link: Link) => Link): RedisStore {
  const place = placeOf(redis.url);
  if (place === null) throw new Error('this cannot be');
  const store = new RedisStore({
    ...{ place, prefix, limits: defaultLimits, channelUsers: 100 },
    link: (listener: LinkListener) => way(new RedisLink(place, listener)),
    random: { next: Math.random, id: () => `${Math.random()}`.slice(2).padEnd(32, '0') },
    report: (trouble) => {
      if (trouble.type === 'bug') throw trouble.error;
    },
  });
  stores.push(store);
  store.connect(name, new RecordingHolder(name), null);
  return store;
}

/** The list of bans is read, and its answer arrives only when the test says so. */
function held() {
  const [asked, answered, goOn] = [signal(), signal(), signal()];
  const run = async (
    link: Link,
    script: Script,
    ...rest: [readonly string[], readonly (string | number | Buffer)[]]
  ): Promise<Reply> => {
    if (script !== banned) return link.run(script, ...rest);
    asked.give();
    const reply = await link.run(script, ...rest);
    answered.give();
    await goOn.given;
    return reply;
  };
  const holdUp = (link: Link): Link => {
    const held = Object.create(link) as Link;
    held.run = (script, keys, args) => run(link, script, keys, args);
    for (const name of ['open', 'listen', 'unlisten', 'tell', 'reconnect', 'listenAnew', 'close'] as const)
      Object.assign(held, { [name]: (link[name] as () => unknown).bind(link) });
    return held;
  };
  return { holdUp, asked: asked.given, answered: answered.given, goOn: goOn.give };
}

function signal(): { readonly given: Promise<void>; give(): void } {
  let settle: (() => void) | undefined;
  const given = new Promise<void>((resolve) => {
    settle = resolve;
  });
  return { given, give: () => settle?.() };
}
