import type { Pace } from './trouble.ts';

const second = 1_000;

export const paces = {
  /** For minutes: everything, among it what a channel's history cannot hold. */
  long: {
    restMs: 3 * second,
    cutsMs: [
      [50, second],
      [50, second],
      [second, 4 * second],
      [4 * second, 12 * second],
      [12 * second, 30 * second],
    ],
    floods: true,
    longAbsence: true,
  },
  /** For seconds: many short troubles. */
  short: {
    restMs: second,
    cutsMs: [
      [50, second],
      [second, 5 * second],
    ],
    floods: false,
    longAbsence: false,
  },
} as const satisfies Record<string, Pace>;
