/** What tests of a whole server stand on. */
import {
  type ClientFrame,
  type ClientInput,
  ClientSession,
  decodeServerFrame,
  defaultLimits,
  encodeClientFrame,
  type Notice,
  type OutageRecord,
  type Platform,
  type StayOptions,
} from '@holdfast/core';
import { type Bounds, defaultBounds } from './bounds/index.ts';
import type { SocketEvents } from './gateway/socket.ts';
import { HoldfastServer } from './server.ts';
import { everything, type Grant, type Rejection } from './settings.ts';
import { MemoryStore } from './store/memory/store.ts';

const numbers = { disconnected: 1, connecting: 2, connected: 3, reconnecting: 4, failed: 5 };

/** A server, or several over one store, and clients under one virtual clock, with pipes of 5 ms between them. */
export class World {
  now = 0;
  seed = 1;
  readonly clients: Client[] = [];
  readonly later: { at: number; run: () => void }[] = [];
  server: HoldfastServer;
  /** By address; clients know the first. */
  readonly servers = new Map<string, HoldfastServer>();
  store: MemoryStore;
  /** What a token is worth. */
  grant: (token: string) => Grant | Rejection = () => everything;

  constructor(readonly bounds: Partial<Bounds> = {}) {
    this.store = this.#newStore();
    this.server = this.start('s1');
  }

  /** The server dies with its memory, and starts again. */
  restart(): void {
    for (const client of this.clients) client.lose();
    this.store = this.#newStore();
    this.server = this.start('s1');
  }

  /** Another server at the same store, or one again. */
  start(id: string): HoldfastServer {
    const server = this.#newServer(id);
    this.servers.set(`ws://${id}`, server);
    return server;
  }

  #newStore(): MemoryStore {
    const random = {
      next: () => this.random(),
      id: () => `id-${this.random().toString(36).slice(2).padEnd(20, 'x')}`,
    };
    const now = () => this.now;
    return new MemoryStore({
      random,
      now,
      firstJoin: 0,
      limits: defaultLimits,
      channelUsers: this.bounds.usersPerChannel ?? 100,
    });
  }

  #newServer(id: string): HoldfastServer {
    const { store } = this;
    return new HoldfastServer({
      id,
      url: `ws://${id}`,
      settings: {
        limits: defaultLimits,
        appIds: [],
        servers: () => store.seats().flatMap(({ url, leaving }) => (leaving ? [] : (url ?? []))),
        sameUid: 'replace',
        bounds: { ...defaultBounds, messagesPerSecond: null, ...this.bounds },
        authenticate: (credentials) => this.grant(credentials.token),
      },
      store,
      now: () => this.now,
      report: () => undefined,
    });
  }

  random(): number {
    this.seed = (this.seed * 1_103_515_245 + 12_345) % 2 ** 31;
    return this.seed / 2 ** 31;
  }

  client(uid: number, platform: Platform, token = '', stay: Partial<StayOptions> = {}): Client {
    const client = new Client(this, uid, platform, token, stay);
    this.clients.push(client);
    client.handle({ type: 'start' });
    return client;
  }

  async run(ms: number): Promise<void> {
    for (const end = this.now + ms; this.now < end; this.now += 1) {
      for (const { at, run } of this.later.splice(0)) {
        if (at <= this.now) run();
        else this.later.push({ at, run });
      }
      for (const server of this.servers.values()) {
        if ((server.deadline()?.at ?? Infinity) <= this.now) server.tick();
      }
      for (const client of this.clients) {
        if ((client.session.deadline()?.at ?? Infinity) <= this.now) client.handle({ type: 'deadline' });
      }
      for (let turn = 0; turn < 5; turn += 1) await Promise.resolve();
    }
  }
}

export class Client {
  dark = false;
  /** Nothing that it sends arrives until later. */
  mute = false;
  /** It reads nothing: what is sent to it lies in the server's queue, in bytes; null: it reads. */
  unread: number | null = null;
  /** How long the transport takes to pass on what tells that it was, in milliseconds. */
  pieceMs = 5;
  /** The largest frame that came, in bytes. */
  largest = 0;
  readonly session: ClientSession;
  readonly notices: Notice[] = [];
  readonly transports = new Map<number, SocketEvents>();
  /** Where each attempt went whose transport opened. */
  readonly urls = new Map<number, string>();
  readonly outages: OutageRecord[] = [];
  readonly abandoned = new Set<number>();

  constructor(
    readonly world: World,
    uid: number,
    platform: Platform,
    token: string,
    stay: Partial<StayOptions>,
  ) {
    const stream = { id: 1, audio: true, video: true, audioMuted: false, videoMuted: false };
    this.session = new ClientSession(
      {
        ...{
          appId: 'demo',
          channel: 'room',
          token,
          uid,
          account: '',
          platform,
          profile: 'communication',
        },
        ...{ self: { role: 'host', streams: [stream] }, servers: ['ws://s1'], limits: {}, sdk: 'test' },
        ...stay,
      },
      {
        next: () => world.random(),
        id: () => `nonce-${world.random().toString(36).slice(2).padEnd(20, 'x')}`,
      },
    );
  }

  told(): string[] {
    return this.notices.map((notice) => {
      if (notice.type === 'state') return `state ${numbers[notice.state]}`;
      if (notice.type === 'failed') return `failed ${notice.close}`;
      if (notice.type === 'message') return `${notice.uid}: ${new TextDecoder().decode(notice.data)}`;
      if (notice.type === 'token-renewed') return `${notice.type} ${notice.code}`;
      if (notice.type === 'gap') return `${notice.uid} misses ${notice.missed}: ${notice.reason}`;
      const uid = 'member' in notice ? ` ${notice.member.uid}` : '';
      return `${notice.type}${uid}${notice.type === 'peer-offline' ? ` ${notice.reason}` : ''}`;
    });
  }

  /** What this app was given of messages, and of missing ones. */
  messages(): string[] {
    return this.told().filter((text) => /^\d/.test(text));
  }

  say(text: string, stream = 1): void {
    this.handle({ type: 'send', stream, data: new TextEncoder().encode(text), sentAt: 0 });
  }

  /** The network goes, with everything that was under way in it. */
  cut(): void {
    this.lose();
    this.dark = true;
  }

  /** Every connection breaks. */
  lose(): void {
    for (const [attempt, events] of this.transports) {
      this.transports.delete(attempt);
      events.closed('peer');
      this.deliver(() => this.handle({ type: 'closed', attempt, code: 1006, text: '' }));
    }
  }

  handle(input: ClientInput): void {
    for (const output of this.session.handle(input, this.world.now)) {
      if (output.type === 'notice') this.notices.push(output.notice);
      if (output.type === 'outage') this.outages.push(output.record);
      if (output.type === 'dial') this.deliver(() => this.dial(output.attempt, output.url));
      if (output.type === 'send') this.send(output.attempt, output.frame);
      if (output.type === 'close') {
        const events = this.transports.get(output.attempt);
        this.transports.delete(output.attempt);
        this.abandoned.add(output.attempt);
        this.deliver(() => events?.closed('peer'));
      }
    }
  }

  send(attempt: number, frame: ClientFrame): void {
    const events = this.transports.get(attempt);
    const bytes = encodeClientFrame(frame);
    this.deliver(
      () => events?.receive(bytes),
      () => this.dark || this.mute,
    );
  }

  dial(attempt: number, url: string): void {
    if (this.abandoned.has(attempt)) return;
    const server = this.world.servers.get(url);
    if (server === undefined) return this.handle({ type: 'closed', attempt, code: 1006, text: 'refused' });
    const fromServer = (input: ClientInput) =>
      this.deliver(() => this.transports.has(attempt) && this.handle(input));
    this.urls.set(attempt, url);
    const unread = () => this.unread ?? 0;
    const events = server.accept(
      {
        get bufferedBytes() {
          return unread();
        },
        send: (bytes, passedOn) => {
          if (this.unread !== null) {
            this.unread += bytes.length;
            return;
          }
          this.largest = Math.max(this.largest, bytes.length);
          fromServer({ type: 'frame', attempt, frame: decodeServerFrame(bytes) });
          if (passedOn) this.deliver(passedOn, undefined, this.pieceMs);
        },
        close: (code, text) => {
          fromServer({ type: 'closed', attempt, code, text });
          this.deliver(() => this.transports.delete(attempt));
        },
      },
      { address: '10.0.0.1', host: '' },
    );
    this.transports.set(attempt, events);
    this.handle({ type: 'opened', attempt });
  }

  /** In the dark everything waits, as on a dead path; dials are lost. */
  deliver(run: () => void, waits = () => this.dark, afterMs = 5): void {
    const attempt = () => {
      if (waits()) this.world.later.push({ at: this.world.now + 50, run: attempt });
      else run();
    };
    this.world.later.push({ at: this.world.now + afterMs, run: attempt });
  }
}
