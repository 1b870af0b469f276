import { describe, expect, it } from 'vitest';
import type { Grant } from './settings.ts';
import { World } from './stage.ts';

describe('C-43 a token that expires', () => {
  it('is asked for once, 30 s before told, and renewed without a word to others', async () => {
    const { world, a, b } = await together(60_000);
    await world.run(29_000);
    expect(a.told()).not.toContain('token-will-expire');
    await world.run(1_500);
    expect(a.told().at(-1)).toBe('token-will-expire');
    await world.run(30_000);
    expect(a.told().slice(-2)).toEqual(['token-will-expire', 'token-expired']);
    await world.run(20_000);
    a.handle({ type: 'renew', token: 'expires at 200000' });
    await world.run(60_000);
    expect(a.told().slice(-2)).toEqual(['token-expired', 'token-renewed 0']);
    expect(b.told().at(-1)).toBe('peer-joined 1');
  });

  it('fails the stay 30 s after it was asked for; others see it leave', async () => {
    const { world, a, b } = await together(60_000);
    await world.run(88_000);
    expect(a.told().at(-1)).toBe('token-expired');
    await world.run(3_000);
    expect(a.told().slice(-2)).toEqual(['state 5', 'failed tokenExpired']);
    expect(b.told().at(-1)).toBe('peer-offline 1 quit');
  });

  it('while its user is away: asked once, back with the old one, healed by another', async () => {
    const { world, a, b } = await together(60_000);
    await world.run(52_000);
    a.cut();
    await world.run(15_000);
    a.dark = false;
    await world.run(4_000);
    expect(a.told().filter((text) => text === 'token-expired')).toHaveLength(1);
    expect(a.told()).toContain('rejoined');
    a.handle({ type: 'renew', token: 'expires at 400000' });
    await world.run(40_000);
    expect(a.told().at(-1)).toBe('token-renewed 0');
    expect(b.told().at(-1)).toBe('peer-joined 1');
  });

  it('renewed with one that is not good: said so, the old one counts to its end', async () => {
    const { world, a } = await together(60_000);
    a.handle({ type: 'renew', token: 'forged' });
    await world.run(1_000);
    expect(a.told().at(-1)).toBe('token-renewed 4313');
    await world.run(90_000);
    expect(a.told().at(-1)).toBe('failed tokenExpired');
  });

  it('at the first join is no way in', async () => {
    const world = tokenWorld(-1);
    const a = world.client(1, 'linux');
    await world.run(1_000);
    expect(a.told().slice(-2)).toEqual(['state 5', 'failed tokenExpired']);
  });
});

describe('C-42 privileges', () => {
  it('C-62 what was sent as the privilege ended waits for another token, and leaves no gap', async () => {
    const world = new World();
    const dataMs: Record<string, number> = { brief: 2_000 };
    world.grant = (token) => ({ joinMs: null, audioMs: null, videoMs: null, dataMs: dataMs[token] ?? null });
    const a = world.client(1, 'linux', 'brief');
    const b = world.client(2, 'linux', 'good');
    await world.run(1_000);
    a.say('in time');
    await world.run(1_500);
    a.say('too late');
    a.say('later still');
    await world.run(500);
    expect(b.messages()).toEqual(['1: in time']);
    a.handle({ type: 'renew', token: 'good' });
    a.say('on the way beside it');
    await world.run(500);
    a.say('after it');
    await world.run(500);
    const all = ['in time', 'too late', 'later still', 'on the way beside it', 'after it'];
    expect(b.messages()).toEqual(all.map((text) => `1: ${text}`));
  });

  it('without data nothing is sent, whatever the client does', async () => {
    const { world, a, b } = await together(null, { dataMs: 0 });
    expect(a.session.sendRefusal(1, world.now)).toBe('notAllowed');
    a.say('smuggled');
    await world.run(1_000);
    expect(b.messages()).toEqual([]);
  });

  it('without audio and video nothing is published; one that ends is taken away', async () => {
    const world = tokenWorld(null, { audioMs: 0, videoMs: 5_000 });
    const b = world.client(2, 'web');
    world.client(1, 'linux');
    await world.run(2_000);
    expect(b.told().at(-1)).toBe('stream-added 1');
    await world.run(5_000);
    expect(b.told().at(-1)).toBe('stream-removed 1');
  });
});

type Times = Omit<Grant, 'personal'>;

/** Tokens say when they expire, but the first: that is the clients' own. */
function tokenWorld(firstMs: number | null, limits: Partial<Times> = {}): World {
  const world = new World();
  const grant = (joinMs: number | null): Grant => ({ joinMs, audioMs: null, videoMs: null, dataMs: null });
  world.grant = (token) => {
    if (token === 'forged') return { close: 'invalidToken' };
    const at = /\d+/.exec(token)?.[0];
    if (at !== undefined) return grant(Number(at) - world.now);
    const left = Object.entries(limits).map(([name, ms]) => [name, ms && ms - world.now]);
    return { ...grant(firstMs === null ? null : firstMs - world.now), ...Object.fromEntries(left) };
  };
  return world;
}

/** Only A's token is special. */
async function together(firstMs: number | null, limits: Partial<Times> = {}) {
  const world = tokenWorld(firstMs, limits);
  const a = world.client(1, 'linux');
  await world.run(100);
  const special = world.grant;
  world.grant = (token) =>
    token === 'others' ? { joinMs: null, audioMs: null, videoMs: null, dataMs: null } : special(token);
  const b = world.client(2, 'linux', 'others');
  await world.run(100);
  return { world, a, b };
}
