import { beforeEach, describe, expect, it } from 'vitest';
import { Context } from './context.ts';
import { Search } from './search.ts';

let context: Context;
let search: Search;

beforeEach(() => {
  context = new Context(
    {
      ...{ appId: 'app', channel: 'room', token: '', uid: 7, account: '', platform: 'linux', sdk: 'test' },
      ...{ profile: 'communication', self: { role: 'host', streams: [] }, servers: ['ws://1'], limits: {} },
    },
    { next: () => 0.5, id: () => 'an-id-of-sixteen' },
  );
  search = new Search(context, 0, 0, 0);
  search.start();
});

describe('C-59 whether a server may have come and gone unseen', () => {
  const attempt = () => search.attempts.get(1) ?? expect.fail('no attempt');

  it('not while every dial is refused, however often', () => {
    for (let count = 1; count < 9; count += 1) {
      context.now += 300;
      const pending = search.attempts.get(count);
      if (pending) search.failed(pending, 'abnormal');
      search.start();
    }
    expect(search.blind).toBe(false);
  });

  it('a dial that is neither taken nor refused for a second says that the path was dark, also later', () => {
    context.now = 999;
    expect(search.blind).toBe(false);
    context.now = 1_000;
    expect(search.blind).toBe(true);
    search.dropOverdue();
    context.now = 1_500;
    search.start();
    expect(search.blind).toBe(true);
  });

  it('one that was taken does not, however long its answer takes', () => {
    search.opened(attempt());
    search.asked(attempt(), 'asked');
    context.now = 5_000;
    search.dropOverdue();
    expect(search.blind).toBe(false);
  });

  it('nobody looks while the app is in the background', () => {
    search.pause();
    expect(search.blind).toBe(true);
  });
});
