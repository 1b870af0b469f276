import type { Credentials, Join, Resume } from '@holdfast/core';
import type { Channel } from '../channels/channel.ts';
import type { Held } from '../channels/held.ts';
import type { Permit } from '../channels/permit.ts';

export interface Admitted {
  readonly held: Held;
  readonly channel: Channel;
  readonly credentials: Credentials;
}

/** Where a client's connection stands. */
export type ConnectionState =
  /** Waits for a first frame until `until`; after an unknown session for a join, and nothing else. */
  | { name: 'new'; until: number; unknown: boolean }
  /** The store is being asked. */
  | { name: 'asking' }
  /** It is being asked to let this user in. */
  | { name: 'asking'; user: Join | Resume }
  /** Proven, not fencing: waits until `until` to be made the connection (C-10). */
  | { name: 'standby'; resume: Resume; permit: Permit; until: number }
  | ({ name: 'admitted' } & Admitted)
  | { name: 'ended' };
