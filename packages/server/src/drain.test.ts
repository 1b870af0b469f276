/** A server that ends in good order, and its clients under one virtual clock (C-53). */
import { describe, expect, it } from 'vitest';
import { type Client, World } from './stage.ts';

const forMs = 5_000;

describe('C-53 a server drains', () => {
  it('every client is at the other one before it ends; no app is told, no message lost, doubled or out of order', async () => {
    const { world, s1, s2, users } = await gathered(6);
    const [a, b] = users as [Client, Client];
    const told = users.map(callbacks);
    let sent = 0;
    const talk = async (ms: number) => {
      for (const end = world.now + ms; world.now < end; sent += 1) {
        a.say(`${sent}`);
        await world.run(7);
      }
    };
    await talk(50);
    s1.drain(forMs);
    await talk(300);
    expect([s1.connections, s2.connections]).toEqual([0, users.length]);
    await s1.stop();
    world.servers.delete('ws://s1');
    await talk(5_000);
    await world.run(100);
    expect(b.messages()).toEqual(Array.from({ length: sent }, (_, number) => `1: ${number}`));
    expect(users.map(callbacks)).toEqual(told);
    for (const { outages } of users)
      expect(outages).toMatchObject([{ end: 'resumed', noticed: [{ what: 'drain' }] }]);
  });

  it('moves are spread: not everybody goes at the same moment', async () => {
    const { world, s1, users } = await gathered(20);
    const began = world.now;
    s1.drain(forMs);
    await world.run(1_000);
    const moved = users.map(({ outages }) => outages[0]?.attempts[0]?.startedMs ?? Number.NaN);
    expect(Math.max(...moved) - Math.min(...moved)).toBeGreaterThanOrEqual(30);
    expect(world.now - began).toBe(1_000);
  });

  it('whoever comes is sent away, and is in at the other one at once; a refused attempt has been heard (C-56)', async () => {
    const { world, s1, s2 } = await gathered(1);
    s1.drain(forMs);
    const late = world.client(50, 'linux');
    await world.run(200);
    expect(late.told()).toContain('joined');
    expect([s1.connections, s2.connections]).toEqual([0, 2]);
  });

  it('who cannot move stays until the end, and is told nothing if it is back in time', async () => {
    const { world, s1, users } = await gathered(2);
    const [a] = users as [Client];
    const told = a.told().length;
    const s2 = world.servers.get('ws://s2');
    world.servers.delete('ws://s2');
    s1.drain(forMs);
    await world.run(forMs);
    expect(s1.connections).toBe(2);
    await s1.stop();
    world.servers.delete('ws://s1');
    await world.run(1_000);
    if (s2) world.servers.set('ws://s2', s2);
    await world.run(1_500);
    expect(s2?.connections).toBe(2);
    expect(a.told().length).toBe(told);
  });

  it('C-2 a user who is silent meanwhile is reported at its limit, not later for having changed hands', async () => {
    const { world, s1, users } = await gathered(2);
    const [a, b] = users as [Client, Client];
    a.dark = true;
    await world.run(6_000);
    s1.drain(forMs);
    await world.run(500);
    await s1.stop();
    world.servers.delete('ws://s1');
    await world.run(13_000 - 500);
    expect(b.told().some((text) => text.startsWith('peer-offline'))).toBe(false);
    await world.run(1_300);
    expect(b.told().at(-1)).toBe('peer-offline 1 dropped');
  });

  it('C-14 who leaves in the middle of its move has left', async () => {
    for (let wait = 0; wait < 80; wait += 4) {
      const { world, s1, users } = await gathered(2);
      const [a, b] = users as [Client, Client];
      s1.drain(forMs);
      await world.run(wait);
      a.handle({ type: 'leave' });
      await world.run(1_500);
      expect(b.told().at(-1)).toBe('peer-offline 1 quit');
    }
  });
});

describe('C-10 clients know the servers', () => {
  it('of one that comes and of one that goes, as it happens', async () => {
    const { world, users } = await gathered(1);
    world.start('s3');
    await world.run(20);
    world.store.disconnect('s1');
    world.servers.delete('ws://s1');
    users[0]?.lose();
    await world.run(100);
    // Only s3 was left in reach, of which it had been told while it was connected.
    expect(users[0]?.session.stateName).toBe('inside:linked');
  });
});

/** What its app was told of people and connections. */
function callbacks(user: Client): string[] {
  return user.told().filter((text) => text !== 'acknowledged' && !/^\d/.test(text));
}

/** Users 1, 2, … at the first of two servers. */
async function gathered(count: number) {
  const world = new World();
  const s1 = world.server;
  const s2 = world.start('s2');
  const platforms = ['linux', 'web', 'ios'] as const;
  const users = Array.from({ length: count }, (_, index) =>
    world.client(index + 1, platforms[index % 3] ?? 'web'),
  );
  await world.run(2_000);
  return { world, s1, s2, users };
}
