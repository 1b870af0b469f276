/** What a fault came to: who was told what, what became of the messages, and how long everybody was away. */
import { type Figures, figure, quantile } from '../bench/figures.ts';
import { callbacks, edgesAt, textsAt } from '../cluster/cluster.ts';
import { judge, type Wrong } from '../messages/checker.ts';
import { unnoticedBugs } from '../messages/figures.ts';
import type { Logged } from '../messages/logged.ts';
import type { Doomed } from './doomed.ts';
import type { Fault } from './faults.ts';
import type { Spoken, Talker } from './world.ts';

export interface Verdict {
  readonly figures: Figures;
  readonly failures: string[];
}

/** What was seen of a fault. */
export interface Seen {
  /** When it was done, in ms since the epoch. */
  readonly at: number;
  readonly talkers: readonly Talker[];
  readonly spoken: readonly Spoken[];
  readonly doomed: Doomed | null;
}

export function verdictOf(name: string, fault: Fault, { at, talkers, spoken, doomed }: Seen): Verdict {
  const told = talkers.map(({ user }) =>
    edgesAt(user, at)
      .filter((edge) => !doomed?.isAbout(edge))
      .map(({ callback }) => callback),
  );
  const own = talkers.map(({ user }) =>
    callbacks(user, at).filter((callback) => ownCallbacks.test(callback)),
  );
  const away = talkers.flatMap(({ user }) =>
    user.outageEnds.filter((end) => end >= at).map((end) => end - at),
  );
  const { wrongs, texts, unnoticed } = messages(talkers, spoken);
  const figures: Figures = {
    observers_told: figure(sum(told), 'callbacks', 0),
    affected_told: figure(sum(own), 'callbacks', fault.silent ? 0 : null),
    messages: figure(spoken.length, 'sent'),
    ...deliveryFigures(talkers, spoken, fault.deliveryMs ?? null),
    lost: figure(wrongs('lost'), 'messages', 0),
    doubled: figure(wrongs('doubled'), 'messages', 0),
    out_of_order: figure(wrongs('out of order'), 'messages', 0),
    other_wrongs: figure(wrongs('unsent', 'wrong gap', 'history', 'stay ended'), 'messages', 0),
    planted_bugs_unnoticed: figure(unnoticed, 'bugs', 0),
    moved: figure(
      new Set(talkers.filter(({ user }) => user.outageEnds.some((end) => end >= at))).size,
      'users',
    ),
    ...(away.length > 0 ? backFigures(away, fault.backMs) : {}),
    ...doomed?.figures(at),
  };
  const named = Object.fromEntries(
    Object.entries(figures).map(([each, value]) => [`${name}_${each}`, value]),
  );
  const failures = Object.entries(named)
    .filter(([, { ok }]) => !ok)
    .map(([each, { value, unit, goal }]) => `${each}: ${value} ${unit}, goal ≤ ${goal}`);
  if (fault.moves && figures.moved?.value === 0)
    failures.push(`${name}: nobody had to move: nothing is shown`);
  return { figures: named, failures: [...failures, ...texts, ...examples(talkers, told, own, fault)] };
}

/** Which message is lost, doubled or put out of order, to see it noticed. */
const plantedSeed = 1;

const ownCallbacks =
  /^(onConnection|onRejoin|rtcEngineConnection|didRejoin|connectionChanged|connection-state|onError|didOccurError|error)/;

function backFigures(away: readonly number[], goalMs: number | null): Figures {
  return {
    back_p50: figure(quantile(away, 0.5), 'ms'),
    back_p99: figure(quantile(away, 0.99), 'ms', goalMs),
    back_max: figure(Math.max(...away), 'ms'),
  };
}

/** From saying to hearing: whoever moves without a gap hears everything as soon as always. */
function deliveryFigures(talkers: readonly Talker[], spoken: readonly Spoken[], goalMs: number | null) {
  const saidAt = new Map(spoken.map(({ id, t }) => [id, t]));
  const took = talkers.flatMap(({ user }) =>
    textsAt(user).map(({ text, t }) => t - (saidAt.get(text) ?? Number.NaN)),
  );
  const known = took.filter((ms) => !Number.isNaN(ms));
  return {
    delivery_p50: figure(quantile(known, 0.5), 'ms'),
    delivery_p99: figure(quantile(known, 0.99), 'ms', goalMs),
    delivery_max: figure(quantile(known, 1), 'ms'),
  };
}

/** Channel by channel, by the checker of the messages. */
function messages(talkers: readonly Talker[], spoken: readonly Spoken[]) {
  const channels = new Set(talkers.map(({ channel }) => channel));
  const logs = [...channels].map((channel) => {
    return talkers.filter((talker) => talker.channel === channel).flatMap((talker) => logOf(talker, spoken));
  });
  const violations = logs.flatMap((log) => judge(log).violations);
  return {
    unnoticed: unnoticedBugs(logs[0] ?? [], plantedSeed).length,
    wrongs: (...names: readonly Wrong[]) => violations.filter(({ wrong }) => names.includes(wrong)).length,
    texts: violations.slice(0, 10).map(({ wrong, life, text }) => `${wrong}: ${life} ${text}`),
  };
}

/** What one of the crowd said and got in this time, as the checker reads it. */
export function logOf({ user, uid, channel }: Talker, spoken: readonly Spoken[]): Logged[] {
  const life = `${channel}.${uid}`;
  const begin = { life, t: 0 };
  const own = spoken.filter(({ talker }) => talker.user === user);
  const got = textsAt(user).map(({ text, t }): Logged => {
    const from = Number(text.split('/')[1]);
    return { life, t, what: 'got', from, stream: 1, id: text };
  });
  return [
    { ...begin, what: 'joining', uid, channel, dialect: 'native' },
    { ...begin, what: 'joined' },
    ...own.map(({ id, t }): Logged => ({ life, t, what: 'sent', stream: 1, id })),
    ...got,
    { life, t: Date.now(), what: 'end' },
  ];
}

function examples(
  talkers: readonly Talker[],
  told: readonly string[][],
  own: readonly string[][],
  { silent }: Fault,
): string[] {
  return talkers
    .flatMap(({ uid, channel }, index) => {
      const all = [...(told[index] ?? []), ...(silent ? (own[index] ?? []) : [])];
      return all.length > 0 ? [`user ${uid} of ${channel} was told ${all.join(', ')}`] : [];
    })
    .slice(0, 5);
}

function sum(lists: readonly (readonly string[])[]): number {
  return lists.reduce((total, { length }) => total + length, 0);
}
