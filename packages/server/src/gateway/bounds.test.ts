import {
  type ClientFrame,
  closeName,
  decodeServerFrame,
  encodeClientFrame,
  type Join,
  type Member,
  nothingPassed,
  type Refused,
  type ServerFrame,
} from '@holdfast/core';
import { afterEach, describe, expect, test } from 'vitest';
import type { Bounds } from '../bounds/index.ts';
import { everything } from '../settings.ts';
import { World } from '../stage.ts';
import type { SocketEvents } from './socket.ts';

let world: World;
afterEach(() => world.run(1));

describe('C-81 what a join may be', () => {
  test.each([
    ['a channel name that is too long', { channelNameBytes: 3 }, {}, 'invalidChannelName'],
    ['a uid below the least', { uidMin: 100 }, { uid: 99 }, 'invalidUid'],
    ['a uid beyond the greatest', { uidMax: 100 }, { uid: 101 }, 'invalidUid'],
  ] as const)('%s stops', async (_, bounds, change, close) => {
    const client = await opened(bounds);
    await client.send(join(change));
    expect(client.ended).toBe(close);
  });

  test('a uid of the range is good, and so is one that the server chooses beyond it', async () => {
    for (const uid of [100, 0]) {
      const client = await opened({ uidMin: 100, uidMax: 100 });
      await client.send(join({ uid }));
      expect(client.frames.map(({ type }) => type)).toEqual(['welcome']);
    }
  });
});

describe('C-81 sizes', () => {
  test('a first frame that is too large stops', async () => {
    const client = await opened({ firstFrameBytes: 150 });
    await client.send(join({ nonce: 'n'.repeat(64), account: 'a'.repeat(64), uid: 0 }));
    expect(client.ended).toBe('tooLarge');
  });

  test('so does a later one', async () => {
    const client = await admitted({ frameBytes: 200 });
    await client.send({ type: 'send', stream: 1, number: 1, sentAt: 0, data: new Uint8Array(201) });
    expect(client.ended).toBe('tooLarge');
  });

  test('C-63 who reads too slowly is ended, and may come back; the others go on', async () => {
    const slow = await admitted({ sendQueueBytes: 1_000 });
    const other = await opened(null);
    await other.send(join({ uid: 2 }));
    slow.bufferedBytes = 1_000;
    await other.send(message(1));
    expect([slow.ended, other.ended]).toEqual(['slowConsumer', null]);
  });
});

describe('C-81 how many', () => {
  test.each([
    ['a channel too many on the server', { channels: 1 }, { channel: 'second' }],
    ['a channel too many of the app', { channelsPerApp: 1 }, { channel: 'second' }],
    ['a user too many in the channel', { usersPerChannel: 1 }, {}],
  ])('%s is told when to come again', async (_, bounds, change) => {
    const first = await admitted(bounds);
    const client = await opened(null);
    await client.send(join({ uid: 2, ...change }));
    expect(client.refusal).toEqual(['busy', 5_000]);
    expect(client.ended).toBe('busy');
    expect(first.ended).toBeNull();
  });

  test('a channel of another app has room where only one app is full', async () => {
    await admitted({ channelsPerApp: 1 });
    const client = await opened(null);
    await client.send(join({ appId: 'other' }));
    expect(client.frames.at(-1)?.type).toBe('welcome');
  });

  test.each([{ channels: 1 }, { channelsPerApp: 1 }])(
    'a channel that has gone makes room: %j',
    async (bounds) => {
      const first = await admitted(bounds);
      await first.send({ type: 'leave', ...proof });
      await world.run(121_000);
      const client = await opened(null);
      await client.send(join({ channel: 'second' }));
      expect(client.frames.at(-1)?.type).toBe('welcome');
    },
  );

  test('the SDK heeds it: it comes again when it was told to, and its app hears of nothing else', async () => {
    world = new World({ joinsPerSecondPerAddress: 1 });
    const others = await Promise.all(Array.from({ length: 10 }, () => opened(null)));
    for (const [index, each] of others.entries()) await each.send(join({ uid: 10 + index }));
    const a = world.client(1, 'linux');
    await world.run(900);
    expect(a.told()).toEqual(['state 2']);
    await world.run(200);
    expect(a.told()).toContain('joined');
  });
});

describe('C-81 how often', () => {
  test('joins without a token count for the address, and each is told another time', async () => {
    await admitted({ joinsPerSecondPerAddress: 1 });
    const clients = await joining(12, '10.0.0.1');
    expect(clients.map(({ refusal }) => refusal)).toEqual([
      ...Array(9).fill(null),
      ['busy', 1_000],
      ['busy', 2_000],
      ['busy', 3_000],
    ]);
    const [neighbour] = await joining(1, '10.0.0.2');
    expect(neighbour?.refusal).toBeNull();
  });

  test('whoever proves with a token who it is does not: a school comes back from behind one address', async () => {
    await opened({ joinsPerSecondPerAddress: 1, joinsPerSecondPerUser: 1 });
    world.grant = () => ({ ...everything, personal: true });
    const clients = await joining(60, '10.0.0.1');
    expect(clients.filter(({ refusal }) => refusal !== null)).toEqual([]);
  });

  test('one user with a token of its own cannot join without end', async () => {
    await opened({ joinsPerSecondPerUser: 1 });
    world.grant = () => ({ ...everything, personal: true });
    const clients = await joining(11, '10.0.0.1', 7);
    expect(clients.map(({ refusal }) => refusal)).toEqual([...Array(10).fill(null), ['busy', 1_000]]);
  });

  test('C-56 who has to wait is alive: the others are not told that it is gone', async () => {
    const observer = await admitted({ joinsPerSecondPerAddress: 1 });
    const [user] = await joining(9, '10.0.0.1');
    user?.close();
    for (let second = 0; second < 30; second += 1) {
      await observer.send({ type: 'heartbeat', id: 0, answer: 0 });
      await world.run(1_000);
      // Somebody else of its address is always faster.
      await joining(1, '10.0.0.1', 200);
      const [again] = await joining(1, '10.0.0.1', 100);
      expect(again?.ended).toBe('busy');
    }
    const entries = observer.frames.flatMap((frame) => (frame.type === 'entries' ? frame.entries : []));
    const gone = entries.flatMap((entry) =>
      entry.type === 'member' && entry.member.passed.peerOffline ? [entry.member.uid] : [],
    );
    expect(gone).not.toContain(100);
    expect(gone).toContain(101);
  });

  test('an app is rationed, another one is not', async () => {
    await opened({ joinsPerSecondPerApp: 1 });
    const clients = await joining(11, '10.0.0.1');
    expect(clients.at(-1)?.refusal).toEqual(['busy', 1_000]);
    const client = await opened(null);
    await client.send(join({ appId: 'other' }));
    expect(client.refusal).toBeNull();
  });

  test('resumes are not', async () => {
    const first = await admitted({ joinsPerSecondPerAddress: 1, joinsPerSecondPerApp: 1 });
    await joining(9, '10.0.0.1', 9);
    for (let attempt = 2; attempt < 50; attempt += 1) {
      const client = await opened(null);
      await client.send({ type: 'resume', ...first.session, ...resuming, attempt });
      await world.run(1);
      expect(client.frames.at(-1)?.type).toBe('welcome');
    }
  });

  test('frames beyond the rate end the connection, with a time to come back', async () => {
    const client = await admitted({ framesPerSecond: 150 });
    for (let sent = 0; sent < 1_500; sent += 1) await client.send({ type: 'heartbeat', id: 0, answer: 0 });
    expect(client.refusal).toEqual(['tooFast', expect.any(Number)]);
    expect(client.ended).toBe('tooFast');
  });

  test('media offers beyond their rate too: each costs the media process work', async () => {
    const client = await admitted({});
    const offer = {
      type: 'media-offer',
      place: 'x',
      connection: 1,
      sdp: '',
      sends: [],
      receives: [],
    } as const;
    for (let revision = 1; revision <= 100; revision += 1) await client.send({ ...offer, revision });
    expect(client.ended).toBeNull();
    await client.send({ ...offer, revision: 101 });
    expect([client.refusal, client.ended]).toEqual([['tooFast', expect.any(Number)], 'tooFast']);
  });

  test('C-63 messages beyond the rate too: the one that is too many is in nobody’s log', async () => {
    const client = await admitted({ messagesPerSecond: 10 });
    const other = await opened(null);
    await other.send(join({ uid: 2 }));
    for (let number = 1; number <= 1_021; number += 1) await client.send(message(number));
    expect([client.refusal, client.ended]).toEqual([['tooFast', expect.any(Number)], 'tooFast']);
    const got = other.frames.flatMap((frame) => (frame.type === 'entries' ? frame.entries : []));
    expect(got.filter(({ type }) => type === 'message')).toHaveLength(1_020);
  });

  test('C-60 what is sent again after an absence is not too fast', async () => {
    const client = await admitted({ messagesPerSecond: 10 });
    for (let round = 0; round < 3; round += 1)
      for (let number = 1; number <= 1_000; number += 1) await client.send(message(number));
    expect(client.ended).toBeNull();
  });

  test('the SDK refuses what the server would not take, so that nothing is lost silently (C-63)', async () => {
    world = new World({ messagesPerSecond: 10 });
    const [a, b] = [world.client(1, 'linux'), world.client(2, 'linux')];
    await world.run(200);
    for (let said = 0; said < 10; said += 1) a.say(`${said}`);
    expect(a.session.sendRefusal(1, world.now)).toBe('tooFast');
    await world.run(100);
    expect(b.messages()).toHaveLength(10);
    expect(a.session.sendRefusal(1, world.now)).toBeNull();
  });
});

describe('C-81 before the first frame', () => {
  test('a connection that brings none is ended', async () => {
    const client = await opened({ firstFrameMs: 1_000 });
    await world.run(999);
    expect(client.ended).toBeNull();
    await world.run(2);
    expect(client.ended).toBe('noFirstFrame');
  });

  test('after an unknown session only a join is awaited: asking again and again holds no connection open', async () => {
    const client = await opened({});
    await client.send({
      type: 'resume',
      ...resuming,
      uid: 1,
      session: 's',
      secret: 's',
      join: 1,
      attempt: 1,
    });
    expect(client.refusal?.[0]).toBe('unknownSession');
    await client.send({
      type: 'resume',
      ...resuming,
      uid: 1,
      session: 's',
      secret: 's',
      join: 1,
      attempt: 2,
    });
    expect(client.ended).toBe('protocol');
  });
});

describe('C-80 what a returner may say of others, who are told of it (C-59)', () => {
  const member: Member = {
    ...{ uid: 2, account: '', join: 1, platform: 'linux', role: 'host', streams: [], gone: 'no', sent: [] },
    passed: nothingPassed,
  };
  const twin = { id: 1, audio: true, video: false, audioMuted: false, videoMuted: false };

  test.each<[string, Partial<Member>]>([
    ['is nobody', { uid: 0 }],
    ['has a name of 10 kB', { account: 'a'.repeat(10_000) }],
    ['has a control character in its name', { account: 'a\u0000' }],
    ['has two streams of one id', { streams: [twin, twin] }],
    ['has the last of all join numbers', { join: 0xffff_ffff }],
  ])('a picture of somebody who %s stops', async (_, change) => {
    const client = await opened({});
    const picture = [{ ...member, ...change }];
    await client.send(join({ rejoin: { quietMs: 0, join: 1, picture, sent: [] } }));
    expect(client.ended).toBe('protocol');
  });

  test('the last of all join numbers stops, so that the next join has one', async () => {
    const client = await opened({});
    await client.send(join({ rejoin: { quietMs: 0, join: 0xffff_ffff, picture: [member], sent: [] } }));
    const next = await opened(null);
    await next.send(join({ uid: 3 }));
    expect([client.ended, next.frames[0]?.type]).toEqual(['protocol', 'welcome']);
  });
});

test('C-80 a standby that never takes over is ended after 10 s', async () => {
  const client = await admitted({});
  const standby = await opened(null);
  await standby.send({ ...resuming, ...client.session, type: 'resume', attempt: 2, standby: true });
  await world.run(9_900);
  expect([standby.frames.at(-1)?.type, standby.ended]).toEqual(['standby-ready', null]);
  await world.run(200);
  expect(standby.ended).toBe('silent');
});

const credentials = { minor: 0, sdk: 'test', appId: 'demo', channel: 'room', token: '' };
const self = { role: 'host', streams: [] } as const;
const position = { incarnation: '', epoch: 1, seq: 0 };
const proof = { credentials, uid: 1, account: '', session: '', secret: '', join: 1 };
const resuming = { credentials, account: '', self, position, standby: false, outage: '', silentMs: 0 };

function join({
  appId = 'demo',
  channel = 'room',
  ...change
}: Partial<Join> & { appId?: string; channel?: string }) {
  return {
    ...{ type: 'join', uid: 1, account: '', platform: 'linux', profile: 'communication', self, rejoin: null },
    ...{ nonce: `nonce-of-sixteen-${Math.random()}`, attempt: 1, ...change },
    credentials: { ...credentials, appId, channel },
  } as Join;
}

function message(number: number): ClientFrame {
  return { type: 'send', stream: 1, number, sentAt: 0, data: new Uint8Array(1) };
}

/** @param bounds null: on the server that there is */
async function opened(bounds: Partial<Bounds> | null, address = '10.0.0.1'): Promise<Raw> {
  if (bounds !== null) world = new World(bounds);
  return new Raw(address);
}

async function admitted(bounds: Partial<Bounds>): Promise<Raw> {
  const client = await opened(bounds);
  await client.send(join({}));
  expect(client.frames.map(({ type }) => type)).toEqual(['welcome']);
  return client;
}

/** @param uid of all of them; else each has its own */
async function joining(count: number, address: string, uid?: number): Promise<Raw[]> {
  const clients: Raw[] = [];
  for (let index = 0; index < count; index += 1) {
    const client = await opened(null, address);
    await client.send(join({ uid: uid ?? 100 + index }));
    clients.push(client);
  }
  return clients;
}

/** A connection without an SDK at its end. */
class Raw {
  readonly frames: ServerFrame[] = [];
  ended: string | null = null;
  bufferedBytes = 0;
  readonly #events: SocketEvents;

  constructor(address: string) {
    const raw = this;
    this.#events = world.server.accept(
      {
        send: (bytes) => this.frames.push(decodeServerFrame(bytes)),
        close: (code) => {
          this.ended ??= closeName(code);
        },
        get bufferedBytes() {
          return raw.bufferedBytes;
        },
      },
      { address, host: '' },
    );
  }

  async send(frame: ClientFrame): Promise<void> {
    this.#events.receive(encodeClientFrame(frame));
    for (let turn = 0; turn < 10; turn += 1) await Promise.resolve();
  }

  close(): void {
    this.#events.closed('peer');
  }

  /** With which code, and when to come again. */
  get refusal(): [string, number] | null {
    const refused = this.frames.findLast((frame): frame is Refused => frame.type === 'refused');
    return refused === undefined ? null : [closeName(refused.code), refused.retryMs];
  }

  get session() {
    const welcome = this.frames.find((frame) => frame.type === 'welcome');
    if (welcome?.type !== 'welcome') throw new Error('was not admitted');
    const { uid, session, secret, join } = welcome;
    return { uid, session, secret, join };
  }
}
