import {
  encodeServerFrame,
  type Limits,
  type Member,
  type Self,
  type ServerInput,
  type ServerMark,
  type ServerOutput,
  ServerSession,
} from '@holdfast/core';
import type { Claim, Inherited, Released } from '../store/store.ts';
import type { Timed } from './agenda.ts';
import type { Outlet } from './outlet.ts';

/** How a held user is set up. */
export interface Holding {
  readonly claim: Claim;
  readonly session: string;
  readonly secret: string;
  readonly member: Member;
  readonly own: Self;
  readonly inherited: Inherited;
  /** Age of its last packet. */
  readonly heardMs: number;
}

/** What a held user needs of its channel. */
export interface HoldingChannel {
  readonly limits: Limits;
  now(): number;
  spreadMs(): number;
  /** The session wants something done that is the channel's to do. */
  perform(held: Held, output: Exclude<ServerOutput, { type: 'send' | 'close' }>): void;
  /** Deadlines may have moved. */
  moved(held: Held): void;
  /** Connections come and go: what many of them do at once is a network's doing (C-31). */
  opened(address: string): void;
  closed(address: string): void;
}

/** A user whom this server holds: its session, its claim, and its connection if it has one. */
export class Held implements Timed {
  readonly claim: Claim;
  readonly session: string;
  readonly secret: string;
  #outlet: Outlet | null = null;
  #address = '';
  #answered: (() => void)[] = [];
  readonly #machine: ServerSession;
  readonly #channel: HoldingChannel;

  constructor(holding: Holding, channel: HoldingChannel) {
    this.claim = holding.claim;
    this.session = holding.session;
    this.secret = holding.secret;
    this.#channel = channel;
    const now = channel.now();
    const { member, own, inherited, heardMs } = holding;
    const { streams } = inherited;
    this.#machine = new ServerSession(
      { member, own, heardAt: now - heardMs, inherited: { streams, since: now - inherited.heardMs } },
      channel.limits,
      () => channel.spreadMs(),
      now,
    );
  }

  get uid(): number {
    return this.claim.uid;
  }

  get member(): Member {
    return this.#machine.member;
  }

  get marks(): readonly ServerMark[] {
    return this.#machine.marks;
  }

  get heardMs(): number {
    return this.#machine.heardMs(this.#channel.now());
  }

  /** Where its last connection came from. */
  get address(): string {
    return this.#address;
  }

  get connected(): boolean {
    return this.#outlet !== null;
  }

  /** The connection on which things may be sent now (C-16). */
  get outlet(): Outlet | null {
    return this.#machine.paused ? null : this.#outlet;
  }

  attach(outlet: Outlet): void {
    this.#outlet = outlet;
    this.#address = outlet.address;
    this.#channel.opened(this.#address);
    this.handle({ type: 'attached', connection: outlet.id });
  }

  handle(input: ServerInput): void {
    const heard = input.type === 'heard' || input.type === 'heartbeat' || input.type === 'attached';
    const outputs = this.#machine.handle(input, this.#channel.now());
    for (const output of outputs) this.#do(output);
    if (heard) for (const answered of this.#answered.splice(0)) answered();
    this.#channel.moved(this);
  }

  /** The connection has ended, by whichever side. */
  closed(outlet: Outlet, cause: 'peer' | 'unreachable'): void {
    this.#channel.closed(outlet.address);
    if (this.#outlet === outlet) this.#outlet = null;
    this.handle({ type: 'closed', connection: outlet.id, cause });
  }

  /** Something was sent on the connection besides heartbeats. */
  sent(): void {
    this.#machine.handle({ type: 'sent' }, this.#channel.now());
  }

  /** Asks for a sign of life; calls back on the next one. */
  probe(answered: () => void): void {
    this.#answered.push(answered);
    this.handle({ type: 'probe' });
  }

  /** Gives the user up to a newer claim. */
  release(close: 'superseded' | 'sameUid'): Released {
    const outlet = this.#outlet;
    this.#outlet = null;
    outlet?.end(close);
    const { streams, since } = this.#machine.inherited;
    const inherited = { streams, heardMs: this.#channel.now() - since };
    return { heardMs: this.heardMs, marks: this.marks, inherited };
  }

  dueAt(): number | null {
    return this.#machine.deadline()?.at ?? null;
  }

  due(): void {
    this.handle({ type: 'deadline' });
  }

  #do(output: ServerOutput): void {
    if (output.type === 'send') {
      this.#outlet?.send(encodeServerFrame(output.frame));
    } else if (output.type === 'close') {
      const outlet = this.#outlet;
      this.#outlet = null;
      outlet?.end(output.close);
    } else {
      this.#channel.perform(this, output);
    }
  }
}
