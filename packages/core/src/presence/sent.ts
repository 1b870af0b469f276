import type { Member, Sent } from './member.ts';

/** The newest message that a list knows of a stream of a join; 0: none. */
export function newest(sent: readonly Sent[], { join, stream }: Omit<Sent, 'number'>): number {
  return find(sent, join, stream)?.number ?? 0;
}

/** The list after one more message, or after what another list knows; a lower number changes nothing. */
export function advanced(sent: readonly Sent[], { join, stream, number }: Sent): readonly Sent[] {
  const known = find(sent, join, stream);
  if (known !== undefined && known.number >= number) return sent;
  return [...sent.filter((each) => each !== known), { join, stream, number }].slice(-sentMax);
}

/** A member that has sent one more message. */
export function withMessage(member: Member, message: Sent): Member {
  return { ...member, sent: advanced(member.sent, message) };
}

function find(sent: readonly Sent[], join: number, stream: number): Sent | undefined {
  return sent.find((each) => each.join === join && each.stream === stream);
}

/** Of the streams of earlier joins only the latest are remembered. */
const sentMax = 16;
