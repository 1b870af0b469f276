/** What a claim comes to, as every store decides it: pure, over what the store knows of one user. */
import {
  advanced,
  type Limits,
  type Member,
  nothingPassed,
  type Profile,
  passedAfter,
  type Self,
  type Stream,
} from '@holdfast/core';
import type { Asked, JoinRequest, Proof, Refusal, ResumeRequest } from './store.ts';
import type { Asking, ServerRandom } from './uids.ts';

/** One user's stay, as a store knows it. */
export interface StayRecord {
  readonly uid: number;
  /** Empty: nobody has proven to be this user yet; it stands in a returner's picture (C-59). */
  session: string;
  secret: string;
  nonce: string;
  /** Of the stays that this one has taken over: a late join of theirs is no new one (C-40). */
  formerNonces: readonly string[];
  attempt: number;
  fence: number;
  member: Member;
  /** The operator has ended this stay (C-44). */
  removed: boolean;
  /** Of a user that stands in a picture: running time until which it may have been heard (C-59). */
  knownAt: number;
}

/** What a claim depends on besides the user's own record. */
export interface ChannelFacts {
  /** False between a channel's destruction and the next return or join (C-34). */
  readonly alive: boolean;
  readonly profile: Profile;
  readonly users: number;
  /** The highest join number given. */
  readonly joins: number;
}

/** May a joining user have this one of its uids? */
export function fits(record: StayRecord | undefined, { uid, account, nonce }: Asking): boolean {
  if (record === undefined || (account === '' && uid !== 0)) return true;
  return account === '' ? record.nonce === nonce : record.member.account === account;
}

/** Is what somebody asks for to be this user, as far as it says? */
export function isOf({ account, session }: Asked, user: { session: string; member: Member }): boolean {
  const another = session !== undefined && user.session !== '' && user.session !== session;
  return account === user.member.account && !another;
}

export interface Refused {
  readonly refused: Refusal;
  /** An attempt of the stay itself, though refused, is a sign of life (C-56). */
  readonly heard: boolean;
}

export function refusalOfJoin(
  facts: ChannelFacts,
  record: StayRecord | undefined,
  request: JoinRequest,
  channelUsers: number,
): Refused | null {
  if (facts.alive && facts.profile !== request.profile) return refuse('otherProfile');
  if (record === undefined) return facts.users < channelUsers ? null : refuse('busy');
  // A number that stands for somebody's name (C-40).
  if (record.member.account !== request.account) return refuse('uidInUse');
  const same =
    record.nonce === request.nonce || (request.rejoin > 0 && request.rejoin === record.member.join);
  if (record.removed && same) return refuse('banned');
  if (record.nonce === request.nonce) {
    const left = record.member.gone !== 'no' && request.rejoin === 0;
    return left || request.attempt < record.attempt ? refuse('superseded', true) : null;
  }
  if (record.formerNonces.includes(request.nonce)) return refuse('sameUid');
  // Of somebody who stands in a picture only, the picture shows which join the user has come to (C-59).
  const newest = record.session === '' ? record.member.join - 1 : record.member.join;
  const older = request.rejoin > 0 && request.rejoin <= newest;
  return older ? refuse('sameUid') : null;
}

/** The join of a stay that has been answered, but not heard. */
export function isRepeat(record: StayRecord | undefined, { nonce }: JoinRequest): record is StayRecord {
  return record?.nonce === nonce && record.member.gone === 'no';
}

/** Another attempt of this join was let in while this one waited, and its client waits for no second answer. */
export function isElsewhere(record: StayRecord | undefined, request: JoinRequest): boolean {
  return isRepeat(record, request) && record.attempt !== request.attempt;
}

/** Does the newcomer replace somebody's living stay, whose connection may be asked first (C-40)? */
export function replaces(record: StayRecord | undefined, { nonce }: JoinRequest): record is StayRecord {
  return record !== undefined && record.nonce !== nonce && record.member.gone === 'no';
}

/** What the holder before is to be told when a fresh stay of the uid begins. */
export function closeOf(record: StayRecord): 'superseded' | 'sameUid' {
  return record.session === '' ? 'superseded' : 'sameUid';
}

/** A fresh record; of a stay of the same uid that is still on it inherits the streams (C-35, C-40). */
export function freshStay(
  facts: ChannelFacts,
  before: StayRecord | undefined,
  uid: number,
  request: JoinRequest,
  random: ServerRandom,
): { record: StayRecord; inherited: readonly Stream[] } {
  const { account, platform, rejoin, self, nonce, attempt } = request;
  const join = rejoin > 0 ? rejoin : facts.joins + 1;
  const inherited = inheritedBy(request, before);
  const sent = request.sent.reduce(advanced, before?.member.sent ?? []);
  const record: StayRecord = {
    uid,
    session: random.id(),
    secret: random.id(),
    nonce,
    formerNonces: before ? [...before.formerNonces, before.nonce].slice(-formerNoncesKept) : [],
    attempt,
    // Join numbers grow with time: higher than a fence that a store has given and forgotten (C-61).
    fence: Math.max(before?.fence ?? 0, facts.joins) + 1,
    member: { ...present(self, inherited), uid, account, join, platform, sent },
    removed: false,
    knownAt: 0,
  };
  return { record, inherited };
}

/** The member of a stay that is claimed on a new connection. */
export function returned({ member }: StayRecord, self: Self, inherited: readonly Stream[]): Member {
  const { uid, account, join, platform, sent } = member;
  return { ...present(self, inherited), uid, account, join, platform, sent };
}

export function refusalOfResume(
  record: StayRecord | undefined,
  request: Pick<ResumeRequest, 'attempt'> & Proof,
): Refused | null {
  const refused = refusalOfProof(record, request);
  if (refused !== null) return refuse(refused);
  return request.attempt < (record?.attempt ?? 0) ? refuse('superseded', true) : null;
}

/** Why a proof is not that of this record's stay (C-36, C-40, C-41); null: it is. */
export function refusalOfProof(
  record: StayRecord | undefined,
  { account, session, secret, join }: Proof,
): Refusal | null {
  if (record === undefined || record.session === '') return 'unknownSession';
  // The same join number: the stay itself has come back under another session id (C-36).
  if (record.session !== session) return join >= record.member.join ? 'unknownSession' : 'sameUid';
  const { member, removed } = record;
  if (record.secret !== secret || member.account !== account) return 'unknownSession';
  if (removed) return 'banned';
  return member.gone === 'no' ? null : 'unknownSession';
}

/**
 * Is somebody with a token for this user heard as it, though it proves nothing (C-56)? Nobody has proven to be it yet, and
 * it stands in a picture only (C-59); or the stay itself is back, and never heard of its new session (C-36).
 */
export function isAwaited(record: StayRecord, { account, session, join }: Proof): boolean {
  if (record.session === '') return true;
  return record.session !== session && record.member.join === join && record.member.account === account;
}

/** What a goodbye from another connection than the user's own comes to; `tell`: its holder takes it (C-14). */
export function goodbye(record: StayRecord | undefined, proof: Proof): 'done' | 'tell' | Refusal {
  if (record === undefined) return 'done';
  const said = record.session === proof.session && record.secret === proof.secret;
  if (said && record.member.gone === 'quit') return 'done';
  // Of a stay that this store has forgotten, only its place in somebody's picture can end (C-59).
  if (record.session === '') return record.member.join === proof.join ? 'tell' : 'unknownSession';
  return refusalOfProof(record, proof) ?? 'tell';
}

/** A member of a returner's picture, as quiet for `quietMs` (C-59). */
export function takenIn(record: StayRecord, known: Member, quietMs: number, limits: Limits): Member {
  const sent = known.sent.reduce(advanced, record.member.sent);
  return { ...known, sent, passed: passedAfter(quietMs, limits, known.passed) };
}

/** The stay of somebody who has not come itself (yet). */
export const nobodys = Object.freeze({
  session: '',
  secret: '',
  nonce: '',
  formerNonces: [],
  attempt: 0,
  fence: 1,
  removed: false,
});

/** The record of somebody who stands in a picture and has not come itself (yet). */
export function awaited(member: Member): StayRecord {
  return { ...nobodys, uid: member.uid, member, knownAt: Number.NEGATIVE_INFINITY };
}

/** Of whom it is known that it has left. */
export function goneFrom(member: Member): Member {
  return { ...member, gone: 'quit', streams: [] };
}

function refuse(refused: Refusal, heard = false): Refused {
  return { refused, heard };
}

/** Superseded stays whose late joins are recognised. */
const formerNoncesKept = 8;

/** What a newcomer keeps of the streams before it, until the observers' limit (C-35). */
function inheritedBy({ rejoin, self }: JoinRequest, before: StayRecord | undefined): readonly Stream[] {
  if (before === undefined || before.member.gone !== 'no' || before.member.join === rejoin) return [];
  if (before.member.passed.streamRemoved) return [];
  return before.member.streams.filter((stream) => !has(self, stream));
}

function present(self: Self, inherited: readonly Stream[]) {
  const streams: Stream[] = [...self.streams, ...inherited.filter((stream) => !has(self, stream))];
  return { role: self.role, streams, gone: 'no', passed: nothingPassed } as const;
}

function has(self: Self, { id }: Stream): boolean {
  return self.streams.some((stream) => stream.id === id);
}
