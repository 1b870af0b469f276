import type { Callback, Fact, HistoryBounds, Platform, Profile, Role, RunLimits, Trace } from '../trace.ts';

export const defaults: RunLimits = {
  interruptedMs: 4_000,
  lostMs: 10_000,
  giveUpMs: null,
  peerOfflineMs: 20_000,
  streamRemovedMs: 10_000,
  peerLeaveMs: 20_000,
  channelDestroyMs: 10_000,
  sessionKeepMs: 120_000,
  heartbeatMs: 1_000,
};

/** One way, without jitter, unless a story says otherwise. */
export const delayMs = 10;

interface Cast {
  platform: Platform;
  uid?: number;
  /** The server chooses the uid: the app joins as 0. */
  assigned?: boolean;
  channel?: string;
  profile?: Profile;
  role?: Role;
  publish?: boolean;
  server?: string;
}

/** Writes the trace of a run by hand, in any order. */
export class Story {
  private readonly facts: Fact[] = [];
  private readonly uids = new Map<string, number>();
  private readonly connections = new Map<string, { connection: string; server: string }>();
  private readonly end: number;
  private readonly limits: RunLimits;
  private readonly history: HistoryBounds;

  constructor(end: number, limits: Partial<RunLimits> = {}, history: Partial<HistoryBounds> = {}) {
    this.end = end;
    this.history = { entries: 2_000, bytes: 4_000_000, ageMs: 120_000, ...history };
    this.limits = { ...defaults, ...limits };
    this.start(0, 's1');
  }

  trace(): Trace {
    const facts = this.facts
      .map((fact, position) => ({ fact, position }))
      .sort((a, b) => a.fact.t - b.fact.t || a.position - b.position)
      .map(({ fact }) => fact)
      .filter((fact) => fact.t <= this.end);
    return { seed: 1, limits: this.limits, history: this.history, end: this.end, facts };
  }

  add(...facts: Fact[]): this {
    this.facts.push(...facts);
    return this;
  }

  /** Calls join at `t`; a server hears it 10 ms later, and it succeeds after as much again. */
  join(t: number, client: string, cast: Cast): this {
    const uid = cast.uid ?? this.uids.size + 1;
    this.uids.set(client, uid);
    const { platform, channel = 'room', profile = 'communication', role = 'host', publish = true } = cast;
    this.add(
      { t, type: 'path', client, delayMs, jitterMs: 0, loss: 0 },
      { t, type: 'join', client, uid: cast.assigned ? 0 : uid, channel, platform, profile, role, publish },
    );
    this.connect(client, `${client}-1`, cast.server);
    this.heard(t + delayMs, client).reads(t + 2 * delayMs, client);
    return this.told(t + 2 * delayMs, client, { name: 'join-success', uid });
  }

  /** All join at 0 and are told of each other at once; the web of everybody's stream as well. */
  party(cast: Record<string, Platform>): this {
    const names = Object.keys(cast);
    for (const [name, platform] of Object.entries(cast)) this.join(0, name, { platform });
    for (const observer of names) {
      for (const name of names) {
        if (name !== observer) this.announce(2 * delayMs, observer, name, cast[observer] === 'web');
      }
    }
    return this;
  }

  /** Packets both ways every second and at the end. */
  talk(from: number, to: number, ...clients: string[]): this {
    for (const client of clients) {
      for (let t = from; t < to; t += 1_000) this.heard(t, client).reads(t, client);
      this.heard(to, client).reads(to, client);
    }
    return this;
  }

  heard(t: number, client: string, more: { goodbye?: boolean; arrived?: number } = {}): this {
    const { goodbye = false, arrived = t } = more;
    return this.add({ t, type: 'server-read', client, goodbye, arrived, ...this.connection(client) });
  }

  reads(t: number, client: string, more: { arrived?: number } = {}): this {
    const { arrived = t } = more;
    return this.add({ t, type: 'client-read', client, arrived, ...this.connection(client) });
  }

  /** What follows in the telling is on this connection. */
  connect(client: string, connection: string, server = 's1'): this {
    this.connections.set(client, { connection, server });
    return this;
  }

  start(t: number, server: string): this {
    return this.add({ t, type: 'server-start', server });
  }

  stop(t: number, server: string): this {
    return this.add({ t, type: 'server-kill', server });
  }

  cut(from: number, to: number, client: string): this {
    this.add({ t: from, type: 'cut', client, up: true, down: true, server: null });
    return this.add({ t: to, type: 'heal', client, server: null });
  }

  freeze(from: number, to: number, process: string): this {
    return this.add({ t: from, type: 'freeze', process }, { t: to, type: 'thaw', process });
  }

  told(t: number, client: string, callback: Callback): this {
    return this.add({ t, type: 'callback', client, callback });
  }

  /** What is told about others comes with a payload of that very time. */
  brought(t: number, observer: string, callback: Callback): this {
    return this.reads(t, observer).told(t, observer, callback);
  }

  announce(t: number, observer: string, name: string, stream: boolean): this {
    const uid = this.uid(name);
    this.brought(t, observer, { name: 'peer-joined', uid });
    return stream ? this.told(t, observer, { name: 'stream-added', uid, streamId: uid }) : this;
  }

  offline(t: number, observer: string, name: string, reason: number): this {
    return this.brought(t, observer, { name: 'peer-offline', uid: this.uid(name), reason });
  }

  stream(t: number, observer: string, name: string, change: 'added' | 'removed'): this {
    const uid = this.uid(name);
    return this.brought(t, observer, { name: `stream-${change}`, uid, streamId: uid });
  }

  interrupted(t: number, client: string): this {
    return this.state(t, client, 4, 2).told(t, client, { name: 'interrupted' });
  }

  lost(t: number, client: string): this {
    return this.state(t, client, 4, 16).told(t, client, { name: 'lost' });
  }

  rejoin(t: number, client: string): this {
    return this.state(t, client, 3, 15).told(t, client, { name: 'rejoin-success' });
  }

  failed(t: number, client: string, reason: number): this {
    return this.state(t, client, 5, reason).told(t, client, { name: 'failed', code: String(reason) });
  }

  /** Asks to leave, with a goodbye that arrives, and is told so. */
  leave(t: number, client: string): this {
    this.add({ t, type: 'leave', client }).heard(t + delayMs, client, { goodbye: true });
    return this.state(t + delayMs, client, 1, 5).told(t + delayMs, client, { name: 'left' });
  }

  /** Sends messages by these numbers, one each 10 ms, which are acknowledged after a round trip. */
  say(
    t: number,
    client: string,
    numbers: readonly number[],
    more: { stream?: number; lost?: boolean } = {},
  ): this {
    const { stream = 1, lost = false } = more;
    for (const [index, number] of numbers.entries()) {
      const sentAt = t + 10 * index;
      const message = `${client}/${number}`;
      this.add({ t: sentAt, type: 'send', client, message, stream, bytes: 100 });
      if (!lost) this.add({ t: sentAt + 2 * delayMs, type: 'acknowledged', client, message });
    }
    return this;
  }

  hears(t: number, observer: string, name: string, ...numbers: number[]): this {
    const uid = this.uid(name);
    for (const number of numbers) {
      this.told(t, observer, { name: 'message', uid, stream: 1, message: `${name}/${number}`, bytes: 100 });
    }
    return this;
  }

  misses(t: number, observer: string, name: string, missed: number, reason = 'history'): this {
    const gap = { stream: 1, missed, from: 1, to: Math.max(1, missed), reason };
    return this.told(t, observer, { name: 'gap', uid: this.uid(name), ...gap });
  }

  kill(t: number, client: string): this {
    return this.add({ t, type: 'client-kill', client });
  }

  state(t: number, client: string, state: number, reason: number): this {
    return this.told(t, client, { name: 'state', state, reason });
  }

  private connection(client: string): { connection: string; server: string } {
    return this.connections.get(client) ?? { connection: client, server: 's1' };
  }

  private uid(name: string): number {
    return this.uids.get(name) ?? 0;
  }
}
