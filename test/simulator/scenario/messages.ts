import type { Random } from '../random.ts';
import type { HistoryBounds } from '../trace.ts';
import type { Draft } from './draft.ts';
import type { Device } from './scenario.ts';

/** What apps send (C-60 to C-63): on a quiet day, and at the worst of moments. */
export function talk(draft: Draft): void {
  const { random } = draft;
  for (let count = random.int(1, 4); count > 0; count -= 1) situations[random.weighted(weights)](draft);
}

/** Small ones make gaps. */
export function historyOf(random: Random): Partial<HistoryBounds> {
  if (random.chance(0.65)) return {};
  return random.pick<Partial<HistoryBounds>>([
    { entries: 8 },
    { entries: 30 },
    { entries: 100 },
    { bytes: 5_000 },
    { bytes: 100_000 },
    { ageMs: 5_000 },
  ]);
}

const weights = {
  steady: 6,
  burst: 4,
  justBeforeCut: 4,
  acknowledgementCut: 3,
  whileAway: 5,
  afterRestart: 4,
  aroundServerDeath: 2,
  slowReader: 0.3,
  tooMuch: 0.2,
} as const;

const situations: Readonly<Record<keyof typeof weights, (draft: Draft) => void>> = {
  steady(draft) {
    const { random } = draft;
    const at = random.int(1_000, 30_000);
    const everyMs = random.int(100, 2_000);
    say(draft, anyone(draft), at, { everyMs, count: Math.floor(random.int(2_000, 26_000) / everyMs) });
  },

  burst(draft) {
    const { random } = draft;
    const at = draft.moment();
    say(draft, anyone(draft), at, { everyMs: random.pick([0, 1, 20]), count: random.int(3, 40) });
  },

  justBeforeCut(draft) {
    const at = draft.moment();
    const device = anyone(draft);
    say(draft, device, at - draft.random.int(0, 50), { everyMs: 5, count: draft.random.int(1, 5) });
    cut(draft, device, at);
  },

  /** It arrives; that it has arrived does not. */
  acknowledgementCut(draft) {
    const { random } = draft;
    const at = draft.moment();
    const device = anyone(draft);
    const { delayMs, jitterMs } = device.quality;
    say(draft, device, at, { everyMs: 10, count: random.int(1, 5) });
    const after = random.int(delayMs, 2 * delayMs + jitterMs + 2);
    const devices = [device.name];
    const stuck = random.chance(0.5);
    const forMs = draft.length(at + after);
    draft.at(at + after, {
      type: 'outage',
      devices,
      forMs,
      up: random.chance(0.3),
      down: true,
      stuck,
      server: null,
    });
  },

  whileAway(draft) {
    const { random } = draft;
    const at = draft.moment();
    const device = anyone(draft);
    const forMs = cut(draft, device, at);
    const speaker = random.chance(0.5) ? device : anyone(draft);
    const count = random.int(1, 40);
    say(draft, speaker, at + random.int(0, forMs), { everyMs: random.int(0, 500), count });
  },

  /** Of the sender; its first messages must not be taken for repeats (C-35). */
  afterRestart(draft) {
    const { random } = draft;
    const at = draft.moment();
    const device = anyone(draft);
    say(draft, device, at - random.int(0, 3_000), { everyMs: random.int(20, 300), count: random.int(1, 10) });
    draft.at(at, { type: 'kill', device: device.name });
    const back = at + random.pick([random.int(50, 2_000), draft.length(at)]);
    draft.join(back, device);
    say(draft, device, back + random.int(0, 1_500), {
      everyMs: random.int(0, 300),
      count: random.int(1, 10),
    });
  },

  aroundServerDeath(draft) {
    const { random, servers } = draft;
    if (draft.hasLostServer) return;
    const at = random.int(4_000, 38_000);
    const restartMs = random.int(100, 9_000);
    const talking = { everyMs: random.int(20, 400), count: random.int(5, 40) };
    say(draft, anyone(draft), at - random.int(0, 3_000), talking);
    say(draft, anyone(draft), at + random.int(-500, 4_000), { ...talking, count: random.int(1, 20) });
    draft.at(at, { type: 'server-kill', server: random.pick(servers), restartMs });
  },

  /** More than a connection's send queue holds, while somebody does not read. */
  slowReader(draft) {
    const { random } = draft;
    const at = draft.moment();
    const reader = anyone(draft);
    draft.at(at, { type: 'freeze', process: reader.name, forMs: draft.length(at) });
    const volume = { everyMs: random.int(20, 60), count: random.int(30, 80), bytes: 30_000 };
    say(draft, anyone(draft), at + random.int(0, 500), volume);
  },

  /** More than an outbox holds, and larger than a message may be (C-63). */
  tooMuch(draft) {
    const { random } = draft;
    const at = draft.moment();
    const device = anyone(draft);
    if (random.chance(0.7)) cut(draft, device, at);
    const large = {
      everyMs: random.int(1, 50),
      count: random.int(30, 45),
      bytes: random.pick([32_000, 33_000]),
    };
    const many = { everyMs: 1, count: 1_100, bytes: 30 };
    say(draft, device, at + 100, random.chance(0.5) ? large : many);
  },
};

interface Talk {
  readonly everyMs: number;
  readonly count: number;
  readonly bytes?: number;
}

function say(
  draft: Draft,
  device: Device,
  at: number,
  { everyMs, count, bytes = sizeOf(draft) }: Talk,
): void {
  const stream = draft.random.weighted({ 1: 6, 2: 2, 5: 1 });
  // The last messages have the calm to arrive in.
  const most = Math.max(1, Math.floor((54_000 - at) / Math.max(1, everyMs)));
  draft.at(Math.max(0, at), {
    type: 'talk',
    device: device.name,
    stream: Number(stream),
    count: Math.min(count, most, bytes > 10_000 ? 80 : count),
    everyMs,
    bytes,
  });
}

function sizeOf({ random }: Draft): number {
  const size = random.weighted({ small: 16, middle: 5, large: 1 });
  if (size === 'small') return random.int(24, 100);
  return size === 'middle' ? random.int(100, 3_000) : random.pick([16_000, 31_999, 32_000]);
}

function anyone(draft: Draft): Device {
  return draft.random.pick(draft.devices);
}

function cut(draft: Draft, device: Device, at: number): number {
  const forMs = draft.length(at);
  const way = { up: true, down: true, stuck: false, server: null };
  draft.at(at, { type: 'outage', devices: [device.name], forMs, ...way });
  return forMs;
}
