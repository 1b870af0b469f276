import { describe, expect, it } from 'vitest';
import type { ServerFrame } from '../../wire/frames.ts';
import { beat, Client, joined, welcome } from './stage.ts';

const servers = ['ws://1', 'ws://2'];

describe('C-56 a server that has many to let in', () => {
  it('is waited for while it says that it has not forgotten: nothing else is tried, and nothing is told', () => {
    const a = asksAnother();
    for (let at = 10; at <= 12_010; at += 2_000) {
      a.runTo(at);
      a.take({ type: 'frame', attempt: 2, frame: beat(0) });
    }
    expect(a.dials().length).toBe(2);
    a.take({ type: 'frame', attempt: 2, frame: welcome });
    expect(a.told().length).toBe(3);
  });

  it('is one of several again when it says nothing for 4 s', () => {
    const a = asksAnother();
    a.runTo(400);
    const before = a.dials().length;
    a.take({ type: 'frame', attempt: 2, frame: beat(0) });
    a.runTo(4_399);
    expect(a.dials().length).toBe(before);
    a.runTo(5_500);
    expect(a.dials().length).toBeGreaterThan(before);
  });

  it('and a dead one beside it: what is refused at once does not make the other one busier', () => {
    const a = joined({ servers });
    a.take({ type: 'frame', attempt: 1, frame: { ...beat(0), spreadMs: 500 } as ServerFrame });
    a.take({ type: 'closed', attempt: 1, code: 1006, text: '' });
    for (let at = 0; at < 20_000; at += 10) {
      a.runTo(at);
      for (const { attempt, url } of a.dials())
        if (url === 'ws://1') a.take({ type: 'closed', attempt, code: 1006, text: '' });
    }
    const busy = a.dials().filter(({ url, attempt }) => url === 'ws://2' && attempt > 1);
    // A dial that it has not taken yet keeps its place, for 8 s and eight times the spread.
    expect(busy.length).toBe(2);
    expect(longestGap(busy)).toBeGreaterThanOrEqual(12_000);
    expect(longestGap(busy)).toBeLessThanOrEqual(13_000);
    // C-17: of all servers one at least every second.
    expect(longestGap(a.dials().slice(1))).toBeLessThanOrEqual(1_000);
  });

  it('C-59 has not said that it knows anybody: those in the picture count as quiet since the connection closed', () => {
    const a = asksAnother();
    a.runTo(400);
    a.take({ type: 'frame', attempt: 2, frame: beat(0) });
    a.runTo(1_000);
    a.take({ type: 'frame', attempt: 2, frame: { type: 'refused', code: 4100, text: '', retryMs: 0 } });
    expect(a.sent().at(-1)).toMatchObject({ type: 'join', rejoin: { quietMs: 1_000 } });
  });

  it('is waited for by those who join, too', () => {
    const a = new Client({ servers });
    a.take({ type: 'opened', attempt: 1 });
    for (let at = 0; at <= 6_000; at += 2_000) {
      a.runTo(at);
      a.take({ type: 'frame', attempt: 1, frame: beat(0) });
    }
    expect(a.dials().length).toBe(1);
  });
});

/** Its server has closed the connection at 0, and it has asked the other one. */
function asksAnother(): Client {
  const a = joined({ servers });
  a.take({ type: 'closed', attempt: 1, code: 1006, text: '' });
  a.take({ type: 'opened', attempt: 2 });
  return a;
}

function longestGap(dials: readonly { readonly at: number }[]): number {
  return Math.max(...dials.slice(1).map(({ at }, index) => at - (dials[index]?.at ?? 0)));
}
