import type { Entry, Member, Sent } from '@holdfast/core';

/** What a client that comes back is told at once, and from where the log follows (C-22, C-62). */
export interface CatchUp {
  /** Number of the last entry before the ones that follow. */
  readonly from: number;
  /** As of the log's end, but what they have sent as of `from`. */
  readonly members: readonly Member[];
}

/** @param changes the log's last entries, up to number `end`; those without a message need not follow */
export function catchUp(members: readonly Member[], changes: readonly Entry[], end: number): CatchUp {
  const first = changes.findIndex(({ type }) => type === 'message');
  if (first === -1) return { from: end, members };
  const numbers = firstNumbers(changes);
  return {
    from: end - changes.length + first,
    members: members.map((member) => before(member, numbers)),
  };
}

/** The last state of everyone who changed. */
export function lastStates(changes: readonly Entry[]): Member[] {
  const last = new Map<number, Member>();
  for (const entry of changes) if (entry.type === 'member') last.set(entry.member.uid, entry.member);
  return [...last.values()];
}

/** Of each stream, the number of its first message. */
function firstNumbers(changes: readonly Entry[]): ReadonlyMap<string, number> {
  const numbers = new Map<string, number>();
  for (const entry of changes) {
    if (entry.type !== 'message') continue;
    const name = streamName(entry.message.uid, entry.message);
    if (!numbers.has(name)) numbers.set(name, entry.message.number);
  }
  return numbers;
}

/** A member as it was before it sent some messages; itself, if none is of it. */
function before(member: Member, firstNumbers: ReadonlyMap<string, number>): Member {
  const numberOf = (sent: Sent) => firstNumbers.get(streamName(member.uid, sent));
  if (!member.sent.some((latest) => numberOf(latest) !== undefined)) return member;
  const sent = member.sent.flatMap((latest) => {
    const first = numberOf(latest);
    const number = first === undefined ? latest.number : first - 1;
    return number === 0 ? [] : [{ ...latest, number }];
  });
  return { ...member, sent };
}

function streamName(uid: number, { join, stream }: Pick<Sent, 'join' | 'stream'>): string {
  return `${uid} ${join} ${stream}`;
}
