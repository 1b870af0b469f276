import { type ClientEar, Connection, type Listener } from './connection.ts';
import type { Path } from './path.ts';
import type { Process } from './process.ts';
import type { Timeline } from './timeline.ts';

/** All connections of the simulated world, and who listens where. */
export class Network {
  readonly #timeline: Timeline;
  readonly #listeners = new Map<string, Listener>();
  #connections: Connection[] = [];

  constructor(timeline: Timeline) {
    this.#timeline = timeline;
  }

  listen(server: string, listener: Listener): void {
    this.#listeners.set(server, listener);
  }

  dial(client: Process, ear: ClientEar, way: { name: string; path: Path; server: string }): Connection {
    this.#connections = this.#connections.filter((connection) => !connection.over);
    const listening = () => {
      const listener = this.#listeners.get(way.server);
      return listener?.alive === true ? listener : null;
    };
    const { name, path, server } = way;
    const connection = new Connection(this.#timeline, path, { name, client, ear, server, listening });
    this.#connections.push(connection);
    return connection;
  }

  /** A process is no more; kernels close its connections. */
  killed(process: Process): void {
    for (const connection of this.#connections) {
      if (connection.client === process) connection.killed('client');
      if (connection.server === process) connection.killed('server');
    }
  }

  /** Resets every connection of a client. */
  reset(client: Process): void {
    for (const connection of this.#connections) if (connection.client === client) connection.reset();
  }

  /** Connections that a client's process still has in hand. */
  heldBy(client: Process): number {
    return this.#connections.filter((connection) => connection.client === client && connection.heldByClient)
      .length;
  }
}
