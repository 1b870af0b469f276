import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createNetwork, type Network } from './index.ts';

/** Long enough for anything that is going to happen on loopback. */
const aWhile = 60;

let server: TestServer;
let network: Network;
let port: number;
const clients: End[] = [];

beforeEach(async () => {
  server = await startServer();
  network = await createNetwork();
  port = await network.route({ targetPort: server.port });
});

afterEach(() => {
  for (const end of [...clients.splice(0), ...server.ends]) end.socket.destroy();
  network.close();
  server.listener.close();
});

test('a lit network carries bytes both ways and remembers when it delivered them', async () => {
  const before = Date.now();
  const [client, peer] = await connectPair();
  client.socket.write('ping');
  await peer.received('ping');
  peer.socket.write('answer');
  await client.received('answer');
  const [up, down] = network.deliveries();
  expect(up).toMatchObject({ direction: 'up', connection: 1, size: 4 });
  expect(down).toMatchObject({ direction: 'down', connection: 1, size: 6 });
  expect(network.lastDeliveredAt('up')).toBe(up?.at);
  expect(up?.at).toBeGreaterThanOrEqual(before);
  expect(down?.at).toBeLessThanOrEqual(Date.now());
});

test('in the dark nothing passes; when it heals everything does, in order', async () => {
  const [client, peer] = await connectPair();
  network.cut();
  for (const word of ['one ', 'two ', 'three']) client.socket.write(word);
  peer.socket.write('down');
  await sleep(aWhile);
  expect([peer.text, client.text, network.deliveries().length]).toEqual(['', '', 0]);
  const healedAt = network.heal();
  await Promise.all([peer.received('one two three'), client.received('down')]);
  expect(network.lastDeliveredAt('up')).toBeGreaterThanOrEqual(healedAt);
});

test.each(['up', 'down'] as const)('with only %s dark the other direction works', async (dark) => {
  const [client, peer] = await connectPair();
  network.cut(dark);
  client.socket.write('up');
  peer.socket.write('down');
  const [heard, deaf] = dark === 'up' ? [client, peer] : [peer, client];
  await heard.received(dark === 'up' ? 'down' : 'up');
  await sleep(aWhile);
  expect(deaf.text).toBe('');
  network.heal(dark);
  await deaf.received(dark);
});

test('a close in the dark is told when the network heals, after the bytes before it', async () => {
  const [client, peer] = await connectPair();
  network.cut();
  client.socket.end('last words');
  await sleep(aWhile);
  expect(peer.story).toEqual([]);
  network.heal();
  await peer.until('end');
  expect(peer.story).toEqual(['last words', 'end']);
});

test('a process that dies with unread bytes (a reset) in the dark is told when the network heals', async () => {
  const [client, peer] = await connectPair();
  network.cut();
  client.socket.resetAndDestroy();
  await sleep(aWhile);
  expect(peer.story).toEqual([]);
  network.heal();
  await peer.until('reset');
});

test('a client that dies while only its own direction is dark stays unnoticed although the server talks to it', async () => {
  const [client, peer] = await connectPair();
  network.cut('up');
  client.socket.destroy();
  for (let i = 0; i < 5; i++) {
    peer.socket.write('are you there?');
    await sleep(aWhile / 3);
  }
  expect(peer.story).toEqual([]);
  network.heal('up');
  await peer.until('reset');
});

test('a close passes in the direction that is lit and is held in the one that is dark', async () => {
  const [client, peer] = await connectPair();
  network.cut('up');
  peer.socket.end();
  await client.until('end');
  client.socket.end('bye');
  await sleep(aWhile);
  expect(peer.story).toEqual([]);
  network.heal();
  await peer.until('end');
  expect(peer.story).toEqual(['bye', 'end']);
});

test.each(['up', 'down', 'both'] as const)(
  'a connection made while %s is dark hangs, then works',
  async (dark) => {
    network.cut(dark === 'both' ? undefined : dark);
    const client = dial();
    await once(client.socket, 'connect');
    client.socket.write('hello');
    await sleep(aWhile);
    expect([server.ends.length, client.story]).toEqual([0, []]);
    network.heal();
    const peer = await server.next();
    await peer.received('hello');
    peer.socket.write('welcome');
    await client.received('welcome');
  },
);

test.each(['end', 'resetAndDestroy'] as const)(
  'a connection made and given up in the dark (%s) is never heard of',
  async (farewell) => {
    network.cut();
    const client = dial();
    await once(client.socket, 'connect');
    client.socket.write('hello');
    await sleep(aWhile / 3);
    client.socket[farewell]();
    await sleep(aWhile);
    expect(network.connectionCount).toBe(0);
    network.heal();
    await sleep(aWhile);
    expect(server.ends).toEqual([]);
  },
);

test('many bytes held in the dark block the sender and lose nothing', async () => {
  const [client, peer] = await connectPair();
  network.cut();
  const size = 20 * 1024 * 1024;
  const flushed = client.socket.write(Buffer.alloc(size, 'x'));
  await sleep(aWhile);
  expect([flushed, peer.bytes, client.socket.writableLength > 0]).toEqual([false, 0, true]);
  network.heal();
  while (peer.bytes < size) await sleep(5);
  expect(peer.bytes).toBe(size);
});

test('reset breaks both ends at once, even in the dark', async () => {
  const [client, peer] = await connectPair();
  network.cut();
  network.reset();
  await Promise.all([client.until('reset'), peer.until('reset')]);
  expect(network.connectionCount).toBe(0);
});

test('refuse turns new connections away, keeps old ones, and accept ends it on the same port', async () => {
  const [client, peer] = await connectPair();
  network.refuse();
  await expect(once(dial().socket, 'connect')).rejects.toMatchObject({ code: 'ECONNREFUSED' });
  client.socket.write('still here');
  await peer.received('still here');
  await network.accept();
  await connectPair();
});

test('a server that is down resets the client', async () => {
  server.listener.close();
  await dial().until('reset');
});

test('one network leads to several servers and darkens them all', async () => {
  const other = await startServer();
  const otherPort = await network.route({ targetPort: other.port });
  const [first, second] = [dial(), dial(otherPort)];
  const [peer, otherPeer] = await Promise.all([server.next(), other.next()]);
  network.cut();
  first.socket.write('a');
  second.socket.write('b');
  await sleep(aWhile);
  expect([peer.text, otherPeer.text]).toEqual(['', '']);
  network.heal();
  await Promise.all([peer.received('a'), otherPeer.received('b')]);
  expect(new Set(network.deliveries().map((each) => each.connection)).size).toBe(2);
  otherPeer.socket.destroy();
  other.listener.close();
});

test('the record keeps the newest deliveries only, listeners hear every one', async () => {
  const small = await createNetwork({ routes: [], deliveriesMax: 2 });
  const smallPort = await small.route({ targetPort: server.port });
  const heard: string[] = [];
  const stop = small.onDelivery((delivery, bytes) =>
    heard.push(`${delivery.direction} ${Buffer.from(bytes)}`),
  );
  const client = dial(smallPort);
  const peer = await server.next();
  for (const word of ['1', '12', '123']) {
    client.socket.write(word);
    await peer.received(word);
    peer.text = '';
  }
  stop();
  client.socket.write('unheard');
  await peer.received('unheard');
  expect(heard).toEqual(['up 1', 'up 12', 'up 123']);
  expect(small.deliveries().map((each) => each.size)).toEqual([3, 7]);
  small.close();
});

test('a slow network delivers everything later, in order, the end last; what is on its way waits in the dark', async () => {
  const slow = await createNetwork({ delayMs: 40 });
  const attempts: number[] = [];
  slow.onConnection((at) => attempts.push(at));
  const [client, peer] = [dial(await slow.route({ targetPort: server.port })), await server.next()];
  const sentAt = Date.now();
  for (const word of ['one ', 'two ', 'three']) client.socket.write(word);
  await peer.received('one two three');
  expect(slow.lastDeliveredAt('up')).toBeGreaterThanOrEqual(sentAt + 39);
  expect(attempts).toHaveLength(1);
  client.socket.end(' four');
  await sleep(10);
  slow.cut();
  await sleep(aWhile);
  expect(peer.text).toBe('one two three');
  slow.heal();
  await peer.until('end');
  expect(peer.text).toBe('one two three four');
  slow.close();
});

/** One end of a connection and what happened to it. */
class End {
  readonly socket: Socket;
  readonly story: string[] = [];
  text = '';
  bytes = 0;

  constructor(socket: Socket) {
    this.socket = socket;
    socket.on('data', (bytes: Buffer) => {
      this.bytes += bytes.length;
      if (this.bytes < 1_000) this.text += bytes;
      this.story.push(`${bytes.subarray(0, 20)}`);
    });
    socket.on('end', () => this.story.push('end'));
    socket.on('error', (error: NodeJS.ErrnoException) => {
      this.story.push(error.code === 'ECONNRESET' || error.code === 'EPIPE' ? 'reset' : `${error.code}`);
    });
  }

  async received(text: string): Promise<void> {
    while (this.text !== text) await sleep(2);
  }

  async until(event: 'end' | 'reset'): Promise<void> {
    while (!this.story.includes(event)) await sleep(2);
  }
}

interface TestServer {
  readonly port: number;
  readonly listener: Server;
  readonly ends: End[];
  next(): Promise<End>;
}

async function startServer(): Promise<TestServer> {
  const listener = createServer({ allowHalfOpen: true });
  const ends: End[] = [];
  let taken = 0;
  listener.on('connection', (socket) => ends.push(new End(socket)));
  listener.listen(0, '127.0.0.1');
  await once(listener, 'listening');
  const next = async () => {
    while (ends.length <= taken) await sleep(2);
    return ends[taken++] as End;
  };
  return { port: (listener.address() as AddressInfo).port, listener, ends, next };
}

function dial(to = port): End {
  const client = new End(connect({ port: to, host: '127.0.0.1', allowHalfOpen: true }));
  clients.push(client);
  return client;
}

async function connectPair(): Promise<[client: End, peer: End]> {
  const client = dial();
  return [client, await server.next()];
}
