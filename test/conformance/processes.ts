import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';

/** The built command line: the suite runs what users run. */
export const cli = resolve(import.meta.dirname, '../../packages/server/dist/cli/main.js');

export type { Said } from './users.ts';

/** Many clients of `holdfast join` in one process. */
export const crowd = resolve(cli, '../crowd.js');

const running = new Set<ChildProcess>();
process.on('exit', () => {
  for (const child of running) child.kill('SIGKILL');
});
// Detached processes would outlive the suite at Ctrl-C.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => process.exit(1));

/** A process that outlives nothing of this one, however this one ends. */
export function endWithSuite(child: ChildProcess): void {
  running.add(child);
  child.once('exit', () => running.delete(child));
}

/**
 * The processors go to a process's scheduling group rather than to whatever else runs here, where that is allowed.
 * @param nice as of processes: −20 to 19, usually 0
 */
export function favour(pid: number, nice = -10): void {
  try {
    writeFileSync(`/proc/${pid}/autogroup`, `${nice}`);
  } catch {
    // Only Linux has such groups, and only root may.
  }
}

/** A process of the product, started by this suite and ended with it. */
export class Running {
  readonly child: ChildProcess;
  readonly diagnostics: string[] = [];
  exitedAt: number | undefined;

  /** @param how.prelude code that runs before the program */
  constructor(args: readonly string[], { program = cli, prelude = '' } = {}) {
    const flags = prelude ? ['--import', `data:text/javascript,${encodeURIComponent(prelude)}`] : [];
    // Detached makes a scheduling group: Linux shares the processors between such groups first, so that
    // whatever else is busy here delays these processes less.
    this.child = spawn(process.execPath, [...flags, program, ...args], { stdio: 'pipe', detached: true });
    running.add(this.child);
    this.child.on('error', (error) => this.#exited(String(error)));
    this.child.on('exit', (code, signal) => this.#exited(`exited with ${signal ?? code}`));
    this.child.stdin?.on('error', () => {});
    if (this.child.stderr)
      createInterface({ input: this.child.stderr }).on('line', (line) => this.note(line));
  }

  /** It has started, and is to be served before those that start. */
  started(): void {
    if (this.child.pid) favour(this.child.pid);
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
  readonly #headers: Readonly<Record<string, string>>;
  #process: Running | undefined;

  /** @param apiKey the operator's, where its configuration has one */
  constructor(port: number, configFile?: string, apiKey?: string) {
    this.port = port;
    this.#configFile = configFile;
    this.#headers = apiKey === undefined ? {} : { authorization: `Bearer ${apiKey}` };
  }

  /** Starts it and answers with the time (ms since epoch) at which it first answered. */
  async start(): Promise<number> {
    const { prelude } = this;
    const started = new Running([...this.command, '--port', `${this.port}`], { prelude });
    this.#process = started;
    // Of its log, what says why it ends.
    if (started.child.stdout)
      createInterface({ input: started.child.stdout }).on('line', (line) => {
        if (/^\{"level":[56]0/.test(line)) started.note(line);
      });
    for (let tries = 0; tries < 1_000 && started.exitedAt === undefined; tries++) {
      if (await this.channels().catch(() => undefined)) {
        started.started();
        return Date.now();
      }
      await sleep(15);
    }
    throw new Error(`the server on port ${this.port} did not start: ${started.diagnostics.join('\n')}`);
  }

  async channels(): Promise<readonly ChannelView[]> {
    const answer = await fetch(`http://127.0.0.1:${this.port}/v1/channels`, { headers: this.#headers });
    if (!answer.ok) throw new Error(`GET /v1/channels: ${answer.status}`);
    return ((await answer.json()) as { channels: ChannelView[] }).channels;
  }

  /** Asks the REST API for an action; answers with the time just before. */
  async ask(action: string, details: object): Promise<number> {
    const at = Date.now();
    const answer = await fetch(`http://127.0.0.1:${this.port}/v1/${action}`, {
      method: 'POST',
      headers: { ...this.#headers, 'content-type': 'application/json' },
      body: JSON.stringify(details),
    });
    if (!answer.ok) throw new Error(`POST /v1/${action}: ${answer.status} ${await answer.text()}`);
    return at;
  }

  /** SIGKILL, or another signal; answers with the time just before. */
  kill(signal?: NodeJS.Signals): number {
    return this.#process?.kill(signal) ?? Date.now();
  }

  /** What it wrote to stderr last, and how it ended. */
  get diagnostics(): readonly string[] {
    return this.#process?.diagnostics ?? [];
  }

  /** Undefined before its start. */
  get pid(): number | undefined {
    return this.#process?.child.pid;
  }

  get alive(): boolean {
    return this.#process !== undefined && this.#process.exitedAt === undefined;
  }

  /** Code that runs in its process before the program. */
  protected get prelude(): string {
    return '';
  }

  protected get command(): readonly string[] {
    return this.#configFile ? ['serve', '--config', this.#configFile] : ['serve'];
  }
}

/** `holdfast dev`: two servers of one cluster, of which each can be killed alone. This is the first one's face. */
export class TwoServers extends ServerProcess {
  protected override get command(): readonly string[] {
    return ['dev'];
  }

  /** The first server dies, without a word to its clients; answers with the time just before. */
  async killFirst(): Promise<number> {
    const at = Date.now();
    const page = `http://127.0.0.1:${this.port + 2}`;
    const answer = await fetch(`${page}/dev/servers/1/kill`, { method: 'POST', headers: { origin: page } });
    if (!answer.ok) throw new Error(`the first server was not killed: ${answer.status}`);
    return at;
  }
}

/**
 * The first of some ports in a row that were free a moment ago, and are handed out once. They are below those that
 * systems hand out themselves: what else begins to listen or to connect meanwhile takes none of them.
 */
export async function freePort(inARow = 1): Promise<number> {
  for (;;) {
    const first = portsFrom + Math.floor(Math.random() * (portsTo - portsFrom - inARow));
    const ports = Array.from({ length: inARow }, (_, i) => first + i);
    if (ports.some((port) => handedOut.has(port))) continue;
    for (const port of ports) handedOut.add(port);
    const all = await Promise.all(ports.map((port) => listenOn(port).catch(() => undefined)));
    for (const each of all) each?.close();
    if (all.every((each) => each !== undefined)) return first;
  }
}

const [portsFrom, portsTo] = [10_000, 32_000];
const handedOut = new Set<number>();

async function listenOn(port: number): Promise<{ close: () => void }> {
  const probe = createServer().listen(port, '127.0.0.1');
  await once(probe, 'listening');
  return { close: () => void probe.close() };
}
