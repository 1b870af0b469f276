import {
  type ClientFrame,
  type CloseName,
  type Credentials,
  closeCodes,
  drain,
  encodeServerFrame,
  halfOpen,
  type Join,
  type Leave,
  type MediaOffer,
  mediaBounds,
  type Resume,
  type ServerFrame,
  tokenTimes,
  WireError,
} from '@holdfast/core';
import { Allowance } from '../bounds/index.ts';
import type { Timed } from '../channels/agenda.ts';
import type { Channel, Since } from '../channels/channel.ts';
import type { Admission } from '../channels/channels.ts';
import type { Held } from '../channels/held.ts';
import type { Outlet } from '../channels/outlet.ts';
import { Permit } from '../channels/permit.ts';
import type { MediaUser } from '../media/port.ts';
import type { Grant } from '../settings.ts';
import { expiresAt, joinRetryMostMs, retryMostMs } from './admissions.ts';
import type { Admitted, ConnectionState } from './connection-state.ts';
import type { GatewayContext } from './context.ts';
import { decode, joinRequestOf, keyOf, waiting } from './first-frames.ts';
import type { Peer, Socket, SocketEvents } from './socket.ts';
import { faultOfJoin, faultOfMessage, faultOfSelf } from './validation.ts';

/** One client's connection: first frame, admission, then frames to and from its session. */
export class Connection implements SocketEvents, Outlet, Timed {
  readonly id: number;
  #state: ConnectionState;
  readonly #socket: Socket;
  readonly #peer: Peer;
  readonly #context: GatewayContext;
  readonly #ended: () => void;
  readonly #frames: Allowance;
  readonly #offers = new Allowance({ perSecond: mediaBounds.offersPerSecond });
  /** Bytes of the frame that asked to be let in. */
  #asked = 0;

  constructor(id: number, socket: Socket, peer: Peer, context: GatewayContext, ended: () => void) {
    this.id = id;
    this.#socket = socket;
    this.#peer = peer;
    this.#context = context;
    this.#ended = ended;
    this.#frames = new Allowance({ perSecond: context.bounds.framesPerSecond });
    this.#state = { name: 'new', until: context.now() + context.bounds.firstFrameMs, unknown: false };
  }

  get address(): string {
    return this.#peer.address;
  }

  get host(): string {
    return this.#peer.host;
  }

  get minor(): number {
    return this.#state.name === 'admitted' ? this.#state.credentials.minor : 0;
  }

  get open(): boolean {
    return this.#state.name !== 'ended';
  }

  // ---- from the transport ----

  receive(bytes: Uint8Array | null): void {
    const state = this.#state;
    if (state.name === 'ended') return;
    if (bytes === null) return this.end('protocol', 'frames are binary messages');
    const { firstFrameBytes, frameBytes } = this.#context.bounds;
    if (bytes.length > (state.name === 'new' ? firstFrameBytes : frameBytes)) return this.end('tooLarge');
    const waitMs = this.#frames.take(this.#context.now());
    if (waitMs > 0) return this.later('tooFast', waitMs);
    const frame = decode(bytes);
    if (frame instanceof WireError) return this.end('protocol', frame.message);
    if (state.name === 'new') {
      this.#asked = bytes.length;
      return this.#firstFrame(frame);
    }
    if (state.name === 'standby') return this.#standbyFrame(state, frame);
    if (state.name === 'admitted') return this.#frame(state, frame);
    this.end('protocol', `a ${frame.type} frame came before the answer to the first`);
  }

  closed(cause: 'peer' | 'unreachable'): void {
    const state = this.#state;
    this.#state = { name: 'ended' };
    if (state.name === 'admitted') state.held.closed(this, cause);
    if (state.name !== 'ended') this.#ended();
  }

  // ---- to the client (Outlet) ----

  send(bytes: Uint8Array, passedOn?: () => void): void {
    if (!this.open) return;
    // What waits from before tells a slow consumer, not the size of what comes (C-63).
    const waiting = this.#socket.bufferedBytes;
    if (waiting > 0 && waiting + bytes.length > this.#context.bounds.sendQueueBytes)
      return this.end('slowConsumer');
    this.#socket.send(bytes, passedOn);
  }

  end(close: CloseName, text: string = closeCodes[close].text): void {
    if (!this.open) return;
    // Even so it has been heard (C-56).
    if (close === 'unavailable' && 'user' in this.#state) this.#lives(this.#state.user);
    this.#context.report({ type: 'ended', close, address: this.#peer.address });
    this.#socket.close(closeCodes[close].code, text);
    this.closed('unreachable');
  }

  /** Ends, and says when to come again (C-81). */
  later(close: 'busy' | 'tooFast' | 'goingAway', retryMs: number, servers: readonly string[] = []): void {
    const { code, text } = closeCodes[close];
    this.#write({ type: 'refused', code, text, retryMs, servers });
    this.end(close);
  }

  // ---- time (Timed) ----

  dueAt(): number | null {
    return 'until' in this.#state ? this.#state.until : null;
  }

  due(): void {
    this.end(this.#state.name === 'standby' ? 'silent' : 'noFirstFrame');
  }

  // ---- first frames ----

  #firstFrame(frame: ClientFrame): void {
    if (frame.type === 'join') return this.#join(frame);
    const unknown = this.#state.name === 'new' && this.#state.unknown;
    if (frame.type === 'resume' && !unknown) return this.#resumes(frame);
    if (frame.type === 'leave') return this.#leave(frame);
    this.end('protocol', `a ${frame.type} frame cannot be ${unknown ? 'next' : 'the first'}`);
  }

  #join(join: Join): void {
    const { settings, bounds, channels, quotas } = this.#context;
    const { credentials, uid, account, rejoin } = join;
    const fault = faultOfJoin(join, settings, bounds);
    if (fault !== null) return this.end(fault);
    const grant = this.#grant(credentials, uid, account, 0);
    if (grant === null) return;
    if (channels.draining)
      return void this.#await(channels.store.heard(keyOf(credentials), join), () => this.#sendAway());
    const waitMs = quotas.join(join, this.#peer.address, grant.personal ?? false);
    if (waitMs > 0) {
      this.later('busy', waitMs);
      return this.#lives(join);
    }
    const permit = new Permit(grant, this.#context.now());
    const request = joinRequestOf(join, settings.sameUid === 'refuse');
    const key = keyOf(credentials);
    const admit = () =>
      this.#await(channels.join(key, request, permit), (admission) =>
        // A newcomer gets no history; a returner, what there is of it (C-35, C-62).
        this.#admitted(admission, join, rejoin === null ? 'newest' : 'oldest'),
      );
    this.#ask(join, rejoin?.quietMs ?? null, admit);
  }

  /** Asks to be let in, when it is its turn (C-56). @param silentMs null: of somebody who was not here before */
  #ask(asking: Join | Resume, silentMs: number | null, admit: () => Promise<void>): void {
    const { admissions, settings, channels, now } = this.#context;
    const isOpen = () => this.open;
    const { limits } = settings;
    this.#state = { name: 'asking', user: asking };
    admissions.ask({
      expiresAt: silentMs === null ? Number.POSITIVE_INFINITY : expiresAt(silentMs, limits, now()),
      retryMostMs: silentMs === null ? joinRetryMostMs : retryMostMs(limits),
      ...{ bytes: this.#asked, stay: asking.type === 'join' ? asking.nonce : asking.session },
      get open() {
        return isOpen();
      },
      admit,
      waits: () => this.#lives(asking),
      reassure: () => this.#write(waiting(channels.spreadMs())),
      refuse: (retryMs) => this.later('busy', retryMs),
      replaced: () => this.end('superseded'),
    });
  }

  /** Who has to wait is alive: nobody expires in the queue (C-56). */
  #lives(asking: Join | Resume): void {
    this.#context.channels.store.heard(keyOf(asking.credentials), asking).catch(() => {});
  }

  #resume(resume: Resume, permit: Permit, { self, position }: Pick<Resume, 'self' | 'position'>): void {
    const fault = faultOfSelf(self);
    if (fault !== null) return this.end(fault);
    const key = keyOf(resume.credentials);
    const outage = resume.outage.slice(0, 64);
    const { channels } = this.#context;
    const admit = () =>
      this.#await(channels.resume(key, { ...resume, self }, permit, outage), (admission) =>
        this.#admitted(admission, resume, position),
      );
    this.#ask(resume, resume.silentMs, admit);
  }

  /** Judges the token; null: the connection is ended. @param expiredMs how long it may have expired */
  #grant(credentials: Credentials, uid: number, account: string, expiredMs: number): Grant | null {
    const grant = this.#context.settings.authenticate(credentials, uid, account);
    if ('close' in grant) this.end(grant.close, grant.text);
    else if (grant.joinMs !== null && grant.joinMs <= -expiredMs) this.end('tokenExpired');
    else return grant;
    return null;
  }

  #admitted(admission: Admission, { type: how, credentials }: Join | Resume, since: Since): void {
    if ('refused' in admission) return this.#refused(admission.refused);
    const { held, channel, claimed } = admission;
    if (!this.open) return;
    if (channel.held.get(held.uid) !== held) return this.end('superseded');
    this.#state = { name: 'admitted', held, channel, credentials };
    held.attach(this);
    const { before } = claimed;
    const outage =
      how === 'resume' && before !== null
        ? { silentMs: Math.round(before.heardMs), marks: before.marks }
        : null;
    channel.welcome(held, since, outage);
    const { key } = channel;
    if (how === 'resume') return this.#context.report({ type: 'resumed', key, uid: held.uid });
    this.#context.report({ type: 'joined', key, member: held.member, tookOver: before !== null });
  }

  /** An unknown session may try again on the same connection, with a join (C-36). */
  #refused(close: CloseName): void {
    if (!this.open) return;
    if (close === 'busy') return this.later(close, fullMs);
    if (close !== 'unknownSession') return this.end(close);
    const { code, text } = closeCodes[close];
    this.#write({ type: 'refused', code, text, retryMs: 0 });
    this.#context.report({ type: 'refused', close, address: this.#peer.address });
    const until = this.#context.now() + this.#context.bounds.firstFrameMs;
    this.#state = { name: 'new', until, unknown: true };
    this.#context.channels.agenda.update(this);
  }

  /** This server ends: another one will take it in (C-53). */
  #sendAway(): void {
    this.later('goingAway', drain.awayMs, this.#context.channels.servers(this.#peer.host));
  }

  /** An expired token still brings a known session back, for a grace (C-43). */
  #resumes(resume: Resume): void {
    const { credentials, uid, account, standby } = resume;
    const grant = this.#grant(credentials, uid, account, tokenTimes.returnMs);
    if (grant === null) return;
    const { channels, now } = this.#context;
    // Even so it has been heard (C-56).
    if (channels.draining)
      return void this.#await(channels.store.prove(keyOf(credentials), resume), () => this.#sendAway());
    const permit = new Permit(grant, now());
    if (standby) this.#standby(resume, permit);
    else this.#resume(resume, permit, resume);
  }

  #standby(resume: Resume, permit: Permit): void {
    const fault = faultOfSelf(resume.self);
    if (fault !== null) return this.end(fault);
    const key = keyOf(resume.credentials);
    const { store, agenda } = this.#context.channels;
    const admit = () =>
      this.#await(store.prove(key, resume), (proven) => {
        if ('refused' in proven) return this.#refused(proven.refused);
        if (!this.open) return;
        this.#state = { name: 'standby', resume, permit, until: this.#context.now() + halfOpen.closeMs };
        agenda.update(this);
        this.#write({ type: 'standby-ready' });
      });
    this.#ask(resume, resume.silentMs, admit);
  }

  #leave(leave: Leave): void {
    const { credentials, uid, account } = leave;
    // A goodbye is taken with a token that has expired, too.
    if (this.#grant(credentials, uid, account, Number.POSITIVE_INFINITY) === null) return;
    void this.#await(this.#context.channels.store.leave(keyOf(leave.credentials), leave), (refused) => {
      if (refused) return this.#refused(refused.refused);
      this.#write({ type: 'farewell' });
      this.#finish();
    });
  }

  /** Waits for the store; what it cannot say now is for the client to ask again. */
  async #await<T>(asked: Promise<T>, then: (answer: T) => void): Promise<void> {
    if (this.#state.name !== 'asking') this.#state = { name: 'asking' };
    return asked.then(then, () => this.end('unavailable'));
  }

  // ---- later frames ----

  #standbyFrame({ resume, permit }: { resume: Resume; permit: Permit }, frame: ClientFrame): void {
    if (frame.type === 'takeover') return this.#resume(resume, permit, frame);
    if (frame.type === 'heartbeat') return;
    this.end('protocol', `a ${frame.type} frame came on a standby`);
  }

  #frame({ held, channel, credentials }: Admitted, frame: ClientFrame): void {
    switch (frame.type) {
      case 'heartbeat': {
        const { id, answer } = frame;
        return held.handle({ type: 'heartbeat', connection: this.id, id, answer });
      }
      case 'update': {
        const fault = faultOfSelf(frame.self);
        if (fault !== null) return this.end(fault);
        held.handle({ type: 'heard', connection: this.id });
        return channel.update(held, frame.self);
      }
      case 'renew':
        held.handle({ type: 'heard', connection: this.id });
        return this.#renew(held, { ...credentials, token: frame.token });
      case 'send': {
        const fault = faultOfMessage(frame);
        if (fault !== null) return this.end(fault);
        held.handle({ type: 'heard', connection: this.id });
        if (channel.has(held, frame)) return;
        const waitMs = this.#context.quotas.message({ ...channel.key, uid: held.uid });
        return waitMs > 0 ? this.later('tooFast', waitMs) : channel.send(held, frame);
      }
      case 'media-offer':
        held.handle({ type: 'heard', connection: this.id });
        return this.#offer(channel, held, frame);
      case 'media-close':
        held.handle({ type: 'heard', connection: this.id });
        return this.#context.media?.close(userOf(channel, held), frame);
      case 'suspend':
        held.handle({ type: 'heard', connection: this.id });
        return held.handle({ type: 'suspend' });
      case 'leave':
        this.#write({ type: 'farewell' });
        return held.handle({ type: 'goodbye', presumed: false });
      default:
        return this.end('protocol', `a ${frame.type} frame came on an admitted connection`);
    }
  }

  /** A token that is not good changes nothing: the one before counts until its end. */
  #renew(held: Held, credentials: Credentials): void {
    const { settings, now } = this.#context;
    const { uid, account } = held.member;
    const grant = settings.authenticate(credentials, uid, account);
    const close = 'close' in grant ? grant.close : (grant.joinMs ?? 1) <= 0 ? 'tokenExpired' : null;
    if (close === null && !('close' in grant)) held.permitted(new Permit(grant, now()));
    const code = close === null ? 0 : closeCodes[close].code;
    this.#write({ type: 'rights', ...held.permit.rights(now()), code });
  }

  #offer(channel: Channel, held: Held, offer: MediaOffer): void {
    const { media, now } = this.#context;
    const waitMs = this.#offers.take(now());
    if (waitMs > 0) return this.later('tooFast', waitMs);
    if (media !== null) return media.offer(userOf(channel, held), offer, held.member.streams);
    const { connection, revision } = offer;
    const text = 'this server has no media';
    this.#write({
      type: 'media-answer',
      connection,
      revision,
      sdp: '',
      fault: 'unavailable',
      mids: [],
      text,
    });
  }

  #finish(): void {
    if (!this.open) return;
    this.#socket.close(closeCodes.done.code, closeCodes.done.text);
    this.closed('unreachable');
  }

  #write(frame: ServerFrame): void {
    if (this.open) this.#socket.send(encodeServerFrame(frame));
  }
}

/** When to ask again where a channel, an app or a server is full; milliseconds. */
const fullMs = 5_000;

function userOf({ key }: Channel, { uid, member }: Held): MediaUser {
  return { key, uid, join: member.join };
}
