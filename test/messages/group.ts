/** Users that share a process, as the run holds them: it starts, kills and freezes them together. */
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { DialectName } from './logged.ts';
import type { Way } from './servers.ts';
import type { FromUsers, ToUsers } from './user-process.ts';

export interface User {
  readonly uid: number;
  readonly dialect: DialectName;
  readonly way: Way;
  /** Milliseconds between its messages, on average; null: it only listens. */
  readonly everyMs: number | null;
}

const program = fileURLToPath(new URL('./user-process.ts', import.meta.url));
/** The users run the built packages, as the servers do. */
const execArgv = ['--import', 'tsx'];
const joinWithinMs = 30_000;

export class Group {
  /** Something is being done to it. */
  busy = false;
  readonly users: readonly User[];
  readonly #channel: string;
  readonly #folder: string;
  readonly #seed: number;
  #child: ChildProcess | null = null;
  #lives = 0;

  constructor(users: readonly User[], channel: string, folder: string, seed: number) {
    this.users = users;
    this.#channel = channel;
    this.#folder = folder;
    this.#seed = seed;
  }

  get talks(): boolean {
    return this.users.some(({ everyMs }) => everyMs !== null);
  }

  /** Resolves when everybody has joined. */
  async start(): Promise<void> {
    this.#lives += 1;
    const child = fork(program, { execArgv });
    this.#child = child;
    const users = this.users.map(({ uid, dialect, way, everyMs }) => ({
      ...{ uid, dialect, everyMs, servers: way.urls, channel: this.#channel },
      life: `${this.#channel}.${uid}.${this.#lives}`,
      seed: this.#seed + this.#lives,
    }));
    const file = join(this.#folder, `${this.#channel}.${this.users[0]?.uid}.${this.#lives}.jsonl`);
    const joined = this.#answer(child, 'joined', joinWithinMs);
    this.tell({ type: 'start', file, users });
    await joined;
  }

  tell(message: ToUsers): void {
    if (this.#child?.connected) this.#child.send(message);
  }

  /** How much its users have written so far. */
  async lines(): Promise<number> {
    return this.#count({ type: 'tell' });
  }

  /** The run is over for them; resolves when they have written so. */
  async end(): Promise<void> {
    await this.#count({ type: 'end' });
    await this.kill();
  }

  async kill(): Promise<void> {
    const child = this.#child;
    this.#child = null;
    if (child === null || child.exitCode !== null || child.signalCode !== null) return;
    child.kill('SIGKILL');
    await once(child, 'exit');
  }

  freeze(): void {
    this.#child?.kill('SIGSTOP');
  }

  thaw(): void {
    this.#child?.kill('SIGCONT');
  }

  async #count(question: ToUsers): Promise<number> {
    if (this.#child === null) return 0;
    const told = this.#answer(this.#child, 'lines', joinWithinMs);
    this.tell(question);
    const answer = await told;
    return answer.type === 'lines' ? answer.lines : 0;
  }

  #answer(child: ChildProcess, type: FromUsers['type'], withinMs: number): Promise<FromUsers> {
    return new Promise((resolve, reject) => {
      const settle = (then: () => void) => {
        clearTimeout(tooLate);
        child.off('message', heard).off('exit', died);
        then();
      };
      const what = `users ${this.users.map(({ uid }) => uid).join(', ')} of ${this.#channel}`;
      const tooLate = setTimeout(() => settle(() => reject(new Error(`${what}: no '${type}'`))), withinMs);
      const died = () => settle(() => reject(new Error(`${what}: their process has ended`)));
      const heard = (told: FromUsers) => told.type === type && settle(() => resolve(told));
      child.on('message', heard).on('exit', died);
    });
  }
}
