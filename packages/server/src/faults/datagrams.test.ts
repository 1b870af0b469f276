import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createNetwork, type Network } from './index.ts';

let network: Network;
let server: Socket;
let port: number;
let clients: Socket[];
/** What came to the server: from which port, and what. */
let came: [from: number, text: string][];

beforeEach(async () => {
  network = await createNetwork();
  server = await bound();
  clients = [await bound(), await bound()];
  came = [];
  server.on('message', (bytes, from) => {
    came.push([from.port, `${bytes}`]);
    server.send(`answer to ${bytes}`, from.port, from.address);
  });
  port = await network.datagramRoute({ targetPort: server.address().port });
});

afterEach(() => {
  for (const socket of [server, ...clients]) socket.close();
  network.close();
});

test('datagrams pass both ways, and the server tells clients apart', async () => {
  expect(await ask(0, 'one')).toBe('answer to one');
  expect(await ask(1, 'two')).toBe('answer to two');
  expect(await ask(0, 'three')).toBe('answer to three');
  const [one, two, three] = came.map(([from]) => from);
  expect([one === two, one === three]).toEqual([false, true]);
});

test('in the dark they are lost, and do not come later', async () => {
  await ask(0, 'before');
  network.cut();
  expect(await ask(0, 'in the dark')).toBeNull();
  network.heal();
  expect(await ask(0, 'after')).toBe('answer to after');
  expect(came.map(([, text]) => text)).toEqual(['before', 'after']);
});

test('one direction alone', async () => {
  network.cut('down');
  expect(await ask(0, 'up')).toBeNull();
  expect(came.map(([, text]) => text)).toEqual(['up']);
});

async function bound(): Promise<Socket> {
  const socket = createSocket('udp4');
  socket.bind(0, '127.0.0.1');
  await once(socket, 'listening');
  return socket;
}

/** The answer to a datagram, or null. */
async function ask(client: number, text: string): Promise<string | null> {
  const socket = clients[client] as Socket;
  const answered = once(socket, 'message', { signal: AbortSignal.timeout(150) }).then(
    ([bytes]) => `${bytes}`,
    () => null,
  );
  socket.send(text, port, '127.0.0.1');
  return answered;
}
