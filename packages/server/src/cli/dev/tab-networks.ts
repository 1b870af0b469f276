/** Networks made on demand, one for each tab of the demo page, so that a tab can cut its own and no other. */
import { createNetwork, type Network } from '../../faults/index.ts';

export const directions = ['both', 'up', 'down'] as const;
/** What is dark; `up` flows from the tab to the servers. */
export type CutDirection = (typeof directions)[number];

/** A network as the page sees it. */
export interface TabNetworkView {
  readonly id: string;
  /** Addresses of the servers through this network, in the order of the servers. */
  readonly urls: readonly string[];
  /** Media: UDP ports of the servers, and those that lead to them through this network. */
  readonly mediaPorts: readonly { readonly of: number; readonly through: number }[];
  /** What is dark, or null. */
  readonly dark: CutDirection | null;
  /** For how long, in milliseconds; 0 while it is lit. */
  readonly darkMs: number;
  /** Milliseconds since payload last came through, each way; null: never. */
  readonly silentMs: { readonly up: number | null; readonly down: number | null };
  /** Number of the server that this tab was last heard from through an open connection, or null. */
  readonly server: number | null;
}

/** A tab that nobody has heard of for so long has gone; hidden tabs may run their timers only once a minute. */
const forgottenMs = 120_000;
/** More tabs than anybody opens. */
const networksMax = 100;

export class TooManyNetworks extends Error {
  override readonly name = 'TooManyNetworks';
}

export class TabNetworks {
  readonly #host: string;
  readonly #targets: readonly number[];
  readonly #networks = new Map<string, TabNetwork>();
  #opened = 0;

  /** @param targets ports of the servers */
  constructor(host: string, targets: readonly number[]) {
    this.#host = host;
    this.#targets = targets;
  }

  /** @throws TooManyNetworks */
  async open(): Promise<TabNetwork> {
    this.#sweep();
    if (this.#networks.size >= networksMax)
      throw new TooManyNetworks(`There are ${networksMax} tabs already: close some, and wait two minutes.`);
    const id = `${++this.#opened}`;
    const network = await openTabNetwork(id, this.#host, this.#targets);
    this.#networks.set(id, network);
    return network;
  }

  /** Whoever asks for a network is there. */
  find(id: string): TabNetwork | undefined {
    const network = this.#networks.get(id);
    network?.touch();
    return network;
  }

  remove(id: string): boolean {
    this.#networks.get(id)?.close();
    return this.#networks.delete(id);
  }

  /** The ports of the network that has this port, or undefined. */
  portsBeside(port: number): readonly number[] | undefined {
    return [...this.#networks.values()].map(({ ports }) => ports).find((ports) => ports.includes(port));
  }

  close(): void {
    for (const id of [...this.#networks.keys()]) this.remove(id);
  }

  #sweep(): void {
    for (const { id, idleMs } of [...this.#networks.values()]) if (idleMs > forgottenMs) this.remove(id);
  }
}

async function openTabNetwork(id: string, host: string, targets: readonly number[]): Promise<TabNetwork> {
  const ways: Way[] = [];
  for (const targetPort of targets) {
    const network = await createNetwork({ host });
    const mediaPort = await network.datagramRoute({ targetPort });
    ways.push({ network, targetPort, port: await network.route({ targetPort }), mediaPort });
  }
  return new TabNetwork(id, host, ways);
}

/** The way to one server. */
interface Way {
  readonly network: Network;
  readonly targetPort: number;
  readonly port: number;
  /** A server's media are at the UDP port of the same number. */
  readonly mediaPort: number;
}

export class TabNetwork {
  readonly id: string;
  readonly #host: string;
  readonly #ways: readonly Way[];
  #cut: { readonly direction: CutDirection; readonly at: number } | null = null;
  #touchedAt = performance.now();

  constructor(id: string, host: string, ways: readonly Way[]) {
    this.id = id;
    this.#host = host;
    this.#ways = ways;
  }

  get ports(): readonly number[] {
    return this.#ways.map(({ port }) => port);
  }

  get idleMs(): number {
    return performance.now() - this.#touchedAt;
  }

  touch(): void {
    this.#touchedAt = performance.now();
  }

  /** Whatever else was dark is lit. */
  cut(direction: CutDirection): void {
    const at = this.#cut?.at ?? performance.now();
    for (const { network } of this.#ways) {
      if (direction !== 'both') network.heal(direction === 'up' ? 'down' : 'up');
      if (direction === 'both') network.cut();
      else network.cut(direction);
    }
    this.#cut = { direction, at };
  }

  /** Answers with how long it was dark, in milliseconds. */
  heal(): number {
    const { darkMs } = this;
    for (const { network } of this.#ways) network.heal();
    this.#cut = null;
    return darkMs;
  }

  get darkMs(): number {
    return this.#cut === null ? 0 : performance.now() - this.#cut.at;
  }

  close(): void {
    for (const { network } of this.#ways) network.close();
  }

  view(): TabNetworkView {
    const silentMs = (direction: 'up' | 'down') => {
      const last = Math.max(...this.#ways.map(({ network }) => network.lastDeliveredAt(direction) ?? 0));
      return last === 0 ? null : Math.max(0, Date.now() - last);
    };
    return {
      id: this.id,
      urls: this.ports.map((port) => `ws://${this.#host}:${port}`),
      mediaPorts: this.#ways.map(({ targetPort, mediaPort }) => ({ of: targetPort, through: mediaPort })),
      dark: this.#cut?.direction ?? null,
      darkMs: this.darkMs,
      silentMs: { up: silentMs('up'), down: silentMs('down') },
      server: this.#server(),
    };
  }

  #server(): number | null {
    const heard = this.#ways
      .map(({ network }, index) => ({ network, number: index + 1 }))
      .filter(({ network }) => network.connectionCount > 0)
      .map(({ network, number }) => ({ number, at: network.lastDeliveredAt('down') ?? 0 }))
      .filter(({ at }) => at > 0)
      .sort((a, b) => b.at - a.at);
    return heard[0]?.number ?? null;
  }
}
