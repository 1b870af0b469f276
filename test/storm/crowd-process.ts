/**
 * A share of the users: the SDK's own session machine for each, over real sockets, with one clock for all of them, so
 * that the crowd costs less than what it measures.
 */
import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  type ClientInput,
  type ClientOutput,
  ClientSession,
  decodeServerFrame,
  encodeClientFrame,
  type Platform,
  RunningClock,
  subprotocol,
} from '@holdfast/core';
import WebSocket from 'ws';

export type ToCrowd =
  | { type: 'join'; first: number; count: number; servers: readonly string[] }
  /** Opens so many plain WebSockets within `withinMs`, says something on each and waits for the answer. */
  | { type: 'raw'; count: number; url: string; withinMs: number }
  | { type: 'tell' };

export interface FromCrowd {
  /** When each was in: at first, or again; ms since the epoch. */
  readonly arrivedAt: readonly number[];
  /** What apps were told of others, or of their own connection. */
  readonly told: readonly string[];
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

const perChannel = 10;
const atOnce = 50;
const tickMs = 20;
const platforms: readonly Platform[] = ['linux', 'web', 'ios', 'android'];

// A dial that is refused is an error each, and what it costs to trace is no client's.
Error.stackTraceLimit = 0;

const clock = new RunningClock(performance.now());
const users: User[] = [];
let arrivedAt: number[] = [];
let told: string[] = [];
let gathered = false;
let dials = 0;
let refused = 0;
let opened = 0;
let lagMs = 0;
let tickedAt = performance.now();
let spent = process.cpuUsage();
let spreadMs = 0;

class User {
  due = Number.POSITIVE_INFINITY;
  readonly #session: ClientSession;
  readonly #sockets = new Map<number, WebSocket>();
  readonly #joined: () => void;

  constructor(uid: number, servers: readonly string[], joined: () => void) {
    const platform = platforms[uid % platforms.length] ?? 'linux';
    const stream = { id: 1, audio: true, video: false, audioMuted: false, videoMuted: false };
    this.#joined = joined;
    this.#session = new ClientSession(
      {
        ...{ appId: 'storm', channel: `c${Math.floor(uid / perChannel)}`, token: '', uid, account: '' },
        ...{ platform, profile: 'communication', self: { role: 'host', streams: [stream] } },
        ...{ servers, limits: {}, sdk: 'storm' },
      },
      { next: Math.random, id: () => randomBytes(16).toString('hex') },
    );
  }

  get linked(): boolean {
    return this.#session.stateName === 'inside:linked';
  }

  take(input: ClientInput, now: number): void {
    for (const output of this.#session.handle(input, now)) this.#do(output);
    this.due = this.#session.deadline()?.at ?? Number.POSITIVE_INFINITY;
  }

  #do(output: ClientOutput): void {
    if (output.type === 'dial') this.#dial(output.attempt, output.url);
    else if (output.type === 'send') this.#sockets.get(output.attempt)?.send(encodeClientFrame(output.frame));
    else if (output.type === 'close') this.#close(output.attempt);
    else if (output.type === 'outage') arrivedAt.push(Date.now());
    else if (output.type === 'notice') {
      const { type } = output.notice;
      if (type === 'joined') {
        arrivedAt.push(Date.now());
        this.#joined();
      } else if (gathered) told.push(type);
    }
  }

  #dial(attempt: number, url: string): void {
    dials += 1;
    const socket = new WebSocket(url, [subprotocol], { perMessageDeflate: false });
    this.#sockets.set(attempt, socket);
    const feed = (input: ClientInput) => {
      if (this.#sockets.get(attempt) === socket) this.take(input, read());
    };
    socket.on('open', () => {
      opened += 1;
      feed({ type: 'opened', attempt });
    });
    socket.on('message', (bytes: Buffer) => {
      const frame = decodeServerFrame(bytes);
      if (frame.type === 'refused') refused += 1;
      if (frame.type === 'heartbeat') spreadMs = Math.max(spreadMs, frame.spreadMs);
      feed({ type: 'frame', attempt, frame });
    });
    socket.on('error', () => {});
    socket.on('close', (code) => {
      feed({ type: 'closed', attempt, code, text: '' });
      this.#sockets.delete(attempt);
    });
  }

  #close(attempt: number): void {
    const socket = this.#sockets.get(attempt);
    this.#sockets.delete(attempt);
    socket?.close();
    socket?.terminate();
  }
}

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
            const user = new User(uid, servers, resolve);
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
          arrivedAt.push(Date.now());
          resolve();
        });
        socket.on('error', reject);
      });
    }),
  );
  for (const socket of sockets) socket.terminate();
}

function answer(failed: string | null): void {
  const linked = users.filter((user) => user.linked).length;
  const { user, system } = process.cpuUsage(spent);
  const cpuMs = (user + system) / 1_000;
  process.send?.({
    arrivedAt,
    told,
    dials,
    opened,
    refused,
    lagMs,
    cpuMs,
    spreadMs,
    linked,
    failed,
  } satisfies FromCrowd);
  spent = process.cpuUsage();
  arrivedAt = [];
  told = [];
  dials = 0;
  refused = 0;
  opened = 0;
  lagMs = 0;
  gathered = true;
}
