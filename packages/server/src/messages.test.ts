import { describe, expect, it } from 'vitest';
import { World } from './stage.ts';

describe('C-60 each message once, in order', () => {
  it('over five outages in a row, sent before, during and after each', async () => {
    const { world, a, b } = await together();
    const said: string[] = [];
    const say = (text: string) => {
      said.push(`1: ${text}`);
      a.say(text);
    };
    for (let round = 0; round < 5; round += 1) {
      say(`${round} before`);
      a.dark = true;
      say(`${round} cut before it left`);
      await world.run(6_000);
      say(`${round} during`);
      a.dark = false;
      await world.run(round === 3 ? 20 : 3_000);
      say(`${round} after`);
    }
    await world.run(3_000);
    expect(b.messages()).toEqual(said);
    expect(a.messages()).toEqual([]);
  });

  it('to somebody who was away', async () => {
    const { world, a, b } = await together();
    b.dark = true;
    for (let count = 0; count < 30; count += 1) {
      a.say(`${count}`);
      await world.run(500);
    }
    b.dark = false;
    await world.run(3_000);
    expect(b.messages()).toEqual(Array.from({ length: 30 }, (_, count) => `1: ${count}`));
  });

  it('to somebody whose connection was silent for 5 s and went on', async () => {
    const { world, a, b } = await together();
    b.mute = true;
    await world.run(1_000);
    a.say('one');
    await world.run(4_500);
    a.say('two');
    b.mute = false;
    await world.run(3_000);
    expect(b.messages()).toEqual(['1: one', '1: two']);
  });

  it('whatever the acknowledgement does: a connection lost right after sending', async () => {
    const { world, a, b } = await together();
    for (let after = 0; after < 30; after += 1) {
      a.say(`${after}`);
      await world.run(after);
      a.lose();
      await world.run(1_500);
    }
    expect(b.messages()).toEqual(Array.from({ length: 30 }, (_, count) => `1: ${count}`));
  });

  it('over a restart of the server that had passed it on without saying so', async () => {
    const { world, a, b } = await together();
    for (let after = 4; after < 16; after += 1) {
      a.say(`${after}`);
      await world.run(after);
      world.restart();
      await world.run(3_000);
    }
    expect(b.messages()).toEqual(Array.from({ length: 12 }, (_, count) => `1: ${count + 4}`));
  });

  it('C-35 of a restarted sender too, whose numbers begin anew; it gets no history', async () => {
    const { world, a, b } = await together();
    a.say('before');
    await world.run(1_000);
    a.dark = true;
    const again = world.client(1, 'linux');
    await world.run(2_000);
    again.say('after');
    b.say('to all');
    await world.run(1_000);
    expect(b.messages()).toEqual(['1: before', '1: after']);
    expect(again.messages()).toEqual(['2: to all']);
    const late = world.client(3, 'linux');
    await world.run(1_000);
    expect(late.messages()).toEqual([]);
  });
});

describe('C-62 what history cannot fill is a gap, told once, before what follows', () => {
  it('counts each sender and stream', async () => {
    const { world, a, b } = await together();
    const c = world.client(3, 'web');
    await world.run(1_000);
    a.say('seen');
    await world.run(1_000);
    b.cut();
    await world.run(1_000);
    for (let count = 0; count < 1_500; count += 1) {
      a.say(`${count}`, 1 + (count % 2));
      c.say(`${count}`);
      if (count % 100 === 99) await world.run(100);
    }
    await world.run(1_000);
    b.dark = false;
    await world.run(5_000);
    const told = b.messages();
    const gaps = told.filter((text) => text.includes('misses'));
    expect(told[0]).toBe('1: seen');
    expect(told.slice(1, 1 + gaps.length)).toEqual(gaps);
    const missed = gaps.reduce((sum, text) => sum + Number(/misses (\d+)/.exec(text)?.[1]), 0);
    expect(gaps).toHaveLength(3);
    expect(missed).toBe(3_000 - (told.length - 1 - gaps.length));
    expect(told.slice(1 + gaps.length)).toHaveLength(2_000);
    await world.run(5_000);
    expect(b.messages()).toEqual(told);
  });

  it('C-34 a destroyed channel takes its messages along', async () => {
    const { world, a, b } = await together();
    b.cut();
    await world.run(500);
    a.say('lost with the channel');
    await world.run(500);
    a.dark = true;
    await world.run(13_000);
    a.dark = false;
    await world.run(2_000);
    a.say('in the new life');
    await world.run(1_000);
    b.dark = false;
    await world.run(3_000);
    expect(b.messages()).toEqual(['1 misses 1: destroyed', '1: in the new life']);
  });

  it('C-59 but not to a newcomer who came before the sender was back', async () => {
    const { world, a } = await together();
    a.say('before');
    await world.run(500);
    a.dark = true;
    world.restart();
    await world.run(1_000);
    const late = world.client(3, 'linux');
    await world.run(1_000);
    a.dark = false;
    await world.run(2_000);
    a.say('after');
    await world.run(500);
    expect(late.messages()).toEqual(['1: after']);
  });

  it('C-59 what a server had acknowledged and lost with its memory', async () => {
    const { world, a, b } = await together();
    b.cut();
    await world.run(500);
    a.say('acknowledged');
    await world.run(500);
    world.restart();
    await world.run(2_000);
    b.dark = false;
    await world.run(4_000);
    a.say('later');
    await world.run(1_000);
    expect(b.messages()).toEqual(['1 misses 1: destroyed', '1: later']);
  });
});

describe('C-63 every queue is bounded', () => {
  it('a replay comes in pieces', async () => {
    const { world, a, b } = await together();
    b.dark = true;
    await world.run(500);
    for (let count = 0; count < 60; count += 1) {
      a.say('x'.repeat(30_000));
      if (count % 10 === 9) await world.run(100);
    }
    await world.run(2_000);
    b.largest = 0;
    b.dark = false;
    await world.run(4_000);
    expect(b.messages()).toHaveLength(60);
    expect(b.largest).toBeLessThan(100_000);
  });

  it('more than 1 000 messages, or 1 MB, are not taken while nobody acknowledges', async () => {
    const { world, a } = await together();
    a.dark = true;
    for (let count = 0; count < 33; count += 1) {
      expect(a.session.sendRefusal(30_000, world.now)).toBeNull();
      a.say('x'.repeat(30_000));
    }
    expect(a.session.sendRefusal(30_000, world.now)).toBe('full');
    expect(a.session.sendRefusal(32_001, world.now)).toBe('tooLarge');
    a.dark = false;
    await world.run(3_000);
    expect(a.session.sendRefusal(30_000, world.now)).toBeNull();
  });
});

describe('C-25 in the live profile only hosts speak', () => {
  it('a changed client that is audience is not heard and shows nothing', async () => {
    const { world, a, b } = await live('audience');
    const [connection = 0] = a.transports.keys();
    a.send(connection, { type: 'send', stream: 1, number: 1, data: new Uint8Array(1), sentAt: 0 });
    a.send(connection, { type: 'update', self: { role: 'audience', streams: [camera] } });
    await world.run(500);
    expect(memberOf(world, 1)?.streams).toEqual([]);
    expect(b.messages()).toEqual([]);
    a.lose();
    await world.run(2_000);
    expect(memberOf(world, 1)?.streams).toEqual([]);
    expect(b.told().filter((text) => text.endsWith(' 1'))).toEqual([]);
  });

  it('C-60 what was said as a host is heard, though its sender became audience while away', async () => {
    const { world, a, b } = await live('host');
    a.cut();
    await world.run(1_000);
    a.say('the last word');
    a.handle({ type: 'update', self: { role: 'audience', streams: [] } });
    expect(a.session.sendRefusal(1, world.now)).toBe('audience');
    await world.run(4_000);
    a.dark = false;
    await world.run(3_000);
    expect(b.told().filter((text) => /\b1\b/.test(text))).toEqual([
      'peer-joined 1',
      '1: the last word',
      'peer-offline 1 becomeAudience',
    ]);
  });

  const camera = { id: 1, audio: true, video: true, audioMuted: false, videoMuted: false };

  async function live(role: 'host' | 'audience') {
    const world = new World();
    const stay = { profile: 'live', self: { role, streams: [camera] } } as const;
    const a = world.client(1, 'linux', '', stay);
    const b = world.client(2, 'android', '', { profile: 'live', self: { role: 'host', streams: [] } });
    await world.run(1_000);
    return { world, a, b };
  }

  function memberOf(world: World, uid: number) {
    return world.server.channels()[0]?.members.find((member) => member.uid === uid);
  }
});

async function together(): Promise<{
  world: World;
  a: ReturnType<World['client']>;
  b: ReturnType<World['client']>;
}> {
  const world = new World();
  const a = world.client(1, 'linux');
  const b = world.client(2, 'android');
  await world.run(1_000);
  return { world, a, b };
}
