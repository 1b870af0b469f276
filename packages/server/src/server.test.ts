import {
  type ClientFrame,
  type ClientInput,
  ClientSession,
  decodeServerFrame,
  defaultLimits,
  encodeClientFrame,
  type Notice,
  type Platform,
} from '@holdfast/core';
import { describe, expect, it } from 'vitest';
import { HoldfastServer, MemoryStore, type SocketEvents } from './index.ts';

describe('two people in one channel', () => {
  it('C-20 native sees nothing of a 15 s outage, web sees the stream go and come', async () => {
    const world = new World();
    const a = world.client(1, 'linux');
    const b = world.client(2, 'web');
    const c = world.client(3, 'ios');
    await world.run(3_000);
    expect(b.told()).toEqual([
      'state 2',
      'state 3',
      'joined',
      'peer-joined 1',
      'stream-added 1',
      'peer-joined 3',
      'stream-added 3',
    ]);
    a.dark = true;
    await world.run(15_000);
    a.dark = false;
    await world.run(3_000);
    expect(a.told()).toEqual([
      ...['state 2', 'state 3', 'joined', 'peer-joined 2', 'peer-joined 3'],
      ...['state 4', 'interrupted', 'state 4', 'lost', 'state 3', 'rejoined'],
    ]);
    expect(b.told().slice(7)).toEqual(['stream-removed 1', 'stream-added 1']);
    expect(c.told().filter((text) => text.endsWith(' 1'))).toEqual(['peer-joined 1']);
  });

  it('C-21 native is told at 20 s, and again when A returns', async () => {
    const world = new World();
    const a = world.client(1, 'linux');
    const b = world.client(2, 'android');
    await world.run(3_000);
    a.dark = true;
    await world.run(24_000);
    a.dark = false;
    await world.run(6_000);
    expect(b.told()).toEqual([
      'state 2',
      'state 3',
      'joined',
      'peer-joined 1',
      'peer-offline 1 dropped',
      'peer-joined 1',
    ]);
    a.handle({ type: 'leave' });
    await world.run(3_000);
    expect(b.told().at(-1)).toBe('peer-offline 1 quit');
    expect(a.transports.size).toBe(0);
    expect(a.session.deadline()).toBeNull();
  });

  it('C-40 the same uid again takes over without a word to others', async () => {
    const world = new World();
    const a = world.client(1, 'linux');
    const b = world.client(2, 'windows');
    await world.run(3_000);
    const again = world.client(1, 'linux');
    await world.run(5_000);
    expect(a.told().slice(-2)).toEqual(['state 5', 'failed sameUid']);
    expect(again.told().slice(2)).toEqual(['joined', 'peer-joined 2']);
    expect(b.told().slice(3)).toEqual(['peer-joined 1']);
  });
});

const numbers = { disconnected: 1, connecting: 2, connected: 3, reconnecting: 4, failed: 5 };

/** A server and clients under one virtual clock, with pipes of 5 ms between them. */
class World {
  now = 0;
  seed = 1;
  readonly clients: Client[] = [];
  readonly later: { at: number; run: () => void }[] = [];
  readonly server: HoldfastServer;

  constructor() {
    const random = {
      next: () => this.random(),
      id: () => `id-${this.random().toString(36).slice(2).padEnd(20, 'x')}`,
    };
    const now = () => this.now;
    const store = new MemoryStore({ random, now, firstJoin: 0, limits: defaultLimits, channelUsers: 100 });
    this.server = new HoldfastServer({
      id: 's1',
      settings: {
        limits: defaultLimits,
        appIds: [],
        servers: () => [],
        sameUid: 'replace',
        authenticate: () => null,
      },
      store,
      now,
      report: () => undefined,
    });
  }

  random(): number {
    this.seed = (this.seed * 1_103_515_245 + 12_345) % 2 ** 31;
    return this.seed / 2 ** 31;
  }

  client(uid: number, platform: Platform): Client {
    const client = new Client(this, uid, platform);
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
      if ((this.server.deadline()?.at ?? Infinity) <= this.now) this.server.tick();
      for (const client of this.clients) {
        if ((client.session.deadline()?.at ?? Infinity) <= this.now) client.handle({ type: 'deadline' });
      }
      for (let turn = 0; turn < 5; turn += 1) await Promise.resolve();
    }
  }
}

class Client {
  dark = false;
  readonly session: ClientSession;
  readonly notices: Notice[] = [];
  readonly transports = new Map<number, SocketEvents>();
  readonly abandoned = new Set<number>();

  constructor(
    readonly world: World,
    uid: number,
    platform: Platform,
  ) {
    const stream = { id: 1, audio: true, video: true, audioMuted: false, videoMuted: false };
    this.session = new ClientSession(
      {
        ...{
          appId: 'demo',
          channel: 'room',
          token: '',
          uid,
          account: '',
          platform,
          profile: 'communication',
        },
        ...{ self: { role: 'host', streams: [stream] }, servers: ['ws://s1'], limits: {}, sdk: 'test' },
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
      const uid = 'member' in notice ? ` ${notice.member.uid}` : '';
      return `${notice.type}${uid}${notice.type === 'peer-offline' ? ` ${notice.reason}` : ''}`;
    });
  }

  handle(input: ClientInput): void {
    for (const output of this.session.handle(input, this.world.now)) {
      if (output.type === 'notice') this.notices.push(output.notice);
      if (output.type === 'dial') this.deliver(() => this.dial(output.attempt));
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
    this.deliver(() => events?.receive(bytes));
  }

  dial(attempt: number): void {
    if (this.abandoned.has(attempt)) return;
    const fromServer = (input: ClientInput) =>
      this.deliver(() => this.transports.has(attempt) && this.handle(input));
    const events = this.world.server.accept(
      {
        bufferedBytes: 0,
        send: (bytes) => fromServer({ type: 'frame', attempt, frame: decodeServerFrame(bytes) }),
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
  deliver(run: () => void): void {
    const attempt = () => {
      if (this.dark) this.world.later.push({ at: this.world.now + 50, run: attempt });
      else run();
    };
    this.world.later.push({ at: this.world.now + 5, run: attempt });
  }
}
