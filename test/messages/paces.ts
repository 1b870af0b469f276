import type { DeedName, Pace } from './trouble.ts';

const second = 1_000;

const all: readonly DeedName[] = ['cut', 'frozen flood', 'server kill', 'flood', 'sender restart', 'freeze'];

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
    musts: [...all, 'frozen flood'],
    longAbsence: true,
  },
  /** For a minute or two: everything but an absence that is longer. */
  middle: {
    restMs: 2 * second,
    cutsMs: [
      [50, second],
      [second, 5 * second],
      [5 * second, 15 * second],
    ],
    floods: true,
    musts: all,
    longAbsence: false,
  },
  /** For seconds: many short troubles. */
  short: {
    restMs: second,
    cutsMs: [
      [50, second],
      [second, 5 * second],
    ],
    floods: false,
    musts: [],
    longAbsence: false,
  },
} as const satisfies Record<string, Pace>;
