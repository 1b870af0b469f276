import { describe, expect, it } from 'vitest';
import { World } from './stage.ts';

describe('two people in one channel', () => {
  it('C-20 native sees nothing of a 15 s outage, web sees the stream go and come', async () => {
    const world = new World();
    const a = world.client(1, 'linux');
    const b = world.client(2, 'web');
    const c = world.client(3, 'ios');
    await world.run(3_000);
    expect(b.told()).toEqual([
      'state 2',
      'state 3',
      'joined',
      'peer-joined 1',
      'stream-added 1',
      'peer-joined 3',
      'stream-added 3',
    ]);
    a.dark = true;
    await world.run(15_000);
    a.dark = false;
    await world.run(3_000);
    expect(a.told()).toEqual([
      ...['state 2', 'state 3', 'joined', 'peer-joined 2', 'peer-joined 3'],
      ...['state 4', 'interrupted', 'state 4', 'lost', 'state 3', 'rejoined'],
    ]);
    expect(b.told().slice(7)).toEqual(['stream-removed 1', 'stream-added 1']);
    expect(c.told().filter((text) => text.endsWith(' 1'))).toEqual(['peer-joined 1']);
  });

  it('C-72 media alone keep a user present, and those of an earlier stay keep nobody', async () => {
    const world = new World();
    const a = world.client(1, 'linux');
    const b = world.client(2, 'linux');
    await world.run(3_000);
    const [channel] = world.server.channels();
    const join = channel?.members.find(({ uid }) => uid === 1)?.join ?? 0;
    const key = { appId: channel?.appId ?? '', channel: channel?.channel ?? '' };
    const before = b.told();
    a.dark = true;
    for (let second = 0; second < 30; second += 1) {
      await world.run(1_000);
      world.server.mediaHeard({ key, uid: 1, join });
    }
    expect(b.told()).toEqual(before);
    for (let second = 0; second < 21; second += 1) {
      await world.run(1_000);
      world.server.mediaHeard({ key, uid: 1, join: join - 1 });
    }
    expect(b.told()).toEqual([...before, 'peer-offline 1 dropped']);
  });

  it('C-56 who asks a server that cannot reach its store is heard all the same', async () => {
    const world = new World();
    const a = world.client(1, 'linux');
    const b = world.client(2, 'linux');
    await world.run(3_000);
    const before = b.told();
    Object.assign(world.store, { trouble: () => 'it is away' });
    a.lose();
    await world.run(25_000);
    expect(a.told()).toContain('lost');
    expect(b.told()).toEqual(before);
  });

  it('C-21 native is told at 20 s, and again when A returns', async () => {
    const world = new World();
    const a = world.client(1, 'linux');
    const b = world.client(2, 'android');
    await world.run(3_000);
    a.dark = true;
    await world.run(24_000);
    a.dark = false;
    await world.run(6_000);
    expect(b.told()).toEqual([
      'state 2',
      'state 3',
      'joined',
      'peer-joined 1',
      'peer-offline 1 dropped',
      'peer-joined 1',
    ]);
    a.handle({ type: 'leave' });
    await world.run(3_000);
    expect(b.told().at(-1)).toBe('peer-offline 1 quit');
    expect(a.transports.size).toBe(0);
    expect(a.session.deadline()).toBeNull();
  });

  it('C-40 the same uid again takes over without a word to others', async () => {
    const world = new World();
    const a = world.client(1, 'linux');
    const b = world.client(2, 'windows');
    await world.run(3_000);
    const again = world.client(1, 'linux');
    await world.run(5_000);
    expect(a.told().slice(-2)).toEqual(['state 5', 'failed sameUid']);
    expect(again.told().slice(2)).toEqual(['joined', 'peer-joined 2']);
    expect(b.told().slice(3)).toEqual(['peer-joined 1']);
  });
});
