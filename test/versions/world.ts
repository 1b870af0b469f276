/** Clients and servers of whichever versions under one virtual clock: only bytes pass between them. */
import type { ClientInput, Notice, Platform } from '@holdfast/core';
import { everything, type SocketEvents } from '@holdfast/server';
import type { Version } from './older.ts';

const lagMs = 5;

export class World {
  now = 0;
  readonly clients: Client[] = [];
  readonly #servers = new Map<string, InstanceType<Version['server']['HoldfastServer']>>();
  readonly #store: InstanceType<Version['server']['MemoryStore']>;
  readonly #version: Version;
  #later: { at: number; run: () => void }[] = [];
  #seed = 1;

  constructor(version: Version) {
    this.#version = version;
    const { defaultLimits } = version.core;
    const random = { next: () => this.random(), id: () => this.id() };
    const about = { firstJoin: 0, limits: defaultLimits, channelUsers: 100 };
    this.#store = new version.server.MemoryStore({ random, now: () => this.now, ...about });
  }

  start(id: string) {
    const addresses = () => [...this.#servers.keys()];
    const authenticate = 'everything' in this.#version.server ? () => everything : () => null as never;
    const server = new this.#version.server.HoldfastServer({
      id,
      store: this.#store,
      now: () => this.now,
      settings: {
        limits: this.#version.core.defaultLimits,
        ...{ appIds: [], servers: addresses, sameUid: 'replace', authenticate },
      } as never,
      report: () => undefined,
    });
    this.#servers.set(`ws://${id}`, server);
    return server;
  }

  /** It is gone, with a word to its clients. */
  async stop(id: string): Promise<void> {
    const server = this.#servers.get(`ws://${id}`);
    this.#servers.delete(`ws://${id}`);
    await server?.stop();
  }

  client(version: Version, uid: number, platform: Platform): Client {
    const client = new Client(this, version, uid, platform);
    this.clients.push(client);
    client.take({ type: 'start' });
    return client;
  }

  server(url: string) {
    return this.#servers.get(url);
  }

  random(): number {
    this.#seed = (this.#seed * 48_271) % 2_147_483_647;
    return this.#seed / 2_147_483_647;
  }

  id(): string {
    return `id-${this.random().toString(36).slice(2).padEnd(20, 'x')}`;
  }

  after(ms: number, run: () => void): void {
    this.#later.push({ at: this.now + ms, run });
  }

  async run(ms: number): Promise<void> {
    for (const end = this.now + ms; this.now < end; this.now += 1) {
      const due = this.#later.filter(({ at }) => at <= this.now);
      this.#later = this.#later.filter(({ at }) => at > this.now);
      for (const { run } of due) run();
      for (const server of this.#servers.values()) {
        if ((server.deadline()?.at ?? Number.POSITIVE_INFINITY) <= this.now) server.tick();
      }
      for (const client of this.clients) client.look();
      for (let turn = 0; turn < 8; turn += 1) await Promise.resolve();
    }
  }
}

export class Client {
  readonly told: string[] = [];
  /** What came that this version does not know. */
  unknown = 0;
  dark = false;
  readonly #world: World;
  readonly #core: Version['core'];
  readonly #session: InstanceType<Version['core']['ClientSession']>;
  readonly #transports = new Map<number, SocketEvents>();

  constructor(world: World, { core }: Version, uid: number, platform: Platform) {
    this.#world = world;
    this.#core = core;
    const stream = { id: 1, audio: true, video: true, audioMuted: false, videoMuted: false };
    this.#session = new core.ClientSession(
      {
        ...{ appId: 'app', channel: 'room', token: '', uid, account: '', platform, profile: 'communication' },
        ...{ self: { role: 'host', streams: [stream] }, servers: ['ws://s1'], limits: {}, sdk: 'test' },
      },
      { next: () => world.random(), id: () => world.id() },
    );
  }

  get state(): string {
    return this.#session.stateName;
  }

  look(): void {
    if ((this.#session.deadline()?.at ?? Number.POSITIVE_INFINITY) <= this.#world.now)
      this.take({ type: 'deadline' });
  }

  take(input: ClientInput): void {
    for (const output of this.#session.handle(input, this.#world.now)) {
      if (output.type === 'notice') this.told.push(inWords(output.notice));
      else if (output.type === 'dial') this.#later(() => this.#dial(output.attempt, output.url));
      else if (output.type === 'send') {
        const bytes = this.#core.encodeClientFrame(output.frame);
        this.#later(() => this.#transports.get(output.attempt)?.receive(bytes));
      } else if (output.type === 'close') {
        const events = this.#transports.get(output.attempt);
        this.#later(() => {
          this.#transports.delete(output.attempt);
          events?.closed('peer');
        });
      }
    }
  }

  #dial(attempt: number, url: string): void {
    const server = this.#world.server(url);
    if (server === undefined) return this.take({ type: 'closed', attempt, code: 1006, text: '' });
    const feed = (input: ClientInput) => this.#later(() => this.#transports.has(attempt) && this.take(input));
    const socket = {
      bufferedBytes: 0,
      send: (bytes: Uint8Array, passedOn?: () => void) => {
        const frame = this.#core.decodeServerFrame(bytes);
        if (frame.type === 'unknown') this.unknown += 1;
        feed({ type: 'frame', attempt, frame });
        if (passedOn) this.#later(passedOn);
      },
      close: (code: number, text: string) => {
        feed({ type: 'closed', attempt, code, text });
        this.#later(() => this.#transports.delete(attempt));
      },
    };
    this.#transports.set(attempt, server.accept(socket, { address: '10.0.0.1', host: '' }));
    this.take({ type: 'opened', attempt });
  }

  /** In the dark everything waits, as on a dead path. */
  #later(run: () => void): void {
    this.#world.after(lagMs, () => (this.dark ? this.#later(run) : run()));
  }
}

function inWords(notice: Notice): string {
  const uid = 'member' in notice ? ` ${notice.member.uid}` : '';
  if (notice.type === 'state') return `${notice.type} ${notice.state}`;
  return `${notice.type}${uid}${notice.type === 'peer-offline' ? ` ${notice.reason}` : ''}`;
}
