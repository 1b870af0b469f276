import type { Model } from '../model.ts';
import { at, type Report } from '../report.ts';
import { letInAfter } from '../restart.ts';
import { lateMaxMs } from '../silence.ts';
import { joinFailed, sameUidLogin } from '../takeover.ts';
import { type Client, endOf, type User } from '../world.ts';

/** C-40, C-41: of several clients of one uid one stays in the channel, the newest; the others are out for good. */
export function judgeOneWinner(model: Model, report: Report): void {
  for (const channel of model.world.channels.values()) {
    for (const user of channel.users.values()) {
      for (const client of user.clients) {
        if (client.failedReason === sameUidLogin) judgeLoser(client, model, report);
      }
      if (user.clients.length > 1) judgePairs(user, model, report);
    }
  }
}

function judgeLoser(loser: Client, model: Model, report: Report): void {
  const { failedAt, name } = loser;
  const rivals = loser.user.clients.filter((other) => other !== loser && metBefore(loser, other));
  if (rivals.length === 0) {
    report.accuse(
      'C-40',
      failedAt,
      name,
      `${name} was thrown out for the same uid; nobody else had joined with it`,
    );
  } else if (rivals.every((rival) => rival.successAt < loser.enteredFrom)) {
    report.accuse(
      'C-40',
      failedAt,
      name,
      `${name} was thrown out by a client that had joined long before it`,
    );
  }
  const last = model.up(loser).by(failedAt);
  for (const connection of loser.connections.values()) {
    if (connection.firstHeardAt <= last || connection.firstHeardAt === Number.POSITIVE_INFINITY) continue;
    const text = `${name} failed at ${at(failedAt)} and connected again at ${at(connection.firstHeardAt)}`;
    report.accuse('C-40', connection.firstHeardAt, name, text);
  }
}

/** The rival was heard while the loser took part, or took part while the loser was heard first. */
function metBefore(loser: Client, rival: Client): boolean {
  const rivalEnd = Math.min(rival.goodbyeAt, rival.failedAt);
  return rival.firstHeardAt <= loser.failedAt && rivalEnd > loser.joinAt;
}

function judgePairs(user: User, model: Model, report: Report): void {
  for (const older of user.clients) {
    for (const newer of user.clients) {
      if (newer.enteredFrom <= older.enteredFrom || newer === older) continue;
      judgePair(older, newer, model, report);
    }
  }
}

/** By when the older one is told; a server that lost its memory before that knows of the newer one when it is back (C-59). */
function dueOf(older: Client, newer: Client, bothIn: number, model: Model): number {
  const toldBy = (t: number) =>
    Math.max(model.down(older).by(t + lateMaxMs), model.down(newer).by(t + lateMaxMs));
  let due = toldBy(bothIn);
  for (const dark of model.world.oneProcess ? model.world.blackouts : []) {
    if (dark.from >= newer.successAt && dark.from <= due)
      due = Math.max(due, toldBy(letInAfter(dark, newer, model)));
  }
  return due;
}

function judgePair(older: Client, newer: Client, model: Model, report: Report): void {
  const bothIn = Math.max(older.successAt, newer.successAt);
  if (bothIn === Number.POSITIVE_INFINITY) return;
  const due = dueOf(older, newer, bothIn, model);
  const { failedAt, failedReason, name } = older;
  const thrownOut = failedAt >= newer.enteredFrom && failedAt <= Math.min(due, model.world.end);
  // It could not learn of the other before its own patience was over, whose time the own limits judge.
  const gaveUp = failedReason === joinFailed && model.world.limits.giveUpMs !== null;
  if (thrownOut && failedReason !== null && failedReason !== sameUidLogin && !gaveUp) {
    const text = `${name} was thrown out by ${newer.name} with reason ${failedReason}, not ${sameUidLogin}`;
    report.accuse('C-40', failedAt, name, text);
  }
  if (Math.min(endOf(older), endOf(newer), model.world.end) < due) return;
  const text = `${older.name} and ${newer.name} were both in the channel as ${older.uid}`;
  report.accuse('C-40', due, older.name, `${text} since ${at(bothIn)}; one must have failed by ${at(due)}`);
}
