import type { Direction } from '@holdfast/server/faults';
import { type Call, classOf, type Dialect, type Platform, type Stage } from './dialects.ts';
import type { Expected, Timing } from './judge.ts';
import type { PacketLog } from './packets.ts';
import type { Role } from './scene.ts';

/**
 * The contract's numbers as the suite knows them, in ms. They are written out here and nowhere taken from the
 * product: a changed number in the product must turn rows red.
 */
export const promised = {
  interrupted: 4_000,
  lost: 10_000,
  peerOffline: 20_000,
  streamRemoved: 10_000,
  peerLeave: 20_000,
  channelDestroy: 10_000,
  appleGoodbye: 4_000,
  heartbeat: 1_000,
  /** A limit is never early and at most this late (C-2). */
  lateness: 250,
  /** Back in the channel after the network heals (C-17). */
  back: 1_500,
  /** A goodbye is told (C-31). */
  goodbye: 1_000,
  /** A leave is over, with or without its goodbye delivered (C-14). */
  leave: 2_000,
  /** A silent connection has a standby at the latest after this (C-10). */
  firstAttempt: 3_500,
  /** Attempts are at most this far apart in the first `eager` ms of an outage, and later at most `patientAttempt` (C-17). */
  eagerAttempt: 1_000,
  eager: 20_000,
  patientAttempt: 5_000,
  /** From the request of another token to the end of the stay (C-43). */
  tokenGrace: 30_000,
  sessionKeep: 120_000,
  messageBytes: 32_000,
} as const;

/** What promises need to know of a row that has played. */
export interface Played {
  person(role: Role): {
    readonly uid: number;
    readonly platform: Platform;
    readonly packets: PacketLog;
    /** Whether it publishes a stream (C-24). */
    readonly publishes: boolean;
  };
  dialect(role: Role): Dialect;
  /** When a deed was done, in ms since the epoch. */
  marked(name: string): number | undefined;
  /** The longest time (ms) in the row without a packet from (`up`) or to (`down`) somebody. */
  silence(role: Role, direction: Direction): number;
}

/** The silence of `who` passes a limit. */
export function afterSilenceOf(scene: Played, who: Role, limitMs: number): Timing {
  return afterSilence(scene, who, 'up', limitMs);
}

/** A time between two bounds (ms) after a deed. */
export function promptly(scene: Played, mark: string, atMostMs: number, atLeastMs = 0): Timing {
  return { text: mark, since: () => scene.marked(mark), atLeastMs, atMostMs };
}

/** What somebody is told about an outage of its own that lasts `ms` from the last packet to it. */
export function ownOutage(scene: Played, role: Role, ms: number, back?: Timing): Expected[] {
  const dialect = scene.dialect(role);
  const limit = (limitMs: number) => afterSilence(scene, role, 'down', limitMs);
  const told: Expected[] = [];
  if (ms >= promised.interrupted)
    told.push(...due(dialect.interrupted(), 'C-11 C-12', limit(promised.interrupted), 'interrupted'));
  if (ms >= promised.lost) told.push(...due(dialect.lost(), 'C-11 C-12', limit(promised.lost), 'lost'));
  if (ms >= promised.interrupted && back) told.push(...due(dialect.back(), 'C-11 C-17', back, 'rejoin'));
  return told;
}

/** As `ownOutage`, for an outage whose length only the packets tell. */
export function ownOutageAsMeasured(scene: Played, role: Role, back: Timing): Expected[][] {
  const ms = scene.silence(role, 'down');
  return lengths(ms, [promised.interrupted, promised.lost]).map((each) => ownOutage(scene, role, each, back));
}

interface Silence {
  /** How long, from the last packet to the return; Infinity for one who never returns. */
  readonly ms: number;
  /** The mark after which the return is told. */
  readonly back?: string;
  /** How far into the silence the observer came, in ms; 0 for one who was there before. */
  readonly joinedAt?: number;
}

/** What an observer is told about a silence of `who` (contract, section 3). */
export function silenceOf(
  scene: Played,
  observer: Role,
  who: Role,
  { ms, back, joinedAt = 0 }: Silence,
): Expected[] {
  const dialect = scene.dialect(observer);
  const silent = scene.person(who);
  const { uid } = silent;
  const stages = stagesOf(scene, observer, who);
  const wasThere = joinedAt < (stages[0]?.limitMs ?? 0);
  const passed = stages.filter(({ limitMs }) => ms >= limitMs && joinedAt < limitMs);
  const told = passed.flatMap(({ limitMs, gone, figure }) =>
    wasThere ? due(gone, 'C-2 C-20', afterSilence(scene, who, 'up', limitMs), figure, limitMs) : [],
  );
  const peerIsGone = !wasThere || passed.length === stages.length;
  if (!back || (wasThere && passed.length === 0)) return told;
  const returned = peerIsGone ? dialect.appeared(silent) : dialect.streamBack(uid);
  const timing = promptly(scene, back, promised.back + promised.lateness);
  return [...told, ...due(returned, 'C-20 C-21', timing, 'return', ms)];
}

/** What passes with time for an observer of a silence, and how it is told. */
function stagesOf(scene: Played, observer: Role, who: Role) {
  const dialect = scene.dialect(observer);
  const { uid, publishes } = scene.person(who);
  if (classOf(scene.person(observer).platform) !== 'web')
    return [{ limitMs: promised.peerOffline, gone: dialect.peerGone(uid), figure: 'offline' }];
  const stream = { limitMs: promised.streamRemoved, gone: dialect.streamGone(uid), figure: 'stream-removed' };
  const peer = { limitMs: promised.peerLeave, gone: dialect.peerGone(uid), figure: 'peer-leave' };
  return publishes ? [stream, peer] : [peer];
}

/** As `silenceOf`, for a silence whose length only the packets tell. */
export function silenceOfAsMeasured(scene: Played, observer: Role, who: Role, back: string): Expected[][] {
  const limits = [promised.streamRemoved, promised.peerOffline, promised.peerLeave];
  return lengths(scene.silence(who, 'up'), limits).map((ms) => silenceOf(scene, observer, who, { ms, back }));
}

/** What an observer is told when the process of `who` is killed: a silence, but for apple a goodbye (C-30, C-31). */
export function deathOf(scene: Played, observer: Role, who: Role, how: Silence): Expected[] {
  if (classOf(scene.person(who).platform) !== 'apple') return silenceOf(scene, observer, who, how);
  if (how.ms < promised.appleGoodbye) return [];
  const dialect = scene.dialect(observer);
  const { uid } = scene.person(who);
  const late = promised.appleGoodbye + promised.lateness;
  const quit = promptly(scene, 'killed', late, promised.appleGoodbye);
  const told = due(dialect.quit(uid), 'C-31', quit, 'apple goodbye');
  if (!how.back) return told;
  const back = promptly(scene, how.back, promised.back + promised.lateness);
  return [...told, ...due(dialect.appeared(scene.person(who)), 'C-21 C-31', back, 'return')];
}

export function goodbyeOf(scene: Played, observer: Role, who: Role, mark: string): Expected[] {
  const calls = scene.dialect(observer).quit(scene.person(who).uid);
  return due(calls, 'section 3', promptly(scene, mark, promised.goodbye), 'goodbye');
}

/** As `goodbyeOf`, for one that comes `afterMs` after a deed. */
export function goodbyeAfter(
  scene: Played,
  observer: Role,
  who: Role,
  mark: string,
  afterMs: number,
): Expected[] {
  const calls = scene.dialect(observer).quit(scene.person(who).uid);
  return due(calls, 'section 3', promptly(scene, mark, afterMs + promised.goodbye, afterMs));
}

export function ownLeave(scene: Played, role: Role, from: Stage): Expected[] {
  const timing = promptly(scene, 'left', promised.leave + promised.lateness);
  return due(scene.dialect(role).left(from), 'C-12 C-14', timing);
}

/** A join that succeeds, the own stream, and being told of everybody present (C-23), in any order. */
export function ownJoin(scene: Played, role: Role, present: readonly Role[]): Expected[] {
  const dialect = scene.dialect(role);
  const told = present.flatMap((other) => dialect.appeared(scene.person(other)));
  const published = scene.person(role).publishes ? dialect.published() : [];
  return [
    ...due(dialect.joined(), 'C-33'),
    ...due([...told, ...published], 'C-23 C-24').map((each) => ({ ...each, together: 'present' })),
  ];
}

export function arrivalOf(scene: Played, observer: Role, who: Role, nominalMs = 0): Expected[] {
  return due(scene.dialect(observer).appeared(scene.person(who)), 'C-23', undefined, undefined, nominalMs);
}

/** Several stories of one observer merged by their nominal times. */
export function inTime(...stories: readonly Expected[][]): Expected[] {
  return stories.flat().sort((left, right) => (left.nominalMs ?? 0) - (right.nominalMs ?? 0));
}

/** Calls that must come; their lateness counts once, under `figure`, by the last of them. */
export function due(
  calls: readonly Call[],
  promise: string,
  timing?: Timing,
  figure?: string,
  nominalMs = 0,
): Expected[] {
  return calls.map((call, i) => ({
    ...call,
    promise,
    nominalMs,
    ...(timing && { timing }),
    ...(figure && i === calls.length - 1 && { figure }),
  }));
}

function afterSilence(scene: Played, role: Role, direction: Direction, limitMs: number): Timing {
  return {
    text: `the last packet ${direction === 'up' ? 'from' : 'to'} ${role}`,
    since: (at) => scene.person(role).packets.lastBefore(direction, at),
    atLeastMs: limitMs,
    atMostMs: limitMs + promised.lateness,
  };
}

/** The lengths to judge by: within the lateness of a limit both sides of it are right (C-2). */
function lengths(measuredMs: number, limits: readonly number[]): number[] {
  const near = limits.filter((limit) => measuredMs >= limit && measuredMs <= limit + promised.lateness);
  return [measuredMs, ...near.map((limit) => limit - 1)];
}
