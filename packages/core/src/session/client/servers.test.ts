import { describe, expect, it } from 'vitest';
import { Servers } from './servers.ts';

const idle = () => 0;

describe('which server is tried next', () => {
  it('C-10 those that the app gave, in its order, then the one whose turn was longest ago', () => {
    const servers = new Servers(['a', 'b', 'c'], () => 0.5);
    expect([0, 1, 2, 3].map((now) => servers.next(now, idle))).toEqual(['a', 'b', 'c', 'a']);
  });

  it('C-10 a server that failed last comes after the others, and has its turn within two seconds all the same', () => {
    const servers = new Servers(['a', 'b'], () => 0.5);
    for (let count = 0; count < 9; count += 1) servers.failed('a');
    servers.searched(10_000);
    const turns = [];
    for (let now = 10_000; now <= 12_100; now += 100) turns.push(servers.next(now, idle));
    expect(turns[0]).toBe('b');
    expect(turns.indexOf('a')).toBe(21);
    servers.opened('a');
    expect(servers.next(12_200, idle)).toBe('b');
    expect(servers.next(12_300, idle)).toBe('a');
  });

  it('C-17 a silent one is raced by another: every attempt that hangs counts against it', () => {
    const servers = new Servers(['a', 'b'], () => 0.5);
    const pending = new Map<string, number>();
    const turns = [0, 100, 200, 300].map((now) => {
      const url = servers.next(now, (each) => pending.get(each) ?? 0) ?? '';
      if (url === 'a') pending.set('a', (pending.get('a') ?? 0) + 1);
      return url;
    });
    expect(turns).toEqual(['a', 'b', 'b', 'b']);
  });

  it('the clients of one server spread over the others', () => {
    const dice = [0.9, 0.1, 0.5];
    const servers = new Servers(['a'], () => dice.shift() ?? 0);
    servers.learn(['a', 'b', 'c', 'd']);
    servers.next(0, idle);
    expect([1, 2, 3].map((now) => servers.next(now, idle))).toEqual(['c', 'd', 'b']);
  });

  it('of which servers tell no more is tried after those they tell of', () => {
    const servers = new Servers(['old', 'a'], () => 0.5);
    servers.next(0, idle);
    servers.learn(['a', 'b']);
    servers.next(1_000, idle);
    servers.next(1_001, idle);
    servers.searched(60_000);
    expect([60_000, 60_100, 60_200].map((now) => servers.next(now, idle))).not.toContain('old');
    expect(servers.count).toBe(3);
    servers.learn(['b']);
    expect(servers.count).toBe(3);
    servers.learn([]);
    expect(servers.next(60_300, () => 2)).toBe('b');
  });

  it('C-56 one that asked to be left alone is, until then; where all did, nobody is tried', () => {
    const servers = new Servers(['a', 'b'], () => 0.5);
    servers.rest('a', 5_000);
    expect(servers.next(0, idle)).toBe('b');
    servers.rest('b', 3_000);
    expect([servers.next(100, idle), servers.restUntil()]).toEqual([null, 3_000]);
    servers.learn(['a', 'b']);
    expect(servers.next(200, idle)).toBeNull();
    expect(servers.next(3_000, idle)).toBe('b');
  });

  it('C-53 one that drains rests, unless another one tells that it is back', () => {
    const servers = new Servers(['a', 'b'], () => 0.5);
    servers.leaving('a', 20_000);
    servers.rest('b', 20_000);
    expect(servers.next(100, idle)).toBeNull();
    servers.learn(['a', 'b']);
    expect(servers.next(200, idle)).toBe('a');
  });
});
