/** What honest observers were told in a round, against what was true in it. */
import type { Class, Edge } from './honest-dialects.ts';
import type { FromHonest, Told } from './honest-process.ts';

/** A user that fell silent and came back. Times are ms since 1970. */
export interface Episode {
  readonly uid: number;
  readonly channel: string;
  readonly silentAt: number;
  readonly backAt: number;
}

export interface Observer {
  readonly uid: number;
  readonly channel: string;
  readonly class: Class;
}

export interface Limits {
  readonly streamRemovedMs: number;
  readonly peerOfflineMs: number;
  readonly peerLeaveMs: number;
}

export interface Verdict {
  /** How much later than its limit each edge was told; ms. */
  readonly lateMs: readonly number[];
  readonly early: readonly string[];
  /** Told without reason, or not told. */
  readonly wrong: readonly string[];
}

interface Expected {
  readonly edge: Edge;
  readonly at: number;
}

export function judgeEdges(
  observers: readonly Observer[],
  episodes: readonly Episode[],
  told: readonly Told[],
  limits: Limits,
): Verdict {
  const [lateMs, early, wrong]: [number[], string[], string[]] = [[], [], []];
  const left = new Map<string, Told[]>();
  const keyOf = (observer: number, about: number, edge: Edge) => `${observer} ${about} ${edge}`;
  for (const each of told) {
    const key = keyOf(each.observer, each.about, each.edge);
    left.set(key, [...(left.get(key) ?? []), each]);
  }
  for (const observer of observers) {
    for (const episode of episodes.filter(({ channel }) => channel === observer.channel)) {
      for (const { edge, at } of expected(observer.class, episode, limits)) {
        const heard = left.get(keyOf(observer.uid, episode.uid, edge))?.shift();
        const text = `${observer.class} ${observer.uid}: ${edge} of ${episode.uid}`;
        if (heard === undefined) wrong.push(`${text} was not told`);
        else if (heard.at < at) early.push(`${text} ${at - heard.at} ms early`);
        else lateMs.push(heard.at - at);
      }
    }
  }
  for (const [key, rest] of left) if (rest.length > 0) wrong.push(`told without reason: ${key}`);
  return { lateMs, early, wrong };
}

function expected(of: Class, { silentAt, backAt }: Episode, limits: Limits): Expected[] {
  const { streamRemovedMs, peerOfflineMs, peerLeaveMs } = limits;
  const joined: Expected = { edge: 'joined', at: backAt };
  if (of !== 'web') return [{ edge: 'offline', at: silentAt + peerOfflineMs }, joined];
  return [
    { edge: 'stream-removed', at: silentAt + streamRemovedMs },
    { edge: 'offline', at: silentAt + peerLeaveMs },
    ...[joined, { edge: 'stream-added', at: backAt } as const],
  ];
}

/** Messages that some member of a channel does not have although it was hushed before the question. */
export function lostMessages(
  observers: readonly Observer[],
  { sent, got }: Pick<FromHonest, 'sent' | 'got'>,
): number {
  const channelOf = new Map(observers.map(({ uid, channel }) => [uid, channel]));
  const has = new Map(got.map(([uid, of]) => [uid, new Map(of)]));
  let lost = 0;
  for (const [from, count] of sent) {
    for (const { uid, channel } of observers)
      if (uid !== from && channel === channelOf.get(from))
        lost += Math.max(0, count - (has.get(uid)?.get(from) ?? 0));
  }
  return lost;
}
