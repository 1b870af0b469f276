/** A TCP connection on the lossy network over which one end sends once a second: what TCP alone makes of the losses. */
import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { lossyHost } from './way.ts';

const everyMs = 1_000;

export class PlainConnection {
  readonly #server: Server;
  readonly #near: Socket;
  readonly #sockets: Socket[] = [];
  readonly #times: number[] = [];
  readonly #sending: NodeJS.Timeout[] = [];

  private constructor(server: Server) {
    this.#server = server;
    server.on('connection', (far) => {
      this.#sockets.push(far);
      far.on('error', () => {});
      this.#sending.push(setInterval(() => far.write('x'), everyMs));
    });
    this.#near = connect((server.address() as AddressInfo).port, lossyHost);
    this.#near.setNoDelay(true);
    this.#near.on('data', () => this.#times.push(Date.now()));
    this.#near.on('error', () => {});
  }

  static async open(): Promise<PlainConnection> {
    const server = createServer().listen(0, lossyHost);
    await once(server, 'listening');
    return new PlainConnection(server);
  }

  /** Ends it, and answers with what it has seen. */
  close(): { longerThan(ms: number): number } {
    for (const timer of this.#sending) clearInterval(timer);
    for (const socket of [this.#near, ...this.#sockets]) socket.destroy();
    this.#server.close();
    const times = [...this.#times, Date.now()];
    return {
      longerThan: (ms) => times.filter((time, i) => time - (times[i - 1] ?? time) >= ms).length,
    };
  }
}
