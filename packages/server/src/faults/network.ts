import { once } from 'node:events';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { Connection, type Path } from './connection.ts';
import { DatagramRoute } from './datagrams.ts';
import { type Delivery, type DeliveryListener, type Direction, Ledger } from './ledger.ts';

/** One port of the network and where it leads. */
export interface Route {
  /** The port of the server behind the network. */
  readonly targetPort: number;
  /** The port clients connect to; 0, the default, takes any free one. */
  readonly port?: number;
}

export interface NetworkOptions {
  /** Address to listen on; default 127.0.0.1. */
  readonly host?: string;
  /** Address to find the servers at; default: the same. */
  readonly targetHost?: string;
  /** How long everything takes from one end to the other, in ms; default 0. A round trip takes twice as long. */
  readonly delayMs?: number;
  /** More can be added later with `route`. */
  readonly routes?: readonly Route[];
  /** How many deliveries `deliveries()` remembers; default 10 000. */
  readonly deliveriesMax?: number;
}

/**
 * A network between clients and servers that can go dark. It works on TCP payload in user space: while a direction
 * is dark nothing of it is delivered, closed or reset; what was sent waits in buffers and flows when the network
 * heals, as after a dead path. Bytes already handed to the kernel count as delivered.
 */
export interface Network {
  /** Opens one more way through the network and answers with the port that clients connect to. */
  route(route: Route): Promise<number>;
  /** The same for datagrams, such as media. They are lost in the dark, and appear in no ledger. */
  datagramRoute(route: Pick<Route, 'targetPort'>): Promise<number>;
  /** Goes dark, by default in both directions. New connections are accepted and hang. Answers with the time (ms since epoch). */
  cut(direction?: Direction): number;
  /** Lights up, by default both directions: held bytes flow, held closes are passed on. Answers with the time. */
  heal(direction?: Direction): number;
  /** Breaks every connection at both ends with a TCP reset; also in the dark. */
  reset(): void;
  /** New connections are refused; those that exist stay. */
  refuse(): void;
  /** Ends `refuse`: listens on the same ports again. */
  accept(): Promise<void>;
  /** Resets everything and stops listening. */
  close(): void;
  /** When payload was last handed to the receiving side of a direction, in ms since the epoch. */
  lastDeliveredAt(direction: Direction): number | undefined;
  /** The newest deliveries, oldest first. */
  deliveries(): readonly Delivery[];
  /** Calls `listener` for every delivery; answers with a function that ends it. */
  onDelivery(listener: DeliveryListener): () => void;
  /** Calls `listener` with the time (ms since epoch) of every connection that a client opens, in the dark too. */
  onConnection(listener: (at: number) => void): void;
  /** Number of connections that are open or held. */
  readonly connectionCount: number;
}

/** Makes a network; it is lit, and its routes accept connections when the promise resolves. */
export async function createNetwork(options: NetworkOptions = {}): Promise<Network> {
  const network = new ProxyNetwork(options);
  for (const route of options.routes ?? []) await network.route(route);
  return network;
}

interface Listener {
  readonly targetPort: number;
  readonly server: Server;
  port: number;
}

class ProxyNetwork implements Network {
  readonly #host: string;
  readonly #targetHost: string;
  readonly #delayMs: number;
  readonly #ledger: Ledger;
  readonly #connectionListeners: ((at: number) => void)[] = [];
  readonly #dark = { up: false, down: false };
  readonly #listeners: Listener[] = [];
  readonly #connections = new Set<Connection>();
  readonly #datagrams: DatagramRoute[] = [];
  #connectionsSoFar = 0;

  constructor(options: NetworkOptions) {
    const { host = '127.0.0.1', targetHost = host, delayMs = 0, deliveriesMax = 10_000 } = options;
    this.#host = host;
    this.#targetHost = targetHost;
    this.#delayMs = delayMs;
    this.#ledger = new Ledger(deliveriesMax);
  }

  async route({ targetPort, port = 0 }: Route): Promise<number> {
    const server = createServer({ allowHalfOpen: true, pauseOnConnect: true });
    server.on('connection', (client) => this.#connected(client, targetPort));
    const listener = { targetPort, server, port };
    await this.#listen(listener);
    this.#listeners.push(listener);
    return listener.port;
  }

  async datagramRoute({ targetPort }: Pick<Route, 'targetPort'>): Promise<number> {
    const isDark = (direction: Direction) => this.#dark[direction];
    const route = new DatagramRoute({ host: this.#host, targetPort, isDark });
    this.#datagrams.push(route);
    return route.open();
  }

  cut(direction?: Direction): number {
    for (const each of asList(direction)) {
      this.#dark[each] = true;
      for (const connection of this.#connections) connection.cut(each);
    }
    return Date.now();
  }

  heal(direction?: Direction): number {
    const at = Date.now();
    for (const each of asList(direction)) this.#dark[each] = false;
    for (const each of asList(direction))
      for (const connection of [...this.#connections]) connection.heal(each);
    return at;
  }

  reset(): void {
    for (const connection of [...this.#connections]) connection.reset();
  }

  refuse(): void {
    for (const { server } of this.#listeners) server.close();
  }

  async accept(): Promise<void> {
    await Promise.all(
      this.#listeners.filter(({ server }) => !server.listening).map((each) => this.#listen(each)),
    );
  }

  close(): void {
    this.refuse();
    this.reset();
    for (const route of this.#datagrams) route.close();
  }

  lastDeliveredAt(direction: Direction): number | undefined {
    return this.#ledger.lastAt(direction);
  }

  deliveries(): readonly Delivery[] {
    return this.#ledger.entries();
  }

  onDelivery(listener: DeliveryListener): () => void {
    return this.#ledger.listen(listener);
  }

  onConnection(listener: (at: number) => void): void {
    this.#connectionListeners.push(listener);
  }

  get connectionCount(): number {
    return this.#connections.size;
  }

  async #listen(listener: Listener): Promise<void> {
    listener.server.listen(listener.port, this.#host);
    await once(listener.server, 'listening');
    listener.port = (listener.server.address() as AddressInfo).port;
  }

  #connected(client: Socket, targetPort: number): void {
    const number = ++this.#connectionsSoFar;
    for (const listener of this.#connectionListeners) listener(Date.now());
    const path: Path = {
      host: this.#targetHost,
      delayMs: this.#delayMs,
      isDark: (direction) => this.#dark[direction],
      deliver: (direction, bytes, handOver) => {
        const at = Date.now();
        handOver();
        this.#ledger.record({ at, direction, connection: number, size: bytes.length }, bytes);
      },
    };
    const connection = new Connection(client, targetPort, path, () => this.#connections.delete(connection));
    this.#connections.add(connection);
  }
}

function asList(direction: Direction | undefined): readonly Direction[] {
  return direction ? [direction] : ['up', 'down'];
}
