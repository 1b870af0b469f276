import { type Class, classOf, existingPlatforms, type Platform } from './dialects.ts';
import { situations } from './situations/index.ts';
import type { Situation } from './situations/situation.ts';

/** Limits of a server that differ from its defaults, by the contract's names. */
export type Limits = Readonly<Record<string, number | null>>;

/** One situation with one pair of platforms. */
export interface Row {
  readonly name: string;
  readonly situation: Situation;
  readonly a: Platform;
  readonly b: Platform;
  readonly limits?: Limits;
}

export interface Choice {
  /** `one`: every pair of classes once per situation, taking turns over their platforms. `all`: every pair of platforms. */
  readonly pairs: 'one' | 'all';
  readonly short: boolean;
  /** With the situations that take a minute or more. */
  readonly long: boolean;
  /** With those that need a network which loses packets. */
  readonly loss: boolean;
  /** Matched against `situation | A | B`. */
  readonly name?: RegExp;
  readonly repeat: number;
}

export function chooseRows({ pairs, short, long, loss, name, repeat }: Choice): Row[] {
  const chosen = situations.filter(
    (each) => (!short || each.short) && (long || !each.long) && (loss || !each.needs),
  );
  const rows = chosen.flatMap((situation, turn) =>
    (pairs === 'all' ? allPairs() : onePairPerClasses(turn))
      .filter(([a]) => !situation.onlyFor || situation.onlyFor.includes(classOf(a)))
      .filter(([a], i, all) => !situation.alone || all.findIndex(([other]) => other === a) === i)
      .map(
        ([a, b]): Row => ({
          name: `${situation.name} | ${a} | ${situation.alone ? '-' : b}`,
          situation,
          a,
          b,
        }),
      ),
  );
  const matching = rows.filter((row) => !name || name.test(row.name));
  return Array.from({ length: repeat }, () => matching.map((row) => ({ ...row }))).flat();
}

type Pair = readonly [a: Platform, b: Platform];

function allPairs(): Pair[] {
  return existingPlatforms.flatMap((a) => existingPlatforms.map((b): Pair => [a, b]));
}

function onePairPerClasses(turn: number): Pair[] {
  const classes = [...new Set(existingPlatforms.map(classOf))];
  const pick = (wanted: Class, n: number): Platform => {
    const candidates = existingPlatforms.filter((platform) => classOf(platform) === wanted);
    return candidates[n % candidates.length] as Platform;
  };
  return classes.flatMap((a) =>
    classes.map((b): Pair => [pick(a, turn), pick(b, Math.floor(turn / 3) + turn)]),
  );
}
