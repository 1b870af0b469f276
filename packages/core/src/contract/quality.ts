/** How good a way over the network is, in the numbers that programs know. */

/** 1 excellent, 2 good, 3 poor, 4 bad, 5 very bad, 6 down; 0: nothing is known. */
export type Quality = 0 | 1 | 2 | 3 | 4 | 5 | 6;

/** What has been measured of one direction in the last seconds; null: that was not. */
export interface PathFigures {
  /** There and back, in milliseconds. */
  readonly roundTripMs: number | null;
  /** How far packets, or round trips, scatter, in milliseconds. */
  readonly jitterMs: number | null;
  /** Packets that never came, 0 to 1. */
  readonly lossShare: number | null;
}

/** How often an application is told of quality, in milliseconds. */
export const qualityEveryMs = 2_000;

/** The most that each quality from 1 to 4 allows; beyond the last it is 5. */
const steps: Readonly<Record<keyof PathFigures, readonly number[]>> = Object.freeze({
  roundTripMs: [100, 200, 400, 800],
  jitterMs: [20, 40, 80, 160],
  lossShare: [0.01, 0.03, 0.08, 0.2],
});

/** The worst of what the figures say. @param figures `down`: nothing comes through */
export function qualityOf(figures: PathFigures | 'down'): Quality {
  if (figures === 'down') return 6;
  const each = (Object.keys(steps) as (keyof PathFigures)[]).map((name) => {
    const value = figures[name];
    if (value === null) return 0;
    const at = steps[name].findIndex((most) => value <= most);
    return at < 0 ? 5 : at + 1;
  });
  return Math.max(...each) as Quality;
}
