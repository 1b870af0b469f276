import { calmFromMs, type Draft, quality } from './draft.ts';
import type { Device, HintName } from './scenario.ts';

interface Incident {
  /** How often it comes, against the others. */
  readonly weight: number;
  readonly make: (draft: Draft) => void;
}

const incident = (weight: number, make: (draft: Draft) => void): Incident => ({ weight, make });

/** Kinds of trouble. Each puts a few actions into a scenario. */
export const incidents = {
  outage: incident(9, (draft) => {
    const at = draft.moment();
    const device = anyone(draft);
    const forMs = cut(draft, [device], at);
    if (draft.random.chance(0.25)) hint(draft, device, at + draft.random.int(0, 200), 'offline');
    if (draft.random.chance(0.25)) hint(draft, device, at + forMs, 'online');
  }),

  outageOfSome: incident(3, (draft) => {
    const some = draft.devices.filter(() => draft.random.chance(0.5));
    if (some.length > 0) cut(draft, some, draft.moment());
  }),

  deadRouter: incident(2.5, (draft) => {
    cut(draft, draft.devices, draft.moment());
  }),

  oneWay: incident(3, (draft) => {
    const { random } = draft;
    const at = draft.moment();
    const up = random.chance(0.5);
    const stuck = random.chance(0.6);
    const forMs = draft.length(at);
    const devices = [anyone(draft).name];
    draft.at(at, { type: 'outage', devices, forMs, up, down: !up, stuck, server: null });
  }),

  flapping: incident(2, (draft) => {
    const { random } = draft;
    const device = anyone(draft);
    let at = draft.moment();
    for (let count = random.int(3, 8); count > 0; count -= 1) {
      const forMs = Math.min(random.int(100, 4_500), Math.max(50, calmFromMs - at));
      draft.at(at, outage([device], forMs, null));
      at += forMs + random.int(100, 3_000);
    }
  }),

  reset: incident(2, (draft) => {
    let at = draft.moment();
    const device = anyone(draft);
    for (let count = draft.random.int(1, 3); count > 0; count -= 1) {
      draft.at(at, { type: 'reset', device: device.name });
      at += draft.random.int(20, 3_000);
    }
  }),

  leave: incident(2, (draft) => {
    const at = draft.moment();
    const device = anyone(draft);
    draft.at(at, { type: 'leave', device: device.name });
    if (draft.random.chance(0.6)) draft.join(at + draft.random.int(50, 15_000), device);
  }),

  leaveWhileAway: incident(2, (draft) => {
    const at = draft.moment();
    const device = anyone(draft);
    const forMs = cut(draft, [device], at);
    const leftAt = at + draft.random.int(0, forMs);
    draft.at(leftAt, { type: 'leave', device: device.name });
    if (draft.random.chance(0.5)) draft.join(leftAt + draft.random.int(50, 12_000), device);
  }),

  kill: incident(6, (draft) => {
    const at = draft.moment();
    const device = anyone(draft);
    draft.at(at, { type: 'kill', device: device.name });
    if (draft.random.chance(0.25)) return;
    draft.join(at + draft.length(at), device);
    if (draft.random.chance(0.2)) cut(draft, [device], Math.max(0, at - draft.random.int(0, 4_000)));
  }),

  otherDevice: incident(2.5, (draft) => {
    const first = anyone(draft);
    const second = draft.device(first.uid, first.channel);
    const at = draft.moment();
    draft.join(at, second);
    if (draft.random.chance(0.5)) cut(draft, [first], Math.max(0, at - draft.random.int(0, 12_000)));
    if (draft.random.chance(0.3))
      draft.at(at + draft.random.int(100, 9_000), { type: 'leave', device: second.name });
  }),

  newcomer: incident(3, (draft) => {
    const at = draft.moment();
    const silent = anyone(draft);
    const forMs = cut(draft, [silent], at);
    const fresh = draft.device(1 + Math.max(...draft.devices.map(({ uid }) => uid)), silent.channel);
    draft.join(at + draft.random.int(0, forMs + 1_000), fresh);
  }),

  joinWhileAway: incident(1.5, (draft) => {
    const at = draft.random.int(0, 20_000);
    const fresh = draft.device(1 + Math.max(...draft.devices.map(({ uid }) => uid)), anyone(draft).channel);
    cut(draft, [fresh], Math.max(0, at - 50));
    draft.join(at, fresh);
  }),

  serverKill: incident(2, (draft) => {
    const { random, servers, store } = draft;
    const mustRestart = store === 'process' || draft.hasLostServer;
    const restartMs = mustRestart || random.chance(0.6) ? random.int(100, 12_000) : null;
    if (restartMs === null) draft.hasLostServer = true;
    const at = Math.min(draft.moment(), calmFromMs - (restartMs ?? 0));
    const server = random.pick(servers);
    draft.at(at, { type: 'server-kill', server, restartMs });
    if (random.chance(0.3))
      draft.at(at + random.int(-2_000, 2_000), { type: 'kill', device: anyone(draft).name });
    if (random.chance(0.3)) cut(draft, [anyone(draft)], at + random.int(-3_000, 2_000));
  }),

  /** With a store elsewhere this is the cluster's business: leases lapse. */
  serverFreeze: incident(1.5, (draft) => {
    if (draft.store === 'service') return;
    const at = draft.moment();
    const forMs = Math.min(draft.random.int(300, 15_000), calmFromMs - at);
    draft.at(at, { type: 'freeze', process: draft.random.pick(draft.servers), forMs });
  }),

  serverLosesNetwork: incident(1, (draft) => {
    const at = draft.moment();
    draft.at(at, outage(draft.devices, draft.length(at), draft.random.pick(draft.servers)));
  }),

  clientFreeze: incident(2, (draft) => {
    const at = draft.moment();
    draft.at(at, { type: 'freeze', process: anyone(draft).name, forMs: draft.length(at) });
  }),

  sleep: incident(2, (draft) => {
    const at = draft.moment();
    const device = anyone(draft);
    const forMs = draft.length(at);
    draft.at(at, { type: 'freeze', process: device.name, forMs });
    const networkMs = Math.min(forMs + draft.random.int(0, 3_000), calmFromMs - at);
    draft.at(at + draft.random.int(0, 50), outage([device], networkMs, null));
  }),

  update: incident(3, (draft) => {
    const device = anyone(draft);
    let at = draft.moment();
    if (draft.random.chance(0.4)) cut(draft, [device], at - draft.random.int(100, 4_000));
    for (let count = draft.random.int(1, 4); count > 0; count -= 1) {
      draft.at(at, { type: 'update', device: device.name, ...draft.manner(device) });
      at += draft.random.int(20, 6_000);
    }
  }),

  pathChange: incident(2, (draft) => {
    const at = draft.moment();
    const device = anyone(draft);
    draft.at(at, { type: 'path', device: device.name, quality: quality(draft.random) });
    draft.at(at + draft.random.int(500, 15_000), {
      type: 'path',
      device: device.name,
      quality: device.quality,
    });
  }),

  clockJump: incident(1, (draft) => {
    const process = draft.random.chance(0.5) ? anyone(draft).name : draft.random.pick(draft.servers);
    const ms = draft.random.int(-3_600_000, 3_600_000);
    draft.at(draft.moment(), { type: 'clock-jump', process, ms });
  }),

  platformWord: incident(1, (draft) => {
    const name = draft.random.pick<HintName>(['offline', 'online', 'focus', 'address-changed']);
    hint(draft, anyone(draft), draft.moment(), name);
  }),

  everybodyLeaves: incident(1.5, (draft) => {
    const { random } = draft;
    const at = random.int(3_500, 30_000);
    const type = random.pick(['leave', 'kill', 'cut'] as const);
    for (const device of draft.devices) {
      const own = at + random.int(0, 1_500);
      if (type !== 'cut') draft.at(own, { type, device: device.name });
      if (type === 'cut')
        draft.at(own, outage([device], Math.min(random.int(8_000, 17_000), calmFromMs - own), null));
      else if (random.chance(0.6))
        draft.join(at + random.pick([8_500, 10_000, 11_500, 15_000]) + random.int(-700, 700), device);
    }
  }),
} as const satisfies Record<string, Incident>;

function anyone(draft: Draft): Device {
  return draft.random.pick(draft.devices);
}

/** Cuts devices off from all servers. @returns for how long */
function cut(draft: Draft, devices: readonly Device[], at: number): number {
  const forMs = draft.length(at);
  draft.at(at, outage(devices, forMs, null));
  return forMs;
}

function outage(devices: readonly Device[], forMs: number, server: string | null) {
  const names = devices.map(({ name }) => name);
  return { type: 'outage', devices: names, forMs, up: true, down: true, stuck: false, server } as const;
}

function hint(draft: Draft, device: Device, at: number, name: HintName): void {
  draft.at(at, { type: 'hint', device: device.name, hint: name });
}
