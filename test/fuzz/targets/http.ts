/**
 * Bytes on a TCP connection of a server: its HTTP parser, REST routes, the upgrade, WebSocket frames, the gateway. It
 * answers, closes, and answers the next one.
 */
import assert from 'node:assert/strict';
import { Duplex } from 'node:stream';
import { defaultLimits } from '@holdfast/core';
import { everything, HoldfastServer, MemoryStore } from '@holdfast/server';
import {
  Arrivals,
  addRoutes,
  defaultBounds as bounds,
  createHttp,
  createMetrics,
  serveWebSockets,
} from '@holdfast/server/internals';

const limits = defaultLimits;
const now = () => performance.now();
const random = { next: Math.random, id: () => `id-of-some-length-${Math.random()}` };
const store = new MemoryStore({ random, now, firstJoin: 0, limits, channelUsers: 100 });
const server = new HoldfastServer({
  ...{ id: 's', store, now, report: () => undefined },
  settings: {
    ...{ limits, appIds: [], servers: () => [], sameUid: 'replace' },
    authenticate: () => everything,
  },
});
const bugs: Error[] = [];
const http = createHttp();
addRoutes(http, {
  ...{
    server: 's',
    notReady: () => null,
    outages: () => [],
    channels: () => server.channels(),
  },
  operator: {
    ...{ apiKey: 'the key of operators', keyFailuresPerMinute: 10_000, loopback: true },
    ...{ now, addressOf: () => '127.0.0.1' },
  },
  removals: { store, onlyApp: 'demo', done: () => undefined },
  metrics: createMetrics({ sessions: () => 0, connections: () => 0, channels: () => 0 }, false),
});
serveWebSockets(http.server, {
  arrivals: new Arrivals({ bounds, now, isProxy: () => false }),
  addressOf: () => '127.0.0.1',
  mayConnect: () => true,
  turnedAway: () => undefined,
  messageBytesMax: bounds.firstFrameBytes,
  accept: (socket, peer) => server.accept(socket, peer),
  happened: () => undefined,
  failed: (error, isOurs) => isOurs && bugs.push(error),
  closeWaitMs: 50,
});

export async function fuzz(bytes: Uint8Array): Promise<void> {
  await http.ready();
  await exchange(Buffer.from(bytes));
  assert.deepEqual(bugs, [], 'taking a frame threw');
  const answer = await exchange(Buffer.from('GET /healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n'));
  assert.match(answer, /^HTTP\/1\.1 200 /, 'it does not answer the next one');
}

/** What comes back until the server closes, or has nothing more to say. */
async function exchange(bytes: Buffer): Promise<string> {
  const wire = new Wire();
  http.server.emit('connection', wire);
  wire.push(bytes);
  for (let turn = 0; turn < 6 && !wire.writableEnded; turn += 1) await new Promise(setImmediate);
  wire.push(null);
  wire.destroy();
  await new Promise(setImmediate);
  return wire.answer;
}

/** The server's end of a TCP connection. */
class Wire extends Duplex {
  readonly remoteAddress = '127.0.0.1';
  answer = '';

  override _read(): void {}

  override _write(chunk: Buffer, _: string, done: () => void): void {
    this.answer += chunk.toString('latin1');
    done();
  }

  setTimeout(): this {
    return this;
  }

  setNoDelay(): this {
    return this;
  }

  setKeepAlive(): this {
    return this;
  }
}
