import { type ChildProcess, spawn } from 'node:child_process';
import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { ports } from './wall.ts';

/** Debian's coturn: TCP or UDP from clients, UDP to media, and credentials made from a secret. */
export class TurnServer {
  readonly #child: ChildProcess;

  private constructor(child: ChildProcess) {
    this.#child = child;
  }

  static async start(secret: string): Promise<TurnServer> {
    const [first, last] = ports.relays;
    const options = {
      'listening-ip': '127.0.0.1',
      'listening-port': ports.turn,
      'relay-ip': '127.0.0.1',
      'min-port': first,
      'max-port': last,
      realm: 'holdfast',
      'static-auth-secret': secret,
    };
    const flags = ['use-auth-secret', 'no-tls', 'no-dtls', 'no-cli', 'allow-loopback-peers'];
    const child = spawn(
      process.env.TURNSERVER ?? 'turnserver',
      [
        '-n',
        ...Object.entries(options).map(([name, value]) => `--${name}=${value}`),
        ...flags.map((flag) => `--${flag}`),
        ...['--pidfile', '/dev/null', '--log-file', 'stdout'],
      ],
      { stdio: 'ignore' },
    );
    for (const until = performance.now() + 5_000; performance.now() < until; await sleep(50))
      if (await listens(ports.turn)) return new TurnServer(child);
    child.kill('SIGKILL');
    throw new Error('the TURN server does not start');
  }

  end(): void {
    this.#child.kill('SIGKILL');
  }
}

function listens(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('connect', () => resolve(true));
    socket.once('error', () => resolve(false));
    socket.once('connect', () => socket.destroy());
  });
}
