import type { JoinRequest } from '../store.ts';
import type { MemoryChannel } from './channel.ts';

/** Randomness comes from outside. */
export interface ServerRandom {
  /** Uniform in [0, 1). */
  next(): number;
  /** An unguessable name of at least 128 bits. */
  id(): string;
}

/** The uid of a joining user: its own, its account's, or a free one (C-33). */
export function uidFor(
  channel: MemoryChannel,
  { uid, account, nonce }: JoinRequest,
  random: ServerRandom,
): number {
  if (account !== '') return uidOfAccount(channel, account);
  if (uid !== 0) return uid;
  for (const record of channel.records.values()) if (record.nonce === nonce) return record.uid;
  for (;;) {
    const free = 1 + Math.floor(random.next() * 0x7fff_ffff);
    if (!channel.records.has(free)) return free;
  }
}

/** The same account gets the same uid, in the upper half of the range, so that a restart meets its own stay. */
export function uidOfAccount(channel: MemoryChannel, account: string): number {
  let hash = 0x811c_9dc5;
  for (const byte of new TextEncoder().encode(account)) hash = Math.imul(hash ^ byte, 0x0100_0193);
  let uid = (hash | 0x8000_0000) >>> 0;
  for (;;) {
    const record = channel.records.get(uid);
    if (record === undefined || record.member.account === account) return uid;
    uid = ((uid + 1) | 0x8000_0000) >>> 0;
  }
}
