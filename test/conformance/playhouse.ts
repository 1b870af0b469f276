import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Cast } from './cast.ts';
import { favour, freePort, ServerProcess, TwoServers } from './processes.ts';
import type { Row } from './rows.ts';
import { type Role, Scene } from './scene.ts';

/** Processes and pages that start at the same time. */
const startingMax = 4;
/** Rows begin at least this many ms apart: their limits must not pass in one tick. */
const beginApartMs = 37;
/** From when everybody is there to the beginning, in ms. */
const settleMs = 1_000;
/** `holdfast dev` wants this many ports in a row. */
const devPorts = 16;

/** A row after it has played. */
export interface Played {
  readonly row: Row;
  readonly scene: Scene | undefined;
  readonly broken?: string;
  /** In ms since the epoch. */
  readonly beganAt: number;
  readonly endedAt: number;
  /** How late its pages were, in ms. */
  readonly lagMs: number;
  /** What must be true besides callbacks, looked at before the scene was closed. */
  readonly facts?: ReturnType<NonNullable<Row['situation']['facts']>>;
  /** What the server wrote last, if it died without being killed. */
  readonly serverDied?: string;
}

/** What rows that play at the same time share: servers, users' processes, the gate through which processes start. */
export class Playhouse {
  readonly #directory: string;
  readonly #shared = new Map<string, Promise<ServerProcess>>();
  readonly #servers = new Set<ServerProcess>();
  readonly #cast = new Cast();
  #opened = 0;
  #starting = 0;
  #beginsAt = 0;
  readonly #waiting: (() => void)[] = [];

  private constructor(directory: string) {
    this.#directory = directory;
    favour(process.pid);
  }

  static async open(): Promise<Playhouse> {
    return new Playhouse(await mkdtemp(join(tmpdir(), 'holdfast-conformance-')));
  }

  /** Plays a row from its first process to its end. */
  async play(row: Row): Promise<Played> {
    const i = this.#opened++;
    let scene: Scene | undefined;
    let server: ServerProcess | undefined;
    let beganAt = Date.now();
    try {
      server = await this.#server(row, i);
      const played = new Scene(`row-${i}`, server, row, this.#cast);
      scene = played;
      await this.#gather(row, played);
      await this.#beginning();
      await played.begin();
      beganAt = played.beganAt;
      await row.situation.play(played);
      played.endedAt = played.mark('ended');
      const lagMs = await played.lagMs();
      const facts = row.situation.facts?.(played);
      const died = !server.alive && { serverDied: server.diagnostics.join('\n') };
      return { row, scene, beganAt, endedAt: played.endedAt, lagMs, ...(facts && { facts }), ...died };
    } catch (error) {
      const endedAt = Date.now();
      if (scene) scene.endedAt = endedAt;
      const broken = error instanceof Error ? error.message : String(error);
      return { row, scene, beganAt, endedAt, lagMs: 0, broken };
    } finally {
      scene?.close();
      if (server && row.situation.ownServer) this.#end(server);
    }
  }

  /** Ends every process. */
  async close(): Promise<void> {
    // The group is the terminal's, and outlives the suite.
    favour(process.pid, 0);
    for (const server of this.#servers) server.kill();
    await this.#cast.close();
    await rm(this.#directory, { recursive: true });
  }

  /** Ends the servers that no row of these will play on. */
  keepFor(rows: readonly Row[]): void {
    const wanted = new Set(rows.map(configOf));
    for (const [key, starting] of this.#shared) {
      if (wanted.has(key)) continue;
      this.#shared.delete(key);
      starting.then(
        (server) => this.#end(server),
        () => {},
      );
    }
  }

  async #gather(row: Row, scene: Scene): Promise<void> {
    const roles: Role[] = [];
    if (!row.situation.joinsLater) roles.push('A');
    if (!row.situation.alone) roles.push('B');
    if (row.situation.third) roles.push('C');
    for (const role of roles) await this.#oneOfFew(() => scene.enter(role));
  }

  async #beginning(): Promise<void> {
    const now = performance.now();
    this.#beginsAt = Math.max(this.#beginsAt + beginApartMs, now + settleMs);
    await sleep(this.#beginsAt - now);
  }

  async #server(row: Row, i: number): Promise<ServerProcess> {
    const start = () => this.#oneOfFew(() => this.#startServer(row, join(this.#directory, `${i}.json`)));
    if (row.situation.ownServer) return start();
    const key = configOf(row);
    const existing = this.#shared.get(key);
    if (existing && (await existing.catch(() => undefined))?.alive) return existing;
    const starting = start();
    this.#shared.set(key, starting);
    return starting;
  }

  async #startServer(row: Row, configFile: string): Promise<ServerProcess> {
    await writeFile(configFile, configOf(row));
    const server =
      row.situation.ownServer === 'two'
        ? new TwoServers(await freePort(devPorts))
        : new ServerProcess(await freePort(), configFile, row.situation.settings?.apiKey);
    this.#servers.add(server);
    await server.start();
    return server;
  }

  #end(server: ServerProcess): void {
    server.kill();
    this.#servers.delete(server);
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
}

/** The configuration of a row's server: rows with the same one share it. */
function configOf({ situation: { limits, settings }, limits: own }: Row): string {
  // Audio and video take a way of their own, around the networks that rows cut, and keep presence alive (C-72).
  return JSON.stringify({ media: { enabled: false }, ...settings, limits: { ...limits, ...own } });
}
