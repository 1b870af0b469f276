/** Bugs for the checker to notice: what a client would have written down if the product had them. */
import type { Random } from '../simulator/random.ts';
import type { Wrong } from './checker.ts';
import { type Life, livesOf, type Sent } from './lives.ts';
import type { Logged } from './logged.ts';

type Got = Extract<Logged, { what: 'got' }>;

/** Four messages of one sender and stream, as they came to one receiver one after the other. */
interface Spot {
  readonly lines: readonly [Got, Got, Got, Got];
  readonly first: Sent;
}

interface Planted {
  /** What the checker must say; null: nothing, for it is no bug. */
  readonly wrong: Wrong | null;
  /** Puts lines in the place of each line. */
  readonly put: (line: Got, spot: Spot) => readonly Logged[];
  readonly atEnd?: boolean;
}

export const bugs = {
  'lost at the end': {
    wrong: 'lost',
    atEnd: true,
    put: (line, { lines: [, , , last] }) => keep(line !== last, line),
  },
  'silently skipped': { wrong: 'lost', put: (line, spot) => keep(!inside(line, spot), line) },
  doubled: {
    wrong: 'doubled',
    put: (line, { lines: [, second] }) => (line === second ? [line, line] : [line]),
  },
  reordered: {
    wrong: 'out of order',
    put(line, { lines: [, second, third] }) {
      if (line === third) return [third, { ...second, t: third.t }];
      return keep(line !== second, line);
    },
  },
  unsent: {
    wrong: 'unsent',
    put: (line, { lines: [first] }) => (line === first ? [line, { ...line, id: '' }] : [line]),
  },
  'gap of one too many': { wrong: 'wrong gap', put: (line, spot) => gapInstead(line, spot, 3) },
  'gap of one too few': { wrong: 'lost', put: (line, spot) => gapInstead(line, spot, 1) },
  'gap after later messages': {
    wrong: 'lost',
    put(line, spot) {
      const [, , , last] = spot.lines;
      return line === last ? [line, gap(line, spot, 2)] : keep(!inside(line, spot), line);
    },
  },
  'gap told twice': {
    wrong: 'wrong gap',
    put: (line, spot) =>
      gapInstead(line, spot, 2).flatMap((each): Logged[] => (each.what === 'gap' ? [each, each] : [each])),
  },
  'no bug: a gap that is true': { wrong: null, put: (line, spot) => gapInstead(line, spot, 2) },
} as const satisfies Record<string, Planted>;

export type BugName = keyof typeof bugs;

/** @returns null if nobody has had enough messages for this bug */
export function plant(log: readonly Logged[], name: BugName, random: Random): Logged[] | null {
  const bug: Planted = bugs[name];
  const spot = spotIn(log, random, bug.atEnd ?? false);
  if (spot === null) return null;
  const lines = new Set<Logged>(spot.lines);
  return log.flatMap((line) => (lines.has(line) ? bug.put(line as Got, spot) : [line]));
}

/** At a receiver that was there to the end, of a sender that was there too. */
function spotIn(log: readonly Logged[], random: Random, atEnd: boolean): Spot | null {
  const lives = livesOf(log).filter(({ there }) => there);
  const sent = new Map(lives.flatMap((life) => life.sent.map((each) => [each.id, each] as const)));
  const spots = lives.flatMap((receiver) =>
    lives.flatMap((sender) => {
      if (sender.uid === receiver.uid || sender.channel !== receiver.channel) return [];
      const rows = rowsOfFour(receiver, sender, sent);
      return atEnd ? rows.slice(-1) : rows;
    }),
  );
  return spots.length === 0 ? null : random.pick(spots);
}

function rowsOfFour({ heard }: Life, sender: Life, sent: ReadonlyMap<string, Sent>): Spot[] {
  const stream = sender.sent[0]?.stream;
  const got = heard.flatMap((line) => {
    const message = line.what === 'got' ? sent.get(line.id) : undefined;
    return line.what === 'got' && message?.life === sender && message.stream === stream
      ? [{ line, message }]
      : [];
  });
  return got.flatMap(({ line, message }, place) => {
    const [second, third, fourth] = got.slice(place + 1, place + 4);
    if (!second || !third || !fourth || fourth.message.number !== message.number + 3) return [];
    return [{ lines: [line, second.line, third.line, fourth.line], first: message }];
  });
}

function inside(line: Got, { lines: [, second, third] }: Spot): boolean {
  return line === second || line === third;
}

function keep(kept: boolean, line: Logged): Logged[] {
  return kept ? [line] : [];
}

/** The second and the third give way to a gap that says `missed`. */
function gapInstead(line: Got, spot: Spot, missed: number): Logged[] {
  const [, , third] = spot.lines;
  if (line === third) return [gap(line, spot, missed)];
  return keep(!inside(line, spot), line);
}

function gap({ life, t, from, stream }: Got, { first: { number } }: Spot, missed: number): Logged {
  const which = { first: number + 1, last: number + missed };
  return { what: 'gap', life, t, from, stream, missed, ...which, reason: 'history' };
}
