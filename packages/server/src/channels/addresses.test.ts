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
    expect(closing(10, 4)).toBe(false);
  });

  it('most of those behind one address have not', () => {
    expect(closing(3, 3)).toBe(true);
    expect(closing(10, 5)).toBe(true);
  });

  it('those that close one after another have', () => {
    expect(closing(4, 4, 900)).toBe(false);
  });
});
