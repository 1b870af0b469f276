import type { CloseName, Credentials, HistoryBounds, Limits } from '@holdfast/core';
import type { Bounds } from './bounds/index.ts';

/** What a token grants from now on, in milliseconds; null: without end; 0 or less: it is over, or never was granted. */
export interface Grant {
  readonly joinMs: number | null;
  readonly audioMs: number | null;
  readonly videoMs: number | null;
  readonly dataMs: number | null;
  /** A token says that this is the very user that it names (C-81). */
  readonly personal?: boolean;
}

/** Of users whose token another server has judged, and of those who need none. */
export const everything: Grant = Object.freeze({ joinMs: null, audioMs: null, videoMs: null, dataMs: null });

/** Why somebody is not let in. */
export interface Rejection {
  readonly close: CloseName;
  readonly text?: string;
}

/** What a server is set up with. `config/` turns files, environment and flags into it. */
export interface ServerSettings {
  readonly limits: Limits;
  /** App ids that are served; empty: any. */
  readonly appIds: readonly string[];
  /** How much the server takes; the defaults, if left out. */
  readonly bounds?: Bounds;
  /** What a channel's log can replay; the contract's, if left out. The store is set up with the same. */
  readonly history?: HistoryBounds;
  /** The addresses of all servers that a client should know which came with this Host header. */
  readonly servers: (host: string) => readonly string[];
  /** A uid that is in use joins again: the newcomer replaces the first, or is refused while the first answers (C-40). */
  readonly sameUid: 'replace' | 'refuse';
  /** Judges a token for a uid (0: one that the server will assign) or an account. */
  readonly authenticate: (credentials: Credentials, uid: number, account: string) => Grant | Rejection;
}
