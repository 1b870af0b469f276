import { describe, expect, test } from 'vitest';
import { Allowance, addressGroup, Meter } from './index.ts';

describe('C-81 an allowance', () => {
  test('is used ten seconds ahead at most, and comes back at its rate', () => {
    const allowance = new Allowance({ perSecond: 2 });
    for (let taken = 0; taken < 20; taken += 1) expect(allowance.take(0)).toBe(0);
    expect(allowance.take(0)).toBe(500);
    expect(allowance.take(499)).toBeGreaterThan(0);
    expect(allowance.take(501)).toBe(0);
    expect(allowance.take(501)).toBeGreaterThan(0);
  });

  test('sends those who are too many away for different times, and for no longer than 10 s', () => {
    const allowance = new Allowance({ perSecond: 10, burst: 1 });
    expect(allowance.take(0)).toBe(0);
    expect([1, 2, 3].map(() => allowance.take(0))).toEqual([100, 200, 300]);
    for (let i = 0; i < 200; i += 1) allowance.take(0);
    expect(allowance.take(0)).toBe(10_000);
  });

  test('lets those in who come when they were told to', () => {
    const allowance = new Allowance({ perSecond: 10, burst: 1 });
    const backAt = Array.from({ length: 20 }, () => allowance.take(0));
    expect(backAt.slice(1).map((at) => allowance.take(at))).toEqual(Array(19).fill(0));
  });
});

describe('C-81 a meter', () => {
  test('counts each key for itself', () => {
    const meter = new Meter({ perSecond: 1, burst: 1 });
    expect([meter.take('a', 0), meter.take('b', 0), meter.take('a', 0) > 0]).toEqual([0, 0, true]);
  });

  test('forgets keys whose allowance is whole, and never holds more than its bound', () => {
    const meter = new Meter({ perSecond: 1, burst: 1, keysMax: 100 });
    for (let key = 0; key < 1_000; key += 1) meter.take(`${key}`, 0);
    expect(meter.size).toBe(100);
    expect(meter.take('999', 0)).toBeGreaterThan(0);
    meter.take('late', 1_000);
    meter.take('later', 1_001);
    expect(meter.size).toBe(2);
  });
});

test.each([
  ['10.1.2.3', '10.1.2.3'],
  ['::ffff:10.1.2.3', '10.1.2.3'],
  ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
  ['2001:db8:1:2::9', '2001:db8:1:2::/64'],
  ['2001:0DB8:0001:0002::1', '2001:db8:1:2::/64'],
  ['::1', '0:0:0:0::/64'],
  ['fe80::1%eth0', 'fe80:0:0:0::/64'],
])('C-81 %s counts as %s', (address, group) => expect(addressGroup(address)).toBe(group));
