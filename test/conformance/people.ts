import type { Network } from '@holdfast/server/faults';
import { classOf, type Platform } from './dialects.ts';
import type { PacketLog } from './packets.ts';
import type { Row } from './rows.ts';
import type { Joining, User } from './users.ts';

/**
 * Who takes part. A is the one in trouble, B the observer, C a newcomer, A2 another process with A's uid.
 * What A2 does, A's user does.
 */
export type Role = 'A' | 'A2' | 'B' | 'C';

const uids: Record<Role, number> = { A: 11, A2: 11, B: 22, C: 33 };

/** A user behind a network of its own. */
export interface Person extends Joining {
  readonly role: Role;
  /** Whether others are told of it at all (C-25). */
  readonly isAnnounced: boolean;
  readonly network: Network;
  readonly packets: PacketLog;
  readonly process: User;
}

/** How somebody joins a row's channel. */
export function joiningOf(row: Row, role: Role, channel: string, ports: readonly number[]): Joining {
  const { a, b, situation } = row;
  const { parts, prelude } = situation;
  const part = parts?.[role] ?? {};
  const profile = part.profile ?? situation.profile ?? 'communication';
  const own = part.role ?? (profile === 'live' ? 'host' : undefined);
  const ofItsSide = role === 'A' || role === 'A2' ? a : b;
  const uid = part.uid ?? uids[role];
  return {
    ...{ channel, uid, ports, profile },
    platform: part.otherClass ? otherClassThan(ofItsSide) : ofItsSide,
    ...(own && { liveRole: own }),
    publishes: part.publishes !== false && own !== 'audience',
    ...part.credentials?.(channel, uid),
    ...(prelude && role === 'A' && { prelude }),
  };
}

/** Another class than a platform's, for rows with both in one channel. */
function otherClassThan(platform: Platform): Platform {
  return classOf(platform) === 'web' ? 'linux' : 'web';
}
