import { describe, expect, it } from 'vitest';
import { judge } from './index.ts';
import { Story } from './story.ts';

const end = 60_000;
const promises = (story: Story): string[] => judge(story.trace()).map((violation) => violation.promise);

describe('a server that stands still', () => {
  /** Ann is silent from 10 s on; the server stands still from 15 s to 18 s. */
  const frozen = (): Story =>
    new Story(end)
      .party({ ann: 'android', bob: 'linux' })
      .talk(1_000, 15_000, 'bob')
      .talk(1_000, 10_000, 'ann')
      .kill(10_100, 'ann')
      .freeze(15_000, 18_000, 's1')
      .heard(18_000, 'bob', { arrived: 16_000 })
      .talk(18_010, end, 'bob');

  it.each([33_010, 33_350])('C-3 subtracts it: offline at %s', (t) => {
    expect(judge(frozen().offline(t, 'bob', 'ann', 1).trace())).toEqual([]);
  });

  it.each([30_010, 32_999, 33_400])('C-3 finds offline at %s', (t) => {
    expect(judge(frozen().offline(t, 'bob', 'ann', 1).trace())).toHaveLength(1);
  });

  it('C-3 leaves a stall of 500 ms open', () => {
    for (const t of [30_010, 30_860]) {
      const story = new Story(end).party({ ann: 'android', bob: 'linux' }).talk(1_000, 15_000, 'bob');
      story
        .talk(1_000, 10_000, 'ann')
        .kill(10_100, 'ann')
        .freeze(15_000, 15_500, 's1')
        .talk(15_600, end, 'bob');
      expect(judge(story.offline(t, 'bob', 'ann', 1).trace())).toEqual([]);
    }
  });

  it('C-3 finds a limit judged before the waiting packet was read', () => {
    const story = new Story(end).party({ ann: 'android', bob: 'linux' }).talk(1_000, 29_800, 'bob');
    story.talk(1_000, 10_000, 'ann').freeze(29_900, 30_100, 's1').heard(30_100, 'ann', { arrived: 29_950 });
    story.reads(30_110, 'ann').talk(30_200, end, 'ann', 'bob');
    story.interrupted(14_000, 'ann').lost(20_000, 'ann').rejoin(30_110, 'ann');
    expect(judge(story.trace())).toEqual([]);
    story.offline(30_110, 'bob', 'ann', 1).announce(30_120, 'bob', 'ann', false);
    expect(judge(story.trace())).not.toEqual([]);
  });
});

describe('a client that stands still', () => {
  /** Ann reads nothing after 10 s, sleeps from 11 s on and is back on a new connection. */
  const asleep = (until: number, back: number): Story =>
    new Story(end)
      .party({ ann: 'android', bob: 'linux', eve: 'web' })
      .talk(1_000, end, 'bob', 'eve')
      .talk(1_000, 10_000, 'ann')
      .freeze(11_000, until, 'ann')
      .connect('ann', 'ann-2')
      .talk(back, end, 'ann');

  it('C-3 back within 4 s of waking is told nothing, whatever others saw', () => {
    const story = asleep(31_500, 35_400)
      .stream(20_010, 'eve', 'ann', 'removed')
      .offline(30_010, 'eve', 'ann', 1);
    story.announce(35_420, 'eve', 'ann', true).offline(30_010, 'bob', 'ann', 1);
    story.announce(35_420, 'bob', 'ann', false);
    expect(judge(story.trace())).toEqual([]);
    expect(promises(story.interrupted(31_500, 'ann').rejoin(35_400, 'ann'))).toContain('C-2');
  });

  it('C-3 counts from waking after a sleep', () => {
    const others = (story: Story): Story =>
      story.stream(20_010, 'eve', 'ann', 'removed').stream(26_010, 'eve', 'ann', 'added');
    expect(
      judge(others(asleep(18_000, 26_000)).interrupted(22_000, 'ann').rejoin(26_000, 'ann').trace()),
    ).toEqual([]);
    expect(promises(others(asleep(18_000, 26_000)).interrupted(21_000, 'ann').rejoin(26_000, 'ann'))).toEqual(
      ['C-2'],
    );
    expect(promises(others(asleep(18_000, 26_000)).interrupted(22_400, 'ann').rejoin(26_000, 'ann'))).toEqual(
      ['C-2'],
    );
  });

  it('C-3 subtracts a shorter freeze', () => {
    const at = (t: number): Story => asleep(13_000, 17_500).interrupted(t, 'ann').rejoin(17_500, 'ann');
    expect(judge(at(16_000).trace())).toEqual([]);
    expect(judge(at(16_350).trace())).toEqual([]);
    expect(promises(at(15_999))).toEqual(['C-2']);
    expect(promises(at(16_351))).toEqual(['C-2']);
  });
});
