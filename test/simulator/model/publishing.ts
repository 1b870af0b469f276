import type { Measured } from './measured.ts';
import { inAPicture, unheardOf } from './restart.ts';
import { type Signal, type Turn, turned } from './signal.ts';
import { type ContactOf, lateMaxMs } from './silence.ts';
import { isTakenOver } from './takeover.ts';
import type { Client, Interval, Role, User } from './world.ts';

/** C-24, C-35: whether the user publishes a stream, or a takeover has inherited one that is not over yet. */
export function publishing(user: User, measured: Measured, contact: ContactOf): Publishing {
  const publisher = new Publisher(user, measured, contact);
  for (const client of user.clients) {
    if (client.enteredFrom < Number.POSITIVE_INFINITY) publisher.steps.push(...stepsOf(client, publisher));
  }
  publisher.steps.sort((a, b) => a.t - b.t);
  for (const step of publisher.steps) step.take();
  const signal = turned(publisher.turns.sort((a, b) => a.from - b.from));
  return { signal, inherited: publisher.inheritances };
}

export interface Publishing {
  readonly signal: Signal;
  /** While a takeover holds a stream that its client has not published: newcomers may or may not see it. */
  readonly inherited: readonly Interval[];
}

interface Step {
  readonly t: number;
  take(): void;
}

function stepsOf(client: Client, publisher: Publisher): Step[] {
  const steps: Step[] = [{ t: client.enteredFrom, take: () => publisher.join(client) }];
  for (const update of client.updates) {
    const t = Math.max(update.t, client.enteredFrom);
    if (!isTakenOver(client, t)) steps.push({ t, take: () => publisher.update(client, t, update) });
  }
  const { goodbyeAt } = client;
  if (goodbyeAt < Number.POSITIVE_INFINITY && !isTakenOver(client, goodbyeAt)) {
    steps.push({ t: goodbyeAt, take: () => publisher.leave() });
  }
  return steps;
}

class Publisher {
  readonly turns: Turn[] = [];
  readonly steps: Step[] = [];
  readonly inheritances: Interval[] = [];
  private readonly user: User;
  private readonly measured: Measured;
  private readonly contact: ContactOf;
  private own = false;
  /** The end of a stream that the newest client has not published again (C-35). */
  private inherited: Turn | null = null;
  /** The user left; its next stay inherits nothing. */
  private left = false;

  constructor(user: User, measured: Measured, contact: ContactOf) {
    this.user = user;
    this.measured = measured;
    this.contact = contact;
  }

  join(client: Client): void {
    const from = client.enteredFrom;
    const publishes = maySend(client.role, client) && client.publish;
    const had = !this.left && (this.own || this.inherited !== null);
    this.left = false;
    if (publishes) {
      // The client may publish right after its join instead of with it.
      const due = this.measured.up(client).by(client.successAt) + lateMaxMs;
      if (had) this.publishAgain(client, due);
      else this.turn({ from, due, on: true });
      this.own = true;
      return;
    }
    if (had && this.own) this.inherit(client);
    else if (!had) this.turn({ from, due: from, on: false });
    this.own = false;
  }

  update(client: Client, t: number, next: { role: Role; publish: boolean }): void {
    const publishes = maySend(next.role, client) && next.publish;
    if (!publishes && this.inherited !== null) {
      // It may say so of the stream that it inherited, or only restate that it has none of its own.
      this.inherited.from = Math.min(this.inherited.from, t);
    }
    if (publishes === this.own) return;
    const due = this.measured.up(client).by(t) + lateMaxMs;
    this.own = publishes;
    this.turn({ from: t, due, on: publishes });
  }

  leave(): void {
    this.left = true;
  }

  /** Published again before the limit: nothing is told. The join's answer shows when it was at the latest. */
  private publishAgain(client: Client, due: number): void {
    if (this.inherited !== null) {
      this.turn({ from: client.enteredFrom, due, on: true });
      return;
    }
    const { from } = this.limitAfter(client);
    if (from > client.enteredFrom && client.successAt > from) this.turn({ from, due, on: true, doubt: true });
  }

  private inherit(client: Client): void {
    const { from, due } = this.limitAfter(client);
    this.inherited = {
      from: Math.max(client.enteredFrom, Math.min(from, this.forgottenFrom(client, due))),
      // Whether an attempt that was never answered took over is not known.
      due: client.successAt === Number.POSITIVE_INFINITY ? Number.POSITIVE_INFINITY : Math.max(due, from),
      on: false,
    };
    this.turns.push(this.inherited);
    this.inheritances.push({ from: client.enteredFrom, to: this.inherited.due });
  }

  /** A server that is killed before the limit has forgotten what there was to inherit (C-59). */
  private forgottenFrom(client: Client, due: number): number {
    const last = this.user.heard.findLast((packet) => packet.t < client.enteredFrom)?.t ?? client.enteredFrom;
    const dark = this.measured.world.blackouts.find(({ from }) => from >= last && from < due);
    // Or the one that it came to did not know yet who had asked to come back.
    const strange = unheardOf(this.user, this.measured).find(
      ({ from, to }) => from <= client.enteredFrom && client.enteredFrom < to,
    );
    return strange?.restartAt ?? dark?.to ?? Number.POSITIVE_INFINITY;
  }

  private turn(turn: Turn): void {
    const pending = this.inherited;
    this.inherited = null;
    if (pending === null || turn.from > pending.due) {
      this.turns.push(turn);
      return;
    }
    const inheritance = this.inheritances.at(-1);
    if (inheritance !== undefined) inheritance.to = turn.due;
    const index = this.turns.indexOf(pending);
    if (turn.on && turn.due >= pending.from) {
      this.turns[index] = { from: pending.from, due: Math.max(turn.due, pending.due), on: true, doubt: true };
    } else if (turn.on) {
      this.turns.splice(index, 1);
    } else {
      this.turns[index] = turn;
    }
  }

  /** When the stream limit passes after the last packet of the clients before this one. */
  private limitAfter(client: Client): { from: number; due: number } {
    const { silence, world } = this.measured;
    const limitMs = world.limits.streamRemovedMs;
    const before = this.user.heard.filter(
      ({ connection }) => connection.client.enteredFrom < client.enteredFrom,
    );
    const sure = before.findLast((packet) => packet.t < client.enteredFrom);
    if (sure === undefined) return { from: client.enteredFrom, due: Number.POSITIVE_INFINITY };
    const due = silence.latest(before, before.length - 1, limitMs);
    return {
      from: silence.earliest(sure, limitMs, this.contact),
      due: Math.max(due, ...this.revivedUntil(sure.t, client.enteredFrom, limitMs)),
    };
  }

  /** C-59: a limit that had passed in a server since dead passes again for whom a returner still had in its picture. */
  private revivedUntil(lastHeardAt: number, enteredAt: number, limitMs: number): number[] {
    const { silence, world } = this.measured;
    if (!world.oneProcess) return [];
    return world.blackouts
      .filter((dark) => dark.from >= lastHeardAt && dark.to <= enteredAt && inAPicture(this.user, dark))
      .map((dark) => silence.afterRestart(dark.to, limitMs));
  }
}

/** In the live profile only hosts have a stream. */
function maySend(role: Role, client: Client): boolean {
  return client.profile === 'communication' || role === 'host';
}
