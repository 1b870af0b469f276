/** Many users of the SDK in processes of their own, so that what a server costs is measured apart. */
import { type ChildProcess, fork } from 'node:child_process';
import { join } from 'node:path';
import type { FromCrowd, ToCrowd } from './crowd-process.ts';

export interface CrowdOptions {
  readonly users: number;
  /** Users of one channel. */
  readonly perChannel: number;
  readonly servers: readonly string[];
  readonly processes?: number;
}

/** What the users of a crowd have been told since the last time they were asked. */
export interface Heard {
  /** Milliseconds from the moment a transport was noticed as closed until its user was back, one for each return. */
  readonly rejoinMs: readonly number[];
  /** Callbacks that a user of an undisturbed channel must not get. */
  readonly disturbances: readonly string[];
  /** What made clients look for another way although their transport stood; no callback tells of it. */
  readonly troubles: readonly string[];
}

export class Crowd {
  readonly #children: readonly ChildProcess[];

  private constructor(children: readonly ChildProcess[]) {
    this.#children = children;
  }

  /** Resolves when everybody has joined. */
  static async gather({ users, perChannel, servers, processes = 4 }: CrowdOptions): Promise<Crowd> {
    const share = Math.ceil(users / processes);
    const shares = Array.from({ length: processes }, (_, index) => Math.min(share, users - index * share));
    const children = shares
      .filter((size) => size > 0)
      .map(() => fork(join(import.meta.dirname, 'crowd-process.ts')));
    const crowd = new Crowd(children);
    try {
      await Promise.all(
        children.map((child, index) =>
          ask(child, {
            type: 'join',
            first: 1 + index * share,
            count: shares[index] ?? 0,
            perChannel,
            servers,
          }),
        ),
      );
    } catch (error) {
      crowd.disperse();
      throw error;
    }
    return crowd;
  }

  async heard(): Promise<Heard> {
    const answers = await Promise.all(this.#children.map((child) => ask(child, { type: 'tell' })));
    return {
      rejoinMs: answers.flatMap(({ rejoinMs }) => rejoinMs),
      disturbances: answers.flatMap(({ disturbances }) => disturbances),
      troubles: answers.flatMap(({ troubles }) => troubles),
    };
  }

  disperse(): void {
    for (const child of this.#children) child.kill('SIGKILL');
  }
}

function ask(child: ChildProcess, question: ToCrowd): Promise<FromCrowd> {
  return new Promise((resolve, reject) => {
    const died = (code: number | null) => reject(new Error(`a process of the crowd ended with ${code}`));
    child.once('exit', died);
    child.once('message', (told: FromCrowd) => {
      child.off('exit', died);
      if (told.failed === null) resolve(told);
      else reject(new Error(told.failed));
    });
    child.send(question);
  });
}
