import type { Entry, Member, Message } from '@holdfast/core';

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
  const messages = changes.flatMap((entry) => (entry.type === 'message' ? [entry.message] : []));
  return {
    from: end - changes.length + first,
    members: members.map((member) => before(member, messages)),
  };
}

/** The last state of everyone who changed. */
export function lastStates(changes: readonly Entry[]): Member[] {
  const last = new Map<number, Member>();
  for (const entry of changes) if (entry.type === 'member') last.set(entry.member.uid, entry.member);
  return [...last.values()];
}

/** A member as it was before it sent some messages. */
function before(member: Member, messages: readonly Message[]): Member {
  const sent = member.sent.flatMap((latest) => {
    const first = messages.find(
      ({ uid, join, stream }) => uid === member.uid && join === latest.join && stream === latest.stream,
    );
    const number = first === undefined ? latest.number : first.number - 1;
    return number === 0 ? [] : [{ ...latest, number }];
  });
  return { ...member, sent };
}
