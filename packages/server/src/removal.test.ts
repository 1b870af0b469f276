/** What those see whom the operator removes, and the others (C-44). */
import { expect, test } from 'vitest';
import { type Client, World } from './stage.ts';
import type { Target } from './store/store.ts';

const room: Target = { appId: 'demo', channel: 'room', uid: null, account: null };

test('C-44 who is banned fails at once as banned, the others see it quit, a fresh join is refused until it is over', async () => {
  const { world, a, b } = await together();
  await world.store.ban({ ...room, uid: 1 }, 60_000);
  await world.run(50);
  expect(told(a)).toEqual(['state 5', 'failed banned']);
  const failed = a.notices.find((notice) => notice.type === 'state' && notice.state === 'failed');
  expect(failed).toMatchObject({ reason: 'bannedByServer' });
  expect(told(b)).toEqual(['peer-offline 1 quit']);
  const again = world.client(1, 'linux');
  await world.run(50);
  expect(again.told()).toContain('failed banned');
  await world.run(60_000);
  const later = world.client(1, 'linux');
  await world.run(50);
  expect(later.told()).toContain('joined');
  expect(told(b)).toEqual(['peer-offline 1 quit', 'peer-joined 1']);
});

test('C-44 who is only removed may join afresh', async () => {
  const { world, a, b } = await together();
  await world.store.remove({ ...room, uid: 1 });
  await world.run(50);
  expect(told(a)).toEqual(['state 5', 'failed banned']);
  const again = world.client(1, 'linux');
  await world.run(50);
  expect(again.told()).toContain('joined');
  expect(told(b)).toEqual(['peer-offline 1 quit', 'peer-joined 1']);
});

test('C-44 who is away while it is removed hears of it when it comes back; the others at once', async () => {
  const { world, a, b } = await together();
  a.cut();
  await world.run(1_000);
  await world.store.remove({ ...room, uid: 1 });
  await world.run(50);
  expect(told(b)).toEqual(['peer-offline 1 quit']);
  a.dark = false;
  await world.run(3_000);
  expect(told(a)).toEqual(['state 5', 'failed banned']);
  expect(told(b)).toEqual(['peer-offline 1 quit']);
});

test('C-44 a closed channel loses all its users, and nobody else is told anything', async () => {
  const { world, a, b } = await together();
  const elsewhere = world.client(1, 'linux', '', { channel: 'another' });
  await world.run(100);
  const heard = elsewhere.told();
  await world.store.ban(room, 60_000);
  await world.run(50);
  for (const client of [a, b]) expect(told(client).at(-1)).toBe('failed banned');
  expect(elsewhere.told()).toEqual(heard);
});

test('C-44 a join that is under way while its user is banned does not get in', async () => {
  const world = new World();
  const b = world.client(2, 'linux');
  await world.run(100);
  before.set(b, b.told().length);
  const { store } = world;
  const join = store.join.bind(store);
  // The store has granted it, and the server does not know yet.
  store.join = async (...asked) => {
    const answer = await join(...asked);
    await store.ban({ ...room, uid: 1 }, 60_000);
    return answer;
  };
  const a = world.client(1, 'linux');
  await world.run(200);
  expect(a.told()).toContain('failed banned');
  expect(told(b)).toEqual(['peer-joined 1', 'peer-offline 1 quit']);
});

async function together(): Promise<{ world: World; a: Client; b: Client }> {
  const world = new World();
  const [a, b] = [world.client(1, 'linux'), world.client(2, 'linux')];
  await world.run(200);
  for (const client of [a, b]) before.set(client, client.told().length);
  return { world, a, b };
}

/** What clients had been told before anything happened to them. */
const before = new Map<Client, number>();

function told(client: Client): string[] {
  return client.told().slice(before.get(client) ?? 0);
}
