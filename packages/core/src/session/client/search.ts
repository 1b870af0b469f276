import { type CloseName, recovery } from '../../contract/index.ts';
import type { Refused } from '../../wire/frames.ts';
import { type Attempt, Attempts } from './attempts.ts';
import { Calm } from './calm.ts';
import type { Context } from './context.ts';
import { type Pace, paceOf } from './pace.ts';
import type { TimerName } from './phase.ts';
import type { AttemptRecord } from './record.ts';
import type { Deadline } from './types.ts';

export type { Attempt };

/** The search for a way in: the attempts under way and when the next one starts (C-17). */
export class Search {
  readonly attempts = new Attempts();
  readonly #context: Context;
  /** Zero of the attempts' records. */
  readonly #zero: number;
  #eagerFrom: number;
  #started = 0;
  /** A dial failed: the next one need not wait for its time. */
  #retryAt: number | null = null;
  /** Such retries since the last scheduled start. */
  #retries = 0;
  /** A dial was neither taken nor refused for long: meanwhile a server may have come and gone unseen. */
  #hung = false;
  /** When the next attempt starts; Infinity once a way was found. */
  #scheduledAt: number;
  readonly #calm: Calm;
  readonly #pace: Pace;

  /** @param calmMs how much longer a server may take to answer, where many ask it at the same time; 0: there is hurry */
  constructor(context: Context, zero: number, firstAt: number, calmMs: number) {
    this.#context = context;
    this.#zero = zero;
    this.#eagerFrom = context.now;
    this.#scheduledAt = firstAt;
    this.#calm = new Calm(calmMs, this.attempts);
    this.#pace = paceOf(context, calmMs);
    context.servers.searched(context.now);
  }

  /** True once an attempt has been made. */
  get tried(): boolean {
    return this.#started > 0;
  }

  /** An attempt waits for the answer to what makes it the connection. */
  get asks(): boolean {
    return this.attempts.any(({ stage }) => stage === 'asked');
  }

  get over(): boolean {
    return this.#settled && this.attempts.size === 0;
  }

  /** Whether the path was dark for a part of the time, so that what servers did in it is not known (C-59). */
  get blind(): boolean {
    return this.#hung || this.attempts.any((attempt) => this.#hangs(attempt));
  }

  #hangs({ stage, hungAt }: Attempt): boolean {
    return stage === 'dialing' && this.#context.now >= hungAt;
  }

  // ---- attempts ----

  /** Starts one; null: every server wants to be left alone. */
  start(): AttemptRecord | null {
    const { servers, now } = this.#context;
    const { waitsUntil } = this.attempts.survey();
    if (waitsUntil > now) {
      this.#retryAt = null;
      this.#scheduledAt = waitsUntil;
      return null;
    }
    const url = servers.next(now, (each) => this.#calm.underWay(each, now));
    if (url === null) {
      this.#retryAt = null;
      const restUntil = servers.restUntil();
      this.#scheduledAt = restUntil > now ? restUntil : now + this.#pauseMs();
      return null;
    }
    const patience = this.#pace.patience(this.#started, this.#eager);
    const number = this.#context.dial(url);
    const times = { openedMs: null, askedMs: null, endedMs: null };
    const record = {
      attempt: number,
      url,
      startedMs: Math.round(now - this.#zero),
      ...times,
      outcome: 'pending',
    };
    this.attempts.set(number, {
      ...{ number, url, startedAt: now, stage: 'dialing', askedAt: 0, waitsUntil: 0, self: null },
      ...{ newcomer: false, ...patience },
      record,
    });
    this.#started += 1;
    this.#thin(url);
    if (this.#retryAt !== null && this.#scheduledAt > now) {
      this.#retryAt = null;
      return record;
    }
    this.#retries = 0;
    this.#scheduledAt = now + this.#pauseMs();
    return record;
  }

  opened(attempt: Attempt): void {
    this.#context.servers.opened(attempt.url);
    attempt.stage = 'open';
    attempt.overdueAt = Math.max(attempt.overdueAt, attempt.startedAt + recovery.attemptTimeoutMs);
    attempt.record.openedMs = Math.round(this.#context.now - this.#zero);
  }

  asked(attempt: Attempt, stage: 'asked' | 'standby', newcomer = false): void {
    attempt.stage = stage;
    attempt.newcomer = newcomer;
    attempt.askedAt = this.#context.now;
    attempt.self = this.#context.selfAsked;
    attempt.record.askedMs ??= Math.round(this.#context.now - this.#zero);
  }

  /** Its server lives and has many to let in: another attempt would only add to them (C-56). */
  waits(attempt: Attempt): void {
    attempt.waitsUntil = this.#context.now + recovery.turnMs;
    attempt.overdueAt = Math.max(attempt.overdueAt, attempt.waitsUntil);
  }

  /** A dial failed, or an opened transport broke. */
  failed(attempt: Attempt, outcome: CloseName): void {
    const { servers, now } = this.#context;
    servers.failed(attempt.url);
    if (attempt.stage === 'dialing') {
      this.#calm.dialFailed(now);
      if (!this.#calm.triesBeside(attempt, now)) this.#retry();
    }
    this.ended(attempt, outcome);
  }

  /** A server wants to be left alone, and may know of others. */
  refused(attempt: Attempt, { retryMs, servers = [] }: Refused, outcome: CloseName): void {
    this.#context.servers.learn(servers);
    this.#context.servers.rest(attempt.url, this.#context.now + retryMs);
    this.#context.close(attempt.number);
    this.#retry();
    this.ended(attempt, outcome);
  }

  /** A dead server, or a busy one, must not eat the time of another: the next one is tried without a pause. */
  #retry(): void {
    const { servers, now } = this.#context;
    if (this.#settled || this.#retries >= servers.count - 1) return;
    this.#retries += 1;
    this.#retryAt = now;
  }

  ended(attempt: Attempt, outcome: CloseName | 'timeout' | 'replaced' | 'not needed' | 'took over'): void {
    const { now } = this.#context;
    this.#hung ||= this.#hangs(attempt);
    attempt.record.outcome = outcome;
    attempt.record.endedMs = Math.round(now - this.#zero);
    this.attempts.delete(attempt.number);
  }

  /**
   * Of the transports that one server has not opened, the oldest is kept, for a slow path, and the newest two, for one
   * that has just healed. Of those that it has opened, the newest, and the last that asked: it may have won (C-17, C-41).
   */
  #thin(url: string): void {
    const [dialing, open] = [[] as Attempt[], [] as Attempt[]];
    for (const attempt of this.attempts.at(url)) (attempt.stage === 'dialing' ? dialing : open).push(attempt);
    const asked = open.findLast(({ stage }) => stage === 'asked');
    const second = this.#pace.beside && dialing.length > mostPending ? dialing[1] : undefined;
    // On a slow path a dial takes longer than the next ones are apart.
    const early = second && this.#context.now - second.startedAt < 1.5 * this.#context.openingMs;
    const spare = early && dialing.length <= mostPatient ? undefined : second;
    const stale = open.length > mostPending ? open.find((attempt) => attempt !== asked) : undefined;
    for (const attempt of [spare, stale]) {
      if (attempt === undefined) continue;
      this.#context.close(attempt.number);
      this.ended(attempt, 'replaced');
    }
  }

  /** Gives up the attempt that has been pending for too long. */
  dropOverdue(): void {
    const { overdue: attempt } = this.attempts.survey();
    if (attempt === undefined) return;
    this.#context.servers.failed(attempt.url);
    this.#context.close(attempt.number);
    this.ended(attempt, 'timeout');
  }

  /** A way was found. Those that asked after `winner` may already have won: they are awaited (C-41). */
  settle(winner: number): void {
    for (const attempt of [...this.attempts.values()]) {
      if (attempt.stage === 'asked' && attempt.number > winner) continue;
      this.#context.close(attempt.number);
      this.ended(attempt, 'not needed');
    }
    this.#retryAt = null;
    this.#scheduledAt = Number.POSITIVE_INFINITY;
  }

  /** Gives up what is under way and looks no more; the next attempt starts when the search is hurried. */
  pause(): void {
    this.#hung = true;
    for (const attempt of [...this.attempts.values()]) {
      this.#context.close(attempt.number);
      this.ended(attempt, 'not needed');
    }
  }

  // ---- time ----

  /** "Online", a new address, waking: the back-off ends at once (C-15). */
  hurry(): void {
    if (this.#settled) return;
    this.#eagerFrom = this.#context.now;
    this.#scheduledAt = this.#context.now;
  }

  /** The next attempt starts no later than this. */
  startBy(at: number): void {
    this.#scheduledAt = Math.min(this.#scheduledAt, at);
  }

  /** @param besideLink the attempts do not compete for the session: each may ask at once */
  timers(besideLink: boolean): Deadline<TimerName>[] {
    const { mayAsk, askedAt, waitsUntil, overdue } = this.attempts.survey();
    // One asks at a time, the next after a fair wait (C-41).
    const waitMs = besideLink ? 0 : this.#context.patienceMs + this.#calm.ms;
    const askAt = mayAsk ? Math.max(waitsUntil, askedAt + waitMs) : Number.POSITIVE_INFINITY;
    const all: Deadline<TimerName>[] = [
      { at: Math.min(this.#retryAt ?? this.#scheduledAt, this.#scheduledAt), why: 'attempt' },
      { at: overdue?.overdueAt ?? Number.POSITIVE_INFINITY, why: 'overdue' },
      { at: askAt, why: 'ask' },
    ];
    return all.filter(({ at }) => at !== Number.POSITIVE_INFINITY);
  }

  #pauseMs(): number {
    return this.#pace.pauseMs(this.#started, this.#eager);
  }

  get #eager(): boolean {
    return this.#context.now - this.#eagerFrom < recovery.eagerMs;
  }

  get #settled(): boolean {
    return this.#scheduledAt === Number.POSITIVE_INFINITY;
  }
}

/** Attempts at one server that it has opened, and as many that it has not. */
const mostPending = 3;
/** Of those that it has not opened, while they may still be on their way. */
const mostPatient = 6;
