/** Troubles of several servers and their Redis that came together once, and broke a promise. */
import { expect, test } from 'vitest';
import { kindOf } from './kind.ts';
import { run } from './run.ts';
import type { Action, Device, Scenario } from './scenario/scenario.ts';
import type { Platform } from './trace.ts';

const { generate, product } = await kindOf(true);

interface Situation {
  readonly name: string;
  readonly seed: number;
  readonly users: Readonly<Record<string, Platform>>;
  readonly actions: readonly Action[];
}

const joins = (at: number, device: string, first: number): Action => {
  return { at, type: 'join', device, role: 'host', publish: true, first };
};
const outage = (at: number, device: string, forMs: number, up: boolean): Action => {
  return { at, type: 'outage', devices: [device], forMs, up, down: true, stuck: false, server: null };
};

const situations: readonly Situation[] = [
  {
    name: 'C-2, C-61 a takeover and its server are lost with Redis, after the death of the server before',
    seed: 8,
    users: { u1: 'android', u3: 'android' },
    actions: [
      joins(0, 'u1', 0),
      joins(0, 'u3', 2),
      { at: 18_388, type: 'store-cut', servers: ['s1'], forMs: 10_000 },
      { at: 20_000, type: 'store-failover', lostMs: 774, downMs: 4_668 },
      outage(20_900, 'u1', 19_600, true),
      { at: 21_000, type: 'server-kill', server: 's2', restartMs: 1_090 },
    ],
  },
  {
    name: 'C-14, C-54 a goodbye is said to a server that cannot reach Redis, and loses its lease',
    seed: 3528,
    users: { u3: 'web', u7: 'android' },
    actions: [
      joins(0, 'u3', 1),
      joins(0, 'u7', 0),
      { at: 5_000, type: 'store-cut', servers: ['s1'], forMs: 5_000 },
      { at: 5_000, type: 'leave', device: 'u7' },
    ],
  },
  {
    name: 'C-34, C-61 a server puts a channel back of which it names somebody first who has long been silent',
    seed: 3125,
    users: { u2: 'web', u3: 'linux' },
    actions: [
      joins(0, 'u2', 0),
      joins(0, 'u3', 0),
      outage(5_000, 'u2', 15_000, true),
      { at: 15_000, type: 'store-restart', downMs: 4_395, kept: false },
    ],
  },
  {
    name: 'C-34, C-61 a server that began without Redis takes somebody in before others have put the channel back',
    seed: 3173,
    users: { u4: 'android' },
    actions: [
      joins(0, 'u4', 1),
      { at: 10_000, type: 'server-kill', server: 's1', restartMs: 2_342 },
      { at: 10_000, type: 'store-restart', downMs: 3_962, kept: false },
    ],
  },
  {
    name: 'C-61, C-62 a server that knows nothing writes in the place of what Redis has lost',
    seed: 6,
    users: { u1: 'web', u5: 'android' },
    actions: [
      joins(0, 'u1', 2),
      joins(0, 'u5', 2),
      { at: 12_000, type: 'talk', device: 'u1', stream: 2, count: 32, everyMs: 231, bytes: 55 },
      { at: 14_000, type: 'server-kill', server: 's1', restartMs: 7_262 },
      { at: 17_700, type: 'store-failover', lostMs: 680, downMs: 2_713 },
    ],
  },
];

test.each(situations)('$name', { timeout: 20_000 }, async (situation) => {
  const { violations } = await run(scenarioOf(situation), product);
  expect(violations.map(({ promise, who, text }) => `${promise} ${who}: ${text}`)).toEqual([]);
});

test('C-61, C-62 whoever comes to that server knows the log as it was before', {
  timeout: 20_000,
}, async () => {
  const { violations } = await run(generate(6), product);
  expect(violations).toEqual([]);
});

function scenarioOf({ seed, users, actions }: Situation): Scenario {
  const devices = Object.entries(users).map(([name, platform]): Device => {
    const quality = { delayMs: 10, jitterMs: 0, loss: 0 };
    return { name, uid: Number(name.slice(1)), channel: 'east', platform, profile: 'communication', quality };
  });
  return {
    ...{ seed, devices, actions, endMs: 60_000, limits: {}, history: {}, lags: false, leaseMs: 0 },
    servers: ['s1', 's2', 's3'],
    store: 'redis',
  };
}
