import type { Callback } from '../../trace.ts';
import type { Model } from '../model.ts';
import { at, type Report } from '../report.ts';
import { lateMaxMs } from '../silence.ts';
import type { Client, Packet, Told } from '../world.ts';

/** C-12: the state that is told immediately before each callback. */
const stateBefore: Partial<Record<Callback['name'], { state: number; reasons: readonly number[] | null }>> = {
  interrupted: { state: 4, reasons: [2] },
  lost: { state: 4, reasons: [16] },
  'rejoin-success': { state: 3, reasons: [15] },
  left: { state: 1, reasons: [5] },
  failed: { state: 5, reasons: null },
};

/** The states that announce exactly one callback. */
const callbackAfter: readonly { state: number; reason: number; name: Callback['name'] }[] = [
  { state: 4, reason: 2, name: 'interrupted' },
  { state: 4, reason: 16, name: 'lost' },
  { state: 3, reason: 15, name: 'rejoin-success' },
  { state: 1, reason: 5, name: 'left' },
];

/** Section 2: what A is told of its own connection, in which order, and how often. */
export function judgeOwnOrder(model: Model, report: Report): void {
  for (const client of model.world.clients) {
    if (client.kind === 'web') judgeWeb(client, report);
    else judgeStates(client, report);
    judgeOrder(client, model, report);
  }
}

function judgeWeb(client: Client, report: Report): void {
  for (const { t, callback } of client.told) {
    if (['interrupted', 'lost', 'rejoin-success'].includes(callback.name)) {
      report.accuse('C-11', t, client.name, `web client ${client.name} was told ${callback.name}`);
    }
  }
}

function judgeStates(client: Client, report: Report): void {
  for (let i = 0; i < client.told.length; i++) {
    const { t, callback } = client.told[i] as Told;
    const before = client.told[i - 1]?.callback;
    const expected = stateBefore[callback.name];
    if (expected !== undefined && !announces(before, expected)) {
      const got =
        before?.name === 'state' ? `state ${before.state}/${before.reason}` : (before?.name ?? 'nothing');
      const text = `${client.name} was told ${callback.name} right after ${got}, not after state ${expected.state}`;
      report.accuse('C-12', t, client.name, `${text}/${expected.reasons?.join() ?? 'its reason'}`);
    }
    if (callback.name !== 'state') continue;
    const next = client.told[i + 1]?.callback.name;
    const announced = callbackAfter.find(
      (one) => one.state === callback.state && one.reason === callback.reason,
    );
    if (announced !== undefined && next !== announced.name) {
      const text = `state ${callback.state}/${callback.reason} was followed by ${next ?? 'nothing'}`;
      report.accuse('C-12', t, client.name, `${client.name}: ${text}, not by ${announced.name}`);
    }
  }
}

function announces(
  before: Callback | undefined,
  expected: { state: number; reasons: readonly number[] | null },
): boolean {
  if (before?.name !== 'state' || before.state !== expected.state) return false;
  return expected.reasons === null || expected.reasons.includes(before.reason);
}

/** The stay of one client as its own callbacks tell it. */
class Outage {
  joined = false;
  interruptedAt: number | null = null;
  lost = false;
}

function judgeOrder(client: Client, model: Model, report: Report): void {
  const outage = new Outage();
  const watch = new ReturnWatch(client, model);
  const accuse = (promise: string, t: number, text: string): void =>
    report.accuse(promise, t, client.name, `${client.name} ${text}`);
  for (const told of client.told) {
    const { t, callback } = told;
    if (outage.interruptedAt !== null && !watch.accused) {
      const seen = watch.returnedBefore(outage.interruptedAt, told.position);
      if (seen !== null) accuse('C-11', seen, `was back at ${at(seen)} but not told rejoin`);
    }
    if (client.kind !== 'web') judgeStep(client, outage, told, accuse);
    if (callback.name === 'join-success') {
      if (outage.joined) accuse('C-33', t, 'was told join-success twice');
      if (callback.uid !== client.uid) accuse('C-33', t, `joined as ${callback.uid}`);
      outage.joined = true;
    }
  }
  if (outage.interruptedAt === null || watch.accused) return;
  const seen = watch.returnedBefore(outage.interruptedAt, Number.POSITIVE_INFINITY);
  if (seen !== null) accuse('C-11', seen, `was back at ${at(seen)} but not told rejoin`);
}

function judgeStep(
  client: Client,
  outage: Outage,
  { t, callback }: Told,
  accuse: (promise: string, t: number, text: string) => void,
): void {
  switch (callback.name) {
    case 'join-success':
      outage.lost = false;
      break;
    case 'interrupted':
      if (!outage.joined) accuse('C-13', t, 'was told interrupted before it ever joined');
      else if (outage.interruptedAt !== null) accuse('C-11', t, 'was told interrupted twice in one outage');
      outage.interruptedAt ??= t;
      break;
    case 'lost':
      if (outage.lost) accuse('C-11', t, 'was told lost twice in one outage');
      else if (outage.joined && outage.interruptedAt === null)
        accuse('C-11', t, 'was told lost, not interrupted');
      outage.lost = true;
      break;
    case 'rejoin-success': {
      const since = outage.interruptedAt;
      if (!outage.joined) accuse('C-13', t, 'was told rejoin before it ever joined');
      else if (since === null) accuse('C-11', t, 'was told rejoin without having been told interrupted');
      else if (!client.reads.some((read) => read.t >= since && read.t <= t)) {
        accuse('C-11', t, 'was told rejoin without having read anything');
      }
      outage.interruptedAt = null;
      outage.lost = false;
      break;
    }
    default:
      break;
  }
}

/**
 * A client is back for sure when one connection has carried packets both ways for two heartbeats and a round trip
 * without a stall: a server does not talk that long to somebody it has not let in. What was sent before or during
 * the outage and comes late is no return, so both count from the first payload read after one that was heard.
 */
class ReturnWatch {
  accused = false;
  private readonly client: Client;
  private readonly model: Model;

  constructor(client: Client, model: Model) {
    this.client = client;
    this.model = model;
  }

  returnedBefore(since: number, position: number): number | null {
    const { heartbeatMs } = this.model.world.limits;
    const stretches = new Map<Packet['connection'], Stretch>();
    for (const read of this.client.reads) {
      if (read.t <= since) continue;
      if (read.position > position || read.t > this.client.failedAt || read.t > this.client.leaveAt) break;
      const roundTripMs = 2 * (this.model.down(this.client).setting(read.t)?.transitMs ?? 0);
      const stretch = stretches.get(read.connection);
      const stalled = stretch === undefined || read.t - stretch.last > heartbeatMs + roundTripMs + lateMaxMs;
      if (stalled) {
        if (this.heardOn(read.connection, since, read.t) > 0) {
          stretches.set(read.connection, { from: read.t, last: read.t });
        }
        continue;
      }
      stretch.last = read.t;
      const spanMs = 2 * heartbeatMs + roundTripMs + lateMaxMs;
      if (read.t - stretch.from < spanMs || this.heardOn(read.connection, stretch.from, read.t) < 2) continue;
      this.accused = true;
      return read.t;
    }
    return null;
  }

  private heardOn(connection: Packet['connection'], from: number, to: number): number {
    let count = 0;
    for (const packet of this.client.heard) {
      if (packet.connection === connection && packet.t >= from && packet.t <= to) count += 1;
    }
    return count;
  }
}

interface Stretch {
  readonly from: number;
  last: number;
}
