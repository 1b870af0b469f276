/** What a server wants of a channel in Redis on behalf of users whom it holds already. */
import { encodeEntry, type Member, type Message } from '@holdfast/core';
import type { Claim } from '../store.ts';
import type { Change, Job } from './channel.ts';
import type { Argument } from './link.ts';
import { awakens, memberBytes, type RedisRecord, stayText } from './records.ts';

interface Put {
  readonly uid: number;
  /** The fence that the record has to have; null: there has to be none. */
  readonly expected: number | null;
  readonly fence: number;
  /** Left out: as it is. */
  readonly server?: string;
  readonly stay?: string;
  readonly member?: Member;
  readonly sent?: string;
  readonly join?: number;
  readonly profile?: string;
  /** For the inbox of the server before. */
  readonly note?: string;
}

/** A record's new state, which is appended if there is a `member`. */
export function put(change: Put): Change {
  const {
    uid,
    expected,
    fence,
    server = '',
    stay = '',
    member,
    sent = '=',
    join,
    profile,
    note = '',
  } = change;
  const state: Argument[] = member === undefined ? ['0', ''] : [awakens(member), memberBytes(member)];
  const head = ['put', uid, expected ?? '', fence, server, stay];
  return [...head, ...state, sent, join ?? '', profile ?? '', note];
}

interface Settling {
  resolve(ok: boolean): void;
  reject(error: Error): void;
}

/** @param later called instead where the time for it has not come */
export function publishing(
  { uid, fence }: Claim,
  member: Member,
  removed: boolean,
  { resolve, reject }: Settling,
  later: (job: Job) => boolean,
): Job {
  const job: Job = {
    uids: removed ? [uid] : [],
    hasty: false,
    bytes: 200,
    plan(sight) {
      if (later(job)) return [];
      const record = sight.record(uid);
      const stay = removed && record ? { stay: stayText({ ...record, removed }) } : {};
      return [put({ uid, expected: fence, fence, member, ...stay })];
    },
    settle([outcome]) {
      resolve(outcome?.ok ?? false);
      return true;
    },
    fail: reject,
  };
  return job;
}

export function sending(
  { uid, fence }: Claim,
  { join, stream, number, data, sentAt }: Omit<Message, 'uid'>,
  { resolve, reject }: Settling,
): Job {
  const message = { uid, join, stream, number, data, sentAt };
  const item = Buffer.from(encodeEntry({ type: 'message', message }));
  return {
    uids: [],
    hasty: false,
    bytes: item.length,
    plan: () => [['send', uid, fence, join, stream, number, item]],
    settle([outcome]) {
      resolve(outcome?.ok ?? false);
      return true;
    },
    fail: reject,
  };
}

export function forgetting({ uid, fence }: Claim, { resolve, reject }: Settling): Job {
  return {
    uids: [uid],
    hasty: false,
    bytes: 50,
    plan(sight) {
      const record = sight.record(uid);
      if (record !== undefined && record.fence === fence)
        return [['forget', uid, fence, memberBytes({ ...record.member, gone: 'forgotten' })]];
      resolve(true);
      return [];
    },
    settle() {
      resolve(true);
      return true;
    },
    fail: reject,
  };
}

/** What else is known of a stay is written down, if nobody has claimed it meanwhile. */
export function noting(
  { uid, fence }: Claim,
  known: Pick<RedisRecord, 'from' | 'leaves'>,
  done: () => void,
): Job {
  return {
    uids: [uid],
    hasty: true,
    bytes: 200,
    plan(sight) {
      const record = sight.record(uid);
      if (record?.fence === fence)
        return [put({ uid, expected: fence, fence, stay: stayText({ ...record, ...known }) })];
      done();
      return [];
    },
    settle() {
      done();
      return true;
    },
    fail: done,
  };
}

/** Looks at a user's record. */
export function looking(
  uids: readonly number[],
  resolve: (record: (uid: number) => RedisRecord | undefined) => void,
  fail: (error: Error) => void,
): Job {
  return {
    uids,
    hasty: true,
    bytes: 50,
    plan(sight) {
      resolve(sight.record);
      return [];
    },
    settle: () => true,
    fail,
  };
}
