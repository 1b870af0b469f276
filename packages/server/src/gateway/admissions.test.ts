import { defaultLimits } from '@holdfast/core';
import { describe, expect, it } from 'vitest';
import { Admissions, type Asking, expiresAt, retryMostMs } from './admissions.ts';

describe('C-56 who is let in next', () => {
  it('in quiet times everybody, at once', async () => {
    const door = new Door();
    door.ask('a', Number.POSITIVE_INFINITY);
    door.ask('b', 20);
    expect(door.log).toEqual(['a in', 'b in']);
    await door.answer();
    door.turn();
    expect(door.admissions.dueAt()).toBeNull();
  });

  it('in a storm those who were here before, the one about to be reported first; then those who join, in their order', () => {
    const door = new Door();
    door.storm();
    door.ask('join 1', Number.POSITIVE_INFINITY);
    door.ask('in 9 s', 9_000);
    door.ask('join 2', Number.POSITIVE_INFINITY);
    door.ask('in 1 s', 1_000);
    door.turn();
    expect(door.log).toEqual(['in 1 s in', 'in 9 s in', 'join 1 in', 'join 2 in']);
  });

  it('a turn ends after 1 ms, since each takes one new connection; who has to wait for another one counts as heard', () => {
    const door = new Door(0.5);
    door.storm();
    for (const name of ['a', 'b', 'c', 'd', 'e']) door.ask(name, 1_000);
    door.turn();
    expect(door.log).toEqual(['a in', 'b in', 'c waits', 'd waits', 'e waits']);
    door.turn();
    door.turn();
    expect(door.log.slice(5)).toEqual(['c in', 'd in', 'e in']);
  });

  it('whoever waits for long is told so, and counts as heard each time', () => {
    const door = new Door();
    for (let count = 0; count < 200; count += 1) door.ask(`the first ${count}`, 0);
    door.turn();
    door.log.length = 0;
    door.ask('a', 1_000);
    door.turn();
    for (let ms = 0; ms < 4_500; ms += 50) door.turn(50);
    expect(door.log.filter((line) => line.startsWith('a '))).toEqual([
      'a waits',
      ...['a waits', 'a is reassured', 'a waits', 'a is reassured', 'a waits', 'a is reassured'],
    ]);
  });

  it('every attempt of somebody who waits counts as heard', async () => {
    const door = new Door(9);
    door.storm();
    await door.answer();
    for (const name of ['a', 'b']) door.ask(name, 1_000);
    door.turn();
    door.ask('b', 1_000);
    door.ask('c', 500);
    door.turn();
    expect(door.log).toEqual(['a in', 'b waits', 'b is replaced', 'c in', 'b waits']);
  });

  it('so many wait and no more; the last are told when to come, each at another time, and were heard', () => {
    const door = new Door();
    door.storm();
    for (let count = 0; count < 10_000; count += 1) door.ask(`resume ${count}`, 5_000);
    for (let count = 0; count < 3; count += 1) door.ask(`join ${count}`, Number.POSITIVE_INFINITY);
    expect(door.admissions.waiting).toBe(10_000);
    expect(door.log.map((line) => line.replace(/\d+ ms/, 'later'))).toEqual([
      ...['join 0 waits', 'join 0 may come in later', 'join 1 waits', 'join 1 may come in later'],
      ...['join 2 waits', 'join 2 may come in later'],
    ]);
    const times = door.log.flatMap((line) => (/ (\d+) ms/.exec(line) ?? []).slice(1).map(Number));
    expect(times).toEqual([5_001, 5_001, 5_002]);
    door.ask('about to be reported', 100);
    expect(door.log.at(-2)).toBe('resume 9999 waits');
    expect(door.log.at(-1)).toBe('resume 9999 may come in 5000 ms');
    door.turn();
    expect(door.log).toContain('about to be reported in');
  });

  it('a few very large first frames are too many, too', () => {
    const door = new Door();
    door.storm();
    for (let count = 0; count < 40; count += 1) door.ask(`${count}`, 1_000, 1_000_000);
    expect(door.admissions.waiting).toBe(32);
  });

  it('who has gone meanwhile is passed over', () => {
    const door = new Door();
    door.storm();
    const gone = door.ask('gone', 1_000);
    door.ask('here', 2_000);
    gone.open = false;
    door.turn();
    expect(door.log).toEqual(['here in']);
  });

  it('the store is asked for so many at a time; the others when it has answered', async () => {
    const door = new Door();
    door.storm();
    for (let count = 0; count < 200; count += 1) door.ask(`${count}`, 1_000);
    door.turn();
    expect(door.log.filter((line) => line.endsWith(' in')).length).toBe(96);
    expect(door.admissions.dueAt()).toBe(100);
    await door.answer();
    expect(door.admissions.dueAt()).toBe(0);
    door.turn();
    expect(door.log.filter((line) => line.endsWith(' in')).length).toBe(200);
  });

  it('while the store does not answer, those of whom it was asked and those behind them count as heard', () => {
    const door = new Door();
    door.ask('asked', 0);
    for (let count = 0; count < 200; count += 1) door.ask(`${count}`, 1_000);
    door.ask('behind', 1_000);
    door.until(4_500);
    for (const name of ['asked', 'behind']) {
      expect(door.log.filter((line) => line === `${name} waits`).length).toBeGreaterThanOrEqual(3);
      expect(door.log.filter((line) => line === `${name} is reassured`).length).toBe(3);
    }
  });

  it('when nobody waits for anything there is nothing to be done', async () => {
    const door = new Door();
    door.ask('a', 0);
    door.until(1_000);
    await door.answer();
    door.until(2_000);
    expect(door.admissions.dueAt()).toBeNull();
  });

  it('a newer attempt of the same stay takes the place of the one that waits', () => {
    const door = new Door();
    door.storm();
    door.ask('a', 1_000);
    door.ask('a', 1_000);
    door.turn();
    expect(door.log).toEqual(['a is replaced', 'a in']);
  });

  it('the measured rate bounds the queue', async () => {
    const door = new Door(20);
    door.storm();
    for (let count = 0; count < 400; count += 1) door.ask(`${count}`, 1_000);
    for (let turns = 0; turns < 100; turns += 1) {
      door.turn();
      await door.answer();
    }
    door.log.length = 0;
    for (let count = 0; count < 1_600; count += 1) door.ask(`later ${count}`, 50_000);
    expect(door.admissions.waiting).toBeLessThan(1_300);
    expect(door.log.filter((line) => line.includes('may come')).length).toBeGreaterThan(100);
  });
});

it.each([
  [0, 10_000],
  [9_500, 500],
  [10_000, 10_000],
  [19_999, 1],
  [20_000, 100_000],
  [500_000, -380_000],
])('C-56 who has been silent for %i ms must be heard within %i ms', (silentMs, leftMs) => {
  expect(expiresAt(silentMs, defaultLimits, 7) - 7).toBe(leftMs);
});

it('C-56 who is refused comes again before any observer is told of its silence', () => {
  expect(retryMostMs(defaultLimits)).toBe(5_000);
  expect(retryMostMs({ ...defaultLimits, peerLeaveMs: 3_000 })).toBe(1_500);
  expect(retryMostMs({ ...defaultLimits, peerLeaveMs: null, channelDestroyMs: 8_000 })).toBe(4_000);
});

/** Letting somebody in takes `eachMs`. */
class Door {
  readonly log: string[] = [];
  readonly admissions: Admissions;
  #now = 0;
  #answers: (() => void)[] = [];

  constructor(readonly eachMs = 0) {
    this.admissions = new Admissions(
      () => this.#now,
      () => undefined,
    );
  }

  ask(name: string, expiresAt: number, bytes = 1): { open: boolean } {
    const asking: Asking & { open: boolean } = {
      ...{ expiresAt, bytes, open: true, stay: name },
      retryMostMs: expiresAt === Number.POSITIVE_INFINITY ? 10_000 : retryMostMs(defaultLimits),
      admit: async () => {
        this.#now += this.eachMs;
        this.log.push(`${name} in`);
        await new Promise<void>((answered) => this.#answers.push(answered));
      },
      replaced: () => {
        asking.open = false;
        this.log.push(`${name} is replaced`);
      },
      waits: () => this.log.push(`${name} waits`),
      reassure: () => this.log.push(`${name} is reassured`),
      refuse: (retryMs) => this.log.push(`${name} may come in ${retryMs} ms`),
    };
    this.admissions.ask(asking);
    return asking;
  }

  /** As many at once as are let in without a look at others. */
  storm(): void {
    for (let count = 0; count < 32; count += 1) this.ask(`the first ${count}`, 0);
    this.log.length = 0;
  }

  turn(afterMs = 0): void {
    this.#now += afterMs;
    this.admissions.due();
  }

  /** Everything that is due until then. */
  until(ms: number): void {
    for (let at = this.admissions.dueAt(); at !== null && at <= ms; at = this.admissions.dueAt()) {
      this.#now = Math.max(this.#now, at);
      this.admissions.due();
    }
    this.#now = Math.max(this.#now, ms);
  }

  /** The store answers everything that it has been asked. */
  async answer(): Promise<void> {
    for (const answered of this.#answers.splice(0)) answered();
    for (let turn = 0; turn < 5; turn += 1) await Promise.resolve();
  }
}
