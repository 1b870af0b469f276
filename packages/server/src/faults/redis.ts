/** A Redis server of one's own, which can be stopped, killed and frozen. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { type AddressInfo, connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Where Debian puts it; `REDIS_SERVER` names another one. */
const program = process.env.REDIS_SERVER ?? 'redis-server';

export interface RedisProcessOptions {
  /** Arguments besides port, folder and loopback, as `--appendonly yes`; by default nothing is kept on disk. */
  readonly args?: readonly string[];
  readonly port?: number;
  /** What its configuration file says, besides port and folder: it is a Sentinel. */
  readonly sentinel?: string;
}

export class RedisProcess {
  readonly port: number;
  readonly #folder: string;
  readonly #args: readonly string[];
  #child: ChildProcess | null = null;

  private constructor(port: number, folder: string, args: readonly string[]) {
    this.port = port;
    this.#folder = folder;
    this.#args = args;
  }

  static async start({ args = [], port, sentinel }: RedisProcessOptions = {}): Promise<RedisProcess> {
    const folder = await mkdtemp(join(tmpdir(), 'holdfast-redis-'));
    const own = port ?? (await freePort());
    const redis = new RedisProcess(
      own,
      folder,
      sentinel === undefined ? [...plain(own, folder), ...args] : watching(folder),
    );
    if (sentinel !== undefined)
      await writeFile(join(folder, file), `port ${own}\nbind 127.0.0.1\ndir ${folder}\n${sentinel}\n`);
    await redis.start();
    return redis;
  }

  get url(): string {
    return `redis://127.0.0.1:${this.port}`;
  }

  /** Undefined while it does not run. */
  get pid(): number | undefined {
    return this.#child?.pid;
  }

  /** Starts it again, with what it has kept on disk. */
  async start(): Promise<void> {
    const child = spawn(program, this.#args, { stdio: ['ignore', 'pipe', 'pipe'] });
    this.#child = child;
    const end = () => child.kill('SIGKILL');
    process.once('exit', end);
    child.once('exit', () => process.off('exit', end));
    let output = '';
    for (const stream of [child.stdout, child.stderr]) stream?.on('data', (text) => (output += text));
    const failed = once(child, 'exit').then(() => Promise.reject(new Error(`no Redis: ${output}`)));
    failed.catch(() => undefined);
    const spawned = once(child, 'error').then(([error]) => Promise.reject(error as Error));
    spawned.catch(() => undefined);
    while (!(await Promise.race([answers(this.port), failed, spawned]))) await pause(20);
  }

  /** In good order. */
  async stop(): Promise<void> {
    await this.#end('SIGTERM');
  }

  async kill(): Promise<void> {
    await this.#end('SIGKILL');
  }

  /** It stands still, and its connections stay open. */
  freeze(): void {
    this.#child?.kill('SIGSTOP');
  }

  thaw(): void {
    this.#child?.kill('SIGCONT');
  }

  /** Ends it, with everything that it has kept. */
  async close(): Promise<void> {
    await this.kill();
    await rm(this.#folder, { recursive: true, force: true });
  }

  /** The answer to one command, as Redis writes it. */
  async ask(...words: readonly string[]): Promise<string> {
    return asked(this.port, words);
  }

  async #end(signal: 'SIGTERM' | 'SIGKILL'): Promise<void> {
    const child = this.#child;
    this.#child = null;
    if (child === null || child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, 'exit');
    child.kill('SIGCONT');
    child.kill(signal);
    await ended;
  }
}

/** A Sentinel writes into its configuration. */
const file = 'sentinel.conf';

function plain(port: number, folder: string): string[] {
  return ['--port', `${port}`, '--bind', '127.0.0.1', '--dir', folder, '--save', ''];
}

function watching(folder: string): string[] {
  return [join(folder, file), '--sentinel'];
}

async function answers(port: number): Promise<boolean> {
  const answer = await asked(port, ['PING']).catch(() => '');
  return answer.startsWith('+PONG') || answer.startsWith('-NOAUTH');
}

async function asked(port: number, words: readonly string[]): Promise<string> {
  const socket = connect(port, '127.0.0.1');
  try {
    await once(socket, 'connect');
    socket.write(
      `*${words.length}\r\n${words.map((word) => `$${Buffer.byteLength(word)}\r\n${word}\r\n`).join('')}`,
    );
    const [data] = await once(socket, 'data');
    return String(data);
  } finally {
    socket.destroy();
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  return port;
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
