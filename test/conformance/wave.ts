import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Cast } from './cast.ts';
import { favour, freePort, ServerProcess, TwoServers } from './processes.ts';
import type { Row } from './rows.ts';
import { type Role, Scene } from './scene.ts';

/** Processes that start at the same time. */
const startingMax = 4;
/** Rows of a wave begin this many ms apart, those that are alike far apart: their limits must not pass in one tick. */
const beginApartMs = 37;

/** `holdfast dev` wants this many ports in a row. */
const devPorts = 16;

/** A row after it has played. */
export interface Played {
  readonly row: Row;
  readonly scene: Scene | undefined;
  readonly broken?: string;
  /** How late its pages were, in ms. */
  readonly lagMs: number;
  /** What the server wrote last, if it died without being killed. */
  readonly serverDied?: string;
}

/** Everything that plays at one time: the servers, the gate through which processes start, the common beginning. */
export class Wave {
  readonly #rows: readonly Row[];
  readonly #progress: (line: string) => void;
  readonly #onBegin: () => void;
  readonly #shared = new Map<string, Promise<ServerProcess>>();
  readonly #servers: ServerProcess[] = [];
  readonly #cast = new Cast();
  #ready = 0;
  #finished = 0;
  #starting = 0;
  readonly #waiting: (() => void)[] = [];
  #thenBegin = () => {};
  readonly #everybodyIsThere = new Promise<void>((resolve) => {
    this.#thenBegin = resolve;
  });

  constructor(rows: readonly Row[], progress: (line: string) => void, onBegin: () => void) {
    this.#rows = rows;
    this.#progress = progress;
    this.#onBegin = onBegin;
  }

  async play(): Promise<Played[]> {
    const directory = await mkdtemp(join(tmpdir(), 'holdfast-conformance-'));
    const ticker = setInterval(() => this.#report(), 5_000);
    favour(process.pid);
    try {
      return await Promise.all(this.#rows.map((row, i) => this.#playRow(row, i, directory)));
    } finally {
      clearInterval(ticker);
      // The group is the terminal's, and outlives the suite.
      favour(process.pid, 0);
      for (const server of this.#servers) server.kill();
      await this.#cast.close();
      await rm(directory, { recursive: true });
    }
  }

  async #playRow(row: Row, i: number, directory: string): Promise<Played> {
    let scene: Scene | undefined;
    let counted = false;
    try {
      const server = await this.#server(row, directory);
      const played = new Scene(`row-${i}`, server, row, this.#cast);
      scene = played;
      await this.#gather(row, played);
      counted = true;
      await this.#beginning(i);
      await played.begin();
      await row.situation.play(played);
      played.endedAt = played.mark('ended');
      const lagMs = await played.lagMs();
      return { row, scene, lagMs, ...(!server.alive && { serverDied: server.diagnostics.join('\n') }) };
    } catch (error) {
      if (!counted) this.#isReady();
      if (scene) scene.endedAt = Date.now();
      return { row, scene, lagMs: 0, broken: error instanceof Error ? error.message : String(error) };
    } finally {
      this.#finished++;
      scene?.close();
    }
  }

  async #gather(row: Row, scene: Scene): Promise<void> {
    const roles: Role[] = [];
    if (!row.situation.joinsLater) roles.push('A');
    if (!row.situation.alone) roles.push('B');
    if (row.situation.third) roles.push('C');
    for (const role of roles) await this.#oneOfFew(() => scene.enter(role));
    this.#isReady();
  }

  #isReady(): void {
    this.#ready++;
    if (this.#ready < this.#rows.length) return;
    this.#onBegin();
    this.#thenBegin();
  }

  /** Everybody is there and the machine is quiet again. */
  async #beginning(i: number): Promise<void> {
    await this.#everybodyIsThere;
    const turn = Math.round(((i * 0.618034) % 1) * this.#rows.length);
    await sleep(1_000 + turn * beginApartMs);
  }

  async #server(row: Row, directory: string): Promise<ServerProcess> {
    const { limits, settings, ownServer } = row.situation;
    // Audio and video take a way of their own, around the networks that rows cut, and keep presence alive (C-72).
    const config = { media: { enabled: false }, ...settings, limits: { ...limits, ...row.limits } };
    const key = ownServer ? `${this.#rows.indexOf(row)}` : JSON.stringify(config);
    const existing = this.#shared.get(key);
    if (existing && !ownServer) return existing;
    const configFile = join(directory, `${this.#shared.size}.json`);
    const starting = this.#oneOfFew(() => this.#startServer(row, config, configFile));
    this.#shared.set(key, starting);
    return starting;
  }

  async #startServer(row: Row, config: object, configFile: string): Promise<ServerProcess> {
    await writeFile(configFile, JSON.stringify(config));
    const server =
      row.situation.ownServer === 'two'
        ? new TwoServers(await freePort(devPorts))
        : new ServerProcess(await freePort(), configFile, row.situation.settings?.apiKey);
    this.#servers.push(server);
    await server.start();
    return server;
  }

  async #oneOfFew<T>(start: () => Promise<T>): Promise<T> {
    if (this.#starting >= startingMax) await new Promise<void>((resolve) => this.#waiting.push(resolve));
    else this.#starting++;
    try {
      return await start();
    } finally {
      const next = this.#waiting.shift();
      if (next) next();
      else this.#starting--;
    }
  }

  #report(): void {
    const total = this.#rows.length;
    const text =
      this.#ready < total
        ? `${this.#ready} of ${total} rows ready`
        : `${this.#finished} of ${total} rows over`;
    this.#progress(`  ${text}`);
  }
}
