/** C-57: clients and servers of two versions of one protocol, in both directions. */
import * as core from '@holdfast/core';
import * as server from '@holdfast/server';
import { beforeAll, describe, expect, it } from 'vitest';
import { type Version, versionAt } from './older.ts';
import { World } from './world.ts';

/** The oldest that speaks `holdfast.1`; the last release, once there is one. */
const olderCommit = 'b3ce69d';

const present: Version = { core, server };
let older: Version;

beforeAll(async () => {
  older = await versionAt(olderCommit);
});

describe.each([
  ['an older SDK at a present server', () => [older, present] as const],
  ['a present SDK at an older server', () => [present, older] as const],
])('C-57 %s', (_, versions) => {
  it('joins, sees who comes and goes, and is seen', async () => {
    const [client, at] = versions();
    const world = new World(at);
    world.start('s1');
    const a = world.client(client, 1, 'linux');
    await world.run(1_000);
    const b = world.client(at, 2, 'android');
    await world.run(1_000);
    expect(a.told).toEqual(['state connecting', 'state connected', 'joined', 'peer-joined 2']);
    b.take({ type: 'leave' });
    await world.run(1_000);
    expect(a.told.at(-1)).toBe('peer-offline 2 quit');
    a.take({ type: 'leave' });
    await world.run(2_500);
    expect(a.state).toBe('ended');
  });

  it('comes back after an outage that web observers are told of and native ones are not', async () => {
    const [client, at] = versions();
    const world = new World(at);
    world.start('s1');
    const a = world.client(client, 1, 'linux');
    const [web, native] = [world.client(at, 2, 'web'), world.client(client, 3, 'windows')];
    await world.run(2_000);
    const before = [web.told.length, native.told.length] as const;
    a.dark = true;
    await world.run(15_000);
    a.dark = false;
    await world.run(3_000);
    expect(web.told.slice(before[0])).toEqual(['stream-removed 1', 'stream-added 1']);
    expect(native.told.slice(before[1])).toEqual([]);
    expect(a.told.slice(-2)).toEqual(['state connected', 'rejoined']);
  });
});

it('C-53 C-57 a server that drains: the older SDK stays until the end, then goes elsewhere; nobody is told', async () => {
  const world = new World(present);
  const s1 = world.start('s1');
  world.start('s2');
  const clients = [older, present, older].map((version, index) => world.client(version, index + 1, 'linux'));
  await world.run(2_000);
  const before = clients.map(({ told }) => told.length);
  s1.drain(3_000);
  await world.run(2_900);
  expect(s1.connections).toBe(2);
  expect(clients.map(({ unknown }) => unknown)).toEqual([0, 0, 0]);
  await world.stop('s1');
  await world.run(3_000);
  expect(clients.map(({ state }) => state)).toEqual(['inside:linked', 'inside:linked', 'inside:linked']);
  expect(clients.map(({ told }) => told.length)).toEqual(before);
});

it('C-57 fields that a version does not know are ignored in every frame', () => {
  // Field 2000, a number: no schema of this major version has it.
  const unknown = Uint8Array.of(0x80, 0x7d, 0x01);
  const beat = core.encodeServerFrame({
    type: 'heartbeat',
    id: 1,
    answer: 0,
    heardMs: 2,
    rttMs: 3,
    spreadMs: 4,
  });
  const probe = core.encodeClientFrame({ type: 'heartbeat', id: 1, answer: 0 });
  for (const { core: each } of [present, older]) {
    expect(each.decodeServerFrame(Uint8Array.of(...beat, ...unknown))).toEqual(core.decodeServerFrame(beat));
    expect(each.decodeClientFrame(Uint8Array.of(...probe, ...unknown))).toEqual(
      core.decodeClientFrame(probe),
    );
    expect(() => each.decodeClientFrame(unknown)).toThrow('no body that this version knows');
  }
  expect(core.decodeServerFrame(unknown).type).toBe('unknown');
});
