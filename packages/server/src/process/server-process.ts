/** Runs a HoldfastServer in this process: sockets, timers, HTTP, logs. */
import { randomBytes } from 'node:crypto';
import { performance } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Server as TlsServer } from 'node:tls';
import type { FastifyInstance } from 'fastify';
import type { Logger } from 'pino';
import { addRoutes, createMetrics, EventLog, type Metrics, OutageBook } from '../admin/index.ts';
import { isLoopback, type Settings } from '../config/index.ts';
import type { ServerEvent } from '../events.ts';
import type { MediaDesk } from '../media/desk.ts';
import { HoldfastServer } from '../server.ts';
import type { Store } from '../store/store.ts';
import { Arrivals } from './arrivals.ts';
import { authenticator } from './authenticate.ts';
import { type CertificateFiles, readCertificate, watchCertificate } from './certificate.ts';
import { ClientAddresses } from './client-address.ts';
import type { ProcessClock } from './clock.ts';
import { Door } from './door.ts';
import { createHttp, listen } from './http.ts';
import { mediaConfig, openDesk } from './media.ts';
import { isAllowed } from './origins.ts';
import { Runner } from './runner.ts';
import { serveWebSockets, type WebSockets } from './websockets.ts';

export interface ServerProcessOptions {
  readonly settings: Settings;
  readonly clock: ProcessClock;
  /** Shared by all servers of this process. */
  readonly store: Store;
  readonly log: Logger;
  /** Which addresses a client is told that came with this Host header; the settings' by default. */
  readonly servers?: (host: string) => readonly string[];
  /** Beginning of the server's name. */
  readonly name?: string;
  /** Whether it has audio and video, each server in a process of their own; default false. */
  readonly media?: boolean;
  /** Figures of the process itself are part of the metrics; default true. */
  readonly processMetrics?: boolean;
}

/** How long clients that have gone may take to carry their media elsewhere, in milliseconds. */
const mediaLeaveMs = 3_000;
/** Within this a server that has begun over Redis is known to all others, in milliseconds: two renewals of a lease. */
const newServerMs = 1_000;

/** How long clients may take to close when the server stops, in milliseconds. */
const goodbyeMs = 600;

/** A server with its sockets. */
export class ServerProcess {
  readonly id: string;
  readonly #settings: Settings;
  readonly #store: Store;
  readonly #log: Logger;
  readonly #eventLog: EventLog;
  readonly #server: HoldfastServer;
  readonly #runner: Runner;
  readonly #metrics: Metrics;
  readonly #outages = new OutageBook();
  readonly #http: FastifyInstance;
  readonly #webSockets: WebSockets;
  readonly #forgetClock: readonly (() => void)[];
  readonly #forgetFiles: () => void;
  #draining = false;
  readonly #media: MediaDesk | null;
  #stopping = false;

  constructor(options: ServerProcessOptions) {
    const { settings, store, clock, name = 'server', processMetrics = true } = options;
    this.id = `${name}-${randomBytes(5).toString('hex')}`;
    this.#settings = settings;
    this.#store = store;
    this.#log = options.log.child({ server: this.id });
    this.#eventLog = new EventLog(this.#log, clock.now);
    this.#metrics = createMetrics(
      {
        sessions: () => this.#server.sessions,
        connections: () => this.#server.connections,
        channels: () => this.#server.channels().length,
      },
      processMetrics,
    );
    this.#media = options.media
      ? openDesk(
          this.id,
          settings,
          this.#log,
          () => this.#server,
          () => this.#runner.wake(),
          store,
        )
      : null;
    const door = new Door(clock.now);
    // A server may adopt users, and report it, as soon as it is made.
    this.#server = new HoldfastServer({
      id: this.id,
      url: settings.publicUrl,
      store,
      now: clock.now,
      settings: serverSettings(options, this.id),
      report: (event) => this.#report(event),
      crowded: () => door.crowded,
      ...(this.#media === null ? {} : { media: this.#media }),
    });
    this.#runner = new Runner(this.#server, clock);
    this.#forgetClock = [
      clock.onLag((ms) => this.#metrics.lagged(ms)),
      clock.onStall((ms) => this.#stalled(ms)),
    ];
    const { bounds } = settings;
    const files = certificateFiles(settings);
    const tls = files && readCertificate(files);
    this.#http = createHttp({ headerMs: bounds.headerMs, bodyBytesMax: bounds.restBodyBytes, tls });
    this.#http.server.on('connection', () => door.took());
    this.#forgetFiles = files ? this.#watchCertificate(files) : () => {};
    const { trustProxy: proxies, proxyHeader: header } = settings;
    const addresses = new ClientAddresses({ proxies, header });
    this.#webSockets = this.#serveWebSockets(addresses, clock.now);
    this.#addRoutes(addresses, clock.now);
  }

  /** Connections that are open or closing. */
  get connections(): number {
    return this.#webSockets.count;
  }

  /** Begins to listen and answers with the port. @throws {ListenError} */
  async listen(): Promise<number> {
    const { host } = this.#settings;
    const port = await listen(this.#http, host, this.#settings.port);
    this.#log.info({ host, port, tls: this.#settings.tlsCert !== null }, 'listening');
    this.#media?.start(mediaConfig(this.#settings, port));
    return port;
  }

  /**
   * Sends every client to another server, one after the other, and waits until they are gone, `drainMs` have passed, or
   * it is stopped (C-53). Where there is no other server to go to, it returns soon.
   */
  async drain(): Promise<void> {
    const { drainMs } = this.#settings;
    if (!(await this.#othersStay()) || this.#draining || this.#stopping) return;
    this.#draining = true;
    this.#log.info({ clients: this.#webSockets.count, withinMs: drainMs }, 'draining');
    this.#server.drain(drainMs);
    this.#runner.wake();
    const until = performance.now() + drainMs;
    while (this.#webSockets.count > 0 && performance.now() < until && !this.#stopping) await sleep(20);
    await this.#media?.emptied(Math.min(mediaLeaveMs, until - performance.now()));
  }

  /** Is there another server to go to? Over Redis one that has just come is known a moment later. */
  async #othersStay(): Promise<boolean> {
    const known = () => this.#store.seats().some(({ server, leaving }) => server !== this.id && !leaving);
    const until = performance.now() + (this.#settings.redis === null ? 0 : newServerMs);
    while (!known() && !this.#stopping && performance.now() < until) await sleep(20);
    return known();
  }

  /**
   * Ends every connection with close code 1001, hands its users over to the other servers, and listens no more. Takes
   * less than a second.
   */
  async stop(): Promise<void> {
    if (this.#stopping) return;
    this.#stopping = true;
    this.#log.info({ clients: this.#webSockets.count }, 'stopping');
    this.#webSockets.refuse();
    const closed = this.#http.close();
    const until = performance.now() + goodbyeMs;
    await Promise.race([this.#server.stop(), sleep(goodbyeMs)]);
    while (this.#webSockets.count > 0 && performance.now() < until) await sleep(10);
    this.#cut();
    await closed;
  }

  /** Ends as `kill -9` would: nothing is sent and nothing finished. Survivors on the same store hear of it. */
  async kill(): Promise<void> {
    this.#stopping = true;
    this.#cut();
    this.#store.disconnect(this.id);
    await this.#http.close();
  }

  #cut(): void {
    this.#media?.stop();
    this.#runner.stop();
    for (const forget of this.#forgetClock) forget();
    this.#forgetFiles();
    this.#webSockets.cut();
  }

  #report(event: ServerEvent): void {
    this.#eventLog.write(event);
    this.#metrics.count(event);
    if (event.type === 'outage') this.#outages.record(event.outage);
    if (event.type === 'member') this.#media?.changed(event.key, event.member);
  }

  #stalled(ms: number): void {
    this.#metrics.stalled(ms);
    this.#log.warn({ ms: Math.round(ms) }, 'the process stood still');
  }

  #serveWebSockets(addresses: ClientAddresses, now: () => number): WebSockets {
    const { bounds, origins, appCertificate } = this.#settings;
    const loopback = isLoopback(this.#settings.host);
    const rules = { origins, authenticates: appCertificate.length > 0, loopback };
    return serveWebSockets(this.#http.server, {
      arrivals: new Arrivals({ bounds, now, isProxy: (peer) => addresses.isProxy(peer) }),
      addressOf: (request) => addresses.of(request),
      mayConnect: (request) => isAllowed(request, rules),
      turnedAway: (close, address) => this.#report({ type: 'ended', close, address }),
      messageBytesMax: Math.max(bounds.frameBytes, bounds.firstFrameBytes),
      accept: (socket, peer) => this.#server.accept(socket, peer),
      happened: () => this.#runner.wake(),
      failed: (error, isOurs) => {
        if (isOurs) this.#log.error({ err: error }, 'a frame could not be taken: this is a bug');
        else this.#log.debug({ err: error }, 'a connection broke');
      },
    });
  }

  /** Connections that are open keep the certificate with which they began (C-82). */
  #watchCertificate(files: CertificateFiles): () => void {
    return watchCertificate(files, {
      changed: (pair) => {
        (this.#http.server as unknown as TlsServer).setSecureContext(pair);
        this.#log.info('another certificate is in use');
      },
      failed: (error) => this.#log.error({ err: error }, 'the certificate before it stays in use'),
    });
  }

  /** Why nobody should be sent here; null: everybody may be. */
  #notReady(): string | null {
    if (this.#stopping) return 'the server is stopping';
    return this.#draining ? 'the server is draining' : this.#store.trouble();
  }

  #addRoutes(addresses: ClientAddresses, now: () => number): void {
    addRoutes(this.#http, {
      server: this.id,
      operator: {
        apiKey: this.#settings.apiKey,
        keyFailuresPerMinute: this.#settings.bounds.keyFailuresPerMinute,
        loopback: isLoopback(this.#settings.host),
        now,
        addressOf: ({ raw }) => addresses.of(raw),
      },
      removals: {
        store: this.#store,
        onlyApp: onlyOne(this.#settings.appId),
        done: (action, target, seconds) => this.#log.info({ ...target, seconds }, `operator: ${action}`),
      },
      notReady: () => this.#notReady(),
      channels: () => this.#server.channels(),
      outages: () => this.#outages.newest(),
      metrics: this.#metrics,
    });
  }
}

function serverSettings({ settings, store, servers }: ServerProcessOptions, id: string) {
  const { limits, bounds, appId, sameUid } = settings;
  return {
    limits,
    bounds,
    appIds: appId,
    servers: servers ?? (() => advertised(settings, store, id)),
    sameUid,
    authenticate: authenticator(settings),
  };
}

function onlyOne(apps: readonly string[]): string | null {
  return apps.length === 1 ? (apps[0] ?? null) : null;
}

function certificateFiles({ tlsCert, tlsKey }: Settings): CertificateFiles | null {
  return tlsCert === null || tlsKey === null ? null : { tlsCert, tlsKey };
}

/** The addresses of the servers that stay; nothing, so that clients keep what they have, where this one has none. */
function advertised({ publicUrl, servers }: Settings, store: Store, id: string): readonly string[] {
  if (publicUrl === null) return [];
  const seats = store.seats().filter(({ leaving }) => !leaving);
  const urls = seats.flatMap(({ url }) => url ?? []);
  const own = seats.some(({ server }) => server === id) ? [publicUrl] : [];
  return [...new Set([...own, ...urls, ...servers])];
}
