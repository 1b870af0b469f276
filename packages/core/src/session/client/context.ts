import {
  type ConnectionReason,
  type ConnectionState,
  classOf,
  closeCodes,
  recovery,
} from '../../contract/index.ts';
import { type Edge, Picture, type Position, type Self } from '../../presence/index.ts';
import { allRights, type ClientFrame, type MediaNews, type Rights } from '../../wire/frames.ts';
import { Inbox, type Missed } from './inbox.ts';
import { Outbox } from './outbox.ts';
import type { OutageRecord } from './record.ts';
import { RoundTrip } from './round-trip.ts';
import { Servers } from './servers.ts';
import { Throttle } from './throttle.ts';
import { Token } from './token.ts';
import type { ClientOutput, ClientRandom, GapReason, Notice, StayOptions } from './types.ts';

/** What all phases of a stay share: what is known, and the outputs of the input that is being handled. */
export class Context {
  /** Running time of the input that is being handled. */
  now = 0;
  out: ClientOutput[] = [];
  #self: Self;
  /** Of a user who has become audience: what it was as a host. */
  #speaker: Self;
  readonly token: Token;
  rights: Rights = allRights;
  /** Running time of the call to join. */
  joinedAt = 0;
  /** The own uid; 0 until a server has assigned one. */
  uid: number;
  readonly options: StayOptions;
  readonly random: ClientRandom;
  readonly nonce: string;
  readonly servers: Servers;
  readonly picture: Picture;
  readonly inbox = new Inbox();
  readonly outbox = new Outbox();
  /** The log in which this stay began. */
  begunIn: Position | null = null;
  /** What the server takes from one user in a second; null: anything. */
  messagesPerSecond: number | null = null;
  readonly roundTrip = new RoundTrip();
  /** Null: dials are on their way at once. */
  readonly throttle: Throttle | null;
  /** Of the last packet on a media path: it postpones what the app is told, and repairs no connection (C-72). */
  mediaHeardAt = 0;
  #attempts = 0;
  /** The fastest that a transport was opened. */
  #openingMs: number | null = null;
  /** Edges that are not told one by one. */
  #gathered: Edge[] | null = null;

  constructor(options: StayOptions, random: ClientRandom) {
    this.options = options;
    this.random = random;
    this.#self = options.self;
    this.#speaker = options.self;
    this.token = new Token(options.token);
    this.uid = options.uid;
    this.nonce = random.id();
    this.throttle = options.queuesDials ? new Throttle() : null;
    this.servers = new Servers(options.servers, () => random.next());
    this.picture = new Picture(classOf(options.platform), () => this.uid);
  }

  get self(): Self {
    return this.#self;
  }

  /** What is said of oneself with a first frame: an audience stays a host until what it said as one is sent again (C-25, C-60). */
  get selfAsked(): Self {
    return this.outbox.waiting.length > 0 ? this.#speaker : this.#self;
  }

  /** In the live profile only hosts speak (C-25). */
  get speaks(): boolean {
    return this.options.profile === 'communication' || this.#self.role === 'host';
  }

  become(self: Self): void {
    this.#self = self;
    if (this.speaks) this.#speaker = self;
  }

  /** A transport was opened: while nothing else is known, a question takes no longer than that did. */
  opened(tookMs: number): void {
    this.#openingMs = Math.min(this.#openingMs ?? recovery.standbyMaxMs, tookMs);
  }

  /** How long the fastest transport took to open; 0: none has. */
  get openingMs(): number {
    return this.#openingMs ?? 0;
  }

  /** How long one asked attempt is waited for before the next one asks. */
  get patienceMs(): number {
    return Math.max(recovery.askMs, this.roundTrip.boundMs || this.openingMs);
  }

  dial(url: string): number {
    this.#attempts += 1;
    this.throttle?.dialled(this.now);
    this.out.push({ type: 'dial', attempt: this.#attempts, url });
    return this.#attempts;
  }

  send(attempt: number, frame: ClientFrame): void {
    this.out.push({ type: 'send', attempt, frame });
  }

  close(attempt: number): void {
    this.out.push({ type: 'close', attempt, code: closeCodes.done.code });
  }

  notice(notice: Notice): void {
    this.out.push({ type: 'notice', notice });
  }

  state(state: ConnectionState, reason: ConnectionReason): void {
    this.notice({ type: 'state', state, reason });
  }

  tell(edges: readonly Edge[]): void {
    if (this.#gathered !== null) return void this.#gathered.push(...edges);
    const elapsedMs = this.now - this.joinedAt;
    for (const edge of edges) this.notice({ ...edge, elapsedMs });
  }

  /** Runs what moves the picture several times, and tells of it as of one move, before everything else (C-22). */
  atOnce(run: () => void): void {
    const before = this.picture.snapshot();
    const from = this.out.length;
    const gathered: Edge[] = [];
    this.#gathered = gathered;
    run();
    this.#gathered = null;
    const others = this.out.splice(from);
    this.tell(this.picture.net(before, gathered));
    this.out.push(...others);
  }

  /** The app is asked for another token, once (C-43). */
  askForToken(): void {
    if (this.token.asked(this.now)) this.notice({ type: 'token-expired' });
  }

  /** A server has judged the token. */
  judged(rights: Rights): void {
    const renewal = this.token.judged(rights, this.now);
    if (rights.code === 0) this.rights = rights;
    if (renewal !== null) this.notice({ type: 'token-renewed', ...renewal });
  }

  media(frame: MediaNews): void {
    this.out.push({ type: 'media', frame });
  }

  missing(missed: readonly Missed[], reason: GapReason): void {
    for (const each of missed) this.notice({ type: 'gap', reason, ...each });
  }

  outage(record: OutageRecord): void {
    this.out.push({ type: 'outage', record });
  }
}
