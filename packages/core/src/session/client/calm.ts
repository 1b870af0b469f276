import { recovery } from '../../contract/index.ts';
import type { Attempt, Attempts } from './attempts.ts';

/** A search where many look for a way at the same time: it asks nobody twice who is about to answer (C-56). */
export class Calm {
  /** How much longer a server may take to answer, in ms; 0: there is hurry, and nothing here counts. */
  readonly ms: number;
  readonly #attempts: Attempts;
  /** When a dial failed last: the path is good, and one that hangs elsewhere waits for a busy server. */
  #failedAt = Number.NEGATIVE_INFINITY;

  constructor(ms: number, attempts: Attempts) {
    this.ms = ms;
    this.#attempts = attempts;
  }

  dialFailed(now: number): void {
    this.#failedAt = now;
  }

  /** As so many attempts count those that are under way at a server, when it is its turn again. */
  underWay(url: string, now: number): number {
    if (this.#answers(url, now)) return Number.POSITIVE_INFINITY;
    const { length } = this.#attempts.at(url);
    return this.ms > 0 && length > 0 ? patience : length;
  }

  /** The server at `url` has taken a question, and has time to answer it; or it will when it has come to the dial. */
  #answers(url: string, now: number): boolean {
    const since = now - this.ms - recovery.attemptMs;
    const answers = ({ stage, startedAt }: Attempt) =>
      stage === 'dialing' ? this.#failedAt > startedAt : startedAt > since;
    return this.ms > 0 && this.#attempts.any((each) => each.url === url && answers(each));
  }

  /** Beside this attempt, another server has been dialled a moment ago, and need not be dialled again. */
  triesBeside({ url }: Attempt, now: number): boolean {
    const since = now - recovery.attemptMs;
    return this.ms > 0 && this.#attempts.any((each) => each.url !== url && each.startedAt > since);
  }
}

/** For so many: a dial that a busy server has not taken yet is no reason for another one there. */
const patience = 7;
