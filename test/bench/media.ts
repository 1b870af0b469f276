/** What forwarding costs a media process, in CPU time, beside a relay of bare UDP that does nothing else. */
import { type ChildProcess, fork } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { FromMedia, ToMedia } from '@holdfast/server/internals';
import { freePort } from '../conformance/processes.ts';
import { type Figures, figure } from './figures.ts';
import type { FromClients, ToClients } from './media-clients-process.ts';
import { usageOf } from './served.ts';

interface Room {
  readonly senders: number;
  readonly viewers: number;
  /** Of each sender. */
  readonly perSecond: number;
}

/** All of them forward 10 000 packets a second. */
const rooms: readonly Room[] = [
  { senders: 1, viewers: 10, perSecond: 1_000 },
  { senders: 10, viewers: 10, perSecond: 100 },
  { senders: 1, viewers: 100, perSecond: 100 },
];

export async function media({ seconds }: { seconds: number }): Promise<Figures> {
  const figures: Figures = {};
  for (const room of rooms) Object.assign(figures, await measure(room, seconds));
  return { ...figures, ...(await bareRelay(seconds)) };
}

async function measure(room: Room, seconds: number): Promise<Figures> {
  const name = `media_${room.senders}x${room.viewers}`;
  const worker = fork(
    join(fileURLToPath(import.meta.resolve('@holdfast/server/package.json')), '../dist/media/worker.js'),
    { serialization: 'advanced' },
  );
  const clients = fork(join(import.meta.dirname, 'media-clients-process.ts'));
  try {
    await connect(worker, clients, room);
    clients.send({ type: 'send', perSecond: room.perSecond } satisfies ToClients);
    await sleep(2_000);
    const before = { ...usageOf(worker), came: await count(clients), at: performance.now() };
    await sleep(seconds * 1_000);
    const after = { ...usageOf(worker), came: await count(clients), at: performance.now() };
    const cpuSeconds = after.cpuSeconds - before.cpuSeconds;
    const elapsed = (after.at - before.at) / 1_000;
    const due = room.senders * room.viewers * room.perSecond * elapsed;
    return {
      [`${name}_forwarded_per_cpu_second`]: figure((after.came - before.came) / cpuSeconds, 'packets'),
      [`${name}_cpu`]: figure((100 * cpuSeconds) / elapsed, '% of one core'),
      [`${name}_delivered`]: figure((100 * (after.came - before.came)) / due, '%'),
      [`${name}_rss`]: figure(after.residentMb, 'MB'),
    };
  } finally {
    worker.kill('SIGKILL');
    clients.kill('SIGKILL');
  }
}

/** Everybody in one channel, each with a connection; resolves when every answer is there and packets may flow. */
async function connect(
  worker: ChildProcess,
  clients: ChildProcess,
  { senders, viewers }: Room,
): Promise<void> {
  const say = (message: ToMedia) => worker.send(message);
  const user = (uid: number) => ({ key: { appId: 'bench', channel: 'room' }, uid, join: 1 });
  const streams = [{ id: 1, audio: false, video: true, audioMuted: false, videoMuted: false }];
  const sending = Array.from({ length: senders }, (_, index) => 1 + index);
  let answers = 0;
  const ready = new Promise<void>((resolve, reject) => {
    worker.on('message', (message: FromMedia) => {
      if (message.type === 'unable') reject(new Error(message.why));
      if (message.type !== 'answer') return;
      clients.send({ type: 'answer', client: message.user.uid, sdp: message.answer.sdp } satisfies ToClients);
      answers += 1;
      if (answers === senders + viewers) resolve();
    });
  });
  clients.on('message', (message: FromClients) => {
    if (message.type !== 'offer') return;
    const { client, sdp, mids } = message;
    const own = mids.filter((mid) => mid === 'own').map((mid) => ({ mid, stream: 1 }));
    const others = mids.filter((mid) => mid !== 'own').map((mid) => ({ mid, uid: Number(mid), stream: 1 }));
    say({ type: 'say', user: user(client), streams: own.length > 0 ? streams : [] });
    const offer = { type: 'media-offer', place: '', connection: 1, revision: 1, sdp } as const;
    say({ type: 'offer', user: user(client), offer: { ...offer, sends: own, receives: others } });
  });
  say({
    type: 'config',
    config: { host: '127.0.0.1', port: await freePort(), publicAddress: null, nack: true },
  });
  for (let client = 1; client <= senders + viewers; client += 1) {
    const sends = client <= senders;
    clients.send({ type: 'open', client, sends, receives: sends ? [] : sending } satisfies ToClients);
    await sleep(20);
  }
  await ready;
  await sleep(3_000);
}

async function count(clients: ChildProcess): Promise<number> {
  clients.send({ type: 'tell' } satisfies ToClients);
  for (;;) {
    const [message] = (await once(clients, 'message')) as [FromClients];
    if (message.type === 'came') return message.packets;
  }
}

/** The least that a program on Node can do: one packet comes, ten go, nothing is read, encrypted or written. */
async function bareRelay(seconds: number): Promise<Figures> {
  const [front, sink] = [createSocket('udp4'), createSocket('udp4')];
  const targets = await Promise.all(Array.from({ length: 10 }, () => freePort()));
  front.on('message', (packet) => {
    for (const port of targets) front.send(packet, port, '127.0.0.1', () => {});
  });
  await new Promise<void>((resolve) => front.bind(0, '127.0.0.1', resolve));
  const { port } = front.address();
  const packet = Buffer.alloc(1_200);
  const beganAt = performance.now();
  const cpu = process.cpuUsage();
  let sent = 0;
  while (performance.now() - beganAt < seconds * 1_000) {
    const due = performance.now() - beganAt;
    for (; sent < due; sent += 1) sink.send(packet, port, '127.0.0.1', () => {});
    await sleep(5);
  }
  const { user, system } = process.cpuUsage(cpu);
  front.close();
  sink.close();
  // Sending to the relay is a part of it: an eleventh.
  return {
    media_bare_udp_forwarded_per_cpu_second: figure((sent * 10) / ((user + system) / 1e6), 'packets'),
  };
}
