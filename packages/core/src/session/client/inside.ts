import { type CloseName, closeCodes, closeName, recovery } from '../../contract/index.ts';
import type { Drain, Refused, ServerFrame, ServerOutage, Welcome } from '../../wire/frames.ts';
import { takeInOrder, takeWelcome } from './arrivals.ts';
import { leaveFrame, rejoinFrame, resumeFrame, type Stay, stayOf, stepsOver } from './asking.ts';
import type { Context } from './context.ts';
import { leaveFrom } from './leaving.ts';
import { Link, type Trouble } from './link.ts';
import { limitTimers, Outage } from './outage.ts';
import { fail, isFinal, type Phase, type Said, type TimerName } from './phase.ts';
import { type Attempt, Search } from './search.ts';
import type { Deadline } from './types.ts';

/** In the channel, with or without a connection at the moment; every outage and the way back. */
export class Inside implements Phase {
  #stay: Stay;
  #link: Link | null;
  #search: Search | null;
  #outage: Outage | null = null;
  /** No standby before this (C-10). */
  #restUntil = 0;
  /** Connections in a row that broke as soon as they stood. */
  #briefLinks = 0;
  readonly #context: Context;

  /** A server let us in for the first time. */
  constructor(context: Context, search: Search, attempt: Attempt, welcome: Welcome) {
    this.#context = context;
    this.#search = search;
    this.#stay = stayOf(welcome, context.now);
    this.#link = this.#linkOf(attempt);
    this.#settled(attempt, welcome);
    if (attempt.self !== context.self) this.updated();
  }

  get name(): string {
    const link = this.#link === null ? 'away' : (this.#link.trouble ?? 'linked');
    const told = this.#outage?.lostTold ? '+lost' : this.#outage?.interruptedTold ? '+interrupted' : '';
    return `inside:${link}${told}`;
  }

  // ---- the app and the platform ----

  endOutage(): void {
    this.#outage?.end(this.#stay, 'left', null);
  }

  leave(): Phase {
    const trusted = this.#link?.trouble === null && !this.#handingOver;
    return leaveFrom(this.#context, this.#stay, { link: this.#link, search: this.#search, trusted });
  }

  updated(): void {
    this.#link?.send({ type: 'update', self: this.#context.self });
  }

  renewed(): void {
    if (this.#link === null) this.hurry();
    else this.#link.send({ type: 'renew', token: this.#context.token.text });
  }

  tokenOver(): Phase {
    this.#link?.send(leaveFrame(this.#context, this.#stay));
    return this.#fail('tokenExpired', closeCodes.tokenExpired.text);
  }

  added(frame: Said): void {
    this.#link?.send(frame);
  }

  suspend(): void {
    this.#search?.pause();
    this.#link?.send({ type: 'suspend' });
    this.#link?.close();
    this.#link = null;
  }

  probe(): void {
    this.#link?.probe();
  }

  hurry(): void {
    this.#search?.hurry();
    if (this.#link !== null) return;
    if (this.#outage === null) this.#troubleSeen('no connection');
    this.#searchBy(this.#context.now);
  }

  woke(): void {
    this.#stay.heardAt = this.#context.now;
  }

  /** A takeover was asked for while the connection stands: nothing more is taken from it (C-53). */
  get #handingOver(): boolean {
    return (this.#link?.draining && this.#search?.asks) ?? false;
  }

  // ---- transports ----

  opened(number: number): Phase {
    const attempt = this.#search?.attempts.get(number);
    if (attempt) this.#search?.opened(attempt);
    return this;
  }

  frame(number: number, frame: ServerFrame): Phase {
    if (this.#link?.attempt === number) return this.#linkFrame(this.#link, frame);
    const attempt = this.#search?.attempts.get(number);
    if (!attempt || !this.#search) return this;
    this.#stay.heardAt = this.#context.now;
    if (frame.type === 'heartbeat') this.#search.waits(attempt);
    else if (frame.type !== 'refused') this.#stay.contactAt = this.#context.now;
    if (frame.type === 'welcome') this.#welcomed(this.#search, attempt, frame);
    else if (frame.type === 'standby-ready') this.#standbyReady(this.#search, attempt);
    else if (frame.type === 'refused') return this.#refused(this.#search, attempt, frame);
    return this;
  }

  closed(number: number, close: CloseName, text: string): Phase {
    if (this.#link?.attempt === number) {
      if (this.#endsWith(close)) return this.#fail(close, text);
      this.#stay.closedAt = this.#context.now;
      // The other end of a handover: the answer to the takeover is on its way.
      if (this.#handingOver) this.#link = null;
      else this.#lost(`closed: ${close}`);
      return this;
    }
    const attempt = this.#search?.attempts.get(number);
    if (!attempt) return this;
    this.#search?.failed(attempt, close);
    this.#dropFinishedSearch();
    return this.#endsWith(close) ? this.#fail(close, text) : this;
  }

  // ---- the connection ----

  #linkFrame(link: Link, frame: ServerFrame): Phase {
    this.#stay.heardAt = this.#context.now;
    if (frame.type !== 'refused') this.#stay.contactAt = this.#context.now;
    link.heard();
    if (frame.type === 'refused') return this.#linkRefused(link, frame);
    if (this.#handingOver) {
      if (frame.type === 'heartbeat') link.heartbeat(frame);
      return this;
    }
    let proof = frame.type === 'welcome';
    if (frame.type === 'heartbeat') {
      proof = link.heartbeat(frame);
      this.#stay.spreadMs = frame.spreadMs;
    }
    if (frame.type === 'rights') link.judged(frame);
    if (frame.type === 'media-place' || frame.type === 'media-answer') this.#context.media(frame);
    if (frame.type === 'servers') this.#context.servers.learn(frame.servers);
    if (frame.type === 'drain') this.#drained(link, frame);
    if (link.trouble === 'deaf') this.#troubled('deaf');
    else this.#heard(link, proof, frame.type === 'welcome' ? frame.outage : null);
    if (frame.type === 'welcome' || frame.type === 'entries') {
      link.held.push(frame);
      this.#takeHeld(link);
    }
    return this;
  }

  /** A packet came on the connection. After 4 s of silence only a fresh round trip proves that we are back. */
  #heard(link: Link, proof: boolean, server: ServerOutage | null): void {
    const outage = this.#outage;
    if (outage === null || !outage.interruptedTold || proof) link.probed();
    if (outage === null) return;
    if (outage.interruptedTold && !proof) {
      if (!link.probing) link.probe();
      return;
    }
    if (link.draining && !outage.interruptedTold) return;
    if (this.#search !== null && !link.draining) {
      if (this.#search.tried) this.#restUntil = this.#context.now + recovery.standbyRestMs;
      this.#search.settle(Number.POSITIVE_INFINITY);
      this.#search = null;
    }
    this.#context.servers.opened(link.url);
    this.#back(outage, 'revived', server);
    this.#context.atOnce(() => this.#takeHeld(link));
  }

  /** The server will end: another connection is opened first, at the time it says (C-53); 0: it stays after all (C-55). */
  #drained(link: Link, { inMs, closesMs, servers }: Drain): void {
    this.#context.servers.leaving(link.url, this.#context.now + closesMs);
    this.#context.servers.learn(servers);
    link.draining = closesMs > 0;
    if (link.draining) return this.#searchBy(this.#context.now + inMs);
    if (this.#outage === null) this.#search?.settle(Number.POSITIVE_INFINITY);
    this.#dropFinishedSearch();
  }

  /** C-22: whoever has been told that it is away is told of others only once it is back. */
  #takeHeld(link: Link): void {
    if (this.#outage?.interruptedTold) return;
    if (takeInOrder(this.#context, this.#stay, link.held.splice(0))) return;
    link.close();
    this.#lost('entries are missing');
  }

  #linkRefused(link: Link, { code, text, retryMs }: Refused): Phase {
    const close = closeName(code);
    if (this.#endsWith(close)) return this.#fail(close, text);
    link.close();
    this.#context.servers.rest(link.url, this.#context.now + retryMs);
    this.#lost(`closed: ${close}`);
    return this;
  }

  /** C-10: a lost transport is replaced at once, or inside the spread window that its server told (C-17). */
  #lost(what: string): void {
    const { now, random } = this.#context;
    // Connections that break one after another as soon as they stand are not replaced in a tight loop.
    const brief = this.#link !== null && now - this.#link.since < recovery.attemptMs;
    this.#briefLinks = brief ? this.#briefLinks + 1 : 0;
    const windowMs = Math.max(this.#stay.spreadMs, this.#briefLinks > 1 ? recovery.attemptMs : 0);
    if (this.#link !== null) this.#context.servers.failed(this.#link.url);
    this.#link = null;
    this.#troubleSeen(what);
    this.#searchBy(now + random.next() * windowMs);
  }

  #troubled(trouble: Trouble): void {
    if (this.#outage !== null && this.#search !== null && !this.#search.over) return;
    if (this.#link !== null) this.#context.servers.failed(this.#link.url);
    this.#troubleSeen(trouble);
    this.#searchBy(Math.max(this.#context.now, this.#restUntil));
  }

  #troubleSeen(what: string): Outage {
    this.#outage ??= new Outage(this.#context, this.#stay.heardAt);
    this.#outage.noticed(what);
    return this.#outage;
  }

  #searchBy(at: number): void {
    const { spreadMs, heardAt } = this.#stay;
    const calmMs = this.#link?.draining ? Math.max(spreadMs, recovery.attemptMs) : spreadMs;
    if (this.#search === null) this.#search = new Search(this.#context, heardAt, at, calmMs);
    else this.#search.startBy(at);
  }

  // ---- the way back ----

  /** Asks on an opened transport: fencing if there is no connection, as a standby beside one (C-10). */
  #ask(search: Search, attempt: Attempt): void {
    const { selfAsked: self } = this.#context;
    const ready = attempt.stage === 'ready';
    const standby = this.#link !== null && !ready;
    search.asked(attempt, standby ? 'standby' : 'asked');
    if (ready) {
      const outage = this.#troubleSeen(this.#link?.draining ? 'drain' : 'standby takes over');
      if (this.#link?.draining) outage.tried(attempt.record);
      this.#context.send(attempt.number, { type: 'takeover', self, position: this.#stay.position });
      return;
    }
    const as = { standby, outage: this.#outage?.id ?? '' };
    this.#context.send(attempt.number, resumeFrame(this.#context, attempt.number, this.#stay, as));
  }

  /** A standby takes over only if the old transport is still in trouble when it is ready (C-10). */
  #standbyReady(search: Search, attempt: Attempt): void {
    if (attempt.stage !== 'standby') return;
    const unproven = this.#outage?.interruptedTold ?? false;
    if (this.#link?.draining) {
      attempt.stage = 'ready';
      return;
    }
    if (this.#link !== null && this.#link.trouble === null && !unproven) {
      this.#context.close(attempt.number);
      search.ended(attempt, 'not needed');
      return;
    }
    this.#link?.close();
    this.#link = null;
    attempt.stage = 'ready';
  }

  #refused(search: Search, attempt: Attempt, refused: Refused): Phase {
    const close = closeName(refused.code);
    if (this.#endsWith(close)) return this.#fail(close, refused.text);
    if (closeCodes[close].advice === 'rejoin') {
      // The old transport belongs to a session that nobody knows any more.
      this.#link?.close();
      this.#link = null;
      this.#troubleSeen('unknown session: joins afresh');
      search.asked(attempt, 'asked');
      const join = rejoinFrame(this.#context, attempt.number, this.#stay, search.blind);
      this.#context.send(attempt.number, join);
      return this;
    }
    search.refused(attempt, refused, close);
    this.#dropFinishedSearch();
    return this;
  }

  #welcomed(search: Search, attempt: Attempt, welcome: Welcome): void {
    const older = this.#link !== null && this.#link.attempt > attempt.number;
    if (older || stepsOver(attempt, welcome, this.#stay)) {
      this.#context.close(attempt.number);
      search.ended(attempt, 'superseded');
      this.#dropFinishedSearch();
      return;
    }
    this.#link?.close();
    const { position } = this.#stay;
    this.#stay = stayOf(welcome, this.#context.now);
    this.#link = this.#linkOf(attempt);
    this.#settled(attempt, welcome);
    if (this.#outage !== null) this.#back(this.#outage, 'resumed', welcome.outage);
    takeWelcome(this.#context, welcome, position);
    this.#link.sendWaiting();
    if (attempt.self !== this.#context.self) this.updated();
  }

  #linkOf({ number, url, askedAt }: Attempt): Link {
    this.#context.roundTrip.sample(this.#context.now - askedAt);
    return new Link(this.#context, number, url);
  }

  /** An attempt became the connection: the others are not needed. */
  #settled(attempt: Attempt, { uid, servers, messagesPerSecond, rights, media }: Welcome): void {
    this.#context.uid = uid;
    this.#context.messagesPerSecond = messagesPerSecond;
    this.#context.judged(rights);
    this.#context.servers.learn(servers);
    this.#search?.ended(attempt, 'took over');
    this.#search?.settle(attempt.number);
    this.#dropFinishedSearch();
    this.#context.media({ type: 'media-place', ...media });
  }

  #dropFinishedSearch(): void {
    if (this.#search?.over) this.#search = null;
  }

  #back(outage: Outage, end: 'resumed' | 'revived', server: ServerOutage | null): void {
    outage.back(this.#stay.uid);
    outage.end(this.#stay, end, server);
    this.#outage = null;
  }

  // ---- time ----

  timers(): Deadline<TimerName>[] {
    const list = this.#search?.timers(this.#link !== null && !this.#link.draining) ?? [];
    if (this.#link !== null) list.push(...this.#link.timers(this.#stay.heardAt));
    return [...list, ...limitTimers(this.#context, this.#stay, this.#outage)];
  }

  run(timer: TimerName): Phase {
    const search = this.#search;
    switch (timer) {
      case 'attempt': {
        const record = search?.start();
        if (record) this.#outage?.tried(record);
        return this;
      }
      case 'ask': {
        const attempt = search?.attempts.newestToAsk();
        if (search && attempt) this.#ask(search, attempt);
        return this;
      }
      case 'overdue':
        search?.dropOverdue();
        this.#dropFinishedSearch();
        return this;
      case 'silent':
      case 'doubted':
        this.#link?.doubt(timer);
        this.#troubled(timer);
        return this;
      case 'interrupted':
        this.#troubleSeen(timer).interrupted();
        this.#searchBy(this.#context.now);
        return this;
      case 'lost':
        this.#troubleSeen(timer).lost();
        return this;
      case 'give-up':
        return this.#fail('abnormal', 'no way back was found in giveUpMs');
      default:
        return this;
    }
  }

  /** No further attempt can help. A stay whose token has expired waits for another one (C-43). */
  #endsWith(close: CloseName): boolean {
    if (close !== 'tokenExpired') return isFinal(close);
    this.#context.askForToken();
    return false;
  }

  #fail(close: CloseName, text: string): Phase {
    const transports = [...(this.#search?.attempts.keys() ?? [])];
    if (this.#link) transports.push(this.#link.attempt);
    this.#outage?.end(this.#stay, 'failed', null);
    return fail(this.#context, transports, close, text);
  }
}
