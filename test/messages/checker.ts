/**
 * Judges a run by nothing but what its clients wrote down: each acknowledged message comes to each receiver once and
 * in its sender's order, or lies inside exactly one gap, told before what follows (C-60 to C-62). It knows nothing of
 * servers, connections and faults, and shares no code with the product.
 */
import { type Life, livesOf, type Sent } from './lives.ts';
import type { Logged } from './logged.ts';
import { Receiver } from './receiver.ts';

/** What a receiver may be wronged by. */
export type Wrong = 'lost' | 'doubled' | 'out of order' | 'unsent' | 'wrong gap' | 'history' | 'stay ended';

export interface Violation {
  readonly wrong: Wrong;
  readonly life: string;
  readonly text: string;
}

export interface Judgement {
  readonly violations: readonly Violation[];
  readonly sent: number;
  readonly acknowledged: number;
  readonly delivered: number;
  readonly gaps: number;
  readonly missedInGaps: number;
  /** Gaps that could not say how many. */
  readonly unknownGaps: number;
}

export function judge(log: readonly Logged[]): Judgement {
  const lives = livesOf(log);
  const sent = new Map(lives.flatMap((life) => life.sent.map((each) => [each.id, each] as const)));
  const violations: Violation[] = [];
  for (const life of lives) {
    violations.push(...endedEarly(life));
    violations.push(...new Receiver(life, senders(lives, life), sent).judge());
  }
  const heard = lives.flatMap(({ heard: lines }) => lines);
  const gaps = heard.flatMap((line) => (line.what === 'gap' ? [line.missed] : []));
  return {
    violations,
    sent: sent.size,
    acknowledged: count(sent.values(), ({ acknowledged }) => acknowledged),
    delivered: heard.length - gaps.length,
    gaps: gaps.length,
    missedInGaps: gaps.reduce((sum, missed) => sum + Math.max(0, missed), 0),
    unknownGaps: gaps.filter((missed) => missed === -1).length,
  };
}

/** Everybody else's lives in the channel. */
function senders(lives: readonly Life[], { uid, channel }: Life): Life[] {
  return lives.filter((life) => life.channel === channel && life.uid !== uid);
}

function endedEarly({ name, failures }: Life): Violation[] {
  return failures.map((text) => ({ wrong: 'stay ended', life: name, text }));
}

function count(all: Iterable<Sent>, test: (sent: Sent) => boolean): number {
  return [...all].filter(test).length;
}
