import type { Callback } from '../trace.ts';
import type { Measured } from './measured.ts';
import { maybe, no, Signal } from './signal.ts';
import type { ContactOf } from './silence.ts';
import type { Client, Interval, User } from './world.ts';

/** C-59: a server that started again knows of nobody whom it has not let in since, but for the returners' pictures. */
export interface Unheard extends Interval {
  /** When the server was back. */
  readonly restartAt: number;
}

export function unheardOf(user: User, measured: Measured): Unheard[] {
  return measured.world.blackouts.map(({ from, to }) => {
    const first = user.heard.find((packet) => packet.t >= to);
    const back = first === undefined ? Number.POSITIVE_INFINITY : first.t;
    return {
      from,
      to: first === undefined ? back : roundTripAfter(back, first.connection.client, measured),
      restartAt: to,
    };
  });
}

/** C-36: when the resume of a client that the server does not know has been refused and its join is there. */
function roundTripAfter(t: number, client: Client, measured: Measured): number {
  return measured.up(client).by(measured.down(client).by(t));
}

/** C-59, C-36: from when on a server knows the user whose goodbye it reads, who must be let in to be believed. */
export function believedAt(client: Client, measured: Measured): number {
  const { goodbyeAt, successAt } = client;
  const dark = measured.world.blackouts.findLast(({ from, to }) => successAt <= from && to <= goodbyeAt);
  const back = dark && client.heard.find(({ t }) => t >= dark.to);
  if (back === undefined) return goodbyeAt;
  const answer = client.reads.find(({ t }) => t > back.t);
  // It spoke no more once it knew that it was unknown: its goodbye is undelivered, which is a drop (C-14).
  if (answer === undefined || !client.heard.some(({ t }) => t > answer.t)) return Number.POSITIVE_INFINITY;
  const letIn = roundTripAfter(roundTripAfter(back.t, client, measured), client, measured);
  return Math.max(goodbyeAt, letIn);
}

/**
 * C-59: whoever returns to a server that lost its memory brings its picture. All in it count as quiet since the
 * returner saw its connection closed by the old server's death or, where it did not, since the new one's start.
 */
export function contactOf(user: User): ContactOf {
  return (blackout) => {
    let since = Number.POSITIVE_INFINITY;
    let backAt = Number.POSITIVE_INFINITY;
    for (const other of user.channel.users.values()) {
      if (other === user) continue;
      for (const client of other.clients) {
        const back = client.heard.find((packet) => packet.t >= blackout.to);
        if (client.successAt > blackout.from || back === undefined) continue;
        since = Math.min(since, sawClosed(client, blackout));
        backAt = Math.min(backAt, back.t);
      }
    }
    return backAt === Number.POSITIVE_INFINITY ? null : { since, backAt };
  };
}

/**
 * Whose limit passed before the server lost its memory may come back with a returner that was not told so, until
 * the limit passes again.
 */
export function revived(heard: Signal, user: User, limitMs: number, measured: Measured): Signal {
  const { oneProcess, blackouts } = measured.world;
  const held = oneProcess ? blackouts.filter((dark) => inAPicture(user, dark)) : [];
  if (held.length === 0) return heard;
  const signal = new Signal();
  for (const { from, to, value } of heard.pieces()) {
    signal.set(from, value);
    if (value !== no || from === Number.NEGATIVE_INFINITY) continue;
    for (const dark of held) {
      if (dark.to <= from || dark.to >= to) continue;
      signal.set(dark.to, maybe);
      const due = measured.silence.afterRestart(dark.to, limitMs);
      if (due < to) signal.set(due, no);
    }
  }
  return signal;
}

function inAPicture(user: User, blackout: Interval): boolean {
  for (const other of user.channel.users.values()) {
    for (const client of other.clients) {
      const told = client.about
        .get(user.uid)
        ?.findLast(({ t, callback }) => t < blackout.to && isOfPeer(callback));
      const back = client.heard.some(({ t }) => t >= blackout.to);
      if (told?.callback.name === 'peer-joined' && back) return true;
    }
  }
  return false;
}

function isOfPeer({ name }: Callback): boolean {
  return name === 'peer-joined' || name === 'peer-offline';
}

/** The earliest time: nothing sent later passes a whole cut, and a process that stands still sees nothing. */
function sawClosed(client: Client, blackout: Interval): number {
  const blind = [...client.cuts.filter((cut) => cut.whole && cut.server === null), ...client.freezes];
  let t = blackout.from;
  for (const { from, to } of blind.sort((a, b) => a.from - b.from)) if (from < t && to > t) t = to;
  return Math.min(t, blackout.to);
}
