import type { CloseName } from '@holdfast/core';

/** The way to one client, as the channels see a connection. */
export interface Outlet {
  /** Grows with every connection of this server. */
  readonly id: number;
  /** Where the client comes from. */
  readonly address: string;
  /** The Host header with which it came, or empty. */
  readonly host: string;
  /** The minor version that its client speaks: it is sent no frame that this one does not know (C-57). */
  readonly minor: number;
  /** False once it has ended, by whichever side. */
  readonly open: boolean;
  /** @param passedOn called once when the transport has passed the bytes on; never if it ends before */
  send(bytes: Uint8Array, passedOn?: () => void): void;
  /** Closes; the close code says why. */
  end(close: CloseName, text?: string): void;
}
