import { once } from 'node:events';
import { type AddressInfo, connect, createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { createNetwork } from '@holdfast/server/faults';
import { expect, test } from 'vitest';
import { PacketLog } from './packets.ts';

const handshake = Buffer.from('HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n\r\n');

test('neither the handshake nor ping, pong and close are packets', () => {
  const log = new PacketLog();
  deliver(log, 1, handshake);
  for (const opcode of [8, 9, 10]) deliver(log, 2, frame(opcode, 5));
  expect(log.lastBefore('down', 100)).toBeUndefined();
  deliver(log, 3, frame(2, 5));
  expect(log.lastBefore('down', 100)).toBe(3);
});

test.each([0, 1, 125, 126, 65_535, 65_536])('a frame of %i bytes is a packet at its last byte', (size) => {
  for (const masked of [false, true]) {
    const log = new PacketLog();
    const bytes = Buffer.concat([handshake, frame(2, size, masked)]);
    deliver(log, 1, bytes.subarray(0, -1));
    expect(log.lastBefore('down', 100)).toBeUndefined();
    deliver(log, 2, bytes.subarray(-1));
    expect(log.between('down', 0, 100)).toEqual([2]);
  }
});

test('byte by byte and all at once tell the same', () => {
  const bytes = Buffer.concat([handshake, frame(9, 3), frame(1, 200), frame(2, 0), frame(8, 2)]);
  const slow = new PacketLog();
  bytes.forEach((_, i) => {
    deliver(slow, i, bytes.subarray(i, i + 1));
  });
  expect(slow.between('down', 0, 10_000)).toHaveLength(2);
  const fast = new PacketLog();
  deliver(fast, 7, bytes);
  expect(fast.between('down', 0, 10_000)).toEqual([7]);
});

test('silence is counted between packets, also over the edges of the asked time', () => {
  const log = new PacketLog();
  deliver(log, 0, handshake);
  for (const at of [100, 200, 5_000]) deliver(log, at, frame(2, 1));
  expect(log.longestSilence('down', 150, 6_000)).toBe(4_800);
  expect(log.longestSilence('down', 150, 300)).toBe(100);
  expect(log.firstAfter('down', 200)).toBe(5_000);
});

test('a network can be cut right after a packet: the answer to it waits for the healing', async () => {
  const server = createServer((socket) => socket.on('error', () => {}).on('data', (b) => socket.write(b)));
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const network = await createNetwork();
  const log = new PacketLog(network);
  const port = await network.route({ targetPort: (server.address() as AddressInfo).port });
  const client = connect(port, '127.0.0.1');
  const cut = new Promise<number>((resolve) => log.onNext('up', () => resolve(network.cut('down'))));
  const from = Date.now();
  client.write(Buffer.concat([handshake, frame(1, 5)]));
  const cutAt = await cut;
  expect(log.between('up', from, cutAt)).toHaveLength(1);
  await sleep(50);
  expect(log.firstAfter('down', 0)).toBeUndefined();
  const healedAt = network.heal();
  await once(client, 'data');
  expect(log.between('down', healedAt, Date.now())).toHaveLength(1);
  client.destroy();
  server.close();
  network.close();
});

function deliver(log: PacketLog, at: number, bytes: Uint8Array): void {
  log.add({ at, direction: 'down', connection: 1, size: bytes.length }, bytes);
}

function frame(opcode: number, size: number, masked = false): Buffer {
  const length =
    size < 126
      ? [size]
      : size < 65_536
        ? [126, size >> 8, size & 255]
        : [127, 0, 0, 0, 0, 0, size >> 16, (size >> 8) & 255, size & 255];
  const head = Buffer.from([0x80 | opcode, (length[0] as number) | (masked ? 0x80 : 0), ...length.slice(1)]);
  return Buffer.concat([head, Buffer.alloc(masked ? 4 : 0, 1), Buffer.alloc(size, 2)]);
}
