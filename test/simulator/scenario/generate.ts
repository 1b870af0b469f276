import { Random } from '../random.ts';
import type { RunLimits } from '../trace.ts';
import { Draft, endMs } from './draft.ts';
import { incidents } from './incidents.ts';
import { historyOf, talk } from './messages.ts';
import type { Scenario } from './scenario.ts';
import { storeIncidents, storeWeights } from './store-incidents.ts';

/** The scenario of a seed. */
export function generate(seed: number): Scenario {
  const random = Random.of(seed, 'scenario');
  const two = random.chance(0.45);
  const servers = two ? ['s1', 's2'] : ['s1'];
  const store = two && random.chance(0.6) ? 'service' : 'process';
  const channels = random.chance(0.25) ? ['east', 'west'] : ['east'];
  const profiles = new Map(
    channels.map((channel) => [channel, random.chance(0.4) ? 'live' : 'communication'] as const),
  );
  return fill(seed, new Draft(random, servers, store, profiles), channels);
}

/** The scenario of a seed with several servers over Redis. */
export function generateCluster(seed: number): Scenario {
  const random = Random.of(seed, 'cluster');
  const servers = random.chance(0.6) ? ['s1', 's2'] : ['s1', 's2', 's3'];
  const profile = random.chance(0.4) ? 'live' : 'communication';
  const draft = new Draft(random, servers, 'redis', new Map([['east', profile]]));
  return fill(seed, draft, ['east'], () => {
    for (let count = random.int(0, 3); count > 0; count -= 1)
      storeIncidents[random.weighted(storeWeights)](draft);
  });
}

function fill(
  seed: number,
  draft: Draft,
  channels: readonly string[],
  more: () => void = () => {},
): Scenario {
  const { random, servers, store } = draft;
  const users = random.int(2, 8);
  for (let uid = 1; uid <= users; uid += 1) {
    const device = draft.device(uid, random.pick(channels));
    draft.join(random.chance(0.85) ? random.int(0, 2_500) : draft.moment(), device);
  }
  const count = random.int(1, 2 + Math.ceil(users / 2));
  for (let incident = 0; incident < count; incident += 1) {
    incidents[random.weighted(weights)].make(draft);
  }
  more();
  const setting = {
    limits: limits(random),
    leaseMs: random.chance(0.5) ? 1_500 : 0,
    lags: random.chance(0.3),
  };
  const history = historyOf(random);
  if (random.chance(0.7)) talk(draft);
  const actions = draft.actions.sort((one, other) => one.at - other.at);
  return { seed, endMs, servers, store, ...setting, history, devices: draft.devices, actions };
}

const weights = Object.fromEntries(
  Object.entries(incidents).map(([name, { weight }]) => [name, weight]),
) as Record<keyof typeof incidents, number>;

/** Some runs are set up with numbers of their own (C-1). */
function limits(random: Random): Partial<RunLimits> {
  if (random.chance(0.9)) return {};
  return random.pick<Partial<RunLimits>>([
    { peerLeaveMs: null },
    { sessionKeepMs: 30_000 },
    { peerOfflineMs: 8_000, peerLeaveMs: 8_000, streamRemovedMs: 5_000 },
    { giveUpMs: 15_000 },
    { interruptedMs: 3_000, lostMs: 6_000 },
  ]);
}
