import type { Class } from '../dialects.ts';
import type { Expected, Finding, Lateness } from '../judge.ts';
import type { Role, Scene } from '../scene.ts';

/** What happens to A, and what everybody must be told about it. Valid for every pair of platforms. */
export interface Situation {
  readonly name: string;
  /** What it is there to prove, as `C-…`. */
  readonly promises: string;
  /** It ends the server, so it cannot share one. */
  readonly ownServer?: boolean;
  /** Nobody but A is in the channel. */
  readonly alone?: boolean;
  /** A is not yet in the channel when the row begins. */
  readonly joinsLater?: boolean;
  /** Only for these classes of A. */
  readonly onlyFor?: readonly Class[];
  /** Part of the short selection. */
  readonly short?: boolean;
  /** Plays it. The row ends when this resolves; leave time for what must not be said. */
  play(scene: Scene): Promise<void>;
  /** For each role, the acceptable stories. */
  readonly told: Partial<Record<Role, (scene: Scene) => Expected[][]>>;
  /** What else must be true, besides callbacks. */
  facts?(scene: Scene): { findings: Finding[]; lateness?: Lateness[] };
}

/** How long rows listen after the last thing that is to happen, in ms. */
export const listenOn = 2_500;

export const nothing = (): Expected[][] => [[]];

export function seconds(ms: number): string {
  return `${ms / 1_000} s`;
}

/** A fact that does not hold. */
export function fact(who: string, promise: string, text: string): Finding {
  return { kind: 'fact', who, promise, text };
}
