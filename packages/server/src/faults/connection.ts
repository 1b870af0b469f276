import { connect, type Socket } from 'node:net';
import { Lane } from './lane.ts';
import type { Direction } from './ledger.ts';

/** More than this is not read from a client whose connection the dark holds back. */
const heldBytesMax = 64 * 1024;

/** What a connection needs to know of its network. */
export interface Path {
  /** Where the servers are. */
  readonly host: string;
  readonly delayMs: number;
  isDark(direction: Direction): boolean;
  deliver(direction: Direction, bytes: Uint8Array, handOver: () => void): void;
}

/**
 * One connection through the network. Made in the dark it is *held*: the client sees it open, the server never
 * hears of it, and if the client gives up before the light returns, nobody ever will.
 */
export class Connection {
  readonly #client: Socket;
  readonly #targetPort: number;
  readonly #path: Path;
  readonly #onGone: () => void;
  #release: (() => void) | undefined;
  #server: Socket | undefined;
  #lanes: Record<Direction, Lane> | undefined;

  constructor(client: Socket, targetPort: number, path: Path, onGone: () => void) {
    this.#client = client;
    this.#targetPort = targetPort;
    this.#path = path;
    this.#onGone = onGone;
    client.setNoDelay(true);
    client.on('close', () => this.#closed());
    client.on('error', () => {});
    if (this.#inTheDark()) this.#hold();
    else this.#dial();
  }

  cut(direction: Direction): void {
    this.#lanes?.[direction].darken();
  }

  heal(direction: Direction): void {
    if (this.#lanes) this.#lanes[direction].light();
    else if (!this.#inTheDark()) this.#release?.();
  }

  /** Breaks both sides with a TCP reset. */
  reset(): void {
    this.#client.resetAndDestroy();
    this.#server?.resetAndDestroy();
  }

  // A TCP handshake needs both directions.
  #inTheDark(): boolean {
    return this.#path.isDark('up') || this.#path.isDark('down');
  }

  // Reading here is invisible to the client and shows when it gives up.
  #hold(): void {
    const held: Uint8Array[] = [];
    let size = 0;
    const onData = (bytes: Uint8Array) => {
      held.push(bytes);
      size += bytes.length;
      if (size >= heldBytesMax) this.#client.pause();
    };
    const onEnd = () => this.#client.destroy();
    this.#client.on('data', onData).on('end', onEnd).resume();
    this.#release = () => {
      this.#release = undefined;
      this.#client.off('data', onData).off('end', onEnd).pause();
      for (const bytes of held.reverse()) this.#client.unshift(bytes);
      this.#dial();
    };
  }

  #dial(): void {
    const server = connect({
      host: this.#path.host,
      port: this.#targetPort,
      noDelay: true,
      allowHalfOpen: true,
    });
    this.#server = server;
    server.on('close', () => this.#closed());
    server.on('error', () => {
      if (!this.#lanes) this.#client.resetAndDestroy();
    });
    server.on('connect', () => this.#open(server));
  }

  #open(server: Socket): void {
    const lane = (direction: Direction, source: Socket, sink: Socket) =>
      new Lane({
        source,
        sink,
        dark: this.#path.isDark(direction),
        delayMs: this.#path.delayMs,
        deliver: (bytes, handOver) => this.#path.deliver(direction, bytes, handOver),
      });
    this.#lanes = { up: lane('up', this.#client, server), down: lane('down', server, this.#client) };
  }

  #closed(): void {
    if (!this.#client.closed) return;
    if (!this.#server || this.#server.closed) this.#onGone();
    else if (!this.#lanes) this.#server.destroy();
  }
}
