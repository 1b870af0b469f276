import { createHmac } from 'node:crypto';
import { createSocket, type RemoteInfo, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { crc32 } from 'node:zlib';
import { afterEach, describe, expect, it } from 'vitest';
import type { MediaEngine } from './engine.ts';
import { RelayedDoor } from './relayed-door.ts';
import { withTieBreaker } from './stun.ts';

const password = 'abcdefghijklmnopqrstuv';
const passwordOf = (fragment: string) => (fragment === 'ours' ? password : undefined);
const tieBreaker = Buffer.from('0102030405060708', 'hex');
const none = Buffer.alloc(8);

describe('C-80 a check without a tie-breaker', () => {
  it.each([0x8029, 0x802a])('gets one, and is signed again', (role) => {
    const mended = withTieBreaker(check({ role }), passwordOf, tieBreaker);
    expect(mended).toEqual(check({ role, value: tieBreaker }));
  });

  it('keeps what else it says, and loses what nobody has signed', () => {
    const extra = attribute(0x0024, Buffer.from('00007fff', 'hex'));
    const after = attribute(0x8022, Buffer.from('soft'));
    expect(withTieBreaker(check({ extra, after }), passwordOf, tieBreaker)).toEqual(
      check({ extra, value: tieBreaker }),
    );
  });

  it.each([
    ['has one', check({ value: tieBreaker })],
    ['is for nobody known', check({ user: 'theirs:ours' })],
    ['is signed with another password', check({ key: 'another' })],
    ['says nothing of who sends it', check({ user: null })],
    ['is no check', Buffer.alloc(40, 0x80)],
    ['is nothing', Buffer.alloc(0)],
  ])('that %s is not touched', (_, packet) => {
    expect(withTieBreaker(packet, passwordOf, tieBreaker)).toBeNull();
  });

  it('that ends anywhere, or says any length anywhere, is not touched and harms nobody', () => {
    const whole = check({});
    for (let bytes = 0; bytes < whole.length; bytes += 1) {
      const cut = Buffer.from(whole.subarray(0, bytes));
      if (bytes >= 20) cut.writeUInt16BE(bytes - 20, 2);
      // All of it but the checksum is a check, too.
      if (bytes !== whole.length - 8) expect(withTieBreaker(cut, passwordOf, tieBreaker)).toBeNull();
      const wrong = Buffer.from(whole);
      wrong[bytes] = (wrong[bytes] ?? 0) ^ 0xff;
      withTieBreaker(wrong, passwordOf, tieBreaker);
    }
  });
});

describe('C-80 the door', () => {
  const sockets: Socket[] = [];
  afterEach(() => {
    for (const each of sockets.splice(0)) each.close();
  });

  it('lets in who has no tie-breaker and is known, each from a port of its own, and brings answers back', async () => {
    const { engine, door, transport, client, stranger } = await opened();
    stranger.send(check({ value: tieBreaker }), door, '127.0.0.1');
    stranger.send(check({ key: 'another' }), door, '127.0.0.1');
    client.send(check({}), door, '127.0.0.1');
    const [packet, from] = (await once(engine, 'message')) as [Buffer, RemoteInfo];
    expect(packet.subarray(0, 20)).toEqual(check({}).subarray(0, 20));
    expect(packet).not.toEqual(check({}));
    expect(from.port).not.toBe(client.address().port);
    engine.send('answer', from.port, '127.0.0.1');
    const [answer, answers] = (await once(client, 'message')) as [Buffer, RemoteInfo];
    expect([answer.toString(), answers.port]).toEqual(['answer', door]);
    client.send('media', door, '127.0.0.1');
    expect((await once(engine, 'message'))[0]).toEqual(Buffer.from('media'));
    transport.close();
    stranger.send(check({}), door, '127.0.0.1');
    client.send('more', door, '127.0.0.1');
    expect((await once(engine, 'message'))[0]).toEqual(Buffer.from('more'));
  });

  it('is told after the places where the engine listens', async () => {
    const { door, transport } = await opened();
    expect(transport.local.candidates).toEqual([
      'candidate:1 1 UDP 9 127.0.0.1 7880 typ host',
      'candidate:2 1 UDP 8 ::1 7880 typ host',
      `candidate:door0 1 UDP 1000 127.0.0.1 ${door} typ host`,
    ]);
  });

  async function opened() {
    const [engine, client, stranger] = [await bound(), await bound(), await bound()];
    const free = await bound();
    const port = free.address().port;
    sockets.splice(sockets.indexOf(free), 1);
    free.close();
    const enginePort = engine.address().port;
    const behind = { open: async () => transportOf(), offer: async () => transportOf() };
    const report = (error: unknown) => expect.fail(`${error}`);
    const door = new RelayedDoor(behind as MediaEngine, { host: '127.0.0.1', port, enginePort, report });
    const nobody = { packet: () => {}, closed: () => {} };
    const transport = await door.open({ ufrag: 'theirs', password, fingerprint: '' }, nobody);
    return { engine, client, stranger, transport, door: port };
  }

  async function bound(): Promise<Socket> {
    const socket = createSocket('udp4');
    sockets.push(socket);
    socket.bind(0, '127.0.0.1');
    await once(socket, 'listening');
    return socket;
  }
});

function transportOf() {
  const candidates = ['candidate:1 1 UDP 9 127.0.0.1 7880 typ host', 'candidate:2 1 UDP 8 ::1 7880 typ host'];
  const local = { ufrag: 'ours', password, fingerprint: '', candidates };
  return { local, open: true, send: () => {}, close: () => {}, accept: () => {} };
}

interface Said {
  role?: number;
  value?: Buffer;
  user?: string | null;
  key?: string;
  extra?: Buffer;
  after?: Buffer;
}

/** A check as an ICE agent writes it. */
function check({ role = 0x802a, value = none, user = 'ours:theirs', key = password, ...rest }: Said): Buffer {
  const { extra = Buffer.alloc(0), after = Buffer.alloc(0) } = rest;
  const named = user === null ? Buffer.alloc(0) : attribute(0x0006, Buffer.from(user));
  const body = Buffer.concat([named, attribute(role, value), extra]);
  const head = (length: number) => {
    const bytes = Buffer.alloc(20, 7);
    bytes.writeUInt16BE(1, 0);
    bytes.writeUInt16BE(length, 2);
    bytes.writeUInt32BE(0x2112_a442, 4);
    return bytes;
  };
  const signature = createHmac('sha1', key)
    .update(Buffer.concat([head(body.length + 24), body]))
    .digest();
  const signed = Buffer.concat([body, attribute(0x0008, signature), after]);
  const whole = Buffer.concat([head(signed.length + 8), signed]);
  const sum = Buffer.alloc(4);
  sum.writeUInt32BE((crc32(whole) ^ 0x5354_554e) >>> 0);
  return Buffer.concat([whole, attribute(0x8028, sum)]);
}

function attribute(type: number, value: Buffer): Buffer {
  const head = Buffer.alloc(4);
  head.writeUInt16BE(type, 0);
  head.writeUInt16BE(value.length, 2);
  return Buffer.concat([head, value, Buffer.alloc(-value.length & 3)]);
}
