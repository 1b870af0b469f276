/** A network with one machine in it, behind a path of its own: it may lose packets, be narrow, long, or change its address. */

import { execFileSync } from 'node:child_process';
import { createSocket, type Socket } from 'node:dgram';

/** Linux, root, and the programs `ip`, `tc` and `nft`. */
export class ViewerNetwork {
  /** Where a server listens. */
  readonly host = '10.255.78.1';
  /** What runs a program in there. */
  readonly within: readonly string[];
  readonly #name = `holdfast-${process.pid}`;
  readonly #near = `hfa${process.pid % 100_000}`;
  readonly #far = `hfb${process.pid % 100_000}`;
  #address = 2;
  #relay: Relay | null = null;

  constructor() {
    this.within = ['ip', 'netns', 'exec', this.#name];
    run('ip', ['netns', 'add', this.#name]);
    process.once('exit', this.#left);
    try {
      run('ip', ['link', 'add', this.#near, 'type', 'veth', 'peer', 'name', this.#far, 'netns', this.#name]);
      for (const address of [this.host, relayHost])
        run('ip', ['addr', 'add', `${address}/28`, 'dev', this.#near]);
      run('ip', ['link', 'set', this.#near, 'up']);
      this.#inside('ip', ['addr', 'add', `10.255.78.${this.#address}/28`, 'dev', this.#far]);
      this.#inside('ip', ['link', 'set', this.#far, 'up']);
      this.#inside('ip', ['link', 'set', 'lo', 'up']);
    } catch (error) {
      this.end();
      throw error;
    }
  }

  /** Of UDP packets, so many in a hundred are lost, in both directions. */
  lose(ofHundred: number): void {
    const rule = `meta l4proto udp numgen random mod 100 < ${ofHundred} drop`;
    this.#filter(`add rule inet path in ${rule}\nadd rule inet path out ${rule}`);
  }

  /** So many kilobits a second pass on the way in; more waits for up to 200 ms, then it is lost. */
  narrow(kbits: number): void {
    const rate = ['rate', `${kbits}kbit`, 'burst', '4kb', 'latency', '200ms'];
    run(process.env.TC ?? 'tc', ['qdisc', 'add', 'dev', this.#near, 'root', 'tbf', ...rate]);
  }

  /** UDP goes by a relay that keeps every packet for so long, each way. Before a server that names it is started. */
  async delay(port: number, eachWayMs: number): Promise<void> {
    this.#relay = await Relay.open({ from: relayHost, to: this.host, port, eachWayMs });
    this.#filter(
      `add rule inet path in ip saddr ${this.host} meta l4proto udp drop\nadd rule inet path out ip daddr ${this.host} meta l4proto udp drop`,
    );
  }

  /** Another address, and the one before is gone. */
  move(): void {
    this.#inside('ip', ['addr', 'del', `10.255.78.${this.#address}/28`, 'dev', this.#far]);
    this.#address += 1;
    this.#inside('ip', ['addr', 'add', `10.255.78.${this.#address}/28`, 'dev', this.#far]);
  }

  /** An interrupted run leaves no network behind: the next one has the same addresses. */
  readonly #left = (): void => this.end();

  end(): void {
    process.off('exit', this.#left);
    this.#relay?.close();
    try {
      run('ip', ['link', 'del', this.#near]);
    } finally {
      run('ip', ['netns', 'del', this.#name]);
    }
  }

  #filter(rules: string): void {
    const chains = ['in', 'out'].map(
      (name) => `add chain inet path ${name} { type filter hook ${name}put priority 0; }`,
    );
    this.#inside(nft, ['-f', '-'], `add table inet path\n${chains.join('\n')}\n${rules}\n`);
  }

  #inside(command: string, args: readonly string[], input = ''): void {
    const [ip = 'ip', ...rest] = this.within;
    run(ip, [...rest, command, ...args], input);
  }
}

const nft = process.env.NFT ?? 'nft';

/** The relay's address: a server names it as its public one. */
export const relayHost = '10.255.78.14';

/** Passes UDP packets on late. One socket towards the server for each that comes. */
class Relay {
  readonly #front: Socket;
  readonly #backs = new Map<string, Socket>();
  #closed = false;

  private constructor(front: Socket) {
    this.#front = front;
  }

  static async open(way: { from: string; to: string; port: number; eachWayMs: number }): Promise<Relay> {
    const front = createSocket('udp4');
    const relay = new Relay(front);
    front.on('message', (packet, { address, port }) => {
      const back = relay.#backOf(way, address, port);
      setTimeout(() => !relay.#closed && back.send(packet, way.port, way.to), way.eachWayMs);
    });
    await new Promise<void>((resolve, reject) =>
      front.once('error', reject).bind(way.port, way.from, resolve),
    );
    return relay;
  }

  close(): void {
    this.#closed = true;
    for (const socket of [this.#front, ...this.#backs.values()]) socket.close();
  }

  #backOf({ from, eachWayMs }: { from: string; eachWayMs: number }, address: string, port: number): Socket {
    const name = `${address}:${port}`;
    const known = this.#backs.get(name);
    if (known !== undefined) return known;
    const back = createSocket('udp4');
    back.bind(0, from);
    back.on('message', (packet) => {
      setTimeout(() => !this.#closed && this.#front.send(packet, port, address), eachWayMs);
    });
    this.#backs.set(name, back);
    return back;
  }
}

function run(command: string, args: readonly string[], input = ''): void {
  execFileSync(command, args, { input, stdio: ['pipe', 'ignore', 'pipe'] });
}
