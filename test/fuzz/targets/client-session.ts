/** One stay as its own end sees it, with servers that answer anything and an app that does anything. */
import assert from 'node:assert/strict';
import { type ClientInput, type ClientOutput, ClientSession, type Hint, platforms } from '@holdfast/core';
import { Choices } from '../choices.ts';
import { self, serverFrame } from '../frames.ts';
import { Told } from '../told.ts';

export function fuzz(bytes: Uint8Array): void {
  const choices = new Choices(bytes);
  const platform = choices.pick(platforms as unknown as ['linux', 'ios', 'web']);
  const profile = choices.pick(['communication', 'live']);
  const uid = choices.number();
  let ids = 0;
  const session = new ClientSession(
    {
      ...{ appId: 'a', channel: 'c', token: 't', uid, account: '', platform, profile, sdk: 'fuzz' },
      ...{ self: self(choices), servers: ['ws://1', 'ws://2'].slice(choices.byte() % 2), limits: {} },
    },
    { next: () => (choices.byte() + 1) / 257, id: () => `id-${ids++}` },
  );
  const watch = new Watch(session, new Told(platform === 'web'));
  watch.take({ type: 'start' }, 0);
  for (let now = 0; choices.left > 0; ) {
    const deadline = session.deadline();
    now = choices.chance() && deadline !== null ? Math.max(now, deadline.at) : now + choices.number() / 8;
    watch.take(inputOf(choices, watch), now);
  }
}

function inputOf(choices: Choices, watch: Watch): ClientInput {
  const attempt = watch.attempt(choices.byte());
  const type = choices.pick([
    ...(['frame', 'frame', 'frame', 'opened', 'opened', 'deadline', 'deadline', 'closed', 'leave'] as const),
    ...(['update', 'send', 'send', 'renew', 'hint', 'suspend', 'foreground', 'stalled', 'start'] as const),
  ]);
  switch (type) {
    case 'frame':
      return { type, attempt, frame: serverFrame(choices) };
    case 'opened':
      return { type, attempt };
    case 'closed':
      return {
        type,
        attempt,
        code: choices.pick([1006, 1000, 4000, 4003, 4100, 4200, 4300, 4316]),
        text: '',
      };
    case 'update':
      return { type, self: self(choices) };
    case 'send':
      return { type, stream: 1 + (choices.byte() % 5), data: choices.bytes(8), sentAt: 0 };
    case 'renew':
      return { type, token: choices.text(4) };
    case 'hint':
      return { type, hint: choices.pick<Hint>(['online', 'offline', 'focus', 'address-changed']) };
    case 'stalled':
      return { type, ms: choices.number() };
    default:
      return { type };
  }
}

/** What must hold of one stay, whatever goes in. */
class Watch {
  readonly #session: ClientSession;
  readonly #told: Told;
  /** Transports that were dialled and are not closed. */
  readonly #open = new Set<number>();
  /** Those that the session wants nothing more of. */
  readonly #forgotten = new Set<number>();
  #dialled = 0;
  #ended = false;

  constructor(session: ClientSession, told: Told) {
    this.#session = session;
    this.#told = told;
  }

  attempt(byte: number): number {
    const open = [...this.#open];
    return open[byte % Math.max(1, open.length)] ?? byte;
  }

  take(input: ClientInput, now: number): void {
    // An app is refused before: the session relies on that.
    if (input.type === 'send' && this.#session.sendRefusal(input.data.length, now) !== null) return;
    const outputs = this.#session.handle(input, now);
    assert(!this.#ended || outputs.length === 0, 'C-14 something comes out of a stay that has ended');
    if (input.type === 'closed') this.#open.delete(input.attempt);
    for (const output of outputs) this.#judge(output);
    assert(outputs.length < 3_000, `${outputs.length} outputs for one ${input.type}`);
    assert(this.#open.size <= mostTransports, `${this.#open.size} transports are open`);
    const deadline = this.#session.deadline();
    if (this.#ended) assert.equal(deadline, null, 'C-14 a timer is left');
    if (this.#ended) assert.equal(this.#open.size, 0, 'C-14 a transport is left');
    if (input.type === 'deadline')
      assert(deadline === null || deadline.at > now, `the deadline ${deadline?.why} stands still`);
  }

  #judge(output: ClientOutput): void {
    switch (output.type) {
      case 'dial':
        assert(output.attempt > this.#dialled, 'an attempt number comes twice');
        this.#dialled = output.attempt;
        this.#open.add(output.attempt);
        return;
      case 'send':
        return assert(this.#open.has(output.attempt), 'it sends on a transport that is not open');
      case 'close':
        this.#open.delete(output.attempt);
        assert(!this.#forgotten.has(output.attempt), 'it closes a transport twice');
        this.#forgotten.add(output.attempt);
        return;
      case 'ended':
        this.#ended = true;
        return;
      case 'notice':
        return this.#told.take(output.notice);
      case 'outage':
        return assert(output.record.attempts.length <= 200 && output.record.noticed.length <= 200);
    }
  }
}

/** Three servers' worth of pending attempts, and the connection. */
const mostTransports = 40;
