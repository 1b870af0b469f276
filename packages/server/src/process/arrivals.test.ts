import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { closeName, decodeServerFrame, subprotocol } from '@holdfast/core';
import { generate } from 'selfsigned';
import { afterEach, describe, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { type Bounds, defaultBounds } from '../bounds/index.ts';
import { Arrivals } from './arrivals.ts';
import { ClientAddresses } from './client-address.ts';
import { createHttp } from './http.ts';
import { serveWebSockets, type WebSockets } from './websockets.ts';

const runningTime = () => performance.now();

let now = runningTime;
let http: Server;
let arrivals: Arrivals;
let webSockets: WebSockets;
const sockets: (WebSocket | Socket)[] = [];

afterEach(() => {
  now = runningTime;
  for (const socket of sockets.splice(0)) socket instanceof WebSocket ? socket.terminate() : socket.destroy();
  webSockets.cut();
  http.close();
  http.closeAllConnections();
});

describe('C-81 too many connections', () => {
  test.each([
    ['in all', { connections: 2 }],
    ['from one address', { connectionsPerAddress: 2 }],
  ])('%s: the next one is told when to come again, and the others stay', async (_, bounds) => {
    await serve(bounds);
    const first = [await dial(), await dial()];
    expect(await (await dial()).end).toEqual({ close: 'busy', retryMs: 5_000 });
    expect(first.map(({ ws }) => ws.readyState)).toEqual([WebSocket.OPEN, WebSocket.OPEN]);
    first[0]?.ws.terminate();
    await until(() => arrivals.open === 1);
    const { ws } = await dial();
    await sleep(20);
    expect(ws.readyState).toBe(WebSocket.OPEN);
  });

  test('in a second from one address: each is told another time, and another address is not', async () => {
    await serve({ connectionsPerSecondPerAddress: 1 });
    for (let taken = 0; taken < 10; taken += 1) await dial();
    const late = await Promise.all([dial(), dial()]);
    const ends = await Promise.all(late.map(({ end }) => end));
    const retries = ends.map(({ retryMs }) => retryMs ?? 0).sort((a, b) => a - b);
    expect(retries[0]).toBeGreaterThan(500);
    expect(retries[1]).toBeGreaterThan((retries[0] ?? 0) + 900);
    const { ws } = await dial({ localAddress: '127.0.0.2' });
    await sleep(20);
    expect(ws.readyState).toBe(WebSocket.OPEN);
  });

  test('a flood is not answered at all, and nothing is kept of it', async () => {
    now = () => 0;
    await serve({ connectionsPerSecondPerAddress: 1 });
    const flood = Array.from({ length: 400 }, () => raw());
    await Promise.all(flood.map((socket) => socket.closed || once(socket, 'connect').catch(() => {})));
    // Ten are let in, two hundred would be told when to come again.
    await until(() => flood.filter(({ closed }) => closed).length >= 180);
    for (const socket of flood) socket.destroy();
    await until(() => arrivals.open + arrivals.pending + arrivals.addresses === 0);
  });
});

describe('C-81 connections that bring nothing', () => {
  test.each([
    ['in all', { pendingConnections: 3 }],
    ['from one address', { pendingPerAddress: 3 }],
  ])('too many of them %s: the one that has waited longest goes, a newcomer gets in', async (_, bounds) => {
    await serve(bounds);
    const dawdlers = [raw(), raw(), raw()];
    await until(() => arrivals.pending === 3);
    const { ws } = await dial();
    ws.send(new Uint8Array([1]));
    await until(() => dawdlers[0]?.closed === true);
    expect(dawdlers.map(({ closed }) => closed)).toEqual([true, false, false]);
    await until(() => arrivals.pending === 2);
    expect(ws.readyState).toBe(WebSocket.OPEN);
  });

  test('one that was opened and stays silent is told why it goes', async () => {
    await serve({ pendingPerAddress: 1 });
    const silent = await dial();
    raw();
    expect(await silent.end).toEqual({ close: 'noFirstFrame' });
  });

  test.each([
    ['nothing at all', ''],
    ['half a header', 'GET / HTTP/1.1\r\nHost: x\r\nX: '],
  ])('%s in the time for the header: it is cut', async (_, text) => {
    const server = createHttp({ headerMs: 200 });
    http = server.server;
    attach({});
    await server.listen({ host: '127.0.0.1', port: 0 });
    const socket = raw();
    socket.write(text);
    const at = performance.now();
    await until(() => socket.closed);
    expect(performance.now() - at).toBeLessThan(1_500);
    expect(arrivals.open).toBe(0);
  });
});

test('C-81 the same over TLS, and what has closed is not counted any more', async () => {
  const pair = await generate([{ name: 'commonName', value: 'x' }], { keyType: 'ec' });
  const server = createHttp({ tls: { key: Buffer.from(pair.private), cert: Buffer.from(pair.cert) } });
  http = server.server;
  attach({ connectionsPerAddress: 1 });
  await server.listen({ host: '127.0.0.1', port: 0 });
  const first = await dial({ scheme: 'wss' });
  const second = await dial({ scheme: 'wss' });
  expect(await second.end).toEqual({ close: 'busy', retryMs: 5_000 });
  first.ws.terminate();
  raw().end();
  await until(() => arrivals.open === 0 && arrivals.pending === 0);
});

test('C-82 behind a trusted proxy its clients count, not the proxy', async () => {
  await serve({ connectionsPerAddress: 1 }, ['127.0.0.1']);
  const [a, b] = [await dial({ from: '10.0.0.1' }), await dial({ from: '10.0.0.2' })];
  expect(await (await dial({ from: '10.0.0.1' })).end).toEqual({ close: 'busy', retryMs: 5_000 });
  expect([a, b].map(({ ws }) => ws.readyState)).toEqual([WebSocket.OPEN, WebSocket.OPEN]);
});

test('C-82 nobody else is believed about where it comes from', async () => {
  await serve({ connectionsPerAddress: 1 }, ['127.0.0.9']);
  await dial({ from: '10.0.0.1' });
  expect(await (await dial({ from: '10.0.0.2' })).end).toEqual({ close: 'busy', retryMs: 5_000 });
});

test('a connection that has brought an HTTP request is not taken for one that dawdles', async () => {
  await serve({ pendingPerAddress: 1 });
  const socket = raw();
  socket.write('GET / HTTP/1.1\r\nHost: x\r\n\r\n');
  await once(socket, 'data');
  expect([arrivals.open, arrivals.pending]).toEqual([1, 0]);
});

async function serve(bounds: Partial<Bounds>, proxies: string[] = []): Promise<void> {
  http = createServer((_, response) => response.end('hello'));
  attach(bounds, proxies);
  http.listen(0, '127.0.0.1');
  await once(http, 'listening');
}

function attach(bounds: Partial<Bounds>, proxies: string[] = []): void {
  const addresses = new ClientAddresses({ proxies, header: 'x-forwarded-for' });
  arrivals = new Arrivals({
    bounds: { ...defaultBounds, ...bounds },
    now,
    isProxy: (address) => addresses.isProxy(address),
  });
  webSockets = serveWebSockets(http, {
    accept: () => ({ receive: () => {}, closed: () => {} }),
    happened: () => {},
    failed: () => {},
    arrivals,
    addressOf: (request) => addresses.of(request),
    mayConnect: () => true,
    turnedAway: () => {},
    messageBytesMax: 1_000,
  });
}

interface Dialled {
  readonly ws: WebSocket;
  readonly end: Promise<{ close: string; retryMs?: number }>;
}

async function dial({ localAddress = '127.0.0.1', from = '', scheme = 'ws' } = {}): Promise<Dialled> {
  const headers = from === '' ? {} : { 'X-Forwarded-For': from };
  const ws = new WebSocket(`${scheme}://127.0.0.1:${port()}`, [subprotocol], {
    ...{ localAddress, headers, rejectUnauthorized: false },
  });
  sockets.push(ws);
  let retryMs: number | undefined;
  ws.on('message', (data: Buffer) => {
    const frame = decodeServerFrame(data);
    if (frame.type === 'refused') retryMs = frame.retryMs;
  });
  const end = once(ws, 'close').then(([code]) => ({
    close: closeName(code),
    ...(retryMs === undefined ? {} : { retryMs }),
  }));
  await once(ws, 'open');
  return { ws, end };
}

/** A TCP connection on which nobody says anything. */
function raw(): Socket {
  const socket = connect(port(), '127.0.0.1');
  socket.on('error', () => {}).resume();
  sockets.push(socket);
  return socket;
}

function port(): number {
  return (http.address() as AddressInfo).port;
}

async function until(done: () => boolean): Promise<void> {
  while (!done()) await sleep(2);
}
