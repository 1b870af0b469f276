import { tokenTimes } from '../../contract/index.ts';
import type { Rights } from '../../wire/frames.ts';
import type { Deadline } from './types.ts';

/** What happens to a token by the mere passing of time (C-43). */
export type TokenTimer = 'token-warning' | 'token-expired' | 'token-grace';

/** The token of a stay, and what its app is told as it nears its end: each thing once (C-43). */
export class Token {
  /** What every attempt shows from now on. */
  text: string;
  /** The one before a renewal that no server has answered yet. */
  #before: string | null = null;
  /** Running time; Infinity: it does not expire, or no server has said. */
  #expiresAt = Number.POSITIVE_INFINITY;
  #warned = false;
  #askedAt: number | null = null;

  constructor(text: string) {
    this.text = text;
  }

  /** Another one is shown from now on; a server's answer decides about it. */
  renew(text: string): void {
    this.#before ??= this.text;
    this.text = text;
  }

  /** A server has judged the newest token. Answers with what became of a renewal, if there was one. */
  judged({ code, tokenLeftMs }: Rights, now: number): { token: string; code: number } | null {
    const before = this.#before;
    const token = this.text;
    this.#before = null;
    if (code !== 0) {
      this.text = before ?? token;
      return { token, code };
    }
    const expiresAt = tokenLeftMs === null ? Number.POSITIVE_INFINITY : now + tokenLeftMs;
    if (before !== null && expiresAt > now) {
      this.#warned = false;
      this.#askedAt = null;
    }
    this.#expiresAt = expiresAt;
    return before === null ? null : { token, code };
  }

  timers(): Deadline<TokenTimer>[] {
    if (this.#askedAt !== null) return [{ at: this.#askedAt + tokenTimes.graceMs, why: 'token-grace' }];
    if (this.#expiresAt === Number.POSITIVE_INFINITY) return [];
    if (this.#warned) return [{ at: this.#expiresAt, why: 'token-expired' }];
    return [{ at: this.#expiresAt - tokenTimes.warnMs, why: 'token-warning' }];
  }

  /** The app is told that the token will soon expire. */
  warned(): void {
    this.#warned = true;
  }

  /** The app is asked for another one; the grace begins. False: it has been asked. */
  asked(now: number): boolean {
    if (this.#askedAt !== null) return false;
    this.#warned = true;
    this.#askedAt = now;
    return true;
  }
}
