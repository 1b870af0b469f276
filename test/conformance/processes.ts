import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Platform } from './dialects.ts';

/** The built command line: the suite runs what users run. */
export const cli = resolve(import.meta.dirname, '../../packages/server/dist/cli/main.js');

/** One line of `holdfast join --json`: a callback, its arguments and when the app got it (ms since the epoch). */
export interface Said {
  readonly t: number;
  readonly callback: string;
  readonly args: readonly unknown[];
}

const running = new Set<ChildProcess>();
process.on('exit', () => {
  for (const child of running) child.kill('SIGKILL');
});
// Detached processes would outlive the suite at Ctrl-C.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => process.exit(1));

/** A process of the product, started by this suite and ended with it. */
class Running {
  readonly child: ChildProcess;
  readonly diagnostics: string[] = [];
  exitedAt: number | undefined;

  constructor(args: readonly string[]) {
    // Detached makes a scheduling group: Linux shares the processors between such groups first, so that
    // whatever else is busy here delays these processes less.
    this.child = spawn(process.execPath, [cli, ...args], { stdio: 'pipe', detached: true });
    running.add(this.child);
    this.child.on('error', (error) => this.#exited(String(error)));
    this.child.on('exit', (code, signal) => this.#exited(`exited with ${signal ?? code}`));
    this.child.stdin?.on('error', () => {});
    if (this.child.stderr)
      createInterface({ input: this.child.stderr }).on('line', (line) => this.note(line));
  }

  /** Keeps the last 50 lines that are not callbacks. */
  note(line: string): void {
    this.diagnostics.push(line);
    if (this.diagnostics.length > 50) this.diagnostics.shift();
  }

  /** Sends the signal and answers with the time (ms since epoch) just before. */
  kill(signal: NodeJS.Signals = 'SIGKILL'): number {
    const at = Date.now();
    this.child.kill(signal);
    return at;
  }

  async exited(): Promise<void> {
    if (this.exitedAt === undefined) await once(this.child, 'exit');
  }

  #exited(how: string): void {
    this.exitedAt = Date.now();
    this.note(how);
    running.delete(this.child);
  }
}

/** `holdfast join`: a user in a terminal. */
export class UserProcess extends Running {
  readonly said: Said[] = [];
  /** Where it finds its server. */
  readonly port: number;

  constructor(options: { channel: string; port: number; uid: number; platform: Platform }) {
    const { channel, port, uid, platform } = options;
    const server = ['--server', `ws://127.0.0.1:${port}`];
    super(['join', channel, ...server, '--uid', `${uid}`, '--platform', platform, '--json']);
    this.port = port;
    const stdout = this.child.stdout;
    if (stdout) createInterface({ input: stdout }).on('line', (line) => this.#heard(line));
  }

  /** Writes one command (`leave`, `send TEXT`, …) and answers with the time just before. */
  tell(command: string): number {
    const at = Date.now();
    this.child.stdin?.write(`${command}\n`);
    return at;
  }

  /** Waits until something was said; gives up, with what was said so far, after `withinMs` or when the process ends. */
  async until(what: string, test: (said: Said) => boolean, withinMs: number): Promise<Said> {
    const deadline = performance.now() + withinMs;
    for (;;) {
      const found = this.said.find(test);
      if (found) return found;
      if (performance.now() > deadline || this.exitedAt !== undefined) break;
      await sleep(5);
    }
    const heard = this.said.map((each) => each.callback).join(', ') || 'nothing';
    throw new Error(
      `${what}: not within ${withinMs} ms (heard ${heard}; ${this.diagnostics.slice(-5).join(' | ')})`,
    );
  }

  #heard(line: string): void {
    try {
      this.said.push(JSON.parse(line));
    } catch {
      this.note(`not JSON: ${line}`);
    }
  }
}

/** A channel as the server's REST API shows it. */
export interface ChannelView {
  readonly channel: string;
  readonly incarnation: string;
  readonly users: readonly { readonly uid: number }[];
}

/** `holdfast serve` on a port of its own; it can be killed and started again there. */
export class ServerProcess {
  readonly port: number;
  readonly #configFile: string | undefined;
  #process: Running | undefined;

  constructor(port: number, configFile?: string) {
    this.port = port;
    this.#configFile = configFile;
  }

  /** Starts it and answers with the time (ms since epoch) at which it first answered. */
  async start(): Promise<number> {
    const config = this.#configFile ? ['--config', this.#configFile] : [];
    const started = new Running(['serve', '--port', `${this.port}`, ...config]);
    this.#process = started;
    started.child.stdout?.resume();
    for (let tries = 0; tries < 1_000 && started.exitedAt === undefined; tries++) {
      if (await this.channels().catch(() => undefined)) return Date.now();
      await sleep(15);
    }
    throw new Error(`the server on port ${this.port} did not start: ${started.diagnostics.join('\n')}`);
  }

  async channels(): Promise<readonly ChannelView[]> {
    const answer = await fetch(`http://127.0.0.1:${this.port}/v1/channels`);
    if (!answer.ok) throw new Error(`GET /v1/channels: ${answer.status}`);
    return ((await answer.json()) as { channels: ChannelView[] }).channels;
  }

  /** SIGKILL; answers with the time just before. */
  kill(): number {
    return this.#process?.kill() ?? Date.now();
  }

  /** What it wrote to stderr last, and how it ended. */
  get diagnostics(): readonly string[] {
    return this.#process?.diagnostics ?? [];
  }

  get alive(): boolean {
    return this.#process !== undefined && this.#process.exitedAt === undefined;
  }
}

/** A port that was free a moment ago. */
export async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const address = probe.address();
  probe.close();
  await once(probe, 'close');
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
}
