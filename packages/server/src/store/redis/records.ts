/** What Redis keeps of members, stays and log entries, as bytes and back. */
import {
  decodeEntry,
  type Entry,
  encodeEntry,
  type Member,
  nothingPassed,
  passable,
  type Sent,
  type Stream,
} from '@holdfast/core';
import type { StayRecord } from '../claims.ts';

/** What a stay is, besides its fence and its server; streams that it has inherited from the one before (C-35). */
type Kept = Pick<StayRecord, 'session' | 'secret' | 'nonce' | 'formerNonces' | 'attempt' | 'removed'> & {
  readonly inherited: readonly Stream[];
  /** The last server that can have heard it, if its holder of now is that one's heir (C-58). */
  readonly from?: string | undefined;
  /** It has said goodbye, and its holder was told so (C-14). */
  readonly leaves?: boolean | undefined;
};

export interface RedisRecord extends StayRecord, Pick<Kept, 'inherited' | 'from' | 'leaves'> {
  readonly server: string;
}

export function stayText(kept: Kept): string {
  const { session, secret, nonce, formerNonces, attempt, removed, inherited, from, leaves } = kept;
  return JSON.stringify({ from, session, secret, nonce, formerNonces, attempt, removed, inherited, leaves });
}

export function readStay(text: string): Kept {
  return JSON.parse(text) as Kept;
}

export function readRecord(uid: number, stay: Buffer, member: Buffer, sent: Buffer): RedisRecord | undefined {
  if (stay.length === 0 || member.length === 0) return undefined;
  const [, fence, server = '', json = ''] = /^(\d+) (\S+) (.*)$/s.exec(stay.toString()) ?? [];
  const kept = readStay(json);
  return { ...kept, uid, server, fence: Number(fence), member: readMember(member, sent), knownAt: 0 };
}

/** A member, without what it has sent: that is kept beside it. */
export function memberBytes(member: Member): Buffer {
  return Buffer.from(encodeEntry({ type: 'member', member: { ...member, sent: [] } }));
}

/** @param kept as Redis keeps it: after a digit that says whether it is awake, and the place of its entry */
export function readMember(kept: Buffer, sent: Buffer): Member {
  return memberOf(kept.subarray(kept.indexOf(' ') + 1), sent.toString());
}

/** The place of a kept member's entry in the log. */
export function placeIn(kept: Buffer): { epoch: number; seq: number } {
  const [epoch = 0, seq = 0] = kept.toString('latin1', 1, kept.indexOf(' ')).split(':').map(Number);
  return { epoch, seq };
}

/** Has the member not been quiet for `channelDestroyMs`? */
export function awakens({ passed }: Member): '1' | '0' {
  return passed.channelDestroy ? '0' : '1';
}

/** Has its silence passed a limit of which observers are told? */
export function tellsSilence({ gone, passed }: Member): boolean {
  return gone === 'no' && passable.some((name) => passed[name] !== nothingPassed[name]);
}

export function sentText(sent: readonly Sent[]): string {
  return sent.map(({ join, stream, number }) => `${join}:${stream}:${number}`).join(',');
}

/** An entry of the log: `x` and a message, or `m`, what the member has sent, `|`, and the member. */
export function readItem(item: Buffer): Entry {
  if (item[0] === 0x78) return decodeEntry(item.subarray(1));
  const bar = item.indexOf('|');
  return { type: 'member', member: memberOf(item.subarray(bar + 1), item.toString('latin1', 1, bar)) };
}

/** The entries that a follower is told at once: each after its size in four bytes. */
export function entriesIn(body: Buffer): Entry[] {
  const entries = [];
  for (let at = 0; at + 4 <= body.length; ) {
    const size = body.readUInt32BE(at);
    entries.push(readItem(body.subarray(at + 4, at + 4 + size)));
    at += 4 + size;
  }
  return entries;
}

function memberOf(bytes: Buffer, sent: string): Member {
  const entry = decodeEntry(bytes);
  if (entry.type !== 'member') throw new Error('the store keeps something else in the place of a member');
  return { ...entry.member, sent: readSent(sent) };
}

function readSent(text: string): Sent[] {
  if (text === '') return [];
  return text.split(',').map((each) => {
    const [join = 0, stream = 0, number = 0] = each.split(':').map(Number);
    return { join, stream, number };
  });
}
