/** The users of a storm, in several processes. */
import { type ChildProcess, fork } from 'node:child_process';
import { join } from 'node:path';
import type { FromCrowd, ToCrowd } from './crowd-process.ts';

export type Heard = Omit<FromCrowd, 'failed'>;

export const nothing: Heard = {
  ...{ arrivedAt: [], told: [], silences: [], dials: 0, opened: 0, refused: 0 },
  ...{ lagMs: 0, cpuMs: 0, spreadMs: 0, linked: 0 },
};

/** What two processes heard; how many are linked is added up. */
export function both(one: Heard, other: Heard): Heard {
  return {
    arrivedAt: [...one.arrivedAt, ...other.arrivedAt],
    told: [...one.told, ...other.told],
    silences: [...one.silences, ...other.silences],
    dials: one.dials + other.dials,
    opened: one.opened + other.opened,
    refused: one.refused + other.refused,
    lagMs: Math.max(one.lagMs, other.lagMs),
    cpuMs: one.cpuMs + other.cpuMs,
    spreadMs: Math.max(one.spreadMs, other.spreadMs),
    linked: one.linked + other.linked,
  };
}

/** What the same processes heard, and then again. */
export function continued(one: Heard, later: Heard): Heard {
  return { ...both(one, later), silences: later.silences, linked: later.linked };
}

export class Crowd {
  readonly #children: readonly ChildProcess[];

  constructor(processes: number) {
    const program = join(import.meta.dirname, 'crowd-process.ts');
    this.#children = Array.from({ length: processes }, () => fork(program, { execArgv }));
  }

  /** Everybody has joined. */
  async join(users: number, servers: readonly string[]): Promise<Heard> {
    const shares = this.#shares(users);
    let first = 1;
    return this.#ask((index) => {
      const count = shares[index] ?? 0;
      first += count;
      return { type: 'join', first: first - count, count, servers };
    });
  }

  /** So many plain WebSockets have had their answer. */
  async raw(count: number, url: string, withinMs: number): Promise<Heard> {
    const shares = this.#shares(count);
    return this.#ask((index) => ({ type: 'raw', count: shares[index] ?? 0, url, withinMs }));
  }

  /** What has been heard since the last time. */
  async heard(): Promise<Heard> {
    return this.#ask(() => ({ type: 'tell' }));
  }

  disperse(): void {
    for (const child of this.#children) child.kill('SIGKILL');
  }

  #shares(all: number): number[] {
    const { length } = this.#children;
    return this.#children.map(
      (_, index) => Math.floor((all * (index + 1)) / length) - Math.floor((all * index) / length),
    );
  }

  async #ask(question: (index: number) => ToCrowd): Promise<Heard> {
    const answers = await Promise.all(this.#children.map((child, index) => ask(child, question(index))));
    return answers.reduce(both, nothing);
  }
}

/** The sources as they are, whoever runs this. */
const execArgv = ['--conditions=@holdfast/source', '--import', 'tsx'];

function ask(child: ChildProcess, question: ToCrowd): Promise<FromCrowd> {
  return new Promise((resolve, reject) => {
    const died = (code: number | null) => reject(new Error(`a process of the crowd ended with ${code}`));
    child.once('exit', died);
    child.once('message', (from: FromCrowd) => {
      child.off('exit', died);
      if (from.failed === null) resolve(from);
      else reject(new Error(from.failed));
    });
    child.send(question, (error) => error && reject(error));
  });
}
