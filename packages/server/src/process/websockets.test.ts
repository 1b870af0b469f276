import { once } from 'node:events';
import { createServer, get, type Server } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { subprotocol } from '@holdfast/core';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { defaultBounds } from '../bounds/index.ts';
import type { Peer, Socket, SocketEvents } from '../gateway/socket.ts';
import { Arrivals } from './arrivals.ts';
import { serveWebSockets, type WebSockets } from './websockets.ts';

let http: Server;
const transports: Transport[] = [];
const clients: WebSocket[] = [];
let webSockets: WebSockets;
let failures: { error: Error; isOurs: boolean }[] = [];
let happened = 0;

beforeEach(async () => {
  http = createServer((_, response) => response.end('hello'));
  const arrivals = new Arrivals({
    bounds: { ...defaultBounds, connectionsPerAddress: 3 },
    now: () => performance.now(),
    isProxy: () => false,
  });
  webSockets = serveWebSockets(http, {
    arrivals,
    addressOf: ({ socket }) => socket.remoteAddress ?? '',
    mayConnect: ({ headers }) => headers.origin !== 'https://evil.example',
    turnedAway: () => {},
    accept: (socket, peer) => new Transport(socket, peer),
    happened: () => happened++,
    failed: (error, isOurs) => failures.push({ error, isOurs }),
    messageBytesMax: 1_000,
    closeWaitMs: 100,
  });
  http.listen(0, '127.0.0.1');
  await once(http, 'listening');
});

afterEach(async () => {
  for (const client of clients.splice(0)) client.terminate();
  webSockets.cut();
  http.close();
  http.closeAllConnections();
  transports.splice(0);
  failures = [];
});

test('messages go both ways, binary and in order, and the peer is known', async () => {
  const { client, transport } = await open();
  expect(client.protocol).toBe(subprotocol);
  expect(transport.peer).toEqual({ address: '127.0.0.1', host: `127.0.0.1:${port()}` });
  for (const byte of [1, 2, 3]) client.send(new Uint8Array([byte]));
  await until(() => transport.received.length === 3);
  expect(transport.received).toEqual([[1], [2], [3]]);
  const answer = once(client, 'message');
  transport.socket.send(new Uint8Array([9, 8]));
  const [data, isBinary] = await answer;
  expect([[...data], isBinary]).toEqual([[9, 8], true]);
  expect(happened).toBeGreaterThan(3);
});

test.each([
  ['none', []],
  ['another', ['holdfast.0', 'chat']],
])(
  'C-57 a client that offers %s of our subprotocols is refused, and told which are spoken',
  async (_, offered) => {
    const client = new WebSocket(`ws://127.0.0.1:${port()}`, offered);
    clients.push(client);
    client.on('error', () => {});
    const [, response] = await once(client, 'unexpected-response');
    expect(response.statusCode).toBe(400);
    const chunks = await response.toArray();
    expect(Buffer.concat(chunks).toString()).toMatch(/subprotocol\. This server speaks: holdfast\.1\n$/);
    expect(transports).toEqual([]);
  },
);

test('C-82 a page that may not connect gets 403, and why; another one gets in', async () => {
  const client = new WebSocket(`ws://127.0.0.1:${port()}`, [subprotocol], { origin: 'https://evil.example' });
  clients.push(client);
  client.on('error', () => {});
  const [, response] = await once(client, 'unexpected-response');
  const chunks = await response.toArray();
  expect(response.statusCode).toBe(403);
  expect(Buffer.concat(chunks).toString()).toBe(
    'A page of https://evil.example may not connect here: see the setting origins.\n',
  );
  const other = new WebSocket(`ws://127.0.0.1:${port()}`, [subprotocol], { origin: 'https://good.example' });
  clients.push(other);
  await once(other, 'open');
});

test('one subprotocol of several is chosen', async () => {
  const { client } = await open(['holdfast.7', subprotocol]);
  expect(client.protocol).toBe(subprotocol);
});

test('a text message is told as what it is: no frame', async () => {
  const { client, transport } = await open();
  client.send('hello');
  await until(() => transport.received.length === 1);
  expect(transport.received).toEqual([null]);
});

test('C-80 a message that is too large ends its connection only', async () => {
  const [{ client, transport }, other] = [await open(), await open()];
  client.send(new Uint8Array(1_001));
  const [code] = await once(client, 'close');
  expect(code).toBe(1009);
  await until(() => transport.isClosed);
  expect(transport.received).toEqual([]);
  expect(failures.map(({ isOurs }) => isOurs)).toEqual([false]);
  other.client.send(new Uint8Array(1_000));
  await until(() => other.transport.received.length === 1);
});

test('C-80 bytes that are no WebSocket frame end their connection only', async () => {
  const { client, transport } = await open();
  rawSocketOf(client).write(Buffer.alloc(100, 0xff));
  await until(() => transport.isClosed);
  expect(failures).toHaveLength(1);
});

test('C-80 bytes that are no WebSocket frame, from a client that was turned away, end its connection only', async () => {
  const inside = [await open(), await open(), await open()];
  const crowded = new WebSocket(`ws://127.0.0.1:${port()}`, [subprotocol]);
  clients.push(crowded);
  crowded.on('error', () => {});
  crowded.on('open', () => rawSocketOf(crowded).write(Buffer.alloc(100, 0xff)));
  await once(crowded, 'close');
  await until(() => failures.length === 1);
  expect(failures[0]?.isOurs).toBe(false);
  inside[0]?.client.send(new Uint8Array([1]));
  await until(() => inside[0]?.transport.received.length === 1);
});

test('C-80 a bug in taking a frame ends its connection only', async () => {
  const { client, transport } = await open();
  transport.onReceive = () => {
    throw new Error('bug');
  };
  client.send(new Uint8Array([1]));
  client.send(new Uint8Array([2]));
  const [code] = await once(client, 'close');
  expect(code).toBe(1011);
  await until(() => transport.isClosed);
  expect(failures).toEqual([{ error: new Error('bug'), isOurs: true }]);
});

test('C-63 what a slow reader leaves lying is counted', async () => {
  const { client, transport } = await open();
  client.pause();
  for (let i = 0; i < 20; i++) transport.socket.send(new Uint8Array(1_000_000));
  await sleep(50);
  expect(transport.socket.bufferedBytes).toBeGreaterThan(5_000_000);
  let read = 0;
  client.on('message', () => read++);
  client.resume();
  await until(() => read === 20);
  expect(transport.socket.bufferedBytes).toBe(0);
});

test('a close delivers what was sent, its code and its text', async () => {
  const { client, transport } = await open();
  const messages: number[] = [];
  client.on('message', (data: Buffer) => messages.push(data.length));
  transport.socket.send(new Uint8Array(500_000));
  transport.socket.close(4002, 'ä'.repeat(100));
  transport.socket.close(4003, 'again');
  const [code, reason] = await once(client, 'close');
  expect([code, reason.toString(), messages]).toEqual([4002, 'ä'.repeat(61), [500_000]]);
  await until(() => transport.isClosed);
  transport.socket.send(new Uint8Array(1));
  transport.socket.close(4002, '');
  expect(transport.closedCount).toBe(1);
});

test('a client that does not close is cut off after a while', async () => {
  const { client, transport } = await open();
  rawSocketOf(client).pause();
  transport.socket.close(1001, '');
  const at = performance.now();
  await until(() => transport.isClosed);
  expect(performance.now() - at).toBeGreaterThan(80);
  expect(performance.now() - at).toBeLessThan(400);
});

test('a transport that breaks is told as closed, once', async () => {
  const { client, transport } = await open();
  client.terminate();
  await until(() => transport.isClosed);
  await sleep(20);
  expect(transport.closedCount).toBe(1);
});

test('one that refuses answers new transports with 503 and keeps the old ones', async () => {
  const { client, transport } = await open();
  webSockets.refuse();
  const late = new WebSocket(`ws://127.0.0.1:${port()}`, [subprotocol]);
  clients.push(late);
  await expect(once(late, 'open')).rejects.toThrow('503');
  client.send(new Uint8Array([1]));
  await until(() => transport.received.length === 1);
  expect(webSockets.count).toBe(1);
});

test('one that is cut dies like a process: no close frame, and nothing is told', async () => {
  const { client, transport } = await open();
  webSockets.cut();
  const [code] = await once(client, 'close');
  expect(code).toBe(1006);
  await sleep(20);
  expect([transport.isClosed, webSockets.count]).toEqual([false, 0]);
});

test('HTTP goes on beside it, and half a handshake harms nobody', async () => {
  const half = connect(port(), '127.0.0.1');
  half.write('GET / HTTP/1.1\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n');
  const [response] = await once(get(`http://127.0.0.1:${port()}/`), 'response');
  expect(response.statusCode).toBe(200);
  response.resume();
  half.destroy();
  await open();
});

/** The server's end of a connection and what it was told. */
class Transport implements SocketEvents {
  readonly socket: Socket;
  readonly peer: Peer;
  readonly received: (number[] | null)[] = [];
  closedCount = 0;
  onReceive = () => {};

  constructor(socket: Socket, peer: Peer) {
    this.socket = socket;
    this.peer = peer;
    transports.push(this);
  }

  get isClosed(): boolean {
    return this.closedCount > 0;
  }

  receive(bytes: Uint8Array | null): void {
    this.onReceive();
    this.received.push(bytes && [...bytes]);
  }

  closed(): void {
    this.closedCount += 1;
  }
}

async function open(offered = [subprotocol]): Promise<{ client: WebSocket; transport: Transport }> {
  const client = new WebSocket(`ws://127.0.0.1:${port()}`, offered, { perMessageDeflate: true });
  clients.push(client);
  client.on('error', () => {});
  await once(client, 'open');
  expect(client.extensions).toBe('');
  return { client, transport: transports.at(-1) as Transport };
}

function rawSocketOf(client: WebSocket) {
  return (client as unknown as { _socket: import('node:net').Socket })._socket;
}

function port(): number {
  return (http.address() as AddressInfo).port;
}

async function until(done: () => boolean): Promise<void> {
  while (!done()) await sleep(2);
}
