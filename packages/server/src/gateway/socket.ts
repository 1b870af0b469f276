/**
 * What the gateway needs of a transport: four members, so that a WebSocket, a test and a simulated
 * network are all small adapters. Every call happens in the server's own event loop.
 */
export interface Socket {
  /** Sends one binary message. `passedOn` is called once when the transport has passed it on. */
  send(bytes: Uint8Array, passedOn?: () => void): void;
  /** Closes the transport; what was sent before is still delivered. Harmless when closed already. */
  close(code: number, text: string): void;
  /** Bytes handed to `send` that the transport has not passed on yet. */
  readonly bufferedBytes: number;
}

/** What a transport tells the gateway. */
export interface SocketEvents {
  /** One message arrived, whole and in order. Text messages break the protocol: pass `null`. */
  receive(bytes: Uint8Array | null): void;
  /**
   * The transport is closed, by whichever side. Called once; nothing is received after it.
   * `unreachable`: nobody closed it, the network gave up (C-31).
   */
  closed(cause: 'peer' | 'unreachable'): void;
}

/** Where a connection comes from. */
export interface Peer {
  readonly address: string;
  /** The Host header with which it came, for servers that are known under several names; or empty. */
  readonly host: string;
}
