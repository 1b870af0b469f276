import type { Model } from '../model.ts';
import { at, type Report } from '../report.ts';
import { lateMaxMs } from '../silence.ts';
import { isFenced } from '../takeover.ts';
import { type Client, endOf, type Message } from '../world.ts';
import { endsCalm } from './calm.ts';

/** Section 1: a message. */
const bytesMax = 32_768;
const bytesAllowed = 32_000;
/** C-63: that much may wait for certain. */
const waitingAllowed = { entries: 500, bytes: 500_000 };
/** C-63: and this much must not. */
const waitingMax = { entries: 2_000, bytes: 1_048_576 };

/** C-60, C-63, C-41: what an SDK takes is acknowledged in the end, it takes what it can, and no more than that. */
export function judgeMessagesSent(model: Model, report: Report): void {
  for (const client of model.world.clients) {
    if (client.sent.length + client.refused.length === 0) continue;
    judgeAcknowledgements(client, model, report);
    judgeOutbox(client, report);
    judgeRefusals(client, report);
  }
}

function judgeAcknowledgements(client: Client, model: Model, report: Report): void {
  const { end } = model.world;
  const up = model.up(client);
  const down = model.down(client);
  const calm = endsCalm(client, model);
  for (const { t, name, acknowledgedAt } of client.sent) {
    const acknowledged = acknowledgedAt <= end;
    if (acknowledged && isFenced(client, t, model.world.blackouts)) {
      const text = `${name}, sent at ${at(t)} on a connection that had been taken over, was acknowledged`;
      report.accuse('C-41', acknowledgedAt, client.name, text);
    }
    if (acknowledged || !calm) continue;
    const due = down.by(up.by(t) + lateMaxMs) + lateMaxMs;
    if (due > end) continue;
    report.accuse('C-60', end, client.name, `${name}, sent at ${at(t)}, was not acknowledged to the end`);
  }
}

function judgeOutbox(client: Client, report: Report): void {
  const waiting = { entries: 0, bytes: 0 };
  let first = 0;
  for (const { t, name, bytes } of client.sent) {
    if (bytes > bytesMax) report.accuse('C-63', t, client.name, `${name} of ${bytes} bytes was taken`);
    waiting.entries += 1;
    waiting.bytes += bytes;
    for (; first < client.sent.length && (client.sent[first]?.acknowledgedAt ?? 0) <= t; first++) {
      waiting.entries -= 1;
      waiting.bytes -= client.sent[first]?.bytes ?? 0;
    }
    if (waiting.entries <= waitingMax.entries && waiting.bytes <= waitingMax.bytes) continue;
    const text = `${waiting.entries} messages, ${waiting.bytes} bytes, wait for their acknowledgement`;
    report.accuse('C-63', t, client.name, `${text} at ${client.name}`);
    return;
  }
}

function judgeRefusals(client: Client, report: Report): void {
  for (const { t, bytes, why } of client.refused) {
    if (bytes > bytesAllowed || client.successAt >= t || endOf(client) <= t || isAudience(client, t))
      continue;
    const waiting = waitingAt(client, t);
    if (waiting.entries > waitingAllowed.entries || waiting.bytes + bytes > waitingAllowed.bytes) continue;
    const text = `${client.name} was refused a message of ${bytes} bytes (${why}) while ${waiting.entries} waited`;
    report.accuse('C-63', t, client.name, text);
  }
}

/** Of an audience nothing is promised: in the live profile the hosts talk. */
function isAudience({ role, updates }: Client, t: number): boolean {
  return (updates.findLast((update) => update.t <= t)?.role ?? role) === 'audience';
}

/** The messages, with the last one that was taken by then, that no acknowledgement had been read of. */
function waitingAt(client: Client, t: number): { entries: number; bytes: number } {
  let entries = 0;
  let bytes = 0;
  for (let i = client.sent.length - 1; i >= 0; i--) {
    const message = client.sent[i] as Message;
    if (message.t > t) continue;
    // What comes before is in the log as well: the order is kept.
    if (message.acknowledgedAt <= t) break;
    entries += 1;
    bytes += message.bytes;
  }
  return { entries, bytes };
}
