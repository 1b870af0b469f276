import { type Call, shownMax } from './dialects/call.ts';
import type { Said } from './users.ts';

/** A callback that must come, and when: between `earliest` and `latest` after `since`, in whole ms. */
export interface Expected extends Call {
  /** The promise it rests on, as `C-…`. */
  readonly promise: string;
  /** Its lateness is counted under this name. */
  readonly figure?: string;
  /** Without it only the order counts. Asked with the time of the callback. */
  readonly timing?: Timing;
  /** About when in the row it comes, in ms: what stories are merged by. */
  readonly nominalMs?: number;
  /** Neighbours with the same tag may come in any order. */
  readonly together?: string;
}

export interface Timing {
  /** In words, for reports: `last packet to A`. */
  readonly text: string;
  /** The moment (ms since epoch) from which the callback's time counts; undefined when it never came. */
  since(at: number): number | undefined;
  readonly atLeastMs: number;
  readonly atMostMs: number;
}

export type Kind = 'early' | 'late' | 'missing' | 'extra' | 'order' | 'arguments' | 'fact';

/** One violation of one promise. */
export interface Finding {
  readonly kind: Kind;
  /** Who observed it: a role such as `B`. */
  readonly who: string;
  readonly promise: string;
  readonly text: string;
}

export interface Lateness {
  readonly figure: string;
  readonly ms: number;
  /** The role that was told; a fact has none. */
  readonly who?: string;
}

export interface Verdict {
  readonly findings: readonly Finding[];
  readonly lateness: readonly Lateness[];
  /** Every callback that came or had to, in the order of the story. */
  readonly judged: readonly Judged[];
}

/** A callback that was expected and what came of it, or one that nobody expected. */
export interface Judged {
  readonly wanted?: Expected;
  readonly heard?: Said;
  /** What its time counted from, in whole ms since the epoch. */
  readonly since?: number;
  readonly broke?: Kind;
}

/**
 * Holds what one process said against what it had to say. Of several acceptable stories the one with the fewest
 * violations counts.
 * @param allowanceMs added to every upper bound: how late this suite itself was; never to a lower one
 */
export function judge(
  who: string,
  said: readonly Said[],
  acceptable: readonly (readonly Expected[])[],
  allowanceMs: number,
): Verdict {
  const verdicts = acceptable.map((expected) => judgeStory(who, said, expected, allowanceMs));
  return verdicts.reduce((best, next) => (next.findings.length < best.findings.length ? next : best));
}

function judgeStory(
  who: string,
  said: readonly Said[],
  expected: readonly Expected[],
  allowanceMs: number,
): Verdict {
  const pairs = align(inOrderOfArrival(expected, said), said);
  const findings: Finding[] = [];
  const lateness: Lateness[] = [];
  const judged: Judged[] = [];
  for (const pair of pairs) {
    const { finding, lateMs, since } = judgePair(who, pair, allowanceMs);
    if (finding) findings.push(finding);
    if (pair.wanted?.figure && lateMs !== undefined)
      lateness.push({ figure: pair.wanted.figure, ms: lateMs, who });
    judged.push({ ...pair, ...(since !== undefined && { since }), ...(finding && { broke: finding.kind }) });
  }
  return { findings: mergeMisplaced(findings, pairs), lateness, judged };
}

interface Measured {
  readonly finding?: Finding;
  readonly lateMs?: number;
  readonly since?: number;
}

function judgePair(who: string, { wanted, heard }: Pair, allowanceMs: number): Measured {
  if (wanted && heard && argumentsMatch(wanted, heard)) return compareTime(who, wanted, heard, allowanceMs);
  if (wanted && heard) {
    const text = `${showSaid(heard)} instead of ${show(wanted)}`;
    return { finding: { kind: 'arguments', who, promise: wanted.promise, text } };
  }
  if (wanted) {
    return { finding: { kind: 'missing', who, promise: wanted.promise, text: `${show(wanted)} never came` } };
  }
  if (!heard) return {};
  return { finding: { kind: 'extra', who, promise: 'C-21', text: `${showSaid(heard)} was not to come` } };
}

interface Pair {
  readonly wanted?: Expected;
  readonly heard?: Said;
}

/** Pairs expected and heard callbacks by name, in order, leaving as few alone as possible; equal arguments win. */
function align(expected: readonly Expected[], said: readonly Said[]): Pair[] {
  const cost: number[][] = [];
  const at = (i: number, j: number) => cost[i]?.[j] ?? Number.POSITIVE_INFINITY;
  const meet = (i: number, j: number) => at(i + 1, j + 1) + mismatch(expected[i], said[j]);
  for (let i = expected.length; i >= 0; i--) {
    const row: number[] = [];
    cost[i] = row;
    for (let j = said.length; j >= 0; j--) {
      const end = i === expected.length && j === said.length;
      row[j] = end ? 0 : Math.min(meet(i, j), at(i + 1, j) + 1, at(i, j + 1) + 1);
    }
  }
  const pairs: Pair[] = [];
  for (let i = 0, j = 0; i < expected.length || j < said.length; ) {
    const [wanted, heard] = [expected[i], said[j]];
    if (wanted && heard && meet(i, j) === at(i, j)) {
      pairs.push({ wanted, heard });
      i++;
      j++;
    } else if (wanted && at(i + 1, j) + 1 === at(i, j)) {
      pairs.push({ wanted });
      i++;
    } else if (heard) {
      pairs.push({ heard });
      j++;
    }
  }
  return pairs;
}

function mismatch(wanted: Expected | undefined, heard: Said | undefined): number {
  if (!wanted || !heard || wanted.callback !== heard.callback) return Number.POSITIVE_INFINITY;
  return argumentsMatch(wanted, heard) ? 0 : 1.2;
}

function argumentsMatch(wanted: Call, heard: Said): boolean {
  return (
    wanted.args.length === heard.args.length && wanted.args.every((arg, i) => arg.matches(heard.args[i]))
  );
}

// Both times are whole milliseconds of one clock: rounding down cannot make a punctual callback look early.
function compareTime(who: string, wanted: Expected, heard: Said, allowanceMs: number): Measured {
  const { timing, promise } = wanted;
  if (!timing) return {};
  const at = Math.floor(heard.t);
  const from = timing.since(at);
  if (from === undefined) {
    return {
      finding: { kind: 'early', who, promise, text: `${show(wanted)} came before any ${timing.text}` },
    };
  }
  const since = Math.floor(from);
  const after = at - since;
  const lateMs = after - timing.atLeastMs;
  const text = `${show(wanted)} came ${after} ms after ${timing.text}; promised is ${timing.atLeastMs} to ${timing.atMostMs} ms`;
  if (lateMs < 0) return { finding: { kind: 'early', who, promise, text }, lateMs, since };
  if (after > timing.atMostMs + allowanceMs)
    return { finding: { kind: 'late', who, promise, text }, lateMs, since };
  return { lateMs, since };
}

/** Something missing in one place and extra in another came in the wrong order. */
function mergeMisplaced(findings: readonly Finding[], pairs: readonly Pair[]): Finding[] {
  const merged = [...findings];
  for (const { wanted, heard: paired } of pairs) {
    if (!wanted || paired) continue;
    const stray = pairs.find((pair) => !pair.wanted && pair.heard && heard(wanted, pair.heard))?.heard;
    const missing = merged.findIndex((each) => each.kind === 'missing' && each.text.startsWith(show(wanted)));
    const extra = stray
      ? merged.findIndex((each) => each.kind === 'extra' && each.text.startsWith(showSaid(stray)))
      : -1;
    if (!stray || missing === -1 || extra === -1) continue;
    const { who, promise } = merged[missing] as Finding;
    merged[missing] = { kind: 'order', who, promise, text: `${showSaid(stray)} came in the wrong order` };
    merged.splice(extra, 1);
  }
  return merged;
}

/** Whether what was said is this call. */
export function heard(wanted: Call, said: Said): boolean {
  return wanted.callback === said.callback && argumentsMatch(wanted, said);
}

/** Sorts neighbours of one `together` tag into the order in which they were heard. */
function inOrderOfArrival(expected: readonly Expected[], said: readonly Said[]): Expected[] {
  const position = (wanted: Expected) => {
    const index = said.findIndex((each) => heard(wanted, each));
    return index === -1 ? said.length : index;
  };
  const result: Expected[] = [];
  for (let i = 0; i < expected.length; ) {
    const tag = expected[i]?.together;
    let end = i + 1;
    while (tag !== undefined && expected[end]?.together === tag) end++;
    result.push(...expected.slice(i, end).sort((left, right) => position(left) - position(right)));
    i = end;
  }
  return result;
}

export function show(call: Call): string {
  return `${call.callback}(${call.args.map((arg) => arg.text).join(', ')})`;
}

export function showSaid(said: Said): string {
  const shown = (arg: unknown) => {
    const text = JSON.stringify(arg) ?? 'undefined';
    return text.length > shownMax ? `${text.slice(0, shownMax)}…` : text;
  };
  return `${said.callback}(${said.args.map(shown).join(', ')})`;
}
