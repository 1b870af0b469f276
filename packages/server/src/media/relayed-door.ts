/** A second UDP port, for clients whose packets come from a TURN server that they reach by TCP or TLS. */
import { randomBytes } from 'node:crypto';
import { createSocket, type RemoteInfo, type Socket } from 'node:dgram';
import { isIPv6 } from 'node:net';
import type { MediaEngine, OfferedTransport, Transport, TransportEnd, TransportEvents } from './engine.ts';
import { withTieBreaker } from './stun.ts';

export interface DoorOptions {
  /** The address of the interface to listen on; null: every interface. */
  readonly host: string | null;
  readonly port: number;
  /** The engine's, to which everything is passed on. */
  readonly enginePort: number;
  readonly report: (error: unknown) => void;
}

/** One client: to the engine it comes from a port of its own. */
interface Way {
  readonly socket: Socket;
  readonly tieBreaker: Buffer;
  heardAt: number;
}

const waysMax = 1_000;
/** A way on which nothing comes for so long is given up, in milliseconds. */
const silentMs = 30_000;

/**
 * An engine with a door before it: it mends what the engine refuses, and nothing else goes through it. Who comes with a
 * check that the engine takes is not let in here and goes to the engine's own port.
 */
export class RelayedDoor implements MediaEngine {
  readonly #engine: MediaEngine;
  readonly #options: DoorOptions;
  /** By fragment of the user's name. */
  readonly #passwords = new Map<string, string>();
  readonly #ways = new Map<string, Way>();
  #door: Promise<Socket | null> | null = null;

  constructor(engine: MediaEngine, options: DoorOptions) {
    this.#engine = engine;
    this.#options = options;
  }

  offer(events: TransportEvents): Promise<OfferedTransport> {
    return this.#engine.offer(events);
  }

  async open(remote: TransportEnd, events: TransportEvents): Promise<Transport> {
    // The spare media process has the same port: it is taken when there is somebody to take it for.
    this.#door ??= this.#listen();
    const door = await this.#door;
    let forget = () => {};
    const transport = await this.#engine.open(remote, {
      packet: (packet) => events.packet(packet),
      closed: () => {
        forget();
        events.closed();
      },
    });
    if (door === null) return transport;
    const { ufrag, password, candidates } = transport.local;
    this.#passwords.set(ufrag, password);
    forget = () => this.#passwords.delete(ufrag);
    const here = candidates.flatMap((line, index) => this.#candidate(line, index));
    return {
      local: { ...transport.local, candidates: [...candidates, ...here] },
      get open() {
        return transport.open;
      },
      send: (packet) => transport.send(packet),
      close: () => {
        forget();
        transport.close();
      },
    };
  }

  /** The door at the address of another candidate, after all of them. */
  #candidate(line: string, index: number): string[] {
    const address = /^candidate:\S+ 1 UDP \d+ (\S+) \d+ typ host/i.exec(line)?.[1];
    if (address === undefined || isIPv6(address) !== this.#isIPv6) return [];
    return [`candidate:door${index} 1 UDP ${1_000 - index} ${address} ${this.#options.port} typ host`];
  }

  get #isIPv6(): boolean {
    return isIPv6(this.#options.host ?? '');
  }

  #socket(): Socket {
    return createSocket(this.#isIPv6 ? 'udp6' : 'udp4');
  }

  #listen(): Promise<Socket | null> {
    const { host, port, report } = this.#options;
    const door = this.#socket();
    return new Promise((resolve) => {
      door.on('error', (error) => {
        report(error);
        resolve(null);
      });
      door.on('message', (packet, from) => this.#came(door, packet, from));
      door.bind(port, host ?? undefined, () => {
        setInterval(() => this.#sweep(), silentMs / 3).unref();
        resolve(door);
      });
    });
  }

  #came(door: Socket, packet: Buffer, from: RemoteInfo): void {
    const name = `${from.address} ${from.port}`;
    const known = this.#ways.get(name);
    const tieBreaker = known?.tieBreaker ?? randomBytes(8);
    const mended = withTieBreaker(packet, (fragment) => this.#passwords.get(fragment), tieBreaker);
    if (known === undefined && mended === null) return;
    const way = known ?? this.#open(door, name, from, tieBreaker);
    if (way === null) return;
    way.heardAt = performance.now();
    way.socket.send(mended ?? packet, this.#options.enginePort, this.#engineHost, () => {});
  }

  #open(door: Socket, name: string, { address, port }: RemoteInfo, tieBreaker: Buffer): Way | null {
    if (this.#ways.size >= waysMax) return null;
    const socket = this.#socket();
    socket.on('error', this.#options.report);
    socket.on('message', (packet, from) => {
      if (from.port === this.#options.enginePort) door.send(packet, port, address, () => {});
    });
    socket.bind(0, this.#engineHost);
    const way = { socket, tieBreaker, heardAt: performance.now() };
    this.#ways.set(name, way);
    return way;
  }

  get #engineHost(): string {
    return this.#options.host ?? '127.0.0.1';
  }

  #sweep(): void {
    const now = performance.now();
    for (const [name, { socket, heardAt }] of this.#ways) {
      if (now - heardAt < silentMs) continue;
      this.#ways.delete(name);
      socket.close();
    }
  }
}
