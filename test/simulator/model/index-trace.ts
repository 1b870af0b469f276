import type { Fact, Trace } from '../trace.ts';
import {
  type Channel,
  type Client,
  type Connection,
  classOf,
  type Interval,
  type Queues,
  type Remains,
  type Server,
  type User,
  type World,
} from './world.ts';

/** One pass over the joins, one over everything. */
export function indexTrace(trace: Trace): World {
  const index = new TraceIndex();
  for (const fact of trace.facts) if (fact.type === 'join') index.join(fact);
  for (let position = 0; position < trace.facts.length; position++) {
    const fact = trace.facts[position];
    if (fact !== undefined) index.add(fact, position);
  }
  return index.world(trace);
}

const never = Number.POSITIVE_INFINITY;

type Of<T extends Fact['type']> = Extract<Fact, { type: T }>;

class TraceIndex {
  private readonly servers = new Map<string, Server>();
  private readonly channels = new Map<string, Channel>();
  private readonly clients = new Map<string, Client>();
  private readonly remains: Remains[] = [];
  private readonly queues: Queues[] = [];

  join(fact: Of<'join'>): void {
    const channel = this.channel(fact.channel);
    const user = userOf(channel, fact.uid);
    const client: Client = {
      name: fact.client,
      uid: fact.uid,
      user,
      channel,
      kind: classOf(fact.platform),
      profile: fact.profile,
      role: fact.role,
      publish: fact.publish,
      joinAt: fact.t,
      connections: new Map(),
      reads: [],
      heard: [],
      told: [],
      about: new Map(),
      updates: [],
      freezes: [],
      cuts: [],
      resets: [],
      path: [],
      firstHeardAt: never,
      goodbyeAt: never,
      successAt: never,
      leaveAt: never,
      leftAt: never,
      killedAt: never,
      failedAt: never,
      ends: { leave: never, left: never, killed: never, failed: never },
      failedReason: null,
    };
    user.clients.push(client);
    this.clients.set(fact.client, client);
  }

  add(fact: Fact, position: number): void {
    if ('client' in fact) {
      const client = this.clients.get(fact.client);
      if (client !== undefined) this.addToClient(fact, client, position);
      return;
    }
    switch (fact.type) {
      case 'server-start':
        this.server(fact.server).running.push(lasting(fact.t));
        break;
      case 'server-kill': {
        const server = this.server(fact.server);
        if (server.running.length === 0) server.running.push(lasting(Number.NEGATIVE_INFINITY));
        close(server.running, fact.t);
        close(server.freezes, fact.t);
        break;
      }
      case 'freeze':
      case 'thaw': {
        const process = this.clients.get(fact.process) ?? this.server(fact.process);
        if (fact.type === 'thaw') close(process.freezes, fact.t);
        else process.freezes.push(lasting(fact.t));
        break;
      }
      case 'incarnation':
        this.channel(fact.channel).incarnations.push({ ...fact, position });
        break;
      case 'queues':
        this.queues.push(fact);
        break;
      case 'clock-jump': // changes nothing (C-3)
        break;
    }
  }

  world(trace: Trace): World {
    for (const server of this.servers.values()) {
      // A server of which no start is known ran before the trace began.
      if (server.running.length === 0) server.running.push(lasting(Number.NEGATIVE_INFINITY));
    }
    return {
      limits: trace.limits,
      end: trace.end,
      servers: this.servers,
      cluster: this.servers.size > 1,
      blackouts: blackouts([...this.servers.values()]),
      clients: [...this.clients.values()],
      channels: this.channels,
      remains: this.remains,
      queues: this.queues,
    };
  }

  private addToClient(fact: Extract<Fact, { client: string }>, client: Client, position: number): void {
    switch (fact.type) {
      case 'server-read':
        this.server(fact.server);
        addHeard(fact, client, position);
        break;
      case 'client-read':
        addRead(fact, client, position);
        break;
      case 'callback':
        addTold(fact, client, position);
        break;
      case 'client-kill':
        client.killedAt = fact.t;
        client.ends.killed = position;
        break;
      case 'leave':
        if (client.leaveAt === never) client.ends.leave = position;
        client.leaveAt = Math.min(client.leaveAt, fact.t);
        break;
      case 'update':
        client.updates.push(fact);
        break;
      case 'path': {
        const { t: from, delayMs, jitterMs, loss } = fact;
        client.path.push({ from, transitMs: delayMs + jitterMs, delayMs, loss });
        break;
      }
      case 'cut':
        addCut(fact, client);
        break;
      case 'heal':
        heal(client, fact.server, fact.t);
        break;
      case 'reset':
        client.resets.push(fact.t);
        break;
      case 'remains':
        this.remains.push({ ...fact, client });
        break;
      case 'join':
        break;
    }
  }

  private server(name: string): Server {
    let server = this.servers.get(name);
    if (server === undefined) {
      server = { name, running: [], freezes: [] };
      this.servers.set(name, server);
    }
    return server;
  }

  private channel(name: string): Channel {
    let channel = this.channels.get(name);
    if (channel === undefined) {
      channel = { name, users: new Map(), incarnations: [], heard: [] };
      this.channels.set(name, channel);
    }
    return channel;
  }
}

function userOf(channel: Channel, uid: number): User {
  let user = channel.users.get(uid);
  if (user === undefined) {
    user = { uid, channel, clients: [], heard: [] };
    channel.users.set(uid, user);
  }
  return user;
}

function lasting(from: number): Interval {
  return { from, to: never };
}

function close(intervals: Interval[], t: number): void {
  const last = intervals.at(-1);
  if (last !== undefined && last.to === never) last.to = t;
}

function connectionOf(client: Client, name: string, server: string): Connection {
  let connection = client.connections.get(name);
  if (connection === undefined) {
    connection = {
      name,
      client,
      server,
      firstHeardAt: never,
      heardCount: 0,
      firstReadAt: never,
      lastReadAt: Number.NEGATIVE_INFINITY,
      readCount: 0,
    };
    client.connections.set(name, connection);
  }
  return connection;
}

function addHeard(fact: Of<'server-read'>, client: Client, position: number): void {
  const { t, arrived, goodbye } = fact;
  const connection = connectionOf(client, fact.connection, fact.server);
  const first = connection.heardCount === 0;
  if (first) connection.firstHeardAt = t;
  connection.heardCount += 1;
  client.firstHeardAt = Math.min(client.firstHeardAt, t);
  if (goodbye) client.goodbyeAt = Math.min(client.goodbyeAt, t);
  const packet = { t, arrived, position, connection, goodbye, first, sure: true };
  client.heard.push(packet);
  client.user.heard.push(packet);
  client.channel.heard.push(packet);
}

function addRead(fact: Of<'client-read'>, client: Client, position: number): void {
  const { t, arrived } = fact;
  const connection = connectionOf(client, fact.connection, fact.server);
  const first = connection.readCount === 0;
  if (first) connection.firstReadAt = t;
  connection.readCount += 1;
  connection.lastReadAt = t;
  client.reads.push({ t, arrived, position, connection, goodbye: false, first, sure: true });
}

function addTold(fact: Of<'callback'>, client: Client, position: number): void {
  const { t, callback } = fact;
  const read = client.reads.at(-1);
  const via = read !== undefined && read.t === t ? read.connection : null;
  const told = { t, position, callback, via, readAt: read?.t ?? Number.NEGATIVE_INFINITY };
  const before = client.told.at(-1)?.callback;
  client.told.push(told);
  switch (callback.name) {
    case 'join-success':
      client.successAt = Math.min(client.successAt, t);
      break;
    case 'left':
      if (client.leftAt === never) client.ends.left = position;
      client.leftAt = Math.min(client.leftAt, t);
      break;
    case 'failed':
      if (client.failedAt === never) {
        client.failedAt = t;
        client.ends.failed = position;
        client.failedReason = before?.name === 'state' ? before.reason : null;
      }
      break;
    case 'peer-joined':
    case 'peer-offline':
    case 'stream-added':
    case 'stream-removed': {
      const about = client.about.get(callback.uid);
      if (about === undefined) client.about.set(callback.uid, [told]);
      else about.push(told);
      break;
    }
    default:
      break;
  }
}

function addCut(fact: Of<'cut'>, client: Client): void {
  if (!fact.up && !fact.down) {
    heal(client, fact.server, fact.t);
    return;
  }
  const open = client.cuts.some((cut) => cut.server === fact.server && cut.to === never);
  if (!open) client.cuts.push({ ...lasting(fact.t), server: fact.server });
}

/** Healing the whole path heals what was cut towards single servers too. */
function heal(client: Client, server: string | null, t: number): void {
  for (const cut of client.cuts) {
    if (cut.to === never && (server === null || cut.server === server)) cut.to = t;
  }
}

function blackouts(servers: readonly Server[]): Interval[] {
  const turns = servers
    .flatMap((server) => server.running)
    .flatMap(({ from, to }) => [
      { t: from, running: 1 },
      { t: to, running: -1 },
    ])
    .filter(({ t }) => t !== never)
    .sort((a, b) => a.t - b.t || b.running - a.running);
  const dark: Interval[] = [];
  let running = 0;
  for (const turn of turns) {
    if (running === 0) close(dark, turn.t);
    running += turn.running;
    if (running === 0) dark.push(lasting(turn.t));
  }
  return dark;
}
