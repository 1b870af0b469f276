import type { ProductServer, SocketEvents } from '../product.ts';
import type { Recorder } from '../recorder.ts';
import type { Connection, Ear, Listener } from './connection.ts';
import type { Network } from './network.ts';
import { Process } from './process.ts';
import type { Timeline } from './timeline.ts';
import type { Timers } from './timers.ts';

export interface ServerPlace {
  readonly timeline: Timeline;
  readonly network: Network;
  readonly recorder: Recorder;
  /** Servers that share a store: what one does may set the others in motion. */
  readonly neighbours: () => Iterable<ServerProcess>;
  readonly timers: Timers;
}

/** One server process: runs the product's server against the simulated world. */
export class ServerProcess extends Process implements Listener {
  readonly #place: ServerPlace;
  readonly startedAt: number;
  #server: ProductServer | null = null;
  #bufferedMost = 0;

  constructor(name: string, place: ServerPlace) {
    super(name, place.timeline);
    this.#place = place;
    this.startedAt = place.timeline.now;
  }

  /** Begins to take connections. @param open makes the server, with this process's clock */
  start(open: (now: () => number) => ProductServer): void {
    this.#place.timers.turnOf(this);
    this.#server = open(() => this.now());
    this.#place.network.listen(this.name, this);
    this.settle();
  }

  accept(connection: Connection): Ear {
    const { recorder } = this.#place;
    const { name } = connection;
    const client = connection.client.name;
    recorder.note(this.name, () => `takes ${name}`);
    const events = this.#open(connection);
    return {
      message: (bytes, goodbye, arrived) => {
        recorder.fact({ type: 'server-read', server: this.name, client, connection: name, goodbye, arrived });
        events?.receive(bytes);
      },
      closed: () => {
        recorder.note(this.name, () => `sees ${name} closed`);
        events?.closed('peer');
      },
    };
  }

  #open(connection: Connection): SocketEvents | null {
    if (this.#server === null) return null;
    const most = (bytes: number) => {
      this.#bufferedMost = Math.max(this.#bufferedMost, bytes);
      return bytes;
    };
    const socket = {
      send: (bytes: Uint8Array, passedOn?: () => void) =>
        this.#acts(() => connection.sendDown(bytes, passedOn)),
      close: (code: number, text: string) =>
        this.#acts(() => {
          this.#place.recorder.note(this.name, () => `closes ${connection.name}: ${code} ${text}`);
          connection.closeByServer(code);
        }),
      get bufferedBytes() {
        return most(connection.bufferedDown);
      },
    };
    return this.#server.accept(socket, { address: connection.client.name, host: '' });
  }

  /** What a store's call makes a server do: a killed one nothing, a frozen one when it runs again. */
  #acts(act: () => void): void {
    if (this.frozen) this.arrive(act);
    else if (this.alive) act();
  }

  /** The longest that any send queue has been, in bytes. */
  get bufferedMost(): number {
    return this.#bufferedMost;
  }

  override kill(): void {
    super.kill();
    this.#place.network.killed(this);
  }

  protected override turn(run: () => void): void {
    this.#place.timers.turnOf(this);
    super.turn(run);
    for (const server of this.#place.neighbours()) if (server.alive) this.timeline.unsettled(server);
  }

  protected stalled(ms: number): void {
    this.#server?.stalled(ms);
  }

  protected deadline(): number | null {
    return this.#server?.deadline()?.at ?? null;
  }

  protected deadlineCame(): void {
    this.#server?.tick();
  }

  protected crashed(error: unknown): void {
    this.#place.recorder.crash(this.name, error);
  }
}
