import {
  type CloseName,
  encodeServerFrame,
  type Limits,
  type Member,
  type Self,
  type Send,
  type ServerInput,
  type ServerMark,
  type ServerOutput,
  ServerSession,
  sameSelf,
} from '@holdfast/core';
import type { Claim, Inherited, Proof, Released } from '../store/store.ts';
import type { Timed } from './agenda.ts';
import type { Outlet } from './outlet.ts';
import type { Permit } from './permit.ts';

/** How a held user is set up. */
export interface Holding {
  readonly claim: Claim;
  readonly session: string;
  readonly secret: string;
  readonly member: Member;
  /** What the user says of itself, and what it may do of that. */
  readonly own: Self;
  readonly permit: Permit;
  readonly inherited: Inherited;
  /** Age of its last packet. */
  readonly heardMs: number;
}

/** What a held user needs of its channel. */
export interface HoldingChannel {
  readonly limits: Limits;
  now(): number;
  /** Are there connections that wait to be taken, or have just been? */
  crowded(): boolean;
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
  #own: Self;
  #permit: Permit;
  #outlet: Outlet | null = null;
  #address = '';
  #answered: (() => void)[] = [];
  #removed = false;
  /** The log up to this number is on its way to the client; the rest follows (C-60). */
  sentUpTo = 0;
  /** What members were up to this number has been told at once (C-22). */
  shownUpTo = 0;
  /** Of each stream, the first message that it was not allowed to send: those after it would leave a gap (C-62). */
  readonly #withheld = new Map<number, number>();
  readonly #machine: ServerSession;
  readonly #channel: HoldingChannel;
  readonly #heldFrom: number;
  /** Until then it is not judged. */
  #patientUntil = Number.NEGATIVE_INFINITY;

  constructor(holding: Holding, channel: HoldingChannel) {
    this.claim = holding.claim;
    this.session = holding.session;
    this.secret = holding.secret;
    this.#channel = channel;
    const now = channel.now();
    this.#heldFrom = now;
    const { member, inherited, heardMs } = holding;
    const { streams } = inherited;
    this.#own = holding.own;
    this.#permit = holding.permit;
    const own = this.#permit.mask(this.#own, now);
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

  /** What proves that its user has left; null: it has not, or its user is known by its place in a picture only. */
  get goodbye(): Proof | null {
    const { uid, account, join, gone } = this.member;
    const { session, secret } = this;
    return gone === 'quit' && session !== '' ? { uid, account, join, session, secret } : null;
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

  /** What the user may do now. */
  get permit(): Permit {
    return this.#permit;
  }

  /** Where its last connection came from. */
  get address(): string {
    return this.#address;
  }

  /** The operator has ended its stay (C-44). */
  get removed(): boolean {
    return this.#removed;
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

  /** What the user says of itself has changed. */
  update(own: Self): void {
    this.#own = own;
    this.handle({ type: 'update', self: this.#permit.mask(own, this.#channel.now()) });
  }

  /** Another token: it may do more, or less (C-43). */
  permitted(permit: Permit): void {
    this.#permit = permit;
    this.update(this.#own);
  }

  /** The stay is over without the user having said so: it is told why, the others that it left. */
  remove(close: CloseName, text?: string): void {
    const outlet = this.#outlet;
    this.#outlet = null;
    outlet?.end(close, text);
    this.handle({ type: 'goodbye', presumed: false });
  }

  /** The operator ends the stay (C-44). */
  banish(): void {
    this.#removed = true;
    this.remove('banned');
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

  /** It may not send this message: what follows it in its stream waits until it comes again. */
  withhold({ stream, number }: Send): void {
    this.#withheld.set(stream, Math.min(number, this.#withheld.get(stream) ?? number));
  }

  /** Is this message the next one of its stream that may be taken? */
  takes({ stream, number }: Send): boolean {
    const first = this.#withheld.get(stream) ?? number;
    if (number <= first) this.#withheld.delete(stream);
    return number <= first;
  }

  /** Asks for a sign of life; calls back on the next one. */
  probe(answered: () => void): void {
    this.#answered.push(answered);
    this.handle({ type: 'probe' });
  }

  /** Ends the connection, not the stay. */
  end(close: CloseName): void {
    const outlet = this.#outlet;
    this.#outlet = null;
    outlet?.end(close);
  }

  /** Gives the user up to a newer claim. */
  release(close: 'superseded' | 'sameUid'): Released {
    this.end(close);
    const { streams, since } = this.#machine.inherited;
    const inherited = { streams, heardMs: this.#channel.now() - since };
    return { heardMs: this.heardMs, marks: this.marks, inherited };
  }

  dueAt(): number | null {
    const at = this.#machine.deadline()?.at ?? Number.POSITIVE_INFINITY;
    const permitAt = this.member.gone === 'no' ? this.#permit.nextAt(this.#channel.now()) : at;
    const next = Math.max(this.#patientUntil, Math.min(at, permitAt));
    return next === Number.POSITIVE_INFINITY ? null : next;
  }

  due(): void {
    const now = this.#channel.now();
    if (this.#mayBeAtTheDoor(now)) {
      this.#patientUntil = now + patienceMs;
      return;
    }
    if (this.member.gone === 'no' && this.#permit.overAt <= now) this.remove('tokenExpired');
    // A privilege may have ended.
    else if (!sameSelf(this.#permit.mask(this.#own, now), this.#machine.own)) this.update(this.#own);
    this.handle({ type: 'deadline' });
  }

  /** It was adopted, and may be among those who wait to be taken: what waits is read before a limit is judged (C-3). */
  #mayBeAtTheDoor(now: number): boolean {
    const adopted = this.session === '' && this.#address === '';
    return adopted && now - this.#heldFrom < doorMs && this.#channel.crowded();
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

/** Those who lost their server are all taken within this, in milliseconds: who has not come by then is judged. */
const doorMs = 60_000;
/** Between two looks at the door. */
const patienceMs = 100;
