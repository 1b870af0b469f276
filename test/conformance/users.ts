import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Platform } from './dialects.ts';
import { crowd, Running } from './processes.ts';

/** One line of `holdfast join --json`: a callback, its arguments and when the app got it (ms since the epoch). */
export interface Said {
  readonly t: number;
  readonly callback: string;
  readonly args: readonly unknown[];
}

/** Somebody in a channel, wherever it runs: what it is told arrives as lines of `holdfast join --json`. */
export abstract class User {
  readonly said: Said[] = [];
  /** When each of its outages ended, in ms since the epoch; of those who share a process. */
  readonly outageEnds: number[] = [];
  /** The last lines that are not callbacks; at the end, how it ended. */
  abstract readonly diagnostics: string[];
  /** When it ended, in ms since the epoch. */
  abstract readonly exitedAt: number | undefined;

  /** Gives one command (`leave`, `publish`, …) and answers with the time just before. */
  abstract tell(command: string): number;

  /** Ends it without warning, or sends a signal; answers with the time just before. */
  abstract kill(signal?: NodeJS.Signals): number;

  /** The row is over. */
  end(): void {
    this.kill();
  }

  /** How late where it runs was since the last call, in ms, if that is known. */
  async lagMs(): Promise<number> {
    return 0;
  }

  /** How it ended, in words. */
  get ended(): string | undefined {
    return this.exitedAt === undefined ? undefined : this.diagnostics.findLast((line) => endings.test(line));
  }

  /** Waits until something was said; gives up, with what was said so far, after `withinMs` or when it ends. */
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

  protected hear(line: string): void {
    try {
      this.said.push(JSON.parse(line));
    } catch {
      this.diagnostics.push(`not JSON: ${line}`);
    }
  }
}

const endings = /^(exited with|the page )/;

/** How somebody takes part: what `holdfast join` can be told. */
export interface Joining {
  readonly channel: string;
  readonly uid: number;
  readonly platform: Platform;
  /** Where it finds its servers. */
  readonly ports: readonly number[];
  readonly profile: 'communication' | 'live';
  /** In the live profile; default there: audience. */
  readonly liveRole?: 'host' | 'audience';
  readonly publishes: boolean;
  /** Default: an app of which nobody knows a certificate. */
  readonly appId?: string;
  readonly token?: string;
  /** Code that runs in a process of its own before the program. */
  readonly prelude?: string;
}

/** `holdfast join` in a process of its own. */
export class UserProcess extends User {
  readonly #running: Running;

  constructor(joining: Joining) {
    super();
    this.#running = new Running(['join', ...argumentsOf(joining)], {
      ...(joining.prelude && { prelude: joining.prelude }),
    });
    const stdout = this.#running.child.stdout;
    if (!stdout) return;
    const lines = createInterface({ input: stdout });
    lines.once('line', () => this.#running.started());
    lines.on('line', (line) => this.hear(line));
  }

  override get diagnostics(): string[] {
    return this.#running.diagnostics;
  }

  override get exitedAt(): number | undefined {
    return this.#running.exitedAt;
  }

  override tell(command: string): number {
    const at = Date.now();
    this.#running.child.stdin?.write(`${command}\n`);
    return at;
  }

  override kill(signal?: NodeJS.Signals): number {
    return this.#running.kill(signal);
  }
}

/** A process in which many clients of `holdfast join` live, each behind a network of its own. */
export class Host {
  readonly #running = new Running([], { program: crowd });
  readonly #users = new Map<number, HostedUser>();

  constructor() {
    const { stdout } = this.#running.child;
    if (stdout) createInterface({ input: stdout }).on('line', (line) => this.#hear(JSON.parse(line)));
    this.#running.started();
    this.#running.child.on('exit', (code) => {
      const diagnosed = `the host ended: ${this.#running.diagnostics.slice(-5).join(' | ')}`;
      for (const user of this.#users.values()) {
        user.learn({ diagnosed });
        user.learn({ exited: code ?? -1 });
      }
    });
  }

  join(joining: Joining): User {
    const { channel, uid, platform, ports, profile, liveRole: role, publishes: publish } = joining;
    const { appId = 'demo', token = '' } = joining;
    const servers = ports.map((port) => `ws://127.0.0.1:${port}`);
    const id = this.#users.size;
    const user = new HostedUser((line) => this.#write({ id, line }));
    this.#users.set(id, user);
    const request = {
      channel,
      servers,
      appId,
      uid: `${uid}`,
      platform,
      token,
      profile,
      role,
      publish,
    };
    this.#write({ id, join: request });
    return user;
  }

  get pid(): number | undefined {
    return this.#running.child.pid;
  }

  /** How it ended, if it has. */
  get ended(): string | undefined {
    const { exitedAt, diagnostics } = this.#running;
    return exitedAt === undefined ? undefined : diagnostics.slice(-8).join(' | ');
  }

  close(): void {
    this.#running.kill();
  }

  #write(order: object): void {
    this.#running.child.stdin?.write(`${JSON.stringify(order)}\n`);
  }

  #hear({ id, ...news }: { readonly id: number } & News): void {
    this.#users.get(id)?.learn(news);
  }
}

type News =
  | { readonly said: Said }
  | { readonly outage: object }
  | { readonly diagnosed: string }
  | { readonly exited: number };

/** One of the clients in a host. */
class HostedUser extends User {
  readonly diagnostics: string[] = [];
  readonly #write: (line: string) => void;
  #exitedAt: number | undefined;
  #isOver = false;

  constructor(write: (line: string) => void) {
    super();
    this.#write = write;
  }

  override get exitedAt(): number | undefined {
    return this.#exitedAt;
  }

  override tell(command: string): number {
    const at = Date.now();
    this.#write(command);
    return at;
  }

  override kill(): never {
    throw new Error('this user shares its process with other rows: say in `harms` that it is killed');
  }

  /** It leaves, unheard: its process lives on. */
  override end(): void {
    this.#isOver = true;
    this.#write('leave');
  }

  learn(news: News): void {
    if (this.#isOver) return;
    if ('said' in news) this.said.push(news.said);
    else if ('outage' in news) this.outageEnds.push(Date.now());
    else if ('diagnosed' in news) this.diagnostics.push(news.diagnosed);
    else {
      this.#exitedAt = Date.now();
      this.diagnostics.push(`exited with ${news.exited}`);
    }
  }
}

function argumentsOf({ channel, uid, platform, ports, profile, ...how }: Joining): string[] {
  return [
    ...[channel, '--json', '--uid', `${uid}`, '--platform', platform, '--profile', profile],
    ...ports.flatMap((port) => ['--server', `ws://127.0.0.1:${port}`]),
    ...(how.liveRole ? ['--role', how.liveRole] : []),
    ...(how.publishes ? [] : ['--no-publish']),
    ...(how.appId ? ['--app-id', how.appId] : []),
    ...(how.token ? ['--token', how.token] : []),
  ];
}
