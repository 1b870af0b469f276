/** What `holdfast dev` runs: two servers over one store, three networks that lead to both, and one for each tab. */
import type { Logger } from 'pino';
import { loadSettings, type Settings } from '../../config/index.ts';
import { createNetwork, type Network } from '../../faults/index.ts';
import { createMemoryStore, ProcessClock, ServerProcess } from '../../process/index.ts';
import type { Store } from '../../store/store.ts';
import { TabNetworks } from './tab-networks.ts';

export const networkNames = ['A', 'B', 'C'] as const;
export type NetworkName = (typeof networkNames)[number];
export const serverNumbers = [1, 2] as const;
export type ServerNumber = (typeof serverNumbers)[number];

/** Nothing of a world listens anywhere else. */
export const host = '127.0.0.1';

/** The ports of a world, counted from the first server's. */
export function portsOf(base: number) {
  const network = (index: number) => [base + 10 + 2 * index, base + 11 + 2 * index] as const;
  return {
    servers: { 1: base, 2: base + 1 } as const,
    page: base + 2,
    networks: { A: network(0), B: network(1), C: network(2) } as const,
  };
}

/** The highest port that a world needs, counted from the first server's. */
export const lastPort = 15;

interface DevNetwork {
  readonly network: Network;
  /** When it was cut, in running time; null while it is lit. */
  darkSince: number | null;
}

export class DevWorld {
  readonly ports: ReturnType<typeof portsOf>;
  readonly tabs: TabNetworks;
  readonly #clock = new ProcessClock();
  readonly #settings: Settings;
  readonly #store: Store;
  readonly #log: Logger;
  readonly #servers = new Map<ServerNumber, ServerProcess>();
  readonly #networks = new Map<NetworkName, DevNetwork>();

  constructor(base: number, log: Logger) {
    this.ports = portsOf(base);
    this.tabs = new TabNetworks(host, Object.values(this.ports.servers));
    this.#log = log;
    this.#settings = loadSettings();
    this.#store = createMemoryStore(this.#settings, this.#clock);
  }

  get limits(): Settings['limits'] {
    return this.#settings.limits;
  }

  /** Opens every port. @throws what listening throws */
  async open(): Promise<void> {
    for (const number of serverNumbers) await this.startServer(number);
    for (const name of networkNames) {
      const network = await createNetwork({ host });
      this.#networks.set(name, { network, darkSince: null });
      for (const number of serverNumbers) {
        const port = this.ports.networks[name][number - 1];
        await network.route({
          targetPort: this.ports.servers[number],
          ...(port === undefined ? {} : { port }),
        });
      }
    }
  }

  async close(): Promise<void> {
    for (const { network } of this.#networks.values()) network.close();
    this.tabs.close();
    await Promise.all([...this.#servers.values()].map((server) => server.stop()));
    this.#clock.stop();
  }

  // ---- servers ----

  runs(number: ServerNumber): boolean {
    return this.#servers.has(number);
  }

  async startServer(number: ServerNumber): Promise<void> {
    const server = new ServerProcess({
      settings: {
        ...this.#settings,
        host,
        port: this.ports.servers[number],
        publicUrl: this.#addressOf(number),
      },
      clock: this.#clock,
      store: this.#store,
      log: this.#log,
      servers: (name) => this.#addressesFor(name),
      name: `server${number}`,
      processMetrics: false,
      media: true,
    });
    await server.listen();
    this.#servers.set(number, server);
  }

  /** Answers with the number of connections that broke. */
  async killServer(number: ServerNumber): Promise<number> {
    const server = this.#servers.get(number);
    if (server === undefined) return 0;
    this.#servers.delete(number);
    const { connections } = server;
    await server.kill();
    return connections;
  }

  /** The server's users move to the other one, then it ends (C-53); answers with their number. */
  async drainServer(number: ServerNumber): Promise<number> {
    const server = this.#servers.get(number);
    if (server === undefined) return 0;
    const { connections } = server;
    await server.drain();
    await server.stop();
    // Killed, or killed and started again, meanwhile.
    if (this.#servers.get(number) === server) this.#servers.delete(number);
    return connections;
  }

  #addressOf(number: ServerNumber): string {
    return `ws://${host}:${this.ports.servers[number]}`;
  }

  // ---- networks ----

  /** Cuts the network, or heals it and answers with how long it was dark, in milliseconds. */
  toggleNetwork(name: NetworkName): { darkMs: number } | 'cut' {
    const found = this.#networks.get(name);
    if (found === undefined) throw new Error(`network ${name} is not open`);
    const { darkSince, network } = found;
    if (darkSince === null) {
      network.cut();
      found.darkSince = this.#clock.now();
      return 'cut';
    }
    network.heal();
    found.darkSince = null;
    return { darkMs: this.#clock.now() - darkSince };
  }

  /** A client learns of the servers that stay, by the addresses of the network through which it came, and no others. */
  #addressesFor(hostHeader: string): readonly string[] {
    const [, name = host, port = ''] = /^(.*):(\d+)$/.exec(hostHeader) ?? [];
    const { servers, networks } = this.ports;
    const ways: (readonly number[])[] = [Object.values(servers), ...Object.values(networks)];
    const found = ways.find((ports) => ports.includes(Number(port))) ?? this.tabs.portsBeside(Number(port));
    const way = found ?? Object.values(servers);
    const staying = this.#store.seats().flatMap(({ url, leaving }) => (leaving ? [] : url));
    const numbers = serverNumbers.filter((number) => staying.includes(this.#addressOf(number)));
    return numbers.map((number) => `ws://${name}:${way[number - 1]}`);
  }
}
