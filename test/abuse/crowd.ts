/** The honest users, spread over processes. */
import { type ChildProcess, fork } from 'node:child_process';
import { join } from 'node:path';
import { appId, tokenFor } from './access.ts';
import { classes } from './honest-dialects.ts';
import type { FromHonest, HonestUser, ToHonest } from './honest-process.ts';

/** Users of one channel. */
export const perChannel = 10;

const processes = 4;
/** One of so many sends messages. */
const talkers = 5;
const everyMs = 1_000;

/** @param way the address of the server for a user's number */
export function honestUsers(count: number, way: (index: number) => string): HonestUser[] {
  return Array.from({ length: count }, (_, index) => {
    const channel = channelOf(Math.floor(index / perChannel));
    const uid = index + 1;
    const token = tokenFor(channel, uid);
    const talks = index % talkers === 0;
    // Each channel has observers of all three classes.
    const of = classes[(index + Math.floor(index / perChannel)) % classes.length] ?? 'native';
    return { appId, channel, uid, token, servers: [way(index)], class: of, everyMs: talks ? everyMs : null };
  });
}

export function channelOf(index: number): string {
  return `honest-${index}`;
}

export class Crowd {
  readonly #children: readonly ChildProcess[];

  private constructor(children: readonly ChildProcess[]) {
    this.#children = children;
  }

  /** Resolves when everybody has joined. */
  static async gather(users: readonly HonestUser[]): Promise<Crowd> {
    const share = perChannel * Math.ceil(users.length / perChannel / processes);
    const shares = Array.from({ length: processes }, (_, index) =>
      users.slice(index * share, (index + 1) * share),
    ).filter((list) => list.length > 0);
    const crowd = new Crowd(shares.map(() => fork(join(import.meta.dirname, 'honest-process.ts'))));
    try {
      await Promise.all(
        crowd.#children.map((child, index) => ask(child, { type: 'join', users: shares[index] ?? [] })),
      );
    } catch (error) {
      crowd.disperse();
      throw error;
    }
    return crowd;
  }

  /** What all of them were told since the last time. */
  async ask(question: ToHonest): Promise<FromHonest> {
    const answers = await Promise.all(this.#children.map((child) => ask<FromHonest>(child, question)));
    return {
      told: answers.flatMap(({ told }) => told),
      troubles: answers.flatMap(({ troubles }) => troubles),
      sent: answers.flatMap(({ sent }) => sent),
      got: answers.flatMap(({ got }) => got),
      standstillMs: Math.max(...answers.map((answer) => answer.standstillMs)),
      failed: answers.find(({ failed }) => failed !== null)?.failed ?? null,
    };
  }

  disperse(): void {
    for (const child of this.#children) child.kill('SIGKILL');
  }
}

/** Asks a process and waits for its answer. */
export function ask<Answer extends { failed: string | null }>(
  child: ChildProcess,
  question: object,
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const died = (code: number | null) => reject(new Error(`a process ended with ${code}`));
    child.once('exit', died);
    child.once('message', (answer: Answer) => {
      child.off('exit', died);
      if (answer.failed === null) resolve(answer);
      else reject(new Error(answer.failed));
    });
    child.send(question);
  });
}
