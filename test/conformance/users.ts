import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Platform } from './dialects.ts';
import { Running } from './processes.ts';

/** One line of `holdfast join --json`: a callback, its arguments and when the app got it (ms since the epoch). */
export interface Said {
  readonly t: number;
  readonly callback: string;
  readonly args: readonly unknown[];
}

/** Somebody in a channel, wherever it runs: what it is told arrives as lines of `holdfast join --json`. */
export abstract class User {
  readonly said: Said[] = [];
  /** The last lines that are not callbacks; at the end, how it ended. */
  abstract readonly diagnostics: string[];
  /** When it ended, in ms since the epoch. */
  abstract readonly exitedAt: number | undefined;

  /** Gives one command (`leave`, `publish`, …) and answers with the time just before. */
  abstract tell(command: string): number;

  /** Ends it without warning, or sends a signal; answers with the time just before. */
  abstract kill(signal?: NodeJS.Signals): number;

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
}

/** `holdfast join` in a process of its own. */
export class UserProcess extends User {
  readonly #running: Running;

  constructor(joining: Joining) {
    super();
    this.#running = new Running(['join', ...argumentsOf(joining)]);
    const stdout = this.#running.child.stdout;
    if (stdout) createInterface({ input: stdout }).on('line', (line) => this.hear(line));
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

function argumentsOf({ channel, uid, platform, ports, profile, liveRole, publishes }: Joining): string[] {
  return [
    ...[channel, '--json', '--uid', `${uid}`, '--platform', platform, '--profile', profile],
    ...ports.flatMap((port) => ['--server', `ws://127.0.0.1:${port}`]),
    ...(liveRole ? ['--role', liveRole] : []),
    ...(publishes ? [] : ['--no-publish']),
  ];
}
