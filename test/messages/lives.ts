/** The log, life by life. */
import type { Happening, Logged } from './logged.ts';

export interface Sent {
  readonly id: string;
  readonly life: Life;
  readonly stream: number;
  /** Place among all that its life sent, from 0. */
  readonly index: number;
  /** Number in its stream, from 1, as a gap counts it. */
  readonly number: number;
  readonly t: number;
  acknowledged: boolean;
  acknowledgedAt: number;
}

export interface Life {
  readonly name: string;
  readonly uid: number;
  readonly channel: string;
  /** When its app called to join. */
  readonly calledAt: number;
  /** When it was in; Infinity: never. */
  readonly joinedAt: number;
  readonly there: boolean;
  /** What its SDK took, in order. */
  readonly sent: Sent[];
  readonly heard: readonly (Logged & Extract<Happening, { what: 'got' | 'gap' }>)[];
  readonly failures: readonly string[];
}

/** All lives in the order in which they began. */
export function livesOf(log: readonly Logged[]): Life[] {
  const byName = new Map<string, Logged[]>();
  for (const line of log) {
    const lines = byName.get(line.life);
    if (lines) lines.push(line);
    else byName.set(line.life, [line]);
  }
  const lives = [...byName].flatMap(([name, lines]) => lifeOf(name, lines) ?? []);
  return lives.sort((one, other) => one.calledAt - other.calledAt);
}

function lifeOf(name: string, lines: readonly Logged[]): Life | null {
  const [first] = lines;
  if (first?.what !== 'joining') return null;
  const { uid, channel, t } = first;
  const life: Life = {
    ...{ name, uid, channel, calledAt: t },
    joinedAt: lines.find(({ what }) => what === 'joined')?.t ?? Number.POSITIVE_INFINITY,
    there: lines.some(({ what }) => what === 'end'),
    sent: [],
    heard: lines.filter((line) => line.what === 'got' || line.what === 'gap'),
    failures: lines.flatMap((line) => (line.what === 'failed' ? [line.why] : [])),
  };
  life.sent.push(...sentBy(life, lines));
  return life;
}

/** Whoever was there to the end has had time for everything that its SDK took: that counts as acknowledged. */
function sentBy(life: Life, lines: readonly Logged[]): Sent[] {
  const refused = new Set(lines.flatMap((line) => (line.what === 'refused' ? [line.id] : [])));
  const acknowledged = new Map(
    lines.flatMap((line) => (line.what === 'acknowledged' ? [[line.id, line.t]] : [])),
  );
  const numbers = new Map<number, number>();
  const taken: Sent[] = [];
  for (const line of lines) {
    if (line.what !== 'sent' || refused.has(line.id)) continue;
    const { id, stream, t } = line;
    const number = (numbers.get(stream) ?? 0) + 1;
    numbers.set(stream, number);
    const acknowledgedAt = acknowledged.get(id) ?? Number.POSITIVE_INFINITY;
    const counts = life.there || acknowledged.has(id);
    taken.push({ id, life, stream, index: taken.length, number, t, acknowledged: counts, acknowledgedAt });
  }
  return taken;
}
