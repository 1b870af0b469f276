/** The client's half of an outage's record, joined with the server's (C-90). */
import type { ServerOutage } from '../../wire/frames.ts';

/** Times are milliseconds of running time since the last packet before the outage. */
export interface OutageRecord {
  readonly id: string;
  readonly channel: string;
  readonly uid: number;
  readonly session: string;
  /** What was noticed, and when: `closed`, `silent`, `deaf`, `doubted`, `interrupted`, `lost`, `revived`… */
  readonly noticed: readonly { readonly atMs: number; readonly what: string }[];
  readonly attempts: readonly AttemptRecord[];
  /** What this user's app was told, by the name of the notice. */
  readonly told: readonly { readonly atMs: number; readonly notice: string }[];
  readonly end: 'resumed' | 'revived' | 'left' | 'failed';
  readonly endedMs: number;
  /** The server's half; null if no server answered. */
  readonly server: ServerOutage | null;
}

export interface AttemptRecord {
  readonly attempt: number;
  readonly url: string;
  readonly startedMs: number;
  openedMs: number | null;
  askedMs: number | null;
  endedMs: number | null;
  /** How it ended: `took over`, or the close code's name, or `timeout`, `not needed`. */
  outcome: string;
}
