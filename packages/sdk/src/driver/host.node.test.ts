/** The host of Node against real sockets, in a process of its own where the end of a process matters. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { decodeClientFrame, encodeServerFrame } from '@holdfast/core';
import { afterEach, expect, test, vi } from 'vitest';
import { type WebSocket, WebSocketServer } from 'ws';
import { nodeHost } from './host.node.ts';
import { granted } from './virtual-host.ts';

const servers: WebSocketServer[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) server.close();
});

test('a connection opens with the subprotocol, carries binary messages both ways and closes with a code', async () => {
  const { url, accepted } = await listen();
  const events = { opened: vi.fn(), received: vi.fn(), closed: vi.fn() };
  const transport = nodeHost().connect(url, 'holdfast.1', events);
  const server = await accepted;
  await vi.waitFor(() => expect(events.opened).toHaveBeenCalledOnce());
  const heard = once(server, 'message');
  transport.send(new Uint8Array([1, 2, 3]));
  expect([...((await heard)[0] as Buffer)]).toEqual([1, 2, 3]);
  server.send(new Uint8Array([4, 5]));
  server.send('text');
  await vi.waitFor(() => expect(events.received).toHaveBeenCalledTimes(2));
  expect(events.received.mock.calls).toEqual([[new Uint8Array([4, 5])], [null]]);
  const closed = once(server, 'close');
  transport.close(4_300);
  expect((await closed)[0]).toBe(4_300);
  expect(events.closed).not.toHaveBeenCalled();
});

test('the other end closing is told with its code; a refused connection and a bad address as 1006', async () => {
  const { url, accepted } = await listen();
  const closed = vi.fn();
  const events = { opened: () => {}, received: () => {}, closed };
  nodeHost().connect(url, 'holdfast.1', events);
  (await accepted).close(4_001, 'silent');
  await vi.waitFor(() => expect(closed).toHaveBeenLastCalledWith(4_001, 'silent'));
  nodeHost().connect('ws://127.0.0.1:1', 'holdfast.1', events);
  await vi.waitFor(() => expect(closed).toHaveBeenCalledTimes(2));
  expect(closed).toHaveBeenLastCalledWith(1_006, expect.stringContaining('ECONNREFUSED'));
  nodeHost().connect('no address', 'holdfast.1', events);
  expect(closed).toHaveBeenCalledTimes(2);
  await Promise.resolve();
  expect(closed).toHaveBeenLastCalledWith(1_006, expect.stringContaining('no address'));
});

test('closing while the connection is being opened is silent', async () => {
  const { url } = await listen();
  const events = { opened: vi.fn(), received: vi.fn(), closed: vi.fn() };
  nodeHost().connect(url, 'holdfast.1', events).close(1_000);
  await new Promise((resolve) => setTimeout(resolve, 50));
  expect(events.opened).not.toHaveBeenCalled();
  expect(events.closed).not.toHaveBeenCalled();
});

test('C-3 what has arrived is read between an alarm and afterReads', async () => {
  const { url, accepted } = await listen();
  const order: string[] = [];
  const host = nodeHost();
  host.connect(url, 'holdfast.1', {
    opened: () => {},
    received: () => order.push('read'),
    closed: () => {},
  });
  const server = await accepted;
  const judged = new Promise<void>((resolve) => {
    const alarm = host.alarm(() => {
      order.push('alarm');
      host.afterReads(() => {
        order.push('judged');
        resolve();
      });
    });
    alarm.set(30);
  });
  server.send(new Uint8Array([1]));
  // The message arrives and the alarm falls due while nothing runs.
  const until = performance.now() + 80;
  while (performance.now() < until);
  await judged;
  expect(order).toEqual(['alarm', 'read', 'judged']);
});

test('ids are long and never the same', () => {
  const host = nodeHost();
  const ids = new Set(Array.from({ length: 100 }, () => host.id()));
  expect(ids.size).toBe(100);
  for (const id of ids) expect(id).toMatch(/^[0-9a-f]{32}$/);
});

test('C-14 after leaving nothing is left in the process, and it ends by itself', {
  timeout: 20_000,
}, async () => {
  const server = new WebSocketServer({ host: '127.0.0.1', port: 0 });
  servers.push(server);
  server.on('connection', (socket) => {
    socket.on('message', (data) => {
      const { type } = decodeClientFrame(new Uint8Array(data as Buffer));
      if (type === 'join') socket.send(encodeServerFrame(granted.welcome(7)));
      if (type === 'leave') socket.send(encodeServerFrame({ type: 'farewell' }));
    });
  });
  await once(server, 'listening');
  const joined = await leaveAndLook(`ws://127.0.0.1:${(server.address() as AddressInfo).port}`);
  expect(joined).toEqual({ joined: true, left: [], code: 0 });
});

test('C-14 nor after leaving while nobody answers', { timeout: 20_000 }, async () => {
  expect(await leaveAndLook('ws://127.0.0.1:1')).toEqual({ joined: false, left: [], code: 0 });
});

/** A process that joins, leaves after a while, and says what it has left a moment later. */
async function leaveAndLook(url: string) {
  const program = `
    const { createRtcEngine } = await import('@holdfast/sdk/native');
    const engine = createRtcEngine();
    let joined = false;
    engine.addListener('onJoinChannelSuccess', () => { joined = true; });
    engine.initialize({ appId: 'demo', servers: ['${url}', 'ws://127.0.0.1:2'] });
    engine.joinChannel('', 'room', 7);
    setTimeout(() => {
      engine.leaveChannel();
      setTimeout(() => {
        // Of this program itself: the timer that is running, and the pipe on which it tells.
        const left = process.getActiveResourcesInfo().filter((name) => name !== 'PipeWrap');
        left.splice(left.indexOf('Timeout'), 1);
        console.log(JSON.stringify({ joined, left }));
      }, 300);
    }, 1_000);
  `;
  const flags = ['--conditions=@holdfast/source', '--import', 'tsx', '--input-type=module', '-e', program];
  const child = spawn(process.execPath, flags, { stdio: ['ignore', 'pipe', 'inherit'] });
  let output = '';
  child.stdout.on('data', (chunk) => {
    output += chunk;
  });
  const [code] = await once(child, 'close');
  return { ...(JSON.parse(output) as { joined: boolean; left: string[] }), code };
}

/** A server of one connection, which it accepts. */
async function listen(): Promise<{ url: string; accepted: Promise<WebSocket> }> {
  const server = new WebSocketServer({ host: '127.0.0.1', port: 0 });
  servers.push(server);
  const accepted = once(server, 'connection').then(([socket]) => socket as WebSocket);
  await once(server, 'listening');
  return { url: `ws://127.0.0.1:${(server.address() as AddressInfo).port}`, accepted };
}
