import { describe, expect, it } from 'vitest';
import { Addresses } from './addresses.ts';

describe('C-31 connections that close together', () => {
  function closing(open: number, closed: number, spreadMs = 0): boolean {
    let now = 0;
    const addresses = new Addresses(() => now);
    for (let count = 0; count < open; count += 1) addresses.opened('school');
    for (let count = 0; count < closed; count += 1) {
      addresses.closed('school');
      now += spreadMs;
    }
    now = 4_000;
    return addresses.closedTogether('school', 4_000);
  }

  it('one user, or a few of many, have ended by themselves', () => {
    expect(closing(1, 1)).toBe(false);
    expect(closing(2, 2)).toBe(false);
    expect(closing(9, 9)).toBe(false);
    expect(closing(30, 12)).toBe(false);
  });

  it('most of those behind one address have not', () => {
    expect(closing(10, 10)).toBe(true);
    expect(closing(20, 10)).toBe(true);
  });

  it('those that close one after another have', () => {
    expect(closing(12, 12, 900)).toBe(false);
  });
});
