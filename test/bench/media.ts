/**
 * What forwarding costs a media process, in CPU time, beside Debian's Janus that forwards the same packets, and a relay
 * of bare UDP that does nothing else; and what a server full of media does to its heartbeats.
 */
import type { ChildProcess } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { networkInterfaces } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort } from '../conformance/processes.ts';
import { type Figures, figure } from './figures.ts';
import { heartbeats } from './heartbeats.ts';
import { Janus } from './janus.ts';
import { MediaClients } from './media-clients.ts';
import { OwnMedia } from './own-media.ts';
import { usageOf } from './served.ts';

/** Something that forwards packets. */
export interface MediaServer {
  readonly child: ChildProcess;
  /** Resolves when the client has been answered; who sends may be seen from then on. @param receives of whom it wants the picture */
  join(client: number, sends: boolean, receives: readonly number[]): Promise<void>;
  end(): void;
}

interface Room {
  readonly senders: number;
  readonly viewers: number;
  /** Of each sender. */
  readonly perSecond: number;
}

interface Measured {
  readonly perCpuSecond: number;
  /** Share of one core. */
  readonly cpu: number;
  /** Share of what was due. */
  readonly delivered: number;
  readonly residentMb: number;
}

/** All of them forward 10 000 packets a second. */
const rooms: readonly Room[] = [
  { senders: 1, viewers: 10, perSecond: 1_000 },
  { senders: 10, viewers: 10, perSecond: 100 },
  { senders: 1, viewers: 100, perSecond: 100 },
];

export async function media({ seconds }: { seconds: number }): Promise<Figures> {
  const host = addressOfOwn();
  const figures: Figures = {};
  for (const room of rooms) {
    const name = `media_${room.senders}x${room.viewers}`;
    const own = await measure(OwnMedia.start, host, room, seconds);
    const janus = await measure(Janus.start, host, room, seconds);
    Object.assign(figures, {
      [`${name}_forwarded_per_cpu_second`]: figure(own.perCpuSecond, 'packets'),
      [`${name}_cpu`]: figure(100 * own.cpu, '% of one core'),
      [`${name}_delivered`]: figure(100 * own.delivered, '%'),
      [`${name}_rss`]: figure(own.residentMb, 'MB'),
      [`${name}_janus_forwarded_per_cpu_second`]: figure(janus.perCpuSecond, 'packets'),
      [`${name}_janus_delivered`]: figure(100 * janus.delivered, '%'),
      [`${name}_cpu_beside_janus`]: figure(janus.perCpuSecond / own.perCpuSecond, 'times as much', 1),
    });
  }
  return { ...figures, ...(await bareRelay(seconds)), ...(await heartbeats({ seconds })) };
}

async function measure(
  start: (host: string, clients: MediaClients) => Promise<MediaServer>,
  host: string,
  room: Room,
  seconds: number,
): Promise<Measured> {
  const clients = await MediaClients.begin(host);
  let server: MediaServer | undefined;
  try {
    server = await start(host, clients);
    await gather(server, room);
    clients.send(room.perSecond);
    await sleep(2_000);
    const before = { ...usageOf(server.child), came: await clients.came(), at: performance.now() };
    await sleep(seconds * 1_000);
    const after = { ...usageOf(server.child), came: await clients.came(), at: performance.now() };
    const cpuSeconds = after.cpuSeconds - before.cpuSeconds;
    const elapsed = (after.at - before.at) / 1_000;
    const came = after.came - before.came;
    return {
      perCpuSecond: came / cpuSeconds,
      cpu: cpuSeconds / elapsed,
      delivered: came / (room.senders * room.viewers * room.perSecond * elapsed),
      residentMb: after.residentMb,
    };
  } finally {
    clients.end();
    server?.end();
  }
}

/** Everybody in one channel, each with a connection; resolves when packets may flow. */
async function gather(server: MediaServer, { senders, viewers }: Room): Promise<void> {
  const sending = Array.from({ length: senders }, (_, index) => 1 + index);
  for (const client of sending) await server.join(client, true, []);
  for (let client = senders + 1; client <= senders + viewers; client += 1)
    await server.join(client, false, sending);
  await sleep(3_000);
}

/** Janus has no media on loopback. @throws Error where there is no other address */
function addressOfOwn(): string {
  const all = Object.values(networkInterfaces()).flatMap((each) => each ?? []);
  const found = all.find(({ family, internal }) => family === 'IPv4' && !internal);
  if (found === undefined) throw new Error('this machine has no IPv4 address beyond loopback');
  return found.address;
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
