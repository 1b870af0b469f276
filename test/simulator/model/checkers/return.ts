import type { Model } from '../model.ts';
import { troublesOf } from '../reach.ts';
import { at, type Report } from '../report.ts';
import { lateMaxMs } from '../silence.ts';
import { overtakenAt } from '../takeover.ts';
import { type Client, endOf } from '../world.ts';

/** C-17: back this soon after the network heals, while attempts start every second, and later every 5 s. */
const backSoonMs = 1_500;
const backLaterMs = 5_500;
const frequentMs = 20_000;
const attemptEveryMs = 1_000;
const roundTripMaxMs = 100;
/** C-10: a silent transport gets its standby at most this long after its last packet. */
export const standbyMaxMs = 3_500;
/** C-10: a useless standby is followed by none for this long. */
export const uselessStandbyMs = 10_000;
const interruptedMs = 4_000;
/** TCP, WebSocket, resume, and one to spare. */
const connectRoundTrips = 4;

/** C-17, C-10: when nothing but its own patience keeps a client away, it is back in time. */
export function judgeReturn(model: Model, report: Report): void {
  for (const client of model.world.clients) {
    for (const cut of client.cuts) {
      if (cut.to < model.world.end) judge(client, cut.from, cut.to, true, model, report);
    }
    for (const reset of client.resets) judge(client, reset, reset, false, model, report);
  }
}

function judge(
  client: Client,
  from: number,
  healed: number,
  silent: boolean,
  model: Model,
  report: Report,
): void {
  if (client.joinAt > from) return;
  const down = model.down(client);
  const roundTripMs = 2 * (down.setting(healed)?.transitMs ?? Number.POSITIVE_INFINITY);
  if (roundTripMs > roundTripMaxMs) return;
  const lastRead = client.reads.findLast((read) => read.t < healed)?.t ?? client.joinAt;
  const frequent = healed + attemptEveryMs <= lastRead + frequentMs;
  let due = healed + (frequent ? backSoonMs : backLaterMs);
  // A transport that is merely silent is given up by its clock.
  if (silent) due = Math.max(due, lastRead + standbyMaxMs + connectRoundTrips * roundTripMs + lateMaxMs);
  const stop = Math.min(endOf(client), overtakenAt(client), model.world.end);
  if (stop < due || !undisturbed(client, from, healed, lastRead, due, model)) return;

  const { name } = client;
  if (client.successAt > healed) {
    if (client.successAt > due)
      report.accuse('C-17', due, name, `${name} ${late('has not joined', healed, due)}`);
    return;
  }
  if (!client.reads.some((read) => read.arrived >= healed && read.t <= due)) {
    report.accuse('C-17', due, name, `${name} ${late('has read nothing', healed, due)}`);
  } else if (pendingAt(client, due)) {
    report.accuse('C-17', due, name, `${name} ${late('is not back in the channel', healed, due)}`);
  }
}

function late(what: string, healed: number, due: number): string {
  return `${what} by ${at(due)} although its network healed at ${at(healed)}`;
}

/** Nothing else kept the client away, and no standby before this outage forbade the next (C-10). */
function undisturbed(
  client: Client,
  from: number,
  healed: number,
  lastRead: number,
  due: number,
  model: Model,
): boolean {
  const long = healed - lastRead >= interruptedMs;
  const since = long ? from : from - uselessStandbyMs - standbyMaxMs;
  const setting = client.path.some((path) => path.loss > 0 && path.from <= due);
  if (setting || client.path.some((path) => path.from > from && path.from <= due)) return false;
  if (client.cuts.some((cut) => cut.from !== from && cut.from <= due && cut.to >= since)) return false;
  return troublesOf(client, model.world).every(
    (trouble) => (trouble.from === from && trouble.to === healed) || trouble.from > due || trouble.to < since,
  );
}

/** Told that it is interrupted and not yet that it is back. */
export function pendingAt(client: Client, t: number): boolean {
  let pending = false;
  for (const told of client.told) {
    if (told.t > t) break;
    if (told.callback.name === 'interrupted') pending = true;
    else if (told.callback.name === 'rejoin-success') pending = false;
  }
  return pending;
}
