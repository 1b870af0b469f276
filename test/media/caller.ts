import { setTimeout as sleep } from 'node:timers/promises';
import type { Browser, Page } from 'playwright-core';

/** What a page was told, and when: milliseconds since 1970. */
type Told = [at: number, name: string, uid: unknown];

/** Somebody in a call, in a page of a real browser. */
export class Caller {
  readonly uid: number;
  readonly page: Page;

  private constructor(uid: number, page: Page) {
    this.uid = uid;
    this.page = page;
  }

  static async enter(
    browser: Browser,
    address: string,
    servers: readonly string[],
    channel: string,
    uid: number,
  ): Promise<Caller> {
    const page = await browser.newPage();
    await page.goto(address);
    const caller = new Caller(uid, page);
    await caller.enter(servers, channel);
    return caller;
  }

  async enter(servers: readonly string[], channel: string): Promise<void> {
    await this.page.evaluate(`enter(${JSON.stringify(servers)}, '${channel}', ${this.uid})`);
  }

  /** When pictures of somebody were shown, milliseconds since 1970. */
  shown(uid: number): Promise<number[]> {
    return this.page.evaluate(`shown[${uid}] ?? []`);
  }

  told(): Promise<Told[]> {
    return this.page.evaluate('told');
  }

  /** Audio samples of somebody that were played. */
  async samples(uid: number): Promise<number> {
    const figures: Record<string, string> = await this.page.evaluate(
      `streams[${uid}] ? figures(streams[${uid}]) : {}`,
    );
    return Number(figures.audioReceiveSamples ?? 0);
  }

  /** The codecs of the pictures that come at this moment; MIME types. */
  codecs(): Promise<string[]> {
    return this.page.evaluate('codecsOfPictures()');
  }

  /** Whether the stream object and the element of somebody are those from the beginning. */
  same(uid: number): Promise<boolean> {
    return this.page.evaluate(`same(${uid})`);
  }

  /** Waits for `frames` more pictures and for sound of somebody. @throws Error after `withinMs` */
  async sees(uid: number, frames = 5, withinMs = 10_000): Promise<void> {
    const before = (await this.shown(uid)).length;
    let [seen, heard] = [0, 0];
    let samples = await this.samples(uid);
    for (const until = performance.now() + withinMs; performance.now() < until; await sleep(50)) {
      seen = (await this.shown(uid)).length - before;
      const played = await this.samples(uid);
      // Every connection counts from 0.
      heard += Math.max(0, played - samples);
      samples = played;
      if (seen >= frames && heard > 0) return;
    }
    throw new Error(
      `${this.uid} saw ${seen} pictures of ${uid} and heard ${heard} samples in ${withinMs} ms: ${JSON.stringify(await this.told())}`,
    );
  }
}

/** The longest interval between pictures of which a part lies in the time from `from` to `to`. */
export function longestGap(times: readonly number[], from: number, to: number): number {
  // What has not ended by then is as long as it is.
  const until = [...times.filter((time) => time <= to), to];
  const gaps = until.slice(1).map((time, index) => ({ time, gap: time - (until[index] ?? time) }));
  return Math.max(0, ...gaps.filter(({ time, gap }) => time > from && time - gap < to).map(({ gap }) => gap));
}
