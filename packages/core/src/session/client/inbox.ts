import { advanced, type Member, newest, type Sent } from '../../presence/index.ts';
import type { Message } from '../../wire/frames.ts';

/** Messages that will never come: `from` to `to` of one stream; unknown how many where `missed` is −1 (C-62). */
export interface Missed {
  readonly uid: number;
  readonly account: string;
  readonly stream: number;
  readonly missed: number;
  readonly from: number;
  readonly to: number;
}

interface Sender {
  readonly account: string;
  /** The join in which it was when it was first known; 0: it came later. */
  readonly since: number;
  seen: readonly Sent[];
}

/** What the app was given of the others' messages: each once, in order, and what is missing is counted (C-60, C-62). */
export class Inbox {
  readonly #senders = new Map<number, Sender>();
  /** Those of them whom the servers have forgotten, the latest last. */
  readonly #absent = new Set<number>();
  /** Of the own stay: numbers grow with every join of the channel, whoever's it is. */
  #join = 0;

  /** A stay begins: what was sent before it is none of its business. */
  begin(members: readonly Member[], ownJoin: number): void {
    this.#join = ownJoin;
    for (const { uid, account, join, sent } of members)
      this.#senders.set(uid, { account, since: join, seen: sent });
  }

  /** A member's state, of which nothing can be missing. */
  known({ uid, account, join, sent }: Member): void {
    const sender = this.#sender(uid, account, join);
    sender.seen = sent.reduce(advanced, sender.seen);
  }

  /** What the app has had of a member's messages. */
  seen(uid: number): readonly Sent[] {
    return this.#senders.get(uid)?.seen ?? [];
  }

  /** A member's state: it says what has been sent by now. */
  state({ uid, account, gone, sent }: Member): Missed[] {
    const sender = this.#sender(uid, account);
    // What it had said in stays that were over when this one began is none of its business either (C-59).
    const before = sent.filter(({ join }) => this.#isBefore(sender, join));
    sender.seen = before.reduce(advanced, sender.seen);
    const missed = sent.flatMap((latest) => this.#missedUpTo(uid, sender, latest));
    if (gone === 'forgotten') this.#forgotten(uid);
    return missed;
  }

  /** All members' states, with a hole in the log before them. @param present who stood in the picture until now */
  states(members: readonly Member[], present: readonly number[]): Missed[] {
    const missed = members.flatMap((member) => this.state(member));
    const known = new Set(members.map(({ uid }) => uid));
    for (const [uid, { account, seen }] of [...this.#senders]) {
      if (known.has(uid)) continue;
      this.#forgotten(uid);
      if (!present.includes(uid)) continue;
      const last = new Map(seen.map(({ stream, number }) => [stream, number + 1]));
      for (const [stream, from] of last) missed.push({ uid, account, stream, missed: -1, from, to: -1 });
    }
    return missed;
  }

  /** A message came. `fresh`: the app has not had it; `missed`: what should have come before it. */
  message({ uid, ...sent }: Message): { fresh: boolean; account: string; missed: Missed[] } {
    const sender = this.#sender(uid, '');
    const { account } = sender;
    const fresh = sent.number > newest(sender.seen, sent);
    const missed = this.#missedUpTo(uid, sender, { ...sent, number: sent.number - 1 });
    sender.seen = advanced(sender.seen, { join: sent.join, stream: sent.stream, number: sent.number });
    return { fresh, account, missed };
  }

  /** The servers have forgotten the sender; its messages that nobody acknowledged may come again with it (C-36, C-60). */
  #forgotten(uid: number): void {
    this.#absent.delete(uid);
    this.#absent.add(uid);
    const [oldest = uid] = this.#absent;
    if (this.#absent.size <= absentMax) return;
    this.#absent.delete(oldest);
    this.#senders.delete(oldest);
  }

  #isBefore({ since, seen }: Sender, join: number): boolean {
    return join < this.#join && join !== since && !seen.some((each) => each.join === join);
  }

  #sender(uid: number, account: string, since = 0): Sender {
    this.#absent.delete(uid);
    let sender = this.#senders.get(uid);
    if (sender === undefined || (account !== '' && sender.account !== account)) {
      sender = { account, since: sender?.since ?? since, seen: sender?.seen ?? [] };
      this.#senders.set(uid, sender);
    }
    return sender;
  }

  #missedUpTo(uid: number, sender: Sender, { join, stream, number: to }: Sent): Missed[] {
    const from = newest(sender.seen, { join, stream }) + 1;
    if (to < from) return [];
    sender.seen = advanced(sender.seen, { join, stream, number: to });
    return [{ uid, account: sender.account, stream, missed: to - from + 1, from, to }];
  }
}

/** Senders whom the servers have forgotten, and of whom this client still knows what they had sent. */
const absentMax = 1_000;
