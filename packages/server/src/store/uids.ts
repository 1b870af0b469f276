import type { JoinRequest } from './store.ts';

/** Randomness comes from outside. */
export interface ServerRandom {
  /** Uniform in [0, 1). */
  next(): number;
  /** An unguessable name of at least 128 bits. */
  id(): string;
}

/** Who asks for a uid. */
export type Asking = Pick<JoinRequest, 'uid' | 'account' | 'nonce'>;

/**
 * The uids that a joining user may get, the first first: its own; of an account or of a nonce one that a repeat or
 * a restart finds again (C-33). The first that is free or its own is its uid.
 */
export function* uidsFor({ uid, account, nonce }: Asking): Generator<number> {
  if (account === '' && uid !== 0) return yield uid;
  // Accounts have the upper half of the range.
  const half = account === '' ? 0 : 0x8000_0000;
  let low = hashOf(account === '' ? nonce : account) & 0x7fff_ffff;
  for (;;) {
    if (half + low > 0) yield half + low;
    low = (low + 1) & 0x7fff_ffff;
  }
}

function hashOf(text: string): number {
  let hash = 0x811c_9dc5;
  for (const byte of new TextEncoder().encode(text)) hash = Math.imul(hash ^ byte, 0x0100_0193);
  return hash;
}
