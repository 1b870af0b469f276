/** Many honest users in a process: they are in channels, send messages, and write down what they are told. */
import { setTimeout as sleep } from 'node:timers/promises';
import { type Class, dialects, type Edge, type Joining } from './honest-dialects.ts';

export interface HonestUser extends Joining {
  readonly class: Class;
  /** Milliseconds between its messages; null: it only listens. */
  readonly everyMs: number | null;
}

export type ToHonest =
  | { readonly type: 'join'; readonly users: readonly HonestUser[] }
  | { readonly type: 'talk' }
  | { readonly type: 'hush' }
  | { readonly type: 'tell' };

/** An edge that an observer was told of, and when (ms since 1970). */
export interface Told {
  readonly observer: number;
  readonly edge: Edge;
  readonly about: number;
  readonly at: number;
}

export interface FromHonest {
  readonly told: readonly Told[];
  readonly troubles: readonly string[];
  /** How many messages each user has sent so far. */
  readonly sent: readonly (readonly [uid: number, count: number])[];
  /** Of each user, the newest number that it has of each sender. */
  readonly got: readonly (readonly [uid: number, of: readonly (readonly [from: number, newest: number])[]])[];
  /** How late this process came to its own turn, at most; ms. It is the machine that was busy, not the server. */
  readonly standstillMs: number;
  readonly failed: string | null;
}

const joinWithinMs = 40_000;
const atOnce = 10;
const users: User[] = [];
let told: Told[] = [];
let troubles: string[] = [];
let talking = false;
let standstillMs = 0;

const tickMs = 50;
let tickedAt = performance.now();
setInterval(() => {
  standstillMs = Math.max(standstillMs, performance.now() - tickedAt - tickMs);
  tickedAt = performance.now();
}, tickMs);

process.on('disconnect', () => process.exit(0));
process.on('message', (asked: ToHonest) => {
  if (asked.type === 'join') {
    join(asked.users).then(
      () => answer(null),
      (error) => answer(String(error)),
    );
    return;
  }
  if (asked.type !== 'tell') talking = asked.type === 'talk';
  answer(null);
});

async function join(specs: readonly HonestUser[]): Promise<void> {
  const waiting = [...specs];
  while (waiting.length > 0) await Promise.all(waiting.splice(0, atOnce).map(enter));
}

async function enter(spec: HonestUser): Promise<void> {
  const tooLate = new AbortController();
  await Promise.race([
    new Promise<void>((resolve) => users.push(new User(spec, resolve))),
    sleep(joinWithinMs, undefined, { signal: tooLate.signal }).then(() => {
      throw new Error(`user ${spec.uid} could not join: ${troubles.slice(-3).join(', ')}`);
    }),
  ]);
  tooLate.abort();
}

class User {
  sent = 0;
  readonly got = new Map<number, number>();
  readonly spec: HonestUser;
  readonly #send: ReturnType<(typeof dialects)[Class]>;

  constructor(spec: HonestUser, joined: () => void) {
    this.spec = spec;
    const { uid } = spec;
    const trouble = (what: string) => void troubles.push(`${spec.class} ${uid}: ${what}`);
    this.#send = dialects[spec.class](spec, {
      joined,
      trouble,
      edge: (edge, about) => told.push({ observer: uid, edge, about, at: Date.now() }),
      message: (from, data) => this.#take(from, Number(new TextDecoder().decode(data)), trouble),
    });
    if (spec.everyMs !== null) void this.#talk(spec.everyMs);
  }

  /** Each once, and in order. */
  #take(from: number, number: number, trouble: (what: string) => void): void {
    if (Number.isNaN(number)) return;
    const expected = (this.got.get(from) ?? 0) + 1;
    if (number !== expected) trouble(`message ${number} of ${from}, not ${expected}`);
    this.got.set(from, number);
  }

  async #talk(everyMs: number): Promise<void> {
    await sleep(Math.random() * everyMs);
    const send = await this.#send;
    for (;;) {
      if (talking) send(new TextEncoder().encode(`${++this.sent}`));
      await sleep(everyMs);
    }
  }
}

function answer(failed: string | null): void {
  const reply: FromHonest = {
    told,
    troubles,
    sent: users.map(({ spec, sent }) => [spec.uid, sent]),
    got: users.map(({ spec, got }) => [spec.uid, [...got]]),
    standstillMs,
    failed,
  };
  standstillMs = 0;
  told = [];
  troubles = [];
  process.send?.(reply);
}
