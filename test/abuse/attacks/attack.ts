import { setTimeout as sleep } from 'node:timers/promises';
import type { Answers } from '../answers.ts';
import { Raw, type Stay } from '../raw.ts';

/** What an attacker knows and has. */
export interface Target {
  readonly url: string;
  readonly port: number;
  /** Addresses to come from. */
  readonly from: readonly [string, ...string[]];
  /** A stay of its own, with a token that is good for any uid. */
  readonly own: Stay;
  /** A stay in an honest channel, with a token of its own. */
  readonly member: Stay;
  /** Somebody's token and session id, without the secret. */
  readonly victim: { readonly stay: Stay; readonly session: string; readonly join: number };
  /** Tokens that are good for nothing here, by what is wrong with them. */
  readonly badTokens: Readonly<Record<string, string>>;
  /** `performance.now()` at which to stop. */
  readonly until: number;
}

export type Attack = (target: Target, answers: Answers) => Promise<void>;

/** Attackers of one kind that are at it at the same time. */
export const atOnce = 50;

/** Does something again and again until it is over, many at a time. */
export async function again(
  { until }: Target,
  act: (turn: number) => Promise<void>,
  many = atOnce,
): Promise<void> {
  let turn = 0;
  const work = async () => {
    while (performance.now() < until) {
      await act(turn++);
      await sleep(0);
    }
  };
  await Promise.all(Array.from({ length: many }, work));
}

/** A connection is opened, does something, and is watched until it is ended or a time is over. */
export async function strike(
  target: Target,
  answers: Answers,
  turn: number,
  act: (raw: Raw) => void | Promise<void>,
  watchMs = 1_000,
): Promise<void> {
  const raw = new Raw(target.url, addressAt(target, turn));
  answers.attempts += 1;
  if (await raw.opened()) {
    await act(raw);
    for (const until = performance.now() + watchMs; raw.ended === null && performance.now() < until; )
      await sleep(5);
  }
  answers.note(raw.ended ?? wordOf(raw));
  raw.close();
}

export function addressAt({ from }: Target, turn: number): string {
  return from[turn % from.length] ?? from[0];
}

/** What a connection that stays open was told last. */
function wordOf({ received }: Raw): string {
  return received.at(-1)?.type ?? 'nothing: the connection stays open';
}
