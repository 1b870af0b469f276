/** The end of the process, which is a leave (C-31). `process-end.node.ts` has the one of Node. */
import type { Cancel } from '../driver/host.ts';

/** Somebody in a channel while the process ends. */
export interface Leaver {
  /** Says goodbye before it returns. */
  leave(): void;
  /** Bytes, the goodbye among them, that have not been passed to the system yet. */
  readonly unsentBytes: number;
}

/** Has `leaver` leave at the end of the process, until cancelled. */
export type WatchEnd = (leaver: Leaver) => Cancel;

/** Where nothing tells of the end: the server reads the closed connection. */
export const unwatched: WatchEnd = () => () => {};
