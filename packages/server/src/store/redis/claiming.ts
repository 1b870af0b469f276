/** A join or a resume over Redis: planned on what is known, done if nothing has changed meanwhile. */
import { type Limits, type Member, nothingPassed, passable, type Stream, sameSelf } from '@holdfast/core';
import type { Named } from '../bans.ts';
import {
  awaited,
  closeOf,
  fits,
  freshStay,
  goneFrom,
  isAwaited,
  isElsewhere,
  isRepeat,
  type Refused,
  refusalOfJoin,
  refusalOfResume,
  replaces,
  returned,
  takenIn,
} from '../claims.ts';
import type { Strangers } from '../memory/strangers.ts';
import type { ChannelKey, Claim, Claimed, JoinRequest, Refusing, Released, ResumeRequest } from '../store.ts';
import { type ServerRandom, uidsFor } from '../uids.ts';
import type { Change, Job, Outcome, Sight } from './channel.ts';
import type { Asked } from './errands.ts';
import { put } from './jobs.ts';
import { type RedisRecord, sentText, stayText } from './records.ts';

export interface ClaimingHost {
  readonly name: string;
  readonly channelUsers: number;
  readonly limits: Limits;
  readonly random: ServerRandom;
  /** How long ago this store began, while it believes returners about others (C-59); null: it does not. */
  youngMs(): number | null;
  /** For how long this process has stood still, in all, in milliseconds (C-3). */
  stoodMs(): number;
  /** What was heard of users of whom this store knew nothing. */
  readonly strangers: Strangers;
  readonly key: ChannelKey;
  /** What the holder before is asked in the same step; null: this server is it. */
  asks(record: RedisRecord, close: 'superseded' | 'sameUid'): Asked | null;
  /** This server gives up a user whom it held itself. */
  released(claim: Claim, close: 'superseded' | 'sameUid'): Released | null;
  heard(record: RedisRecord): void;
  /** May this user not be here (C-44)? */
  forbids(user: Named): boolean;
  adopt(claim: Claim, member: Member, heardMs: number): void;
}

/** What came of it; `probe`: somebody has to be asked first whether it lives (C-40). */
export type Claiming = Refusing | Granted | { readonly probe: RedisRecord };

export interface Granted {
  readonly claimed: Claimed;
}

interface Plan {
  readonly record: RedisRecord;
  readonly inherited: readonly Stream[];
  readonly before: { readonly claim: Claim; readonly close: 'superseded' | 'sameUid' } | null;
  readonly asked: Asked | null;
  readonly others: readonly { readonly record: RedisRecord; readonly quietMs: number }[];
}

/** Candidates for a uid that are looked at in one go. */
const candidatesMax = 8;

abstract class ClaimJob implements Job {
  readonly hasty = true;
  readonly bytes = 500;
  abstract readonly uids: readonly number[];
  readonly host: ClaimingHost;
  readonly #resolve: (claiming: Claiming) => void;
  readonly fail: (error: Error) => void;
  #plan: Plan | null = null;

  constructor(host: ClaimingHost, resolve: (claiming: Claiming) => void, fail: (error: Error) => void) {
    this.host = host;
    this.#resolve = resolve;
    this.fail = fail;
  }

  abstract plan(sight: Sight): readonly Change[];

  settle([own, ...others]: readonly Outcome[]): boolean {
    const plan = this.#plan;
    if (plan === null || own === undefined || !own.ok) return false;
    void this.#granted(plan, own.position, own.listeners).then(this.#resolve, this.fail);
    plan.others.forEach(({ record, quietMs }, index) => {
      const { uid, fence, member } = record;
      if (others[index]?.ok) this.host.adopt({ uid, fence }, member, quietMs);
    });
    return true;
  }

  async #granted(
    { record, inherited, before, asked }: Plan,
    position: Claimed['position'],
    listeners: number,
  ) {
    const { uid, fence, session, secret, member } = record;
    let released: Released | null = null;
    if (before !== null) {
      released =
        asked === null
          ? this.host.released(before.claim, before.close)
          : ((await asked.answer(listeners)) as Released | null);
      // Who does not answer may have heard the user until now: nothing is early (C-2).
      released ??= { heardMs: 0, marks: [], inherited: { streams: [], heardMs: 0 } };
    }
    // Of a takeover it is the connection before that published them, of a return one before that (C-35).
    const heardMs = (before?.close === 'sameUid' ? released?.heardMs : released?.inherited.heardMs) ?? 0;
    const claimed: Claimed = {
      ...{ claim: { uid, fence }, session, secret, member, position },
      inherited: { streams: inherited, heardMs: inherited.length > 0 ? heardMs : 0 },
      before: released,
    };
    return { claimed };
  }

  protected end(claiming: Claiming): [] {
    this.#resolve(claiming);
    return [];
  }

  protected refuse({ refused, heard }: Refused, record: RedisRecord | undefined): [] {
    if (heard && record) this.host.heard(record);
    return this.end({ refused });
  }

  /** The same stay on another connection. */
  protected again(sight: Sight, record: RedisRecord, attempt: number, self: JoinRequest['self']): Change[] {
    const { streams } = record.member;
    const inherited = record.inherited.filter(
      ({ id }) => streams.some((each) => each.id === id) && !self.streams.some((each) => each.id === id),
    );
    const member = returned(record, self, inherited);
    // A silent return changes nothing and is not worth an entry.
    const quiet = passable.every((name) => record.member.passed[name] === nothingPassed[name]);
    const changes = !sight.facts.alive || !quiet || !sameSelf(member, record.member);
    const next = { ...record, member, attempt, inherited, fence: record.fence + 1 };
    return this.#claim(next, record, 'superseded', changes, []);
  }

  protected fresh(
    before: RedisRecord | undefined,
    next: Omit<RedisRecord, 'server' | 'inherited'>,
    inherited: readonly Stream[],
    more: { readonly profile: string; readonly others: Plan['others'] },
  ): Change[] {
    const record = { ...next, inherited, server: this.host.name };
    const close = before?.member.gone === 'no' ? closeOf(before) : null;
    return this.#claim(record, before, close, true, more.others, more.profile);
  }

  #claim(
    next: RedisRecord,
    before: RedisRecord | undefined,
    close: 'superseded' | 'sameUid' | null,
    changes: boolean,
    others: Plan['others'],
    profile?: string,
  ): Change[] {
    const { name } = this.host;
    const record = { ...next, server: name };
    const { uid, fence, member } = record;
    const told =
      before !== undefined && close !== null ? { claim: { uid, fence: before.fence }, close } : null;
    const asked = told === null || before === undefined ? null : this.host.asks(before, told.close);
    this.#plan = { record, inherited: record.inherited, before: told, asked, others };
    const claimed = { ...record, from: undefined, leaves: undefined };
    const own = put({
      ...{ uid, expected: before?.fence ?? null, fence, server: name, stay: stayText(claimed) },
      ...(changes ? { member, sent: sentText(member.sent) } : {}),
      ...(profile === undefined ? {} : { profile, join: member.join }),
      ...(asked === null ? {} : { note: asked.message }),
    });
    return [own, ...others.map(({ record: other }) => this.#await(other))];
  }

  #await(other: RedisRecord): Change {
    const { uid, fence, member, server } = other;
    const sent = sentText(member.sent);
    return put({
      uid,
      expected: null,
      fence,
      server,
      stay: stayText(other),
      member,
      sent,
      join: member.join,
    });
  }
}

/** Whether the connection of the stay with this fence answered when it was asked whether it lives (C-40). */
export interface Probed {
  readonly fence: number;
  readonly answers: boolean;
}

export class JoinJob extends ClaimJob {
  readonly uids: readonly number[];
  readonly #request: JoinRequest;
  readonly #candidates: readonly number[];
  readonly #probed: Probed | null;

  constructor(
    request: JoinRequest,
    probed: Probed | null,
    host: ClaimingHost,
    resolve: (claiming: Claiming) => void,
    fail: (error: Error) => void,
  ) {
    super(host, resolve, fail);
    this.#request = request;
    this.#probed = probed;
    this.#candidates = firstOf(uidsFor(request), candidatesMax);
    this.uids = [...this.#candidates, ...request.known.map(({ uid }) => uid)];
  }

  plan(sight: Sight): readonly Change[] {
    const { random, channelUsers } = this.host;
    const request = this.#request;
    const uid = this.#candidates.find((candidate) => fits(sight.record(candidate), request));
    if (uid === undefined) return this.end({ refused: 'busy' });
    if (this.host.forbids({ uid, account: request.account })) return this.end({ refused: 'banned' });
    const record = sight.record(uid);
    const refused = refusalOfJoin(sight.facts, record, request, channelUsers);
    if (refused !== null) return this.refuse(refused, record);
    if (request.keepFirst && replaces(record, request)) {
      if (record.fence !== this.#probed?.fence) return this.end({ probe: record });
      if (this.#probed.answers) return this.end({ refused: 'uidInUse' });
    }
    if (this.#probed !== null && isElsewhere(record, request)) return this.end({ refused: 'superseded' });
    if (isRepeat(record, request))
      return this.again(sight, record as RedisRecord, request.attempt, request.self);
    const { record: next, inherited } = freshStay(sight.facts, record, uid, request, random);
    return this.fresh(record, next, inherited, {
      profile: request.profile,
      others: this.#others(sight, uid),
    });
  }

  /** C-59: a young store believes a returner about who else was there, while nothing is known of them. */
  #others(sight: Sight, self: number): Plan['others'] {
    const { rejoin, known, quietMs } = this.#request;
    const youngMs = this.host.youngMs();
    if (rejoin === 0 || youngMs === null) return [];
    const { limits, name, strangers, key } = this.host;
    // In the returner's time, which did not stand still with this process (C-3).
    const ageMs = Math.max(0, Math.max(quietMs, youngMs) - this.host.stoodMs());
    return known
      .filter(({ uid, gone }) => uid !== self && gone === 'no' && sight.record(uid) === undefined)
      .filter((user) => !this.host.forbids(user))
      .map((member) => {
        const { uid, join } = member;
        const record = awaited(member);
        const silentMs = Math.min(ageMs, performance.now() - strangers.heardAt(key, uid));
        const state = takenIn(
          record,
          strangers.hasLeft(key, uid, join) ? goneFrom(member) : member,
          silentMs,
          limits,
        );
        return { record: { ...record, member: state, server: name, inherited: [] }, quietMs: silentMs };
      });
  }
}

export class ResumeJob extends ClaimJob {
  readonly uids: readonly number[];
  readonly #request: ResumeRequest;

  constructor(
    request: ResumeRequest,
    host: ClaimingHost,
    resolve: (claiming: Claiming) => void,
    fail: (error: Error) => void,
  ) {
    super(host, resolve, fail);
    this.#request = request;
    this.uids = [request.uid];
  }

  plan(sight: Sight): readonly Change[] {
    const request = this.#request;
    const record = sight.record(request.uid);
    if (this.host.forbids(request)) return this.end({ refused: 'banned' });
    if (record !== undefined && isAwaited(record, request)) this.host.heard(record);
    if (record === undefined) this.host.strangers.heard(this.host.key, request.uid);
    const refused = refusalOfResume(record, request);
    if (refused !== null || record === undefined)
      return this.refuse(refused ?? { refused: 'unknownSession', heard: false }, record);
    return this.again(sight, record, request.attempt, request.self);
  }
}

function firstOf<T>(source: Generator<T>, count: number): T[] {
  const list: T[] = [];
  for (const each of source) if (list.push(each) === count) break;
  return list;
}
