/** Carries out one attack after the other, apart from what is measured. */
import { setPriority } from 'node:os';
import { Answers } from './answers.ts';
import type { Target } from './attacks/attack.ts';
import { attacks, namesIn } from './attacks/index.ts';

export interface ToAttacker {
  /** A name, or several with + between them: at the same time. */
  readonly attack: string;
  readonly seconds: number;
  readonly target: Omit<Target, 'until'>;
}

export interface FromAttacker {
  readonly attempts: number;
  readonly answers: Readonly<Record<string, number>>;
  readonly failed: string | null;
}

// Elsewhere it would have a machine of its own.
setPriority(15);
process.on('disconnect', () => process.exit(0));
process.on('message', async ({ attack, seconds, target }: ToAttacker) => {
  const answers = new Answers();
  let failed: string | null = null;
  try {
    const until = performance.now() + seconds * 1_000;
    await Promise.all(namesIn(attack).map((name) => attacks[name]?.({ ...target, until }, answers)));
  } catch (error) {
    failed = String(error);
  }
  process.send?.({ attempts: answers.attempts, answers: answers.counts, failed } satisfies FromAttacker);
});
