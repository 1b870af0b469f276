/** A share of the users of a storm, with one clock for all of them, so that the crowd costs less than what it measures. */
import { setTimeout as sleep } from 'node:timers/promises';
import { type ClientInput, RunningClock } from '@holdfast/core';
import WebSocket from 'ws';
import type { Silence } from './silences.ts';
import { type Crowding, type Told, User } from './user.ts';

export type ToCrowd =
  | { type: 'join'; first: number; count: number; servers: readonly string[] }
  /** Opens so many plain WebSockets within `withinMs`, says something on each and waits for the answer. */
  | { type: 'raw'; count: number; url: string; withinMs: number }
  | { type: 'tell' };

export interface FromCrowd {
  /** When each was in: at first, or again; ms since the epoch. */
  readonly arrivedAt: readonly number[];
  /** What apps were told of others, or of their own connection. */
  readonly told: readonly Told[];
  /** The long silences of users, by their own account, from the first to the last. */
  readonly silences: readonly (readonly [uid: number, Silence])[];
  /** Transports that were begun, and those of them that opened. */
  readonly dials: number;
  readonly opened: number;
  readonly refused: number;
  /** The longest that this process itself stood still, in ms. */
  readonly lagMs: number;
  readonly cpuMs: number;
  readonly spreadMs: number;
  /** Whose connection stands and is not doubted. */
  readonly linked: number;
  readonly failed: string | null;
}

const atOnce = 50;
const tickMs = 20;

// A dial that is refused is an error each, and what it costs to trace is no client's.
Error.stackTraceLimit = 0;

const clock = new RunningClock(performance.now());
const users: User[] = [];
let heard = nothingHeard();
let lagMs = 0;
let tickedAt = performance.now();
let spent = process.cpuUsage();

function nothingHeard() {
  return { arrivedAt: [] as number[], told: [] as Told[], dials: 0, opened: 0, refused: 0, spreadMs: 0 };
}

const crowding: Crowding = {
  now: () => read(),
  dialled: () => {
    heard.dials += 1;
  },
  opened: () => {
    heard.opened += 1;
  },
  came: (frame) => {
    if (frame.type === 'refused') heard.refused += 1;
    if (frame.type === 'heartbeat') heard.spreadMs = Math.max(heard.spreadMs, frame.spreadMs);
  },
  arrived: () => heard.arrivedAt.push(Date.now()),
  told: (told) => heard.told.push(told),
};

/** Running time; a stall of this process is nobody's silence (C-3). */
function read(): number {
  const { now, stalledMs } = clock.read(performance.now());
  if (stalledMs > 0) setImmediate(() => all({ type: 'stalled', ms: stalledMs }));
  return now;
}

function all(input: ClientInput): void {
  const now = read();
  for (const user of users) user.take(input, now);
}

setInterval(() => {
  lagMs = Math.max(lagMs, performance.now() - tickedAt - tickMs);
  tickedAt = performance.now();
  const now = read();
  for (const user of users) if (user.due <= now) user.take({ type: 'deadline' }, now);
}, tickMs);

process.on('disconnect', () => process.exit(0));
process.on('message', (question: ToCrowd) => {
  if (question.type === 'tell') return answer(null);
  const asked = question.type === 'join' ? join(question) : raw(question);
  asked.then(
    () => answer(null),
    (error) => answer(String(error)),
  );
});

async function join({ first, count, servers }: Extract<ToCrowd, { type: 'join' }>): Promise<void> {
  for (let index = 0; index < count; index += atOnce) {
    const uids = Array.from({ length: Math.min(atOnce, count - index) }, (_, each) => first + index + each);
    await Promise.all(
      uids.map(
        (uid) =>
          new Promise<void>((resolve) => {
            const user = new User(uid, servers, crowding, resolve);
            users.push(user);
            user.take({ type: 'start' }, read());
          }),
      ),
    );
  }
}

async function raw({ count, url, withinMs }: Extract<ToCrowd, { type: 'raw' }>): Promise<void> {
  const sockets: WebSocket[] = [];
  await Promise.all(
    Array.from({ length: count }, async () => {
      await sleep(Math.random() * withinMs);
      const socket = new WebSocket(url, { perMessageDeflate: false });
      sockets.push(socket);
      await new Promise<void>((resolve, reject) => {
        socket.on('open', () => socket.send(Buffer.alloc(300)));
        socket.on('message', () => {
          heard.arrivedAt.push(Date.now());
          resolve();
        });
        socket.on('error', reject);
      });
    }),
  );
  for (const socket of sockets) socket.terminate();
}

/** What has been heard since the last answer. */
function answer(failed: string | null): void {
  const linked = users.filter((user) => user.linked).length;
  const { user, system } = process.cpuUsage(spent);
  const cpuMs = (user + system) / 1_000;
  const silences = users.flatMap(({ uid, silences }) => silences.all().map((each) => [uid, each] as const));
  process.send?.({ ...heard, silences, lagMs, cpuMs, linked, failed } satisfies FromCrowd);
  spent = process.cpuUsage();
  heard = nothingHeard();
  lagMs = 0;
}
