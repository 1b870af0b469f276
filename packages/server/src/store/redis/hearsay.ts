/** Who asked at this server to come in, had to wait, and is held by another one (C-56). */
import type { Asked, ChannelKey } from '../store.ts';
import { channelOf, channelText } from './names.ts';

/** A channel, and who asked: uid, account, and of a resume the session. */
export type Heard = readonly [channel: string, uid: number, account: string, session: string | undefined];

/** Gathers who was heard, so that the other servers are told of thousands in a few messages. */
export class Hearsay {
  readonly #tell: (users: readonly Heard[]) => void;
  readonly #waiting = new Map<string, Heard>();

  /** @param tell tells every other server */
  constructor(tell: (users: readonly Heard[]) => void) {
    this.#tell = tell;
  }

  add(key: ChannelKey, { uid, account, session }: Asked): void {
    const channel = channelText(key);
    if (this.#waiting.size === 0) setTimeout(() => this.#pass(), gatherMs);
    this.#waiting.set(`${channel} ${uid}`, [channel, uid, account, session]);
  }

  #pass(): void {
    const users = [...this.#waiting.values()];
    this.#waiting.clear();
    for (let index = 0; index < users.length; index += usersAtOnce)
      this.#tell(users.slice(index, index + usersAtOnce));
  }
}

export function heardIn(users: readonly Heard[]): [ChannelKey, Asked][] {
  // JSON knows no undefined.
  return users.map(([channel, uid, account, session]) => [
    channelOf(channel),
    { uid, account, session: session ?? undefined },
  ]);
}

/** So much later others count somebody as heard, in milliseconds: well within what C-58 allows. */
const gatherMs = 100;
const usersAtOnce = 1_000;
