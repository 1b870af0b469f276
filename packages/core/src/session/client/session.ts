import {
  type Advice,
  type CloseName,
  type ConnectionReason,
  type ConnectionState,
  classOf,
  closeCodes,
  closeName,
  defaultLimits,
  recovery,
  stalls,
} from '../../contract/index.ts';
import { type Edge, Picture, type Self } from '../../presence/index.ts';
import type { ClientFrame, Entries, Refused, ServerFrame, ServerOutage, Welcome } from '../../wire/frames.ts';
import { failureReason, joinFrame, leaveFrame, rejoinFrame, resumeFrame, type Stay } from './asking.ts';
import { Link, RoundTrip, type Trouble } from './link.ts';
import { Outage } from './outage.ts';
import type { OutageRecord } from './record.ts';
import { type Attempt, Search } from './search.ts';
import { Servers } from './servers.ts';
import { type ClientState, nextDeadline, type TimerName, timers } from './timers.ts';
import type { ClientInput, ClientOutput, ClientRandom, Deadline, Hint, StayOptions } from './types.ts';

type Inside = Extract<ClientState, { name: 'inside' }>;

/**
 * One stay of one user in one channel, as its own end sees it: joining, being inside, every outage and the
 * way back, leaving. Pure: what happens goes in, what to do comes out; `now` is running time (C-3).
 */
export class ClientSession {
  #state: ClientState = { name: 'new' };
  #self: Self;
  #token: string;
  readonly #options: StayOptions;
  readonly #random: ClientRandom;
  readonly #servers: Servers;
  readonly #picture: Picture;
  readonly #roundTrip = new RoundTrip();
  readonly #nonce: string;
  #attempts = 0;
  #probes = 0;
  #joinedAt = 0;
  #now = 0;
  #out: ClientOutput[] = [];

  constructor(options: StayOptions, random: ClientRandom) {
    this.#options = options;
    this.#random = random;
    this.#self = options.self;
    this.#token = options.token;
    this.#servers = new Servers(options.servers);
    this.#nonce = random.id();
    this.#picture = new Picture(classOf(options.platform), () => this.uid);
  }

  /** The own uid; 0 until a server has assigned one. */
  get uid(): number {
    return this.#state.name === 'inside' ? this.#state.stay.uid : this.#options.uid;
  }

  /** The state's name and what it is busy with, for traces. */
  get stateName(): string {
    const state = this.#state;
    if (state.name !== 'inside') return state.name;
    const link = state.link === null ? 'away' : (state.link.trouble ?? 'linked');
    const told = state.outage?.lostTold ? '+lost' : state.outage?.interruptedTold ? '+interrupted' : '';
    return `inside:${link}${told}`;
  }

  /** Takes one input at running time `now`, in milliseconds; returns what to do, in order. */
  handle(input: ClientInput, now: number): ClientOutput[] {
    this.#now = now;
    this.#out = [];
    this.#take(input);
    return this.#out;
  }

  /** When `handle({ type: 'deadline' })` is due next, in running time; null: not before another input. */
  deadline(): Deadline | null {
    return nextDeadline(this.#timers());
  }

  #timers(): Deadline<TimerName>[] {
    return timers(this.#state, this.#options.limits, this.#patienceMs);
  }

  #take(input: ClientInput): void {
    if (this.#state.name === 'ended') return;
    switch (input.type) {
      case 'start':
        return this.#start();
      case 'leave':
        return this.#leave();
      case 'update':
        return this.#update(input.self);
      case 'renew':
        this.#token = input.token;
        return;
      case 'hint':
        return this.#hinted(input.hint);
      case 'stalled':
        return this.#stalled(input.ms);
      case 'opened':
        return this.#opened(input.attempt);
      case 'frame':
        return this.#frame(input.attempt, input.frame);
      case 'closed':
        return this.#closed(input.attempt, closeName(input.code), input.text);
      case 'deadline':
        return this.#runTimers();
    }
  }

  // ---- the app's calls -----------------------------------------------------------------------------

  #start(): void {
    if (this.#state.name !== 'new') return;
    this.#joinedAt = this.#now;
    this.#state = {
      name: 'joining',
      since: this.#now,
      lostTold: false,
      search: new Search(this.#now, this.#now),
    };
    this.#notifyState('connecting', 'connecting');
    this.#runTimers();
  }

  #update(self: Self): void {
    this.#self = self;
    const { link } = this.#inside() ?? {};
    if (link) this.#send(link.attempt, { type: 'update', self });
  }

  /** C-14: nothing is told after the leave's own; one transport may carry the goodbye for 2 s. */
  #leave(): void {
    const state = this.#state;
    if (state.name === 'leaving') return;
    this.#notifyState('disconnected', 'leaveChannel');
    this.#notify({ type: 'left', durationMs: this.#now - this.#joinedAt });
    if (state.name === 'inside' && state.outage) this.#recordOutage(state, state.outage, 'left', null);
    if (state.name === 'inside') this.#carryGoodbye(state);
    else if (state.name === 'joining') this.#awaitJoin(state.search);
    else this.#end();
  }

  #carryGoodbye(state: Inside): void {
    const goodbye = leaveFrame(this.#options, state.stay);
    const healthy = state.link !== null && state.link.trouble === null;
    const carriers = new Map<number, 'dialing' | 'asked' | 'sent'>();
    for (const { number, stage } of state.search?.attempts.values() ?? []) {
      if (!healthy && (stage === 'dialing' || stage === 'asked')) carriers.set(number, stage);
      else this.#close(number);
    }
    if (state.link !== null) {
      this.#send(state.link.attempt, goodbye);
      carriers.set(state.link.attempt, 'sent');
    }
    if (!healthy && carriers.size < 2) {
      const url = this.#servers.next(this.#now, state.link?.url ?? null);
      if (url !== null) carriers.set(this.#dial(url), 'dialing');
    }
    this.#state = { name: 'leaving', until: this.#now + recovery.goodbyeMs, goodbye, carriers };
    if (carriers.size === 0) this.#end();
  }

  /** A join that was asked may have been granted: its answer is waited for, to take it back. */
  #awaitJoin(search: Search): void {
    const carriers = new Map<number, 'asked'>();
    for (const { number, stage } of search.attempts.values()) {
      if (stage === 'asked') carriers.set(number, 'asked');
      else this.#close(number);
    }
    this.#state = { name: 'leaving', until: this.#now + recovery.goodbyeMs, goodbye: null, carriers };
    if (carriers.size === 0) this.#end();
  }

  // ---- the platform's words (C-3, C-15) ------------------------------------------------------------

  #hinted(hint: Hint): void {
    if (hint !== 'offline') this.#hurry();
    if (hint !== 'online') this.#probe();
  }

  /** After a sleep the clocks start at waking; after any stall a heartbeat goes out first. */
  #stalled(ms: number): void {
    const state = this.#state;
    if (ms >= stalls.sleepMs) {
      if (state.name === 'joining') state.since = this.#now;
      if (state.name === 'inside') state.stay.heardAt = this.#now;
      this.#hurry();
    }
    this.#probe();
  }

  #hurry(): void {
    if (this.#state.name !== 'joining' && this.#state.name !== 'inside') return;
    this.#state.search?.hurry(this.#now);
  }

  #probe(): void {
    const { link } = this.#inside() ?? {};
    if (!link) return;
    this.#probes += 1;
    link.probe = { id: this.#probes, at: this.#now };
    this.#send(link.attempt, { type: 'heartbeat', id: this.#probes, answer: 0 });
  }

  // ---- transports ----------------------------------------------------------------------------------

  #opened(number: number): void {
    const state = this.#state;
    if (state.name === 'leaving') {
      if (state.carriers.get(number) !== 'dialing' || state.goodbye === null) return;
      state.carriers.set(number, 'sent');
      return this.#send(number, state.goodbye);
    }
    const attempt = this.#attempt(number);
    if (!attempt) return;
    attempt.stage = 'open';
    attempt.record.openedMs = this.#sinceTrouble();
    this.#runTimers();
  }

  #frame(number: number, frame: ServerFrame): void {
    const state = this.#state;
    if (state.name === 'leaving') return this.#leavingFrame(number, frame);
    if (state.name === 'inside' && state.link?.attempt === number) {
      return this.#linkFrame(state, state.link, frame);
    }
    const attempt = this.#attempt(number);
    if (!attempt) return;
    if (frame.type === 'welcome') this.#welcomed(attempt, frame);
    else if (frame.type === 'standby-ready') this.#standbyReady(attempt);
    else if (frame.type === 'refused') this.#refused(attempt, frame);
  }

  #leavingFrame(number: number, frame: ServerFrame): void {
    const state = this.#state;
    if (state.name !== 'leaving') return;
    if (frame.type === 'farewell' || frame.type === 'refused') return this.#end();
    if (frame.type !== 'welcome' || state.carriers.get(number) !== 'asked') return;
    state.carriers.set(number, 'sent');
    const stay = { uid: frame.uid, session: frame.session, secret: frame.secret };
    const { appId, channel } = this.#options;
    this.#send(number, { type: 'leave', appId, channel, ...stay });
  }

  #closed(number: number, close: CloseName, text: string): void {
    const state = this.#state;
    if (state.name === 'leaving') {
      state.carriers.delete(number);
      if (state.carriers.size === 0) this.#end();
      return;
    }
    if (state.name === 'inside' && state.link?.attempt === number) {
      if (closeCodes[close].advice === 'stop') return this.#fail(close, text);
      return this.#linkLost(state, close);
    }
    const attempt = this.#attempt(number);
    if (!attempt) return;
    const failedToOpen = attempt.stage === 'dialing';
    this.#forget(attempt, close);
    if (closeCodes[close].advice === 'stop') return this.#fail(close, text);
    // A dead server must not eat the time of a live one: go through the list once without a pause.
    const search = this.#search();
    if (failedToOpen && search && search.started < this.#servers.count) search.nextAt = this.#now;
    this.#runTimers();
  }

  // ---- in the channel ------------------------------------------------------------------------------

  #linkFrame(state: Inside, link: Link, frame: ServerFrame): void {
    state.stay.heardAt = this.#now;
    link.heard();
    let proof = frame.type === 'welcome';
    switch (frame.type) {
      case 'heartbeat':
        link.reported(frame);
        this.#roundTrip.sample(frame.rttMs);
        state.stay.spreadMs = frame.spreadMs;
        proof ||= link.probe?.id === frame.answer;
        if (frame.id !== 0 && this.#now - link.sentAt >= answerAfterMs) {
          this.#send(link.attempt, { type: 'heartbeat', id: 0, answer: frame.id });
        }
        break;
      case 'refused':
        return this.#linkRefused(state, frame);
      case 'welcome':
        state.stay.position = frame.position;
        break;
      default:
        break;
    }
    if (link.trouble === 'deaf') this.#troubled(state, 'deaf');
    else this.#revived(state, link, proof, frame.type === 'welcome' ? frame.outage : null);
    if (frame.type === 'welcome') this.#tell(this.#picture.take(frame));
    if (frame.type === 'entries') this.#entries(state, frame);
  }

  #entries(state: Inside, { first, entries }: Entries): void {
    const { position } = state.stay;
    const same = first.incarnation === position.incarnation && first.epoch === position.epoch;
    if (!same || first.seq > position.seq + 1) {
      // Entries are missing: only a resume can mend that.
      if (state.link) this.#close(state.link.attempt);
      return this.#linkLost(state, 'done');
    }
    for (const entry of entries.slice(position.seq + 1 - first.seq)) {
      if (entry.type === 'member') this.#tell(this.#picture.apply(entry.member));
    }
    const seq = Math.max(position.seq, first.seq + entries.length - 1);
    state.stay.position = { ...position, seq };
  }

  /** A packet came on the connection. After 4 s of silence only a fresh round trip proves that we are back. */
  #revived(state: Inside, link: Link, proof: boolean, server: ServerOutage | null): void {
    const { outage } = state;
    if (outage === null || !outage.interruptedTold || proof) link.probe = null;
    if (outage === null) return;
    if (outage.interruptedTold && !proof) {
      if (link.probe === null) this.#probe();
      return;
    }
    if (state.search !== null && state.search.started > 0) state.restUntil = this.#now + recovery.standbyRestMs;
    this.#dropSearch(state, null);
    this.#back(state, outage, 'revived', server);
  }

  #linkRefused(state: Inside, frame: Refused): void {
    const close = closeName(frame.code);
    if (closeCodes[close].advice === 'stop') return this.#fail(close, frame.text);
    if (state.link) {
      this.#close(state.link.attempt);
      if (frame.retryMs > 0) this.#servers.rest(state.link.url, this.#now + frame.retryMs);
    }
    this.#linkLost(state, close);
  }

  /** C-10: a closed transport is replaced at once, or inside the spread window that its server told (C-17). */
  #linkLost(state: Inside, close: CloseName): void {
    const avoid = state.link?.url ?? null;
    state.link = null;
    state.avoid = avoid;
    const outage = this.#outage(state);
    outage.noticed(`closed: ${close}`, this.#now);
    const firstAt = this.#now + this.#random.next() * state.stay.spreadMs;
    if (state.search === null) state.search = new Search(this.#now, firstAt);
    else state.search.nextAt = Math.min(state.search.nextAt, firstAt);
    this.#runTimers();
  }

  #troubled(state: Inside, trouble: Trouble): void {
    const known = state.outage !== null && state.search !== null;
    if (known && state.search?.nextAt !== Number.POSITIVE_INFINITY) return;
    this.#outage(state).noticed(trouble, this.#now);
    const firstAt = Math.max(this.#now, state.restUntil);
    if (state.search === null) state.search = new Search(this.#now, firstAt);
    else state.search.nextAt = firstAt;
  }

  // ---- the way in ----------------------------------------------------------------------------------

  #startAttempt(search: Search): void {
    const inside = this.#inside();
    const avoid = inside?.link?.url ?? inside?.avoid ?? null;
    const url = this.#servers.next(this.#now, avoid);
    if (url === null) {
      search.nextAt = this.#servers.restUntil();
      return;
    }
    if (inside) inside.avoid = null;
    const number = this.#dial(url);
    const record = inside ? this.#outage(inside).attempt(number, url, this.#now) : firstJoinRecord(number, url);
    const fresh = { number, url, startedAt: this.#now, stage: 'dialing', askedAt: 0, self: null } as const;
    search.add({ ...fresh, record }, this.#random.next());
  }

  /** Asks to come in on an opened transport: fencing if there is no connection, as a standby beside one. */
  #ask(attempt: Attempt): void {
    const inside = this.#inside();
    const asking = { options: this.#options, token: this.#token, self: this.#self, attempt: attempt.number };
    const standby = inside !== null && inside.link !== null;
    attempt.askedAt = this.#now;
    attempt.self = this.#self;
    attempt.record.askedMs = this.#sinceTrouble();
    attempt.stage = standby ? 'standby' : 'asked';
    if (inside === null) return this.#send(attempt.number, joinFrame(asking, this.#nonce));
    const { stay, outage } = inside;
    this.#send(attempt.number, resumeFrame(asking, stay, standby, outage?.id ?? ''));
  }

  /** C-10: a standby takes over only if the old transport is still in trouble when it is ready. */
  #standbyReady(attempt: Attempt): void {
    const inside = this.#inside();
    if (inside === null || attempt.stage !== 'standby') return;
    inside.stay.heardAt = this.#now;
    const needed =
      inside.link === null || inside.link.trouble !== null || (inside.outage?.interruptedTold ?? false);
    if (!needed) {
      this.#close(attempt.number);
      return this.#forget(attempt, 'done');
    }
    if (inside.link !== null) this.#close(inside.link.attempt);
    inside.link = null;
    attempt.stage = 'asked';
    attempt.askedAt = this.#now;
    attempt.self = this.#self;
    this.#outage(inside).noticed('standby takes over', this.#now);
    this.#send(attempt.number, { type: 'takeover', self: this.#self, position: inside.stay.position });
  }

  #refused(attempt: Attempt, { code, text, retryMs }: Refused): void {
    const close = closeName(code);
    const advice: Advice = closeCodes[close].advice;
    const inside = this.#inside();
    if (advice === 'rejoin' && inside !== null) {
      if (inside.link !== null) {
        this.#close(inside.link.attempt);
        inside.link = null;
      }
      this.#outage(inside).noticed('unknown session: joining afresh', this.#now);
      const asking = { options: this.#options, token: this.#token, self: this.#self, attempt: attempt.number };
      attempt.stage = 'asked';
      attempt.askedAt = this.#now;
      attempt.self = this.#self;
      const picture = this.#picture.members();
      return this.#send(attempt.number, rejoinFrame(asking, this.#nonce, inside.stay, picture, this.#now));
    }
    if (advice === 'stop' || advice === 'reauthenticate') return this.#fail(close, text);
    if (retryMs > 0) this.#servers.rest(attempt.url, this.#now + retryMs);
    this.#close(attempt.number);
    this.#forget(attempt, close);
  }

  #welcomed(attempt: Attempt, welcome: Welcome): void {
    const state = this.#state;
    if (state.name !== 'joining' && state.name !== 'inside') return;
    const link = state.name === 'inside' ? state.link : null;
    if (link !== null && link.attempt > attempt.number) {
      this.#close(attempt.number);
      return this.#forget(attempt, 'superseded');
    }
    if (link !== null) this.#close(link.attempt);
    this.#roundTrip.sample(this.#now - attempt.askedAt);
    attempt.record.outcome = 'took over';
    attempt.record.endedMs = this.#sinceTrouble();
    this.#servers.learn(welcome.servers);
    const inside = this.#enter(state, attempt, welcome);
    if (attempt.self !== this.#self) this.#update(this.#self);
    if (state.name === 'joining') {
      this.#notifyState('connected', 'joinSuccess');
      this.#notify({ type: 'joined', uid: welcome.uid, elapsedMs: this.#now - this.#joinedAt });
    } else if (state.outage !== null) {
      this.#back(inside, state.outage, 'resumed', welcome.outage);
    }
    this.#tell(this.#picture.take(welcome));
  }

  #enter(before: Exclude<ClientState, { name: 'new' }>, attempt: Attempt, welcome: Welcome): Inside {
    const { session, secret, uid, join, position, spreadMs } = welcome;
    const limits = { ...defaultLimits, ...welcome.limits };
    const stay: Stay = { session, secret, uid, join, position, spreadMs, limits, heardAt: this.#now };
    const standbyAfterMs = this.#roundTrip.standbyAfterMs(this.#random.next());
    const link = new Link(attempt.number, attempt.url, this.#now, standbyAfterMs);
    const search = before.name === 'joining' || before.name === 'inside' ? before.search : null;
    const restUntil = before.name === 'inside' ? before.restUntil : 0;
    const outage = before.name === 'inside' ? before.outage : null;
    const inside: Inside = { name: 'inside', stay, link, outage, search, restUntil, avoid: null };
    this.#state = inside;
    search?.attempts.delete(attempt.number);
    this.#dropSearch(inside, attempt.number);
    return inside;
  }

  /** Closes the attempts that are not needed. One that asked later may already have won: it is awaited (C-41). */
  #dropSearch(state: Inside, winner: number | null): void {
    const { search } = state;
    if (search === null) return;
    for (const attempt of [...search.attempts.values()]) {
      if (winner !== null && attempt.stage === 'asked' && attempt.number > winner) continue;
      this.#close(attempt.number);
      search.attempts.delete(attempt.number);
      attempt.record.outcome = 'not needed';
      attempt.record.endedMs = this.#sinceTrouble();
    }
    search.settle();
    if (search.attempts.size === 0) state.search = null;
  }

  /** The outage is over; whether the app hears of it depends on whether it had heard of the outage (C-11). */
  #back(state: Inside, outage: Outage, end: 'resumed' | 'revived', server: ServerOutage | null): void {
    if (outage.interruptedTold) {
      this.#notifyState('connected', 'rejoinSuccess');
      const elapsedMs = this.#now - outage.beganAt;
      this.#notify({ type: 'rejoined', uid: state.stay.uid, elapsedMs });
      outage.told('rejoined', this.#now);
    }
    this.#recordOutage(state, outage, end, server);
    state.outage = null;
  }

  // ---- time ----------------------------------------------------------------------------------------

  /** Runs every timer that is due, the earliest first; each run removes its own cause. */
  #runTimers(): void {
    for (;;) {
      const due = nextDeadline(this.#timers());
      if (due === null || due.at > this.#now) return;
      this.#runTimer(due.why);
    }
  }

  #runTimer(why: TimerName): void {
    const search = this.#search();
    const inside = this.#inside();
    switch (why) {
      case 'attempt':
        return search ? this.#startAttempt(search) : undefined;
      case 'ask': {
        const attempt = search?.newestOpen();
        return attempt ? this.#ask(attempt) : undefined;
      }
      case 'overdue': {
        const attempt = search?.overdue(this.#now);
        if (!attempt) return;
        this.#close(attempt.number);
        return this.#forget(attempt, 'timeout');
      }
      case 'silent':
      case 'doubted':
        if (!inside?.link) return;
        inside.link.probe = null;
        inside.link.trouble = why;
        return this.#troubled(inside, why);
      case 'interrupted':
        return inside ? this.#interrupted(inside) : undefined;
      case 'lost':
        return this.#lost();
      case 'give-up':
        return this.#fail('abnormal', 'no way back was found in giveUpMs');
      case 'goodbye':
        return this.#end();
    }
  }

  #interrupted(state: Inside): void {
    const outage = this.#outage(state);
    outage.interruptedTold = true;
    outage.noticed('interrupted', this.#now);
    if (state.search === null) state.search = new Search(this.#now, this.#now);
    else state.search.nextAt = Math.min(state.search.nextAt, this.#now);
    this.#notifyState('reconnecting', 'interrupted');
    this.#notify({ type: 'interrupted' });
    outage.told('interrupted', this.#now);
  }

  #lost(): void {
    const state = this.#state;
    if (state.name === 'joining') state.lostTold = true;
    else if (state.name === 'inside' && state.outage) {
      state.outage.lostTold = true;
      state.outage.told('lost', this.#now);
    }
    this.#notifyState('reconnecting', 'lost');
    this.#notify({ type: 'lost' });
  }

  // ---- ends ----------------------------------------------------------------------------------------

  #fail(close: CloseName, text: string): void {
    const state = this.#state;
    const reason = failureReason(close);
    this.#notifyState('failed', reason);
    this.#notify({ type: 'failed', close, text });
    if (state.name === 'inside' && state.outage) this.#recordOutage(state, state.outage, 'failed', null);
    this.#end();
  }

  #end(): void {
    const state = this.#state;
    if (state.name === 'inside' && state.link) this.#close(state.link.attempt);
    if (state.name === 'leaving') for (const number of state.carriers.keys()) this.#close(number);
    for (const number of this.#search()?.attempts.keys() ?? []) this.#close(number);
    this.#state = { name: 'ended' };
    this.#out.push({ type: 'ended' });
  }

  // ---- small things --------------------------------------------------------------------------------

  #inside(): Inside | null {
    return this.#state.name === 'inside' ? this.#state : null;
  }

  #search(): Search | null {
    const state = this.#state;
    return state.name === 'joining' || state.name === 'inside' ? state.search : null;
  }

  #attempt(number: number): Attempt | undefined {
    return this.#search()?.attempts.get(number);
  }

  #forget(attempt: Attempt, outcome: CloseName | 'timeout'): void {
    attempt.record.outcome = outcome;
    attempt.record.endedMs = this.#sinceTrouble();
    const search = this.#search();
    search?.attempts.delete(attempt.number);
    const inside = this.#inside();
    const settled = search?.nextAt === Number.POSITIVE_INFINITY && search.attempts.size === 0;
    if (inside && settled) inside.search = null;
  }

  #outage(state: Inside): Outage {
    state.outage ??= new Outage(this.#random.id(), state.stay.heardAt, this.#now);
    return state.outage;
  }

  #recordOutage(state: Inside, outage: Outage, end: OutageRecord['end'], server: ServerOutage | null): void {
    const { uid, session } = state.stay;
    const about = { channel: this.#options.channel, uid, session, end };
    this.#out.push({ type: 'outage', record: outage.record(about, server, this.#now) });
  }

  #sinceTrouble(): number {
    const state = this.#state;
    if (state.name === 'joining') return this.#now - state.since;
    return state.name === 'inside' && state.outage ? state.outage.since(this.#now) : 0;
  }

  get #patienceMs(): number {
    return Math.max(recovery.askMs, this.#roundTrip.boundMs);
  }

  #dial(url: string): number {
    this.#attempts += 1;
    this.#out.push({ type: 'dial', attempt: this.#attempts, url });
    return this.#attempts;
  }

  #send(attempt: number, frame: ClientFrame): void {
    const { link } = this.#inside() ?? {};
    if (link?.attempt === attempt) link.sentAt = this.#now;
    this.#out.push({ type: 'send', attempt, frame });
  }

  #close(attempt: number): void {
    this.#out.push({ type: 'close', attempt, code: closeCodes.done.code });
  }

  #tell(edges: readonly Edge[]): void {
    const elapsedMs = this.#now - this.#joinedAt;
    for (const edge of edges) this.#out.push({ type: 'notice', notice: { ...edge, elapsedMs } });
  }

  #notify(notice: Extract<ClientOutput, { type: 'notice' }>['notice']): void {
    this.#out.push({ type: 'notice', notice });
  }

  #notifyState(state: ConnectionState, reason: ConnectionReason): void {
    this.#notify({ type: 'state', state, reason });
  }
}

/** A heartbeat is not answered when something else was sent this recently. */
const answerAfterMs = 500;

function firstJoinRecord(attempt: number, url: string) {
  return { attempt, url, startedMs: 0, openedMs: null, askedMs: null, endedMs: null, outcome: 'pending' };
}
