import { createSocket, type RemoteInfo, type Socket } from 'node:dgram';
import { once } from 'node:events';
import type { Direction } from './ledger.ts';

export interface DatagramRouteOptions {
  /** Address to listen on, and to find the server at. */
  readonly host: string;
  /** The UDP port of the server behind the network. */
  readonly targetPort: number;
  isDark(direction: Direction): boolean;
}

/**
 * A way for datagrams, such as media. Like a router it gives every client a port of its own towards the server. In
 * the dark datagrams are lost, as they are on a dead path: nothing waits.
 */
export class DatagramRoute {
  readonly #options: DatagramRouteOptions;
  readonly #near: Socket;
  /** Towards the server, by the client's address. */
  readonly #far = new Map<string, Socket>();
  #closed = false;

  constructor(options: DatagramRouteOptions) {
    this.#options = options;
    this.#near = createSocket('udp4');
    this.#near.on('message', (bytes, from) => this.#up(bytes, from));
    this.#near.on('error', () => {});
  }

  /** Begins. Answers with the port that clients send to. */
  async open(): Promise<number> {
    this.#near.bind(0, this.#options.host);
    await once(this.#near, 'listening');
    return this.#near.address().port;
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#near.close();
    for (const socket of this.#far.values()) socket.close();
    this.#far.clear();
  }

  #up(bytes: Buffer, from: RemoteInfo): void {
    const { host, targetPort, isDark } = this.#options;
    if (isDark('up')) return;
    this.#wayOf(from).send(bytes, targetPort, host, () => {});
  }

  #wayOf(from: RemoteInfo): Socket {
    const name = `${from.address}:${from.port}`;
    const known = this.#far.get(name);
    if (known !== undefined) return known;
    const far = createSocket('udp4');
    far.on('message', (bytes) => {
      if (!this.#closed && !this.#options.isDark('down'))
        this.#near.send(bytes, from.port, from.address, () => {});
    });
    far.on('error', () => {});
    this.#far.set(name, far);
    return far;
  }
}
