import type { CloseName, Credentials, Limits } from '@holdfast/core';

/** What a server is set up with. `config/` turns files, environment and flags into it. */
export interface ServerSettings {
  readonly limits: Limits;
  /** App ids that are served; empty: any. */
  readonly appIds: readonly string[];
  /** The addresses of all servers that a client should know which came with this Host header. */
  readonly servers: (host: string) => readonly string[];
  /** A uid that is in use joins again: the newcomer replaces the first, or is refused while the first answers (C-40). */
  readonly sameUid: 'replace' | 'refuse';
  /** Judges a token for a uid (0: one that the server will assign); null: it is good. */
  readonly authenticate: (credentials: Credentials, uid: number, account: string) => CloseName | null;
}
