import {
  historyBounds,
  type Product,
  type ProductStore,
  publishing,
  type Self,
  type ServerSetup,
  urlOf,
  withDefaults,
} from './product.ts';
import { Random } from './random.ts';
import { Recorder } from './recorder.ts';
import type { ClusterStore } from './redis/cluster-store.ts';
import type { Action, Device, Scenario } from './scenario/scenario.ts';
import type { HistoryBounds, Trace } from './trace.ts';
import { ClientProcess } from './world/client.ts';
import type { Replacements } from './world/host.ts';
import { Network } from './world/network.ts';
import { type Cut, Path } from './world/path.ts';
import type { Process } from './world/process.ts';
import { ServerProcess } from './world/server.ts';
import { Timeline } from './world/timeline.ts';
import { Timers } from './world/timers.ts';

interface Place {
  readonly device: Device;
  readonly path: Path;
  stays: number;
  client: ClientProcess | null;
}

/** Plays one scenario. */
export class Stage {
  readonly timeline = new Timeline();
  readonly recorder: Recorder;
  readonly #timers = new Timers(this.timeline);
  #redis: ClusterStore | null = null;
  readonly #scenario: Scenario;
  readonly #product: Product;
  readonly #network: Network;
  readonly #places = new Map<string, Place>();
  readonly #servers = new Map<string, ServerProcess>();
  readonly #freezes = new Map<Process, number>();
  #store: ProductStore | null = null;
  #stores = 0;

  constructor(scenario: Scenario, product: Product, options: { telling: boolean; met: Set<string> }) {
    this.#scenario = scenario;
    this.#product = product;
    this.recorder = new Recorder(this.timeline, options.telling, options.met);
    this.#network = new Network(this.timeline);
    for (const device of scenario.devices) {
      const path = new Path(device.quality, Random.of(scenario.seed, `path ${device.name}`));
      this.#places.set(device.name, { device, path, stays: 0, client: null });
    }
  }

  /** What the product takes from its host: its store over Redis has timers of its own. */
  get replacements(): Replacements {
    return this.#scenario.store === 'redis' ? this.#timers.replacements : {};
  }

  async play(): Promise<Trace> {
    const { seed, endMs, servers, actions, lags } = this.#scenario;
    if (this.#scenario.store === 'redis') await this.#openRedis();
    this.#openStore();
    for (const server of servers) this.#startServer(server);
    for (const action of actions) this.timeline.at(action.at, () => this.#act(action));
    if (lags) this.#lag();
    await this.timeline.run(endMs, () => this.recorder.crashes.length > 0);
    for (const server of this.#servers.values()) {
      this.recorder.fact({ type: 'queues', process: server.name, entries: 0, bytes: server.bufferedMost });
    }
    const limits = withDefaults(this.#scenario.limits);
    return { seed, limits, history: this.#history, end: endMs, facts: this.recorder.facts };
  }

  get #history(): HistoryBounds {
    return { ...historyBounds, ...this.#scenario.history };
  }

  // ---- servers -------------------------------------------------------------------------------------

  #openStore(): void {
    this.#stores += 1;
    const random = Random.of(this.#scenario.seed, `store ${this.#stores}`);
    const { timeline } = this;
    const [name = '', ...others] = this.#scenario.servers;
    // The store of a single server is a part of its process: it stands still with it.
    const inside = this.#scenario.store === 'process' && others.length === 0;
    const dead = this.#servers.get(name);
    const now = () => {
      const server = this.#servers.get(name);
      return inside && server !== undefined && server !== dead ? server.now() : timeline.now;
    };
    this.#store = this.#product.openStore({
      random,
      limits: this.#scenario.limits,
      history: this.#history,
      now,
      stoodMs: () => timeline.now - now(),
      incarnation: (channel, id, event) => this.recorder.fact({ type: 'incarnation', channel, id, event }),
    });
  }

  async #openRedis(): Promise<void> {
    const { ClusterStore } = await import('./redis/cluster-store.ts');
    const { timeline, recorder } = this;
    const random = Random.of(this.#scenario.seed, 'redis');
    this.#redis = new ClusterStore({
      ...{ timeline, recorder, random },
      incarnation: (channel, id, event) => recorder.fact({ type: 'incarnation', channel, id, event }),
    });
  }

  #startServer(name: string): void {
    const store = this.#store;
    if (store === null) return;
    const server = new ServerProcess(name, {
      timeline: this.timeline,
      network: this.#network,
      recorder: this.recorder,
      neighbours: () => this.#servers.values(),
      timers: this.#timers,
    });
    this.#servers.set(name, server);
    this.recorder.fact({ type: 'server-start', server: name });
    const setup: Omit<ServerSetup, 'now'> = {
      id: idOf(server),
      servers: this.#scenario.servers,
      limits: this.#scenario.limits,
      history: this.#history,
      arrive: (handle) => server.arrive(handle),
      note: (text) => this.recorder.note(name, text),
      door: (listener) => {
        if (this.#redis === null) throw new Error('this run has no Redis');
        return this.#redis.door(server)(listener);
      },
    };
    server.start((now) => this.#product.openServer(store, { ...setup, now }));
  }

  #killServer(name: string, restartMs: number | null): void {
    const one = this.#servers.get(name);
    if (one === undefined || !one.alive) return;
    const alive = [...this.#servers.values()].filter((server) => server.alive);
    const service = this.#scenario.store !== 'process';
    // A store without any server is not told apart from one that is lost.
    if (service && alive.length === 1) return;
    const together = service ? [one] : alive;
    for (const server of together) {
      server.kill();
      this.#redis?.killed(server.name);
      this.recorder.fact({ type: 'server-kill', server: server.name });
    }
    const store = this.#store;
    if (service) {
      this.timeline.after(this.#scenario.leaseMs, () => {
        store?.serverGone(idOf(one));
        for (const server of this.#servers.values()) if (server.alive) this.timeline.unsettled(server);
      });
    }
    if (restartMs === null) return;
    this.timeline.after(restartMs, () => {
      if (this.#scenario.store === 'process') this.#openStore();
      for (const server of together) this.#startServer(server.name);
    });
  }

  // ---- actions -------------------------------------------------------------------------------------

  #act(action: Action): void {
    switch (action.type) {
      case 'join':
        return this.#join(action);
      case 'outage':
        return this.#outage(action);
      case 'freeze':
        return this.#freeze(action.process, action.forMs);
      case 'clock-jump':
        return this.recorder.fact({
          type: 'clock-jump',
          process: this.#nameNow(action.process),
          ms: action.ms,
        });
      case 'server-kill':
        return this.#killServer(action.server, action.restartMs);
      case 'path':
        return this.#changePath(action);
      case 'talk':
        return this.#talk(action);
      case 'store-cut':
      case 'store-restart':
      case 'store-failover':
        return this.#redis?.act(action);
      default:
        return this.#appAct(action);
    }
  }

  #appAct(action: Extract<Action, { type: 'leave' | 'update' | 'kill' | 'reset' | 'hint' }>): void {
    const client = this.#places.get(action.device)?.client;
    if (client === null || client === undefined || !client.alive || client.ended) return;
    const { name } = client;
    switch (action.type) {
      case 'leave':
        return client.call({ type: 'leave' }, () => this.recorder.fact({ type: 'leave', client: name }));
      case 'update': {
        const { role, publish } = action;
        return client.call({ type: 'update', self: publishing(role, publish) }, () =>
          this.recorder.fact({ type: 'update', client: name, role, publish }),
        );
      }
      case 'kill':
        this.recorder.fact({ type: 'client-kill', client: name });
        return client.kill();
      case 'reset':
        this.recorder.fact({ type: 'reset', client: name });
        return this.#network.reset(client);
      case 'hint':
        this.recorder.note(name, () => `is told by its platform: ${action.hint}`);
        return client.call({ type: 'hint', hint: action.hint }, () => {});
    }
  }

  #join({ device: deviceName, role, publish, first }: Extract<Action, { type: 'join' }>): void {
    const place = this.#places.get(deviceName);
    if (place === undefined) return;
    const before = place.client;
    if (before?.alive && !before.ended) return;
    place.stays += 1;
    const { device, path } = place;
    const { uid, channel, platform, profile } = device;
    const name = place.stays === 1 ? device.name : `${device.name}.${place.stays}`;
    const self: Self = publishing(role, publish);
    const servers = this.#scenario.servers.map(urlOf);
    servers.push(...servers.splice(0, first % servers.length));
    const setup = { channel, uid, platform, profile, self, servers, limits: {} };
    const session = this.#product.openClient(setup, Random.of(this.#scenario.seed, `client ${name}`));
    const { timeline, recorder } = this;
    const client = new ClientProcess(
      name,
      { timeline, network: this.#network, recorder, path, platform },
      session,
    );
    place.client = client;
    client.call({ type: 'start' }, () => {
      recorder.fact({ type: 'join', client: name, uid, channel, platform, profile, role, publish });
      recorder.fact({ type: 'path', client: name, ...path.quality });
      if (path.cutFor().length > 0) this.#tellCuts(name, path, null);
    });
  }

  #outage({ devices, forMs, ...cut }: Extract<Action, { type: 'outage' }>): void {
    for (const name of devices) {
      const place = this.#places.get(name);
      if (place === undefined) continue;
      const end = place.path.cut(cut satisfies Cut);
      this.#tellPlaceCut(place, cut.server);
      this.timeline.after(forMs, () => {
        end();
        this.#tellPlaceCut(place, cut.server);
      });
    }
  }

  /** Whichever process the device has at the time of each message sends it. */
  #talk({ device, stream, bytes, count, everyMs }: Extract<Action, { type: 'talk' }>): void {
    const client = this.#places.get(device)?.client;
    if (client?.alive && !client.ended) client.say(stream, bytes);
    if (count > 1) {
      const rest = { type: 'talk', device, stream, bytes, count: count - 1, everyMs } as const;
      this.timeline.after(everyMs, () => this.#talk({ at: this.timeline.now, ...rest }));
    }
  }

  #tellPlaceCut({ client, path }: Place, server: string | null): void {
    if (client !== null) this.#tellCuts(client.name, path, server);
  }

  /** Tells what changed for `server`; after a word about all servers, what is cut for single ones again. */
  #tellCuts(client: string, path: Path, server: string | null): void {
    const single = server === null ? path.cutFor().filter((name) => name !== null) : [];
    for (const name of [server, ...single]) {
      const { up, down } = path.cutOf(name);
      if (up || down) this.recorder.fact({ type: 'cut', client, up, down, server: name });
      else this.recorder.fact({ type: 'heal', client, server: name });
    }
  }

  #changePath({ device, quality }: Extract<Action, { type: 'path' }>): void {
    const place = this.#places.get(device);
    if (place === undefined) return;
    place.path.quality = quality;
    if (place.client !== null) this.recorder.fact({ type: 'path', client: place.client.name, ...quality });
  }

  #freeze(name: string, forMs: number): void {
    const together = this.#scenario.store === 'process' && this.#servers.has(name);
    const standing = together ? [...this.#servers.values()] : [this.#process(name)];
    for (const process of standing) {
      if (process === null || !process.alive) continue;
      process.freeze();
      if (this.#told(process, 1) === 1) this.recorder.fact({ type: 'freeze', process: process.name });
      this.timeline.after(forMs, () => {
        if (this.#told(process, -1) === 0 && process.alive) {
          this.recorder.fact({ type: 'thaw', process: process.name });
        }
        process.thaw();
      });
    }
  }

  /** Freezes may overlap; the first and the last are facts. */
  #told(process: Process, change: 1 | -1): number {
    const freezes = (this.#freezes.get(process) ?? 0) + change;
    this.#freezes.set(process, freezes);
    return freezes;
  }

  /** Every process is busy for up to 40 ms, some three times in ten seconds; too short to be told. */
  #lag(): void {
    const random = Random.of(this.#scenario.seed, 'lags');
    const next = (): void => {
      const processes = [...this.#servers.values(), ...this.#clients()];
      if (processes.length > 0) {
        const process = random.pick(processes);
        process.freeze();
        this.timeline.after(random.int(1, 40), () => process.thaw());
      }
      this.timeline.after(random.int(0, Math.ceil(6_000 / Math.max(1, processes.length))), next);
    };
    this.timeline.after(0, next);
  }

  #clients(): ClientProcess[] {
    return [...this.#places.values()].flatMap(({ client }) => (client?.alive ? [client] : []));
  }

  #process(name: string): Process | null {
    return this.#servers.get(name) ?? this.#places.get(name)?.client ?? null;
  }

  /** A device's process of the moment has a name of its own. */
  #nameNow(name: string): string {
    return this.#process(name)?.name ?? name;
  }
}

/** A server's name in its cluster, another one after every restart. */
function idOf(server: ServerProcess): string {
  return `${server.name}@${server.startedAt}`;
}
