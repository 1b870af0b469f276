/** Some users of the SDK in a process of their own. What they see is in a file before anything else happens. */
import { openSync, writeSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { Random } from '../simulator/random.ts';
import { dialects, type Send, streamsOf } from './dialects.ts';
import type { DialectName, Happening } from './logged.ts';
import { encoded, idOf } from './message.ts';

export interface UserSpec {
  readonly life: string;
  readonly uid: number;
  readonly channel: string;
  readonly dialect: DialectName;
  readonly servers: readonly string[];
  /** Milliseconds between its messages, on average; null: it only listens. */
  readonly everyMs: number | null;
  readonly seed: number;
}

export type ToUsers =
  | { readonly type: 'start'; readonly file: string; readonly users: readonly UserSpec[] }
  /** Send so many messages of so many bytes, evenly over a time. */
  | { readonly type: 'burst'; readonly count: number; readonly bytes: number; readonly overMs: number }
  | { readonly type: 'quiet' }
  /** How much has been written? */
  | { readonly type: 'tell' }
  | { readonly type: 'end' };

export type FromUsers = { readonly type: 'joined' } | { readonly type: 'lines'; readonly lines: number };

let lines = 0;
let file = -1;
let quiet = false;
const users: User[] = [];

process.on('disconnect', () => process.exit(0));
process.on('message', (asked: ToUsers) => {
  if (asked.type === 'start') start(asked);
  if (asked.type === 'burst') for (const user of users) void user.burst(asked);
  if (asked.type === 'quiet') quiet = true;
  if (asked.type === 'end') for (const user of users) user.log({ what: 'end' });
  if (asked.type === 'tell' || asked.type === 'end') answer({ type: 'lines', lines });
});

function start({ file: name, users: specs }: Extract<ToUsers, { type: 'start' }>): void {
  file = openSync(name, 'a');
  let missing = specs.length;
  const joined = () => {
    missing -= 1;
    if (missing === 0) answer({ type: 'joined' });
  };
  for (const spec of specs) users.push(new User(spec, joined));
}

class User {
  readonly #spec: UserSpec;
  readonly #send: Send;
  readonly #random: Random;
  #sent = 0;

  constructor(spec: UserSpec, joined: () => void) {
    this.#spec = spec;
    this.#random = Random.of(spec.seed, spec.life);
    const { uid, channel, dialect, everyMs } = spec;
    this.log({ what: 'joining', uid, channel, dialect });
    this.#send = dialects[dialect](spec, {
      joined: () => {
        this.log({ what: 'joined' });
        joined();
        if (everyMs !== null) void this.#talk(everyMs);
      },
      got: (from, stream, data) => this.log({ what: 'got', from, stream, id: idOf(data) }),
      missed: ({ uid: from, streamId: stream, missed, from: first, to: last, reason }) =>
        this.log({ what: 'gap', from, stream, missed, first, last, reason }),
      failed: (why) => this.log({ what: 'failed', why }),
    });
  }

  log(happening: Happening): void {
    lines += 1;
    writeSync(file, `${JSON.stringify({ life: this.#spec.life, t: Date.now(), ...happening })}\n`);
  }

  async burst({ count, bytes, overMs }: Extract<ToUsers, { type: 'burst' }>): Promise<void> {
    const startedAt = performance.now();
    for (let done = 0; done < count && !quiet; done += 1) {
      const dueMs = (done / count) * overMs - (performance.now() - startedAt);
      if (dueMs > 1) await sleep(dueMs);
      this.#say(bytes);
    }
  }

  /** Short and long messages, now and then several at once. */
  async #talk(everyMs: number): Promise<void> {
    while (!quiet) {
      await sleep(this.#random.int(0, 2 * everyMs));
      const bytes = this.#random.chance(0.05) ? 5_000 : 60;
      const together = this.#random.chance(0.1) ? 5 : 1;
      for (let count = 0; count < together && !quiet; count += 1) this.#say(bytes);
    }
  }

  #say(bytes: number): void {
    const { life, dialect } = this.#spec;
    const stream = 1 + (this.#sent % streamsOf[dialect]);
    this.#sent += 1;
    const id = `${life}/${this.#sent}`;
    this.log({ what: 'sent', stream, id });
    this.#send(stream, encoded(id, bytes), {
      refused: () => this.log({ what: 'refused', id }),
      acknowledged: () => this.log({ what: 'acknowledged', id }),
    });
  }
}

function answer(told: FromUsers): void {
  process.send?.(told);
}
