/** The checker against small histories that one can read, and against every planted bug. */
import { describe, expect, it } from 'vitest';
import { Random } from '../simulator/random.ts';
import { judge } from './checker.ts';
import type { Happening, Logged } from './logged.ts';
import { type BugName, bugs, plant } from './planted.ts';

describe('C-60 a message comes once and in order', () => {
  it('or somebody is told', () => {
    const log = history();
    expect(judge(log)).toMatchObject({ violations: [], sent: 20, acknowledged: 20, delivered: 40, gaps: 0 });
  });

  it.each(Object.keys(bugs) as BugName[])('planted: %s', (bug) => {
    const expected = bugs[bug].wrong;
    for (let seed = 1; seed <= 20; seed += 1) {
      const log = plant(history(), bug, Random.of(seed, bug));
      const found = judge(log ?? []).violations.map(({ wrong }) => wrong);
      if (expected === null) expect(found).toEqual([]);
      else expect(found).toContain(expected);
    }
  });

  it('C-61 only what was acknowledged must come, and to whom was in when it was sent', () => {
    const log = told(
      ['a1', { what: 'sent', stream: 1, id: 'm1' }],
      ['a1', { what: 'acknowledged', id: 'm1' }],
      ['b1', joining(2)],
      ['b1', { what: 'joined' }],
      ['a1', { what: 'sent', stream: 1, id: 'm2' }],
      ['a1', { what: 'acknowledged', id: 'm2' }],
      ['a1', { what: 'sent', stream: 1, id: 'm3' }],
      ['b1', { what: 'end' }],
    );
    expect(wrongs(log)).toEqual(['lost: 1 never came, m2 to m2']);
  });

  it('what was sent before its own join is none of a newcomer’s business', () => {
    const log = told(
      ['a1', { what: 'sent', stream: 1, id: 'm1' }],
      ['a1', { what: 'acknowledged', id: 'm1' }],
      ['b1', joining(2)],
      ['b1', { what: 'joined' }],
      ['b1', { what: 'got', from: 1, stream: 1, id: 'm1' }],
    );
    expect(wrongs(log)).toEqual(['history: is told of m1, which the channel had before']);
  });

  it('order is that of the sender, across its streams and its restarts', () => {
    const restarted = ['a2', joining(1)] as const;
    const log = told(
      ['b1', joining(2)],
      ['b1', { what: 'joined' }],
      ['a1', { what: 'sent', stream: 1, id: 'm1' }],
      ['a1', { what: 'sent', stream: 2, id: 'm2' }],
      ['b1', { what: 'got', from: 1, stream: 2, id: 'm2' }],
      ['b1', { what: 'got', from: 1, stream: 1, id: 'm1' }],
      restarted,
      ['a2', { what: 'sent', stream: 1, id: 'n1' }],
      ['b1', { what: 'got', from: 1, stream: 1, id: 'n1' }],
    );
    expect(wrongs(log)).toEqual(['out of order: got m1 after m2']);
  });
});

describe('C-62 a gap', () => {
  const gone = { what: 'gap', from: 1, stream: 1, reason: 'history' } as const;

  it('may end what a restarted sender had said before, though its numbers begin anew', () => {
    const log = told(
      ['b1', joining(2)],
      ['b1', { what: 'joined' }],
      ...[1, 2, 3].flatMap((number) => acknowledged('a1', `m${number}`)),
      ['a2', joining(1)],
      ...[1, 2].flatMap((number) => acknowledged('a2', `n${number}`)),
      ['b1', { ...gone, missed: 3, first: 1, last: 3 }],
      ['b1', { ...gone, missed: 1, first: 1, last: 1 }],
      ['b1', { what: 'got', from: 1, stream: 1, id: 'n2' }],
      ['b1', { what: 'end' }],
    );
    expect(wrongs(log)).toEqual([]);
  });

  it('is not about an earlier life once a later one was heard', () => {
    const log = told(
      ['b1', joining(2)],
      ['b1', { what: 'joined' }],
      ...acknowledged('a1', 'm1'),
      ['b1', { what: 'got', from: 1, stream: 1, id: 'm1' }],
      ['a1', { what: 'sent', stream: 1, id: 'm2' }],
      ['a2', joining(1)],
      ...acknowledged('a2', 'n1'),
      ['b1', { what: 'got', from: 1, stream: 1, id: 'n1' }],
      ['b1', { ...gone, missed: 1, first: 2, last: 2 }],
    );
    expect(wrongs(log)).toEqual([
      'wrong gap: 1 of user 1 on stream 1, 2 to 2 (history): not what is missing',
    ]);
  });

  it('takes in nothing that comes later, and nothing that was had', () => {
    const log = told(
      ['b1', joining(2)],
      ['b1', { what: 'joined' }],
      ...[1, 2, 3].flatMap((number) => acknowledged('a1', `m${number}`)),
      ['b1', { what: 'got', from: 1, stream: 1, id: 'm1' }],
      ['b1', { ...gone, missed: 1, first: 1, last: 1 }],
      ['b1', { ...gone, missed: 2, first: 2, last: 3 }],
      ['b1', { what: 'got', from: 1, stream: 1, id: 'm3' }],
    );
    expect(wrongs(log)).toEqual([
      'wrong gap: 1 of user 1 on stream 1, 1 to 1 (history): not what is missing',
      'wrong gap: got m3, which a gap had taken in',
    ]);
  });
});

/** Two talkers and a listener; everybody gets everything. */
function history(): Logged[] {
  const uids = [1, 2, 3];
  const lines: [string, Happening][] = uids.flatMap((uid): [string, Happening][] => [
    [`u${uid}`, joining(uid)],
    [`u${uid}`, { what: 'joined' }],
  ]);
  for (let number = 1; number <= 10; number += 1) {
    for (const from of [1, 2]) {
      const id = `u${from}/${number}`;
      lines.push([`u${from}`, { what: 'sent', stream: 1, id }]);
      for (const uid of uids.filter((each) => each !== from))
        lines.push([`u${uid}`, { what: 'got', from, stream: 1, id }]);
    }
  }
  for (const uid of uids) lines.push([`u${uid}`, { what: 'end' }]);
  return told(...lines);
}

function told(...lines: readonly (readonly [string, Happening])[]): Logged[] {
  const known = new Set(lines.flatMap(([life, { what }]) => (what === 'joining' ? [life] : [])));
  const first = known.has('a1') || known.has('u1') ? [] : [['a1', joining(1)] as const];
  return [...first, ...lines].map(([life, happening], index) => ({ life, t: index, ...happening }));
}

function joining(uid: number): Happening {
  return { what: 'joining', uid, channel: 'room', dialect: 'web' };
}

function acknowledged(life: string, id: string): (readonly [string, Happening])[] {
  return [
    [life, { what: 'sent', stream: 1, id }],
    [life, { what: 'acknowledged', id }],
  ];
}

function wrongs(log: readonly Logged[]): string[] {
  return judge(log).violations.map(({ wrong, text }) => `${wrong}: ${text}`);
}
