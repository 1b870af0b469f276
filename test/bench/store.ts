/** What the store over Redis carries, beside what Redis does for the same client in the same run. */
import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { defaultLimits } from '@holdfast/core';
import { RedisProcess } from '@holdfast/server/faults';
import { RedisLink, RedisStore, script } from '@holdfast/server/internals';
import { Member } from '../cluster/cluster.ts';
import { freePort } from '../conformance/processes.ts';
import { Crowd } from './crowd.ts';
import { type Figures, figure } from './figures.ts';

/** Appends under way at a time, over so many channels. */
const channels = 10;
const underWay = 100;
/** Of a message, and of what Redis is given alone. */
const bytes = 100;

const scripts = {
  // An append as small as it can be: it is kept, bounded, and one follower is told.
  list: script(`
    redis.call('RPUSH', KEYS[1], ARGV[1])
    redis.call('LTRIM', KEYS[1], -2000, -1)
    return redis.call('PUBLISH', ARGV[2], ARGV[1])`),
  xadd: script(`return redis.call('XADD', KEYS[1], 'MAXLEN', '~', 2000, '*', 'd', ARGV[1])`),
};

/** @param seconds for which each is measured */
export async function appends({ seconds }: { seconds: number }): Promise<Figures> {
  const redis = await RedisProcess.start();
  try {
    const nodes = [{ host: '127.0.0.1', port: redis.port }];
    const place = { kind: 'single', tls: false, db: 0, nodes } as const;
    const own = await throughStore(place, seconds);
    const list = await alone(place, seconds, 'list');
    const xadd = await alone(place, seconds, 'xadd');
    return {
      store_appends: figure(own, 'a second'),
      redis_script_appends: figure(list, 'a second'),
      redis_xadd_appends: figure(xadd, 'a second'),
      store_of_script: figure(own / list, 'of what Redis does with the smallest script'),
      store_of_xadd: figure(own / xadd, 'of what Redis does with XADD'),
    };
  } finally {
    await redis.close();
  }
}

/**
 * What two servers ask of Redis when nobody is there, and when users are there who say nothing (C-50): calls of
 * scripts, and everything that Redis does for them.
 */
export async function idleCommands({
  sessions,
  seconds,
}: {
  sessions: number;
  seconds: number;
}): Promise<Figures> {
  const redis = await RedisProcess.start();
  const first = await freePort(2);
  const servers = [first, first + 1].map((port) => new Member(port, redis.url, 'bench'));
  let crowd: Crowd | undefined;
  try {
    for (const server of servers) await server.start();
    await sleep(2_000);
    const empty = await commandsWithin(redis, seconds);
    const addresses = servers.map(({ port }) => `ws://127.0.0.1:${port}`);
    crowd = await Crowd.gather({ users: sessions, perChannel: 10, servers: addresses });
    await sleep(10_000);
    const idle = await commandsWithin(redis, seconds);
    return {
      redis_calls_of_a_server: figure(idle.calls / servers.length, 'a second', 3),
      redis_commands_of_nobody: figure(empty.commands, 'a second'),
      [`redis_commands_of_${sessions}_idle`]: figure(idle.commands, 'a second'),
      // One renewal more or less falls into the time that is looked at.
      redis_commands_of_heartbeats: figure(Math.max(0, idle.commands - empty.commands), 'a second', 2),
    };
  } finally {
    crowd?.disperse();
    for (const server of servers) server.kill();
    await redis.close();
  }
}

/** A second: scripts that were called, and commands with those inside of scripts. */
async function commandsWithin(redis: RedisProcess, seconds: number) {
  const before = await commandsOf(redis);
  await sleep(seconds * 1_000);
  const after = await commandsOf(redis);
  return {
    calls: (after.calls - before.calls) / seconds,
    // Asking is two commands.
    commands: (after.commands - before.commands - 2) / seconds,
  };
}

type Place = ConstructorParameters<typeof RedisLink>[0];

async function throughStore(place: Place, seconds: number): Promise<number> {
  const store = await RedisStore.open({
    ...{ place, prefix: 'bench', limits: defaultLimits, channelUsers: 100 },
    random: { next: Math.random, id: () => randomBytes(16).toString('hex') },
    report: (trouble) => {
      if (trouble.type === 'bug') throw trouble.error;
    },
  });
  store.connect('s1', listener, null);
  const send = await Promise.all(
    Array.from({ length: channels }, async (_, index) => {
      const key = { appId: 'bench', channel: `room-${index}` };
      await store.follow('s1', key);
      const joined = await store.join('s1', key, joining);
      if ('refused' in joined) throw new Error(`nobody can join: ${joined.refused}`);
      let number = 0;
      return async () => {
        number += 1;
        const data = new Uint8Array(bytes);
        const message = { join: joined.member.join, stream: 1, number, data, sentAt: 0 };
        if (!(await store.send(key, joined.claim, message))) throw new Error('a claim is void');
      };
    }),
  );
  const perSecond = await rate(seconds, (index) => send[index % channels]?.() ?? Promise.resolve());
  store.close();
  return perSecond;
}

async function alone(place: Place, seconds: number, what: keyof typeof scripts): Promise<number> {
  const nothing = () => undefined;
  const link = new RedisLink(place, { told: nothing, hearing: nothing, lost: nothing, moved: nothing });
  await link.open(2_000);
  link.listen('bench');
  const data = Buffer.alloc(bytes);
  const perSecond = await rate(seconds, async (index) => {
    await link.run(scripts[what], [`bench:${what}:${index % channels}`], [data, 'bench']);
  });
  link.close();
  return perSecond;
}

/** How often something can be done in a second, so many at a time. */
async function rate(seconds: number, act: (index: number) => Promise<void>): Promise<number> {
  const until = performance.now() + seconds * 1_000;
  const beganAt = performance.now();
  let done = 0;
  const worker = async (index: number) => {
    for (; performance.now() < until; done += 1) await act(index);
  };
  await Promise.all(Array.from({ length: underWay }, (_, index) => worker(index)));
  return (done * 1_000) / (performance.now() - beganAt);
}

const joining: Parameters<RedisStore['join']>[2] = {
  ...{ uid: 1, account: '', platform: 'linux', profile: 'communication' },
  ...{ self: { role: 'host', streams: [] }, nonce: 'bench', attempt: 1 },
  ...{ rejoin: 0, known: [], sent: [], quietMs: 0, keepFirst: false },
};

/** A server that does nothing with what it is told. */
const listener: Parameters<RedisStore['connect']>[1] = {
  snapshot: () => undefined,
  appended: () => undefined,
  release: () => null,
  heard: () => undefined,
  heardAsking: () => false,
  leave: () => undefined,
  probe: async () => false,
  adopt: () => undefined,
  remove: () => undefined,
  degraded: () => undefined,
  recovered: () => undefined,
  fenced: () => undefined,
  serversChanged: () => undefined,
};

async function commandsOf(redis: RedisProcess): Promise<{ calls: number; commands: number }> {
  const [, commands = ''] = /total_commands_processed:(\d+)/.exec(await redis.ask('INFO', 'stats')) ?? [];
  const [, calls = ''] = /cmdstat_evalsha:calls=(\d+)/.exec(await redis.ask('INFO', 'commandstats')) ?? [];
  return { calls: Number(calls), commands: Number(commands) };
}
