/** The one file that knows ioredis: commands on one connection, what others tell this server on another. */
import { createConnection, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { AbstractConnector, Cluster, Redis, ReplyError } from 'ioredis';
import { RedisSetupError, StoreUnavailable } from '../unavailable.ts';
import type { Place } from './address.ts';
import type { Script } from './scripts.ts';

export type Argument = string | number | Buffer;
/** What a script answers with: bytes, numbers, and lists of them. */
export type Reply = Buffer | number | null | Reply[];

export interface LinkListener {
  /** A message came to the inbox. */
  told(message: Buffer): void;
  /** The inbox hears again after a time of which nothing is known. */
  hearing(): void;
  /** The commands' connection was lost. */
  lost(why: string): void;
  /** Commands go somewhere anew, which may know less (C-61). */
  moved(): void;
}

/** How long a connection may take to open, in milliseconds. */
const connectMs = 2_000;

const patience = {
  connectTimeout: connectMs,
  enableOfflineQueue: false,
  autoResendUnfulfilledCommands: false,
  maxRetriesPerRequest: 0,
  protocol: 2 as const,
  // A master that has become a replica: its name leads to another one by now.
  reconnectOnError: (error: Error) => error.message.startsWith('READONLY'),
  retryStrategy: (times: number) => Math.min(20 * times, 250),
};

/** A server's way to Redis. */
export interface Link {
  open(ms: number): Promise<void>;
  listen(inbox: string): void;
  unlisten(inbox: string): Promise<void>;
  run(script: Script, keys: readonly string[], args: readonly Argument[]): Promise<Reply>;
  tell(inbox: string, message: string): void;
  reconnect(): void;
  listenAnew(): void;
  close(): void;
}

export class RedisLink implements Link {
  readonly clustered: boolean;
  readonly #commands: Redis | Cluster;
  readonly #inbox: Redis;
  readonly #listener: LinkListener;
  #closed = false;
  /** Why the last attempt to connect failed. */
  #why = 'it has not answered yet';

  constructor(place: Place, listener: LinkListener) {
    this.clustered = place.kind === 'cluster';
    this.#listener = listener;
    const commands = clientOf(place);
    this.#commands = commands;
    this.#inbox = commands instanceof Redis ? commands.duplicate() : inboxBeside(commands, place);
    for (const client of [this.#commands, this.#inbox]) {
      client.on('error', (error: Error) => {
        this.#why = error.message;
      });
    }
    this.#commands.on('close', () => this.#closed || listener.lost(this.#why));
    this.#commands.on('ready', () => listener.moved());
    // A node of a Redis Cluster has gone, and one of its replicas may stand in for it.
    this.#commands.on('-node', () => listener.moved());
    this.#inbox.on('messageBuffer', (_: Buffer, message: Buffer) => listener.told(message));
  }

  /** @throws {RedisSetupError} where no patience helps, or none is left after `ms` */
  async open(ms: number): Promise<void> {
    const until = performance.now() + ms;
    for (;;) {
      const fault = await this.#check().catch((error: Error) => faultOf(error, this.#why));
      if (fault === null) return;
      if (fault.lasting || performance.now() > until) throw new RedisSetupError(fault.text);
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }

  /** What is wrong with this Redis; null: nothing. */
  async #check(): Promise<{ text: string; lasting: boolean } | null> {
    const info = String(await Promise.race([this.#commands.info(), silence(connectMs)]));
    const [, version = '0'] = /redis_version:(\S+)/.exec(info) ?? [];
    if (Number.parseInt(version, 10) < 7 && !info.includes('valkey_version:'))
      return { text: `it is Redis ${version}, and 7.0 or newer is needed`, lasting: true };
    if (/^role:slave/m.test(info) && !this.clustered)
      return { text: 'it is a read-only replica: name the master, or Sentinels that know it', lasting: true };
    return null;
  }

  /** Listens to an inbox. */
  listen(inbox: string): void {
    const subscribe = () => {
      this.#inbox.subscribe(inbox).then(
        () => this.#listener.hearing(),
        () => undefined,
      );
    };
    this.#inbox.on('ready', subscribe);
    if (this.#inbox.status === 'ready') subscribe();
  }

  async unlisten(inbox: string): Promise<void> {
    this.#inbox.removeAllListeners('ready');
    await this.#inbox.unsubscribe(inbox).catch(() => undefined);
  }

  /** Runs a script. @throws {StoreUnavailable} when it is not known whether it ran, or it cannot for the moment */
  async run(script: Script, keys: readonly string[], args: readonly Argument[]): Promise<Reply> {
    const rest = [keys.length, ...keys, ...args];
    try {
      return await this.#call('EVALSHA', script.sha, rest).catch((error: Error) => {
        if (!error.message.startsWith('NOSCRIPT')) throw error;
        return this.#call('EVAL', script.lua, rest);
      });
    } catch (error) {
      throw isPassing(error as Error) ? new StoreUnavailable((error as Error).message) : error;
    }
  }

  /** Tells another server's inbox something. */
  tell(inbox: string, message: string): void {
    this.#commands.publish(inbox, message).catch(() => undefined);
  }

  async #call(command: string, first: string, rest: Argument[]): Promise<Reply> {
    return (await this.#commands.callBuffer(command, first, ...rest)) as Reply;
  }

  /** Redis does not answer: both connections are opened anew. */
  reconnect(): void {
    this.#commands.disconnect(true);
    this.#inbox.disconnect(true);
  }

  /** What the inbox should have been told has not come: it is opened anew. */
  listenAnew(): void {
    this.#inbox.disconnect(true);
  }

  close(): void {
    this.#closed = true;
    this.#commands.disconnect();
    this.#inbox.disconnect();
  }
}

async function silence(ms: number): Promise<never> {
  await new Promise((resolve) => setTimeout(resolve, ms));
  throw new Error('it does not answer');
}

export function clientOf(place: Place): Redis | Cluster {
  const own = optionsOf(place);
  if (place.kind === 'single') return new Redis({ ...own, ...place.nodes[0] });
  if (place.kind === 'sentinel') {
    const sentinels = [...place.nodes];
    return new Redis({
      ...own,
      sentinels,
      name: place.master,
      sentinelRetryStrategy: (times: number) => Math.min(50 * times, 500),
    });
  }
  const options = {
    // A node's connection is opened with the first command for it, which waits for that.
    redisOptions: { ...own, db: 0, enableOfflineQueue: true },
    enableOfflineQueue: false,
    clusterRetryStrategy: (times: number) => Math.min(50 * times, 500),
    slotsRefreshTimeout: connectMs,
  };
  return new Cluster([...place.nodes], options);
}

function optionsOf({ tls, db, username, password }: Place) {
  const user = {
    ...(username === undefined ? {} : { username }),
    ...(password === undefined ? {} : { password }),
  };
  return { ...patience, ...(tls ? { tls: {} } : {}), ...user, db };
}

/**
 * In a Redis Cluster every node passes on what is told at any. A Cluster's own subscriber moves to another node without
 * a word when its connection ends, and what was told meanwhile would never be asked for (C-60).
 */
function inboxBeside(commands: Cluster, place: Place): Redis {
  let turn = Math.floor(Math.random() * place.nodes.length);
  const next = () => {
    const known = commands.nodes().map(({ options: { host = '', port = 0 } }) => ({ host, port }));
    const nodes = known.length > 0 ? known : place.nodes;
    turn += 1;
    return nodes[turn % nodes.length] ?? nodes[0];
  };
  class ToAnyNode extends AbstractConnector {
    constructor() {
      super(connectMs);
    }

    async connect(): Promise<Socket> {
      this.connecting = true;
      const stream = place.tls ? connectTls({ ...next() }) : createConnection({ port: 0, ...next() });
      this.stream = stream;
      return stream;
    }
  }
  return new Redis({ ...optionsOf(place), Connector: ToAnyNode });
}

/** Redis cannot do it for the moment, or the connection was lost before it said whether it did. */
function isPassing(error: Error): boolean {
  if (!(error instanceof ReplyError)) return true;
  return /^(READONLY|LOADING|OOM|MASTERDOWN|NOREPLICAS|CLUSTERDOWN|TRYAGAIN|BUSY|MISCONF|UNKILLABLE)/.test(
    error.message,
  );
}

function faultOf(error: Error, why: string): { text: string; lasting: boolean } {
  const { message } = error;
  const known = error instanceof ReplyError || message === 'it does not answer';
  const cause = known ? message : why;
  if (/WRONGPASS|NOAUTH|invalid password|without any password configured/i.test(`${message} ${why}`))
    return { text: 'it does not take this user name and password', lasting: true };
  if (/NOPERM/.test(message)) return { text: `its user may not do enough: ${message}`, lasting: true };
  return { text: cause, lasting: false };
}
