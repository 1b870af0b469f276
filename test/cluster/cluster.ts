/** Servers of one cluster as processes, over one Redis, and users who are at them. */
import { randomBytes } from 'node:crypto';
import { type Platform, statistics } from '../conformance/dialects.ts';
import { freePort, ServerProcess } from '../conformance/processes.ts';
import { Host, type Joining, type Said, type User, UserProcess } from '../conformance/users.ts';

/** `holdfast serve --redis`. */
export class Member extends ServerProcess {
  readonly #redis: string;
  readonly #prefix: string;
  readonly #publicPort: number;

  /** How far its clock is ahead of the others', in milliseconds. */
  clockAheadMs = 0;

  constructor(port: number, redis: string, prefix: string, publicPort = port) {
    super(port);
    this.#redis = redis;
    this.#prefix = prefix;
    this.#publicPort = publicPort;
  }

  protected override get prelude(): string {
    return `const now = Date.now; Date.now = () => now() + ${this.clockAheadMs};`;
  }

  protected override get command(): readonly string[] {
    const publicUrl = ['--public-url', `ws://127.0.0.1:${this.#publicPort}`];
    process.env.HOLDFAST_REDIS_PREFIX = this.#prefix;
    return ['serve', '--redis', this.#redis, ...publicUrl];
  }
}

export class Cluster {
  readonly servers: readonly Member[];
  readonly #host = new Host();
  readonly #alone: User[] = [];

  private constructor(servers: readonly Member[]) {
    this.servers = servers;
  }

  static async start(
    redis: { readonly url: string },
    count: number,
    { clockAheadMs = [] as number[] } = {},
  ): Promise<Cluster> {
    const first = await freePort(count);
    const prefix = `test-${randomBytes(4).toString('hex')}`;
    const servers = Array.from({ length: count }, (_, index) => new Member(first + index, redis.url, prefix));
    for (const [index, server] of servers.entries()) {
      server.clockAheadMs = clockAheadMs[index] ?? 0;
      await server.start();
    }
    return new Cluster(servers);
  }

  server(index: number): ServerProcess {
    const server = this.servers[index];
    if (server === undefined) throw new Error(`there is no server ${index}`);
    return server;
  }

  /** A user who is at one server and knows the others. */
  async join(channel: string, uid: number, platform: Platform, at: number): Promise<User> {
    return joined(this.#host.join(this.#joining(channel, uid, platform, at)));
  }

  /** The same, in a process of its own: it can be killed. */
  async joinAlone(channel: string, uid: number, platform: Platform, at: number): Promise<User> {
    const user = new UserProcess(this.#joining(channel, uid, platform, at));
    this.#alone.push(user);
    return joined(user);
  }

  #joining(channel: string, uid: number, platform: Platform, at: number): Joining {
    const ports = [this.server(at), ...this.servers.filter((_, index) => index !== at)].map(
      ({ port }) => port,
    );
    return { channel, uid, platform, ports, profile: 'communication', publishes: true };
  }

  close(): void {
    this.#host.close();
    for (const user of this.#alone) user.kill();
    for (const server of this.servers) {
      server.kill('SIGCONT');
      server.kill();
    }
  }
}

const joinings = ['onJoinChannelSuccess', 'didJoinChannel', '$joined', 'connection-state-change'];

async function joined(user: User): Promise<User> {
  await user.until('it joins', ({ callback }) => joinings.includes(callback), 5_000);
  return user;
}

const heardOf = [
  ...['onUserJoined', 'onUserOffline', 'didJoinedOfUid', 'didOfflineOfUid'],
  ...['stream-added', 'stream-removed', 'peer-online', 'peer-leave'],
];
const messages = ['onStreamMessage', 'receiveStreamMessageFromUid', 'stream-message'];

/** What somebody was told of others coming and going, since a time. */
export function edges(user: User, since = 0): string[] {
  return edgesAt(user, since).map(({ callback }) => callback);
}

export interface Edge {
  readonly callback: string;
  readonly t: number;
  /** Of whom. */
  readonly uid: number;
}

export function edgesAt({ said }: User, since = 0): Edge[] {
  return said
    .filter(({ t, callback }) => t >= since && heardOf.includes(callback))
    .map(({ callback, t, args }) => ({ callback, t, uid: whom(args) }));
}

/** Native and apple clients name it first of all numbers, web clients in their event. */
function whom(args: readonly unknown[]): number {
  const [event] = args as [{ uid?: number; stream?: { streamId: number } }?];
  return args.find((each) => typeof each === 'number') ?? event?.uid ?? event?.stream?.streamId ?? 0;
}

/** What somebody was told besides messages and statistics, since a time. */
export function callbacks({ said }: User, since: number): string[] {
  return said
    .filter(({ t, callback }) => t >= since && ![...messages, ...statistics].includes(callback))
    .map(({ callback }) => callback);
}

/** The texts that somebody has got. */
export function texts(user: User): string[] {
  return textsAt(user).map(({ text }) => text);
}

/** The texts that somebody has got, and when, in ms since the epoch. */
export function textsAt({ said }: User): { text: string; t: number }[] {
  return said
    .filter(({ callback }) => messages.includes(callback))
    .map((each) => ({ text: textOf(each), t: each.t }));
}

function textOf({ args }: Said): string {
  for (const value of args.flatMap((arg) => [arg, (arg as { data?: unknown } | null)?.data])) {
    if (typeof value === 'object' && value !== null && 'text' in value) return String(value.text);
  }
  return '';
}
