/** One user at its holder, whatever happens to it in whatever order. */
import assert from 'node:assert/strict';
import {
  defaultLimits,
  nothingPassed,
  type ServerInput,
  type ServerOutput,
  ServerSession,
} from '@holdfast/core';
import { Choices } from '../choices.ts';
import { member, self, streams } from '../frames.ts';

export function fuzz(bytes: Uint8Array): void {
  const choices = new Choices(bytes);
  const start = {
    member: { ...member(choices), gone: 'no' as const, passed: nothingPassed },
    own: self(choices),
    inherited: { streams: streams(choices), since: -choices.number() },
    heardAt: -choices.number(),
  };
  const session = new ServerSession(start, defaultLimits, () => choices.number(), 0);
  const watch = new Watch(session, start.heardAt);
  for (let now = 0; choices.left > 0 && !watch.forgotten; ) {
    const deadline = session.deadline();
    now = choices.chance() && deadline !== null ? Math.max(now, deadline.at) : now + choices.number();
    watch.take(inputOf(choices), now);
  }
}

function inputOf(choices: Choices): ServerInput {
  const connection = choices.byte() % 3;
  const type = choices.pick([
    ...(['deadline', 'attached', 'heard', 'heartbeat', 'closed', 'suspend', 'stalled', 'update'] as const),
    ...(['heard-elsewhere', 'goodbye', 'probe', 'sent'] as const),
  ]);
  switch (type) {
    case 'attached':
    case 'heard':
      return { type, connection };
    case 'heartbeat':
      return { type, connection, id: choices.number(), answer: choices.number() };
    case 'closed':
      return { type, connection, cause: choices.pick(['peer', 'unreachable']) };
    case 'update':
      return { type, self: self(choices) };
    case 'goodbye':
      return { type, presumed: choices.chance() };
    default:
      return { type };
  }
}

/** What must hold of one session, whatever goes in. */
class Watch {
  forgotten = false;
  #connection: number | null = null;
  #heardAt: number;
  readonly #session: ServerSession;

  constructor(session: ServerSession, heardAt: number) {
    this.#session = session;
    this.#heardAt = heardAt;
  }

  take(input: ServerInput, now: number): void {
    const gone = this.#session.member.gone;
    if (input.type === 'attached') this.#connection = input.connection;
    const mine = 'connection' in input && input.connection === this.#connection;
    const packet = input.type === 'attached' || input.type === 'heard' || input.type === 'heartbeat';
    const goodbye = input.type === 'goodbye' && !input.presumed;
    if (gone === 'no' && ((packet && mine) || goodbye || input.type === 'heard-elsewhere'))
      this.#heardAt = now;
    const outputs = this.#session.handle(input, now);
    if (input.type === 'closed' && mine) this.#connection = null;
    for (const output of outputs) this.#judge(output, now);
    assert(outputs.length < 1_000, `${outputs.length} outputs for one ${input.type}`);
    assert(gone === 'no' || this.#session.member.gone === gone, 'somebody who has gone is back');
    assert(this.#session.marks.length <= 50);
    const deadline = this.#session.deadline();
    if (input.type === 'deadline' && !this.forgotten)
      assert(deadline === null || deadline.at > now, `the deadline ${deadline?.why} stands still`);
  }

  #judge(output: ServerOutput, now: number): void {
    if (output.type === 'send' || output.type === 'resync')
      assert.equal(output.connection, this.#connection, 'it sends on a connection that is not its own');
    if (output.type === 'close') this.#connection = null;
    if (output.type === 'forget') this.forgotten = true;
    if (output.type !== 'publish') return;
    const { streamRemoved, peerOffline } = output.member.passed;
    const silentMs = now - this.#heardAt;
    assert(!streamRemoved || silentMs >= defaultLimits.streamRemovedMs, 'C-2 a limit fires early');
    assert(!peerOffline || silentMs >= defaultLimits.peerOfflineMs, 'C-2 a limit fires early');
  }
}
