import { execFileSync } from 'node:child_process';
import { RedisProcess } from '@holdfast/server/faults';
import type { Browser } from 'playwright-core';
import { launchBrowser } from '../web/browser.ts';
import { CallServer } from './call-server.ts';
import { Caller } from './caller.ts';
import { type CallPage, servePage } from './page.ts';

/** A call between pages of one browser. */
export class Call {
  readonly servers: CallServer[];
  readonly callers: Caller[] = [];
  readonly #redis: RedisProcess | null;
  readonly #browser: Browser;
  readonly #page: CallPage;
  readonly #channel: string;
  #blocked = false;

  private constructor(
    redis: RedisProcess | null,
    servers: CallServer[],
    browser: Browser,
    page: CallPage,
    channel: string,
  ) {
    this.#redis = redis;
    this.servers = servers;
    this.#browser = browser;
    this.#page = page;
    this.#channel = channel;
  }

  /**
   * @param size how many pages
   * @param servers how many servers over one Redis; clients are told of all of them
   * @param spread whether each begins at the next one, rather than all at the first
   */
  static async begin(size: number, servers: number, spread = false): Promise<Call> {
    const redis = servers > 1 ? await RedisProcess.start() : null;
    const started: CallServer[] = [];
    for (let index = 0; index < servers; index += 1) started.push(await CallServer.start(redis));
    const call = new Call(redis, started, await launchBrowser(), await servePage(), 'call');
    for (let uid = 1; uid <= size; uid += 1) await call.join(uid, spread ? (uid - 1) % servers : 0);
    await call.everybodySees();
    return call;
  }

  async join(uid: number, server: number): Promise<void> {
    const urls = this.servers.slice(server, server + 1).map(({ url }) => url);
    this.callers.push(await Caller.enter(this.#browser, this.#page.url, urls, this.#channel, uid));
  }

  /** Loads a page again and joins with it as before. */
  async reload(uid: number): Promise<void> {
    const caller = this.callers.find((each) => each.uid === uid);
    await caller?.page.reload();
    await caller?.enter(
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
  get pairs(): { viewer: Caller; uid: number }[] {
    return this.callers.flatMap((viewer) =>
      this.callers.filter((other) => other !== viewer).map(({ uid }) => ({ viewer, uid })),
    );
  }

  async everybodySees(frames = 5, withinMs = 15_000): Promise<void> {
    await Promise.all(this.pairs.map(({ viewer, uid }) => viewer.sees(uid, frames, withinMs)));
  }

  async end(): Promise<void> {
    if (this.#blocked) this.blockUdp(false);
    await this.#browser.close();
    this.#page.close();
    for (const server of this.servers) server.kill();
    await this.#redis?.close();
  }
}
