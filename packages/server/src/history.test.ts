/** What a channel's log can replay, and what becomes of the rest; connections that break in every way (C-60 to C-63). */
import { describe, expect, it } from 'vitest';
import { World } from './stage.ts';

describe('C-60 once and in order', () => {
  it('after a reconnection with no traffic before it', async () => {
    const { world, a, b } = await together();
    for (const client of [a, b]) client.lose();
    await world.run(3_000);
    a.say('the first of all');
    await world.run(1_000);
    expect(b.messages()).toEqual(['1: the first of all']);
  });

  it('though it was sent within 50 ms of the cut, and its acknowledgement was lost with it', async () => {
    const { world, a, b } = await together();
    const said: string[] = [];
    for (let afterMs = 0; afterMs < 50; afterMs += 3) {
      a.say(`${afterMs} ms before`);
      await world.run(afterMs);
      a.cut();
      a.say(`in the dark`);
      said.push(`1: ${afterMs} ms before`, '1: in the dark');
      await world.run(500);
      a.dark = false;
      await world.run(2_000);
    }
    expect(b.messages()).toEqual(said);
  });

  it('after five reconnections in a row of both ends', async () => {
    const { world, a, b } = await together();
    for (let count = 0; count < 5; count += 1) {
      for (const client of [a, b]) client.lose();
      a.say(`${count}`);
      await world.run(700);
    }
    await world.run(5_000);
    expect(b.messages()).toEqual(['1: 0', '1: 1', '1: 2', '1: 3', '1: 4']);
  });
});

describe('C-62 the gap is exact where history ends', () => {
  it('by count: of 2 100 messages the oldest 100 are missing', async () => {
    const { world, a, b } = await together();
    await whileAway(world, b, 8_000, async () => {
      for (let count = 0; count < 2_100; count += 1) {
        a.say(`${count}`);
        if (count % 100 === 99) await world.run(50);
      }
    });
    const [gap, ...rest] = b.messages();
    expect(gap).toBe('1 misses 100: history');
    expect(rest).toEqual(Array.from({ length: 2_000 }, (_, index) => `1: ${index + 100}`));
  });

  it('by bytes: of 5 MB the newest 4 MB are there', async () => {
    const { world, a, b } = await together();
    const [count, bytes] = [250, 20_000];
    await whileAway(world, b, 15_000, async () => {
      for (let index = 0; index < count; index += 1) {
        a.say(`${index}`.padEnd(bytes));
        if (index % 20 === 19) await world.run(50);
      }
    });
    const [gap, ...rest] = b.messages();
    const kept = Math.floor(4_000_000 / (bytes + entryBytes));
    expect(gap).toBe(`1 misses ${count - kept}: history`);
    expect(rest.map((text) => text.trim())).toEqual(
      Array.from({ length: kept }, (_, index) => `1: ${count - kept + index}`),
    );
  });

  it('by time: what is older than 120 s is missing', async () => {
    const { world, a, b } = await together();
    await whileAway(world, b, 125_000, async () => {
      a.say('old');
      await world.run(4_000);
      a.say('old, too');
      await world.run(10_000);
      a.say('young enough');
    });
    expect(b.messages()).toEqual(['1 misses 2: history', '1: young enough']);
  });
});

it('C-63 who does not read is disconnected and resumes; nothing is missing, and others notice nothing', async () => {
  const { world, a, b } = await together();
  const c = world.client(3, 'linux');
  await world.run(1_000);
  b.unread = 0;
  for (let count = 0; count < 60; count += 1) {
    a.say(`${count}`.padEnd(30_000));
    await world.run(20);
    if (b.transports.size === 0) b.unread = null;
  }
  expect(b.unread).toBeNull();
  await world.run(3_000);
  const all = Array.from({ length: 60 }, (_, count) => `1: ${count}`);
  for (const each of [b, c]) expect(each.messages().map((text) => text.trim())).toEqual(all);
  expect(c.told().filter((text) => text.includes('offline'))).toEqual([]);
});

it('C-20 who comes and goes during a long replay is told before the replay is over, and no message is missing', async () => {
  const { world, a, b } = await together();
  await whileAway(world, b, 3_000, async () => {
    for (let count = 0; count < 100; count += 1) a.say(`${count}`.padEnd(30_000));
    await world.run(100);
    // The way back carries a piece at a time, and slowly.
    b.pieceMs = 400;
  });
  expect(b.messages().length).toBeLessThan(60);
  const c = world.client(3, 'linux');
  await world.run(1_000);
  expect(b.told()).toContain('peer-joined 3');
  c.handle({ type: 'leave' });
  await world.run(1_000);
  expect(b.told()).toContain('peer-offline 3 quit');
  expect(b.messages().length).toBeLessThan(100);
  await world.run(20_000);
  expect(b.messages().map((text) => text.trim())).toEqual(
    Array.from({ length: 100 }, (_, count) => `1: ${count}`),
  );
});

/** What the log takes an entry to weigh besides its data. */
const entryBytes = 64;

async function together() {
  const world = new World();
  const a = world.client(1, 'linux');
  const b = world.client(2, 'android');
  await world.run(1_000);
  return { world, a, b };
}

/** B is cut off for so long. */
async function whileAway(world: World, b: ReturnType<World['client']>, ms: number, run: () => Promise<void>) {
  const until = world.now + ms;
  b.cut();
  await world.run(100);
  await run();
  await world.run(until - world.now);
  b.dark = false;
  await world.run(6_000);
}
