/** Makes plain data for the page of what a scene recorded and what the judge held against it. */
import type { Judged, Timing } from '../judge.ts';
import { show, showSaid } from '../judge.ts';
import type { Said } from '../processes.ts';
import { promised } from '../promises.ts';
import type { History } from '../scene.ts';
import type { Dark, Deed, Due, Observer, Recorded, Told } from './drawing/recorded.ts';

type Person = History['people'][number];
type Way = 'up' | 'down';

/** What the judge made of each role; roles that are missing were not judged. */
export type Verdicts = ReadonlyMap<string, readonly Judged[]>;

/** A row as its drawing needs it, but for its names. */
export function record(history: History, verdicts: Verdicts): Omit<Recorded, 'slug' | 'title'> {
  const since = (at: number) => Math.floor(at) - Math.floor(history.beganAt);
  const deeds = history.deeds.map(({ at, text }) => ({ at: since(at), text }));
  const links = history.links.map(({ roles, up, down }) => {
    const times = { up: up.map(since), down: down.map(since) };
    const dark = darkness(roles, times, deeds, since(history.endedAt));
    const elsewhereAt = backElsewhere(history, roles, down.at(-1) ?? 0);
    const elsewhere = elsewhereAt !== undefined && { elsewhereAt: since(elsewhereAt) };
    return { of: roles[0] ?? '', ...times, dark, ...elsewhere };
  });
  return {
    endMs: since(history.endedAt),
    limits: [promised.interrupted, promised.lost, promised.peerOffline],
    deeds: deeds.filter(({ at, text }) => at >= 0 && !drawnElsewhere.has(text)),
    links: links.filter((link) => link.of.startsWith('A') || link.dark.length > 0),
    observers: history.people
      .toSorted((left, right) => left.role.localeCompare(right.role))
      .map((person) => observer(person, history, verdicts)),
  };
}

/** When a user of a way was back after the last packet to it: then that was on another way. */
function backElsewhere({ people }: History, roles: readonly string[], lastAt: number): number | undefined {
  const ends = people.flatMap(({ role, outageEnds }) => (roles.includes(role) ? outageEnds : []));
  return ends.find((end) => end > lastAt);
}

const drawnElsewhere = new Set(['began', 'ended']);

/**
 * When a network was dark, from the deeds that name one of its users. A network whose cutting is not among them has
 * been dark since its last packet, at the latest, when it is healed.
 */
export function darkness(
  roles: readonly string[],
  times: Readonly<Record<Way, readonly number[]>>,
  deeds: readonly Deed[],
  endMs: number,
): Dark[] {
  const ways: readonly Way[] = ['up', 'down'];
  return ways.flatMap((way) => {
    const own = deeds.flatMap(({ at, text }) => {
      const [, verb, role = '', only] = text.match(cutOrHeal) ?? [];
      return verb && roles.includes(role) ? [{ at, cuts: verb === 'cut', isWay: !only || only === way }] : [];
    });
    const spells: Dark[] = [];
    let from =
      own[0] && !own[0].cuts ? (times[way].findLast((time) => time < (own[0]?.at ?? 0)) ?? 0) : undefined;
    for (const { at, cuts } of own.filter((each) => each.isWay)) {
      if (!cuts && from !== undefined) spells.push({ way, from, to: at });
      from = cuts ? (from ?? at) : undefined;
    }
    return from === undefined ? spells : [...spells, { way, from, to: endMs }];
  });
}

const cutOrHeal = /^(cut|heal) the network of (\w+)(?: \(only (\w+)\))?/;

function observer(person: Person, history: History, verdicts: Verdicts): Observer {
  const { role, platform, heard, ended } = person;
  const judged: readonly Judged[] = verdicts.get(role) ?? heard.map((each) => ({ heard: each }));
  const roleOf = (uid: unknown) =>
    history.people.find((each) => each.uid === uid && each.role !== role)?.role;
  return {
    role,
    platform,
    told: judged.map((each) => told(each, history, roleOf)),
    ...(ended && { ended: { ...ended, at: Math.floor(ended.at - history.beganAt) } }),
  };
}

function told({ wanted, heard, since, broke }: Judged, history: History, roleOf: RoleOf): Told {
  const zero = Math.floor(history.beganAt);
  const from = since ?? (heard ? undefined : wanted?.timing && missedSince(wanted.timing, history.endedAt));
  const due: Due | undefined = wanted?.timing && {
    after: wanted.timing.text,
    ...(from !== undefined && { since: from - zero }),
    least: wanted.timing.atLeastMs,
    most: wanted.timing.atMostMs,
  };
  const call = (heard ? showSaid(heard) : wanted ? show(wanted) : '').replace(connection, 'connection');
  return {
    name: heard ? shortName(heard, roleOf) : (wanted?.callback ?? ''),
    call: call.length > callMax ? `${call.slice(0, callMax)}…` : call,
    ...(heard && { at: Math.floor(heard.t) - zero }),
    ...(due && { due }),
    ...(wanted && { promise: wanted.promise }),
    ...(wanted?.figure && { figure: wanted.figure }),
    ...(broke && { broke }),
  };
}

const callMax = 300;

/** The first argument of every native callback: the same all over a row. */
const connection = /\{"channelId":"[^"]*","localUid":\d+\}/;

/** What the time of a callback that never came would have counted from: the newest moment that its limit outlived. */
export function missedSince(timing: Timing, endedAt: number): number | undefined {
  let end = endedAt;
  let since = timing.since(end);
  while (since !== undefined && end - since < timing.atLeastMs) {
    end = since;
    const earlier = timing.since(end - 1);
    since = earlier !== undefined && earlier < end ? earlier : undefined;
  }
  return since === undefined ? undefined : Math.floor(since);
}

type RoleOf = (uid: unknown) => string | undefined;

/** The callback with whom it is about or which state it tells: what a reader looks for. */
export function shortName({ callback, args }: Said, roleOf: RoleOf): string {
  if (/state|^connectionChangedTo$/i.test(callback)) return `${callback} ${stateIn(args)}`.trim();
  if (!/user|uid|peer|stream/i.test(callback)) return callback;
  const about = args.map((arg) => roleOf(uidIn(arg))).find((role) => role !== undefined);
  return about ? `${callback} ${about}` : callback;
}

const states: Readonly<Record<number, string>> = {
  1: 'disconnected',
  2: 'connecting',
  3: 'connected',
  4: 'reconnecting',
  5: 'failed',
};

function stateIn(args: readonly unknown[]): string {
  const number = args.find((arg) => typeof arg === 'number');
  if (number !== undefined) return states[number] ?? `${number}`;
  const change = args.map(asObject).find(({ curState }) => curState !== undefined);
  return typeof change?.curState === 'string' ? change.curState.toLowerCase() : '';
}

function uidIn(arg: unknown): unknown {
  if (typeof arg !== 'object') return arg;
  const { uid, stream } = asObject(arg);
  return uid ?? asObject(stream).streamId;
}

function asObject(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}
