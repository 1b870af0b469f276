import { type CloseName, classOf, type Limits } from '../../contract/index.ts';
import {
  limitOf,
  type Member,
  nothingPassed,
  passable,
  passedAfter,
  type Self,
  type Stream,
  sameSelf,
} from '../../presence/index.ts';
import type { ServerHeartbeat, ServerMark } from '../../wire/frames.ts';
import type { Deadline } from '../client/types.ts';
import { Connection } from './connection.ts';

export type ServerInput =
  /** A connection of this user was admitted; it replaces the one before. */
  | { readonly type: 'attached'; readonly connection: number }
  /** A packet came on a connection. */
  | { readonly type: 'heard'; readonly connection: number }
  | { readonly type: 'heartbeat'; readonly connection: number; readonly id: number; readonly answer: number }
  /** `unreachable`: not the other end closed it, but the network gave up. */
  | { readonly type: 'closed'; readonly connection: number; readonly cause: 'peer' | 'unreachable' }
  /** The app said that it goes to the background without a connection (C-32). */
  | { readonly type: 'suspend' }
  /** This server stood still: what it has not seen proves nothing (C-3, C-31). */
  | { readonly type: 'stalled' }
  /** Another server heard the user, or this one on a connection that is not admitted (C-56). */
  | { readonly type: 'heard-elsewhere' }
  | { readonly type: 'update'; readonly self: Self }
  /** The user has left, or its process's end is presumed to mean that: then it was not heard (C-31, C-34). */
  | { readonly type: 'goodbye'; readonly presumed: boolean }
  /** Ask the connection for a sign of life at once. */
  | { readonly type: 'probe' }
  /** Something else was sent on the connection: its heartbeat may wait. */
  | { readonly type: 'sent' }
  | { readonly type: 'deadline' };

export type ServerOutput =
  | { readonly type: 'send'; readonly connection: number; readonly frame: ServerHeartbeat }
  /** The client was heard again after the server had stopped sending: tell it the whole truth (C-16). */
  | { readonly type: 'resync'; readonly connection: number }
  | { readonly type: 'close'; readonly connection: number; readonly close: CloseName }
  /** An apple user's connection was closed `closedMs` ago and nothing was heard since: its process has ended (C-31). */
  | { readonly type: 'presume-goodbye'; readonly closedMs: number }
  /** The member's state changed: append it to the log. */
  | { readonly type: 'publish'; readonly member: Member }
  /** A silence about which something was done is over (C-90). */
  | { readonly type: 'returned'; readonly silentMs: number; readonly marks: readonly ServerMark[] }
  /** No limit needs this record any more. */
  | { readonly type: 'forget' };

/** Streams of a connection that was taken over and that the newcomer has not published (yet) (C-35). */
export interface InheritedStreams {
  readonly streams: readonly Stream[];
  /** Running time of that connection's last packet. */
  readonly since: number;
}

export interface ServerSessionStart {
  readonly member: Member;
  /** What the user says of itself. */
  readonly own: Self;
  readonly inherited: InheritedStreams;
  /** Running time of the user's last packet, as far as is known. */
  readonly heardAt: number;
}

type TimerName = 'heartbeat' | 'pause' | 'close' | 'silence' | 'goodbye' | 'inherited' | 'forget';

/**
 * One user as its holder sees it: measures its silence, decides its edges (C-58), keeps its connection's
 * heartbeat. Pure; `now` is running time (C-3).
 */
export class ServerSession {
  #member: Member;
  #own: Self;
  #inherited: InheritedStreams;
  #heardAt: number;
  #connection: Connection | null = null;
  /** When an apple user's connection was closed by its end, while that may mean its process's end (C-31). */
  #closedAt: number | null = null;
  #heardElsewhereAt = Number.NEGATIVE_INFINITY;
  #suspended = false;
  #marks: ServerMark[] = [];
  #now: number;
  #out: ServerOutput[] = [];
  readonly #limits: Limits;
  readonly #spreadMs: () => number;

  constructor(start: ServerSessionStart, limits: Limits, spreadMs: () => number, now: number) {
    this.#member = start.member;
    this.#own = start.own;
    this.#inherited = start.inherited;
    this.#heardAt = start.heardAt;
    this.#limits = limits;
    this.#spreadMs = spreadMs;
    this.#now = now;
  }

  get member(): Member {
    return this.#member;
  }

  /** What the user says of itself. */
  get own(): Self {
    return this.#own;
  }

  get connection(): number | null {
    return this.#connection?.id ?? null;
  }

  /** True while nothing may be sent to the client (C-16). */
  get paused(): boolean {
    return this.#connection?.paused ?? true;
  }

  heardMs(now: number): number {
    return now - this.#heardAt;
  }

  /** What this join still owes to the connection that it took over (C-35). */
  get inherited(): InheritedStreams {
    return this.#inherited;
  }

  /** What was done about the present silence (C-90). */
  get marks(): readonly ServerMark[] {
    return this.#marks;
  }

  handle(input: ServerInput, now: number): ServerOutput[] {
    this.#now = now;
    this.#out = [];
    this.#take(input);
    return this.#out;
  }

  deadline(): Deadline<TimerName> | null {
    let next: Deadline<TimerName> | null = null;
    const at = (time: number, why: TimerName) => {
      if (next === null || time < next.at) next = { at: time, why };
    };
    this.#silences(at);
    const { gone } = this.#member;
    if (gone === 'no') this.#connection?.timers(this.#limits.heartbeatMs, at);
    if (gone === 'no' && this.#inherited.streams.length > 0) {
      at(this.#inherited.since + this.#limits.streamRemovedMs, 'inherited');
    }
    const { appleGoodbyeMs, sessionKeepMs } = this.#limits;
    if (gone === 'no' && this.#closedAt !== null && appleGoodbyeMs !== null) {
      at(this.#closedAt + appleGoodbyeMs, 'goodbye');
    }
    at(this.#heardAt + sessionKeepMs, 'forget');
    return next;
  }

  #silences(at: (time: number, why: TimerName) => void): void {
    const { passed, gone } = this.#member;
    for (const name of passable) {
      const limit = this.#limits[limitOf[name]];
      if (passed[name] || limit === null || (gone !== 'no' && name !== 'channelDestroy')) continue;
      at(this.#heardAt + limit, 'silence');
    }
  }

  #take(input: ServerInput): void {
    const connection = this.#connection;
    switch (input.type) {
      case 'attached':
        this.#attached(input.connection);
        return;
      case 'heard':
        if (connection?.id === input.connection) this.#heard(connection);
        return;
      case 'heartbeat':
        if (connection?.id === input.connection) this.#heartbeat(connection, input.id, input.answer);
        return;
      case 'closed':
        if (connection?.id !== input.connection) return;
        this.#connection = null;
        this.#mark('connection closed');
        if (input.cause === 'peer' && this.#closeMeansEnd) this.#closedAt = this.#now;
        return;
      case 'suspend':
        this.#suspended = true;
        return;
      case 'stalled':
        this.#closedAt = null;
        if (connection !== null) this.#beat(connection, 0);
        return;
      case 'heard-elsewhere':
        this.#heardElsewhereAt = this.#now;
        this.#alive();
        return;
      case 'update':
        this.#own = input.self;
        this.#publishStreams();
        return;
      case 'goodbye':
        this.#goodbye(input.presumed);
        return;
      case 'probe':
        if (connection !== null) this.#beat(connection, 0);
        return;
      case 'sent':
        connection?.sent(this.#now);
        return;
      case 'deadline':
        this.#runTimers();
    }
  }

  #attached(id: number): void {
    this.#connection = new Connection(id, this.#now);
    this.#suspended = false;
    this.#alive();
  }

  #heard(connection: Connection): void {
    this.#alive();
    if (connection.heard(this.#now)) this.#out.push({ type: 'resync', connection: connection.id });
  }

  /** C-31: the close of an apple user's only connection, not foretold by a suspend, means that its process ended. */
  get #closeMeansEnd(): boolean {
    const { appleGoodbyeMs } = this.#limits;
    if (appleGoodbyeMs === null || classOf(this.#member.platform) !== 'apple' || this.#suspended)
      return false;
    return this.#now - this.#heardElsewhereAt >= appleGoodbyeMs;
  }

  /** A packet ends the silence and clears every limit it had passed (C-2). */
  #alive(): void {
    if (this.#member.gone !== 'no') return;
    this.#closedAt = null;
    const silentMs = Math.round(this.#now - this.#heardAt);
    this.#heardAt = this.#now;
    if (this.#marks.length > 0) this.#out.push({ type: 'returned', silentMs, marks: this.#marks });
    this.#marks = [];
    if (Object.values(this.#member.passed).some(Boolean)) this.#publish({ passed: nothingPassed });
  }

  #heartbeat(connection: Connection, id: number, answer: number): void {
    connection.answered(answer, this.#now);
    this.#heard(connection);
    if (id !== 0) this.#beat(connection, id);
  }

  #beat(connection: Connection, answer: number): void {
    const frame = connection.beat(answer, this.#spreadMs(), this.#now);
    this.#out.push({ type: 'send', connection: connection.id, frame });
  }

  #goodbye(presumed: boolean): void {
    if (this.#member.gone !== 'no') return;
    if (!presumed) this.#heardAt = this.#now;
    this.#inherited = { streams: [], since: 0 };
    const passed = presumed ? this.#member.passed : nothingPassed;
    this.#publish({ gone: 'quit', streams: [], passed });
    if (this.#connection !== null) {
      this.#out.push({ type: 'close', connection: this.#connection.id, close: 'done' });
    }
    this.#connection = null;
  }

  /** C-35: a takeover keeps the streams of the connection before until the observers' limit. */
  #publishStreams(): void {
    if (this.#member.gone !== 'no') return;
    const { role, streams: own } = this.#own;
    const { since } = this.#inherited;
    const left = this.#inherited.streams.filter(({ id }) => !own.some((stream) => stream.id === id));
    this.#inherited = { streams: left, since };
    const streams = [...own, ...left];
    const { member } = this;
    if (!sameSelf(member, { role, streams })) this.#publish({ role, streams });
  }

  // ---- time ----

  #runTimers(): void {
    for (;;) {
      const due = this.deadline();
      if (due === null || due.at > this.#now) return;
      this.#runTimer(due.why);
      if (due.why === 'forget') return;
    }
  }

  #runTimer(why: TimerName): void {
    const connection = this.#connection;
    switch (why) {
      case 'heartbeat':
        if (connection !== null) this.#beat(connection, 0);
        return;
      case 'pause':
        if (connection !== null) connection.paused = true;
        this.#mark('stopped sending');
        return;
      case 'close':
        if (connection !== null) {
          this.#out.push({ type: 'close', connection: connection.id, close: 'silent' });
        }
        this.#connection = null;
        this.#mark('connection closed as silent');
        return;
      case 'inherited':
        this.#inherited = { streams: [], since: 0 };
        this.#publishStreams();
        return;
      case 'forget':
        this.#out.push({ type: 'forget' });
        return;
      case 'goodbye': {
        const closedMs = this.#now - (this.#closedAt ?? this.#now);
        this.#closedAt = null;
        this.#out.push({ type: 'presume-goodbye', closedMs });
        return;
      }
      case 'silence':
        this.#passLimits();
    }
  }

  /** All limits that the silence has reached, in one entry. */
  #passLimits(): void {
    const { passed: before } = this.#member;
    const passed = passedAfter(this.#now - this.#heardAt, this.#limits, before);
    for (const name of passable) if (passed[name] && !before[name]) this.#mark(`${limitOf[name]} passed`);
    this.#publish({ passed });
  }

  #publish(change: Partial<Member>): void {
    this.#member = { ...this.#member, ...change };
    this.#out.push({ type: 'publish', member: this.#member });
  }

  #mark(what: string): void {
    this.#marks = [...this.#marks.slice(-49), { atMs: Math.round(this.#now - this.#heardAt), what }];
  }
}
