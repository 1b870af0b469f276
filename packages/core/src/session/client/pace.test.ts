import { describe, expect, it } from 'vitest';
import { Client, joined, welcome } from './stage.ts';
import { Throttle } from './throttle.ts';

describe('C-17 the way back of a page', () => {
  it('the browser makes it wait for up to 5 s after 16 dials in vain, and forgets them after 4 min', () => {
    const throttle = new Throttle();
    const counted = Array.from({ length: 20 }, (_, i) => {
      throttle.dialled(i * 1_000);
      return throttle.longestMs(i * 1_000);
    });
    for (const [i, ms] of counted.slice(8).entries()) expect(ms).toBeGreaterThanOrEqual(browserWaitMs(i + 9));
    expect(counted.slice(15)).toEqual([5_000, 5_000, 5_000, 5_000, 5_000]);
    expect(throttle.longestMs(300_000)).toBe(0);
  });

  it.each([1, 2])('with %i servers a lost packet is repeated within 1.1 s in the first 20 s', (count) => {
    expect(longestGap(new Dark(count).packets(23_000))).toBeLessThan(1_100);
  });

  it.each([1, 2])('with %i servers within 2 s in the third minute, and mostly within 1.5 s', (count) => {
    const sent = new Dark(count).packets(180_000).filter((at) => at > 120_000);
    expect(longestGap(sent)).toBeLessThan(2_010);
    expect(gaps(sent).filter((ms) => ms > 1_500).length).toBeLessThan(sent.length / 5);
  });

  it('a minute in the dark opens few sockets', () => {
    const dark = new Dark(2);
    dark.packets(60_000);
    expect(dark.dials).toBeLessThan(45);
    expect(dark.pendingMost).toBeLessThan(10);
  });

  it('a slow path, or one that nobody knows, keeps the first dial for 8 s', () => {
    const page = new Client({ queuesDials: true });
    page.runTo(7_900);
    expect(page.closedAttempts()).not.toContain(1);
  });
});

/** A page whose path goes dark, in a browser that makes it wait as long as it may. */
class Dark {
  readonly #page: Client;
  readonly #cutAt = 1_000;
  pendingMost = 0;

  constructor(servers: number) {
    const urls = ['ws://1', 'ws://2'].slice(0, servers);
    this.#page = joined({ servers: urls, queuesDials: true });
    this.#page.runTo(this.#cutAt);
    this.#page.take({ type: 'frame', attempt: 1, frame: { ...welcome, servers: urls } });
    this.#page.take({ type: 'frame', attempt: 1, frame: heartbeat });
  }

  get dials(): number {
    return this.#page.dials().length - 1;
  }

  /** When something that opens a connection left the page, from the first attempt on. */
  packets(ms: number): number[] {
    this.#page.runTo(this.#cutAt + ms);
    const closes = new Map(
      this.#page.log.flatMap(({ at, output }) => (output.type === 'close' ? [[output.attempt, at]] : [])),
    );
    const dials = this.#page.dials().slice(1);
    const freeAt = new Map<string, number>();
    const sent: number[] = [];
    dials.forEach(({ at, attempt, url }, i) => {
      const closedAt = closes.get(attempt) ?? Number.POSITIVE_INFINITY;
      this.pendingMost = Math.max(
        this.pendingMost,
        dials.filter((each) => each.at <= at && (closes.get(each.attempt) ?? 1e9) > at).length,
      );
      const waited = at + browserWaitMs(i);
      const from = Math.max(waited, freeAt.get(url) ?? 0);
      if (from >= closedAt) return;
      freeAt.set(url, closedAt + 10);
      for (const later of synsAfterMs)
        if (from + later < Math.min(closedAt, this.#cutAt + ms)) sent.push(from + later);
    });
    return sent.sort((a, b) => a - b);
  }
}

/** Chromium's longest wait after so many dials, none of which has succeeded. */
function browserWaitMs(dials: number): number {
  return (5_000 * 2 ** Math.min(dials, 16)) / 65_536;
}

/** TCP asks for a connection again and again. */
const synsAfterMs = [0, 1_000, 3_000, 7_000, 15_000];

const heartbeat = { type: 'heartbeat', id: 1, answer: 0, heardMs: 0, rttMs: 20, spreadMs: 0 } as const;

function gaps(times: readonly number[]): number[] {
  return times.slice(1).map((at, i) => at - (times[i] ?? at));
}

function longestGap(times: readonly number[]): number {
  return Math.max(...gaps(times));
}
