/** Which of the things that observers were told are true. */
import type { Heard } from './crowd.ts';
import { own } from './user.ts';

export interface Verdict {
  /** Told of others who had not been silent for the limit of what was told. */
  readonly falsely: number;
  /** Of others who by their own account had done nothing for so long: their process stood still. */
  readonly truly: number;
  /** Of their own connection. */
  readonly own: number;
}

export function judge({ told, silences }: Pick<Heard, 'told' | 'silences'>): Verdict {
  const longest = new Map<number, number>();
  for (const [uid, { from, to }] of silences) longest.set(uid, Math.max(to - from, longest.get(uid) ?? 0));
  const verdict = { falsely: 0, truly: 0, own: 0 };
  for (const { type, uid } of told) {
    if (own.includes(type)) verdict.own += 1;
    else if ((longest.get(uid) ?? 0) >= limitOf(type)) verdict.truly += 1;
    else verdict.falsely += 1;
  }
  return verdict;
}

/** In ms: of streams web observers are told at 10 s, of users everybody at 20 s. */
function limitOf(type: string): number {
  return type === 'stream-added' || type === 'stream-removed' ? 10_000 : 20_000;
}
