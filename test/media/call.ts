import { execFileSync } from 'node:child_process';
import { RedisProcess } from '@holdfast/server/faults';
import type { Browser } from 'playwright-core';
import { launchBrowser } from '../web/browser.ts';
import { CallServer } from './call-server.ts';
import { Caller } from './caller.ts';
import { NodeCaller } from './node-caller.ts';
import { type CallPage, servePage } from './page.ts';

export interface CallOptions {
  /** How many pages of one browser; their uids come first. */
  readonly pages: number;
  /** How many programs on Node. */
  readonly nodes?: number;
  /** How many servers over one Redis; clients are told of all of them. */
  readonly servers?: number;
  /** Who sends pictures in H.264, by uid; the other pages do so in VP8. */
  readonly h264?: readonly number[];
  /** Whether each begins at the next server, rather than all at the first. */
  readonly spread?: boolean;
}

/** A call between pages of one browser and programs on Node. */
export class Call {
  readonly servers: CallServer[];
  readonly callers: (Caller | NodeCaller)[] = [];
  readonly #redis: RedisProcess | null;
  readonly #browser: Browser | null;
  readonly #page: CallPage;
  readonly #channel: string;
  readonly #h264: readonly number[];
  #blocked = false;

  private constructor(
    redis: RedisProcess | null,
    servers: CallServer[],
    browser: Browser | null,
    page: CallPage,
    channel: string,
    h264: readonly number[],
  ) {
    this.#redis = redis;
    this.servers = servers;
    this.#browser = browser;
    this.#page = page;
    this.#channel = channel;
    this.#h264 = h264;
  }

  /** See `CallOptions`. Everybody sees everybody when it returns. */
  static async begin({
    pages,
    nodes = 0,
    servers = 1,
    h264 = [],
    spread = false,
  }: CallOptions): Promise<Call> {
    const redis = servers > 1 ? await RedisProcess.start() : null;
    const [browser, page, ...started] = await Promise.all([
      pages > 0 ? launchBrowser() : null,
      servePage(),
      ...Array.from({ length: servers }, () => CallServer.start(redis)),
    ]);
    const call = new Call(redis, started, browser, page, 'call', h264);
    process.once('exit', call.#unblock);
    try {
      const uids = Array.from({ length: pages + nodes }, (_, index) => index + 1);
      const callers = uids.map((uid) => call.#enter(uid, spread ? (uid - 1) % servers : 0, uid > pages));
      call.callers.push(...(await Promise.all(callers)));
      await call.everybodySees(5, 30_000);
      return call;
    } catch (error) {
      await call.end();
      throw error;
    }
  }

  async #enter(uid: number, server: number, onNode: boolean): Promise<Caller | NodeCaller> {
    const urls = this.servers.slice(server, server + 1).map(({ url }) => url);
    if (onNode || this.#browser === null)
      return new NodeCaller({ servers: urls, channel: this.#channel, uid });
    const page = this.#h264.includes(uid) ? `${this.#page.url}?codec=h264` : this.#page.url;
    return Caller.enter(this.#browser, page, urls, this.#channel, uid);
  }

  /** Loads a page again and joins with it as before. */
  async reload(uid: number): Promise<void> {
    const caller = this.callers.find((each) => each.uid === uid);
    if (!(caller instanceof Caller)) throw new Error(`${uid} is no page`);
    await caller.page.reload();
    await caller.enter(
      this.servers.slice(0, 1).map(({ url }) => url),
      this.#channel,
    );
  }

  /** Lets nothing through the UDP ports of its servers, or everything again. Needs nftables, and to be root. */
  blockUdp(blocked: boolean): void {
    const table = `holdfast_media_${process.pid}`;
    const rules = this.servers.flatMap(({ port }) => [
      `add rule inet ${table} in udp dport ${port} drop`,
      `add rule inet ${table} in udp sport ${port} drop`,
    ]);
    const lines = blocked
      ? [
          `add table inet ${table}`,
          `add chain inet ${table} in { type filter hook input priority 0; }`,
          ...rules,
        ]
      : [`delete table inet ${table}`];
    execFileSync(process.env.NFT ?? 'nft', ['-f', '-'], { input: `${lines.join('\n')}\n` });
    this.#blocked = blocked;
  }

  /** Who sees whom. */
  get pairs(): { viewer: Caller | NodeCaller; uid: number }[] {
    return this.callers.flatMap((viewer) =>
      this.callers.filter((other) => other !== viewer).map(({ uid }) => ({ viewer, uid })),
    );
  }

  async everybodySees(frames = 5, withinMs = 15_000): Promise<void> {
    await Promise.all(this.pairs.map(({ viewer, uid }) => viewer.sees(uid, frames, withinMs)));
  }

  readonly #unblock = (): void => {
    if (this.#blocked) this.blockUdp(false);
  };

  async end(): Promise<void> {
    this.#unblock();
    process.off('exit', this.#unblock);
    for (const caller of this.callers) if (caller instanceof NodeCaller) caller.kill();
    await this.#browser?.close();
    this.#page.close();
    for (const server of this.servers) server.kill();
    await this.#redis?.close();
  }
}
