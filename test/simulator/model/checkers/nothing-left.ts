import type { Model } from '../model.ts';
import { at, type Report } from '../report.ts';
import { lateMaxMs, latest } from '../silence.ts';
import type { Client, Received, Remains, Told } from '../world.ts';

/** C-14: the one attempt that may still carry the goodbye. */
const goodbyeAttemptMs = 2_000;

/** C-14, C-40: after leave, failure or death nothing is told, nothing is sent, nothing is left. */
export function judgeNothingLeft(model: Model, report: Report): void {
  for (const client of model.world.clients) {
    judgeSilenceAfter(client, client.told, report);
    for (const received of client.received.values()) judgeSilenceAfter(client, received, report);
    if (client.leaveAt < Number.POSITIVE_INFINITY) judgeLeave(client, model, report);
  }
  for (const remains of model.world.remains) judgeRemains(remains, model, report);
}

function judgeSilenceAfter(client: Client, all: readonly (Told | Received)[], report: Report): void {
  for (const told of all) {
    const { t, callback } = told;
    const after = whatItFollows(client, told);
    if (after === null) continue;
    const promise = after === 'failed' ? 'C-40' : 'C-14';
    report.accuse(promise, t, client.name, `${client.name} was told ${callback.name} after it ${after}`);
  }
}

function whatItFollows({ ends }: Client, { position, callback }: Told | Received): string | null {
  if (position > ends.killed) return 'was killed';
  if (position > ends.left) return 'left';
  const ofLeaving = callback.name === 'left' || (callback.name === 'state' && callback.state === 1);
  if (position > ends.leave) return ofLeaving ? null : 'asked to leave';
  return position > ends.failed ? 'failed' : null;
}

function judgeLeave(client: Client, model: Model, report: Report): void {
  const { leaveAt, leftAt, name } = client;
  const due = latest(leaveAt, goodbyeAttemptMs, client.freezes);
  const stop = Math.min(client.killedAt, client.failedAt, model.world.end);
  if (Math.min(leftAt, stop) > due) {
    report.accuse('C-14', due, name, `${name} left at ${at(leaveAt)} and was not told so by ${at(due)}`);
  }
  const last = model.up(client).by(due);
  for (const connection of client.connections.values()) {
    if (connection.firstHeardAt <= last || connection.firstHeardAt === Number.POSITIVE_INFINITY) continue;
    const text = `${name} left at ${at(leaveAt)} and connected again at ${at(connection.firstHeardAt)}`;
    report.accuse('C-14', connection.firstHeardAt, name, text);
  }
}

function judgeRemains(remains: Remains, model: Model, report: Report): void {
  const { t, client, timers, transports, sessions } = remains;
  const over = Math.min(client.leaveAt + goodbyeAttemptMs, client.failedAt, client.killedAt) + lateMaxMs;
  if (t < over) return;
  const { name } = client;
  if (timers > 0) report.accuse('C-14', t, name, `${name} left ${timers} timers behind`);
  if (transports > 0) report.accuse('C-14', t, name, `${name} left ${transports} transports behind`);
  if (sessions > 0 && t > sessionDueBy(client, model)) {
    report.accuse('C-14', t, name, `${name} left ${sessions} sessions behind`);
  }
}

/** A session ends with the goodbye, or is forgotten after its last packet; a newer client's is another matter. */
function sessionDueBy(client: Client, model: Model): number {
  const { user } = client;
  if (user.clients.at(-1) !== client) return Number.POSITIVE_INFINITY;
  if (client.goodbyeAt < Number.POSITIVE_INFINITY) return client.goodbyeAt + lateMaxMs;
  const stillThere = user.clients.some(
    (other) => other !== client && other.failedAt === Number.POSITIVE_INFINITY,
  );
  if (stillThere && user.clients.length > 1) return Number.POSITIVE_INFINITY;
  return model.silence.latest(user.heard, user.heard.length - 1, model.world.limits.sessionKeepMs);
}
