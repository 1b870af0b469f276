import type { Callback } from '../trace.ts';
import type { Measured } from './measured.ts';
import { doubted, maybe, no, Signal } from './signal.ts';
import { type ContactOf, lateMaxMs } from './silence.ts';
import { heirOf } from './takeover.ts';
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
export function contactOf(user: User, blackouts: readonly Interval[]): ContactOf {
  return (blackout) => {
    let since = Number.POSITIVE_INFINITY;
    let backAt = Number.POSITIVE_INFINITY;
    for (const other of user.channel.users.values()) {
      if (other === user) continue;
      for (const client of other.clients) {
        const back = client.heard.find((packet) => packet.t >= blackout.to);
        if (client.successAt > blackout.from || back === undefined) continue;
        since = Math.min(since, sawClosed(client, lastKnownEnd(client, blackout, blackouts)));
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
  if (!measured.world.oneProcess) return heard;
  const signal = withHeld(heard, user, limitMs, measured);
  return doubted(signal, forgottenTwice(user, limitMs, measured));
}

function withHeld(heard: Signal, user: User, limitMs: number, measured: Measured): Signal {
  const held = measured.world.blackouts.filter((dark) => inAPicture(user, dark));
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

/** A returner was not told that the user went, before the server lost its memory. */
export function inAPicture(user: User, blackout: Interval): boolean {
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

/**
 * The end that a returner counts from. Of a server that came and went while it found no way to it, it knows nothing,
 * and nobody can tell it: it counts from the end of the one before.
 */
function lastKnownEnd(client: Client, blackout: Interval, blackouts: readonly Interval[]): Interval {
  const before = blackouts.findLast(({ to }) => to <= blackout.from);
  if (before === undefined || client.successAt > before.from) return blackout;
  if (client.reads.some(({ t }) => t >= before.to && t <= blackout.from)) return blackout;
  return lastKnownEnd(client, before, blackouts);
}

/**
 * A server that dies before the user came back to it leaves nobody who knows of the user and saw it die: the next one
 * may show the user as it stood before, or not at all, until it is heard or its limit has passed (C-59).
 */
function forgottenTwice(user: User, limitMs: number, { world, silence }: Measured): Interval[] {
  return world.blackouts.flatMap(({ from, to }, index) => {
    const before = world.blackouts[index - 1];
    if (before === undefined || user.heard.some(({ t }) => t >= before.to && t <= from)) return [];
    const back = user.heard.find(({ t }) => t >= to)?.t ?? Number.POSITIVE_INFINITY;
    return [{ from: to, to: Math.min(back, silence.afterRestart(to, limitMs)) }];
  });
}

/**
 * When somebody whom a newer client had thrown out came back to a server that knew nothing of it: until the newer one
 * is back too, the older is the user (C-40, C-59).
 */
export function impostures(user: User, measured: Measured): Interval[] {
  const { blackouts, oneProcess } = measured.world;
  if (!oneProcess || user.clients.length < 2) return [];
  return blackouts.flatMap((dark) => {
    const older = user.heard.find(
      ({ t, connection: { client } }) =>
        t >= dark.to && (heirOf(client, dark.from)?.successAt ?? never) <= dark.from,
    );
    if (older === undefined) return [];
    const heir = heirOf(older.connection.client, dark.from);
    return [{ from: older.t, to: heir === undefined ? never : letInAfter(dark, heir, measured) }];
  });
}

/** By when a client that comes back after a blackout has been let in, as somebody whom nobody knew; Infinity: never. */
export function letInAfter(dark: Interval, client: Client, measured: Measured): number {
  const back = client.heard.find(({ t }) => t >= dark.to);
  if (back === undefined) return never;
  return roundTripAfter(roundTripAfter(back.t, client, measured), client, measured) + lateMaxMs;
}

const never = Number.POSITIVE_INFINITY;

/** The earliest time: nothing sent later passes a whole cut, and a process that stands still sees nothing. */
function sawClosed(client: Client, blackout: Interval): number {
  const blind = [...client.cuts.filter((cut) => cut.whole && cut.server === null), ...client.freezes];
  let t = blackout.from;
  for (const { from, to } of blind.sort((a, b) => a.from - b.from)) if (from < t && to > t) t = to;
  return Math.min(t, blackout.to);
}
