import type { Fact, Trace } from '../trace.ts';
import {
  addCut,
  addHeard,
  addRead,
  addSent,
  addTold,
  close,
  heal,
  lasting,
  never,
  type Of,
} from './client-facts.ts';
import { blackouts, isOneProcess, standstills } from './server-facts.ts';
import {
  type Channel,
  type Client,
  classOf,
  type Interval,
  type Message,
  type Queues,
  type Remains,
  type Server,
  type StoreTrouble,
  type User,
  type World,
} from './world.ts';

/** One pass over the joins, one over everything. */
export function indexTrace(trace: Trace): World {
  const index = new TraceIndex();
  for (const fact of trace.facts) if (fact.type === 'join') index.join(fact, uidOf(fact, trace));
  for (let position = 0; position < trace.facts.length; position++) {
    const fact = trace.facts[position];
    if (fact !== undefined) index.add(fact, position);
  }
  return index.world(trace);
}

class TraceIndex {
  private readonly servers = new Map<string, Server>();
  private readonly channels = new Map<string, Channel>();
  private readonly clients = new Map<string, Client>();
  private readonly remains: Remains[] = [];
  private readonly queues: Queues[] = [];
  private readonly storeTroubles: StoreTrouble[] = [];
  private readonly storeLosses: Interval[] = [];
  private readonly messages = new Map<string, Message>();

  join(fact: Of<'join'>, uid: number): void {
    const channel = this.channel(fact.channel);
    const user = userOf(channel, uid);
    const client: Client = {
      name: fact.client,
      uid,
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
      sent: [],
      refused: [],
      received: new Map(),
      about: new Map(),
      updates: [],
      freezes: [],
      cuts: [],
      resets: [],
      path: [],
      firstHeardAt: never,
      enteredFrom: never,
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
      case 'store-away':
        this.storeTroubles.push({ ...lasting(fact.t), server: fact.server });
        break;
      case 'store-back':
        close(
          this.storeTroubles.filter(({ server }) => server === fact.server),
          fact.t,
        );
        break;
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
      case 'store-lost': {
        const away = this.storeTroubles.findLast(({ server }) => server === null);
        this.storeLosses.push({ from: away?.from ?? fact.t, to: fact.t });
        break;
      }
      case 'clock-jump': // changes nothing (C-3)
        break;
    }
  }

  world(trace: Trace): World {
    for (const server of this.servers.values()) {
      // A server of which no start is known ran before the trace began.
      if (server.running.length === 0) server.running.push(lasting(Number.NEGATIVE_INFINITY));
    }
    for (const client of this.clients.values()) client.enteredFrom = enteredFrom(client);
    const servers = [...this.servers.values()];
    return {
      limits: trace.limits,
      history: trace.history,
      end: trace.end,
      servers: this.servers,
      cluster: this.servers.size > 1,
      storeTroubles: this.storeTroubles,
      storeLosses: this.storeLosses,
      blackouts: blackouts(servers),
      standstills: standstills(servers),
      oneProcess: isOneProcess(servers),
      clients: [...this.clients.values()],
      channels: this.channels,
      remains: this.remains,
      queues: this.queues,
      messages: this.messages,
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
        if (fact.callback.name === 'message') this.told(fact.callback.message, fact.t);
        break;
      case 'send':
        this.messages.set(fact.message, addSent(fact, client));
        break;
      case 'send-refused':
        client.refused.push(fact);
        break;
      case 'acknowledged':
        this.acknowledged(fact);
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

  private told(name: string, t: number): void {
    const message = this.messages.get(name);
    if (message !== undefined) message.toldAt = Math.min(message.toldAt, t);
  }

  private acknowledged({ t, message: name }: Of<'acknowledged'>): void {
    const message = this.messages.get(name);
    if (message !== undefined) message.acknowledgedAt = Math.min(message.acknowledgedAt, t);
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

/** C-33: the server assigns a uid to who joins as 0; without a success it is one that nobody else has. */
function uidOf(join: Of<'join'>, trace: Trace): number {
  if (join.uid !== 0) return join.uid;
  for (const fact of trace.facts) {
    if (fact.type !== 'callback' || fact.client !== join.client) continue;
    if (fact.callback.name === 'join-success') return fact.callback.uid;
  }
  return -1 - trace.facts.indexOf(join);
}

function userOf(channel: Channel, uid: number): User {
  let user = channel.users.get(uid);
  if (user === undefined) {
    user = { uid, channel, clients: [], heard: [] };
    channel.users.set(uid, user);
  }
  return user;
}

/** A join whose answer was lost is repeated; what another client did in between comes before the repetition. */
function enteredFrom(client: Client): number {
  const accepted =
    client.told.find(({ callback }) => callback.name === 'join-success')?.via?.firstHeardAt ?? never;
  const between = client.user.clients.some(
    (other) =>
      other.successAt > client.firstHeardAt && other.successAt < client.successAt && other !== client,
  );
  return between && accepted < never ? accepted : client.firstHeardAt;
}
