import { describe, expect, it } from 'vitest';
import { judge } from './index.ts';
import { Story } from './story.ts';

const end = 60_000;
const promises = (story: Story): string[] => judge(story.trace()).map((violation) => violation.promise);

describe('the only server, killed and started again', () => {
  /** Killed at 10.1 s, back at 12 s; bob and eve return at 12.5 s, ann does not. */
  const restarted = (): Story =>
    new Story(end)
      .party({ ann: 'android', bob: 'linux', eve: 'web' })
      .talk(1_000, 10_000, 'ann', 'bob', 'eve')
      .stop(10_100, 's1')
      .start(12_000, 's1')
      .connect('bob', 'bob-2')
      .connect('eve', 'eve-2')
      .talk(12_500, end, 'bob', 'eve');
  const withoutAnn = (): Story => restarted().kill(10_050, 'ann');

  it('C-59 reports who never returns, counted from when the returners saw the old server go', () => {
    const story = withoutAnn().stream(20_110, 'eve', 'ann', 'removed').offline(30_110, 'eve', 'ann', 1);
    expect(judge(story.offline(30_110, 'bob', 'ann', 1).trace())).toEqual([]);
  });

  it.each([
    ['before the limit after they saw it go', (story: Story) => story.offline(30_050, 'bob', 'ann', 1)],
    ['before the limit', (story: Story) => story.offline(29_900, 'bob', 'ann', 1)],
    ['at once', (story: Story) => story.offline(12_510, 'bob', 'ann', 1)],
    ['never', (story: Story) => story],
  ])('C-59 finds it told %s', (_, tell) => {
    const story = withoutAnn().stream(20_110, 'eve', 'ann', 'removed').offline(30_110, 'eve', 'ann', 1);
    expect(promises(tell(story))).toHaveLength(1);
  });

  it('C-59 tells nothing of those who return too', () => {
    const story = (): Story => restarted().connect('ann', 'ann-2').talk(13_500, end, 'ann');
    expect(judge(story().trace())).toEqual([]);
    expect(
      promises(story().offline(12_510, 'bob', 'ann', 1).announce(13_510, 'bob', 'ann', false)),
    ).toContain('C-2');
  });

  it('C-59 cannot tell a newcomer of those who are not back', () => {
    const story = restarted().connect('ann', 'ann-2').talk(19_500, end, 'ann');
    story.interrupted(14_000, 'ann').rejoin(19_500, 'ann');
    story.join(15_000, 'cid', { platform: 'linux' }).announce(15_020, 'cid', 'bob', false);
    story
      .announce(15_020, 'cid', 'eve', false)
      .announce(19_510, 'cid', 'ann', false)
      .talk(16_000, end, 'cid');
    for (const name of ['bob', 'eve']) story.announce(15_020, name, 'cid', name === 'eve');
    story.announce(19_500, 'ann', 'cid', false);
    expect(judge(story.trace())).toEqual([]);
  });
});

describe('one of two servers, killed', () => {
  /** Ann and bob are on s1, which dies at 10.5 s; cid is on s2. */
  const dead = (): Story =>
    new Story(end)
      .start(0, 's2')
      .join(0, 'ann', { platform: 'android' })
      .join(0, 'bob', { platform: 'linux' })
      .join(0, 'cid', { platform: 'linux', server: 's2' })
      .announce(20, 'ann', 'bob', false)
      .announce(20, 'ann', 'cid', false)
      .announce(20, 'bob', 'ann', false)
      .announce(20, 'bob', 'cid', false)
      .announce(20, 'cid', 'ann', false)
      .announce(20, 'cid', 'bob', false)
      .talk(1_000, 10_000, 'ann', 'bob')
      .talk(1_000, end, 'cid')
      .stop(10_500, 's1')
      .connect('bob', 'bob-2', 's2')
      .talk(11_500, end, 'bob');
  const elsewhere = (t: number): Story => dead().connect('ann', 'ann-2', 's2').talk(t, end, 'ann');
  const withIt = (): Story => dead().kill(10_500, 'ann');

  it('C-51 is noticed by nobody who goes elsewhere', () => {
    expect(judge(elsewhere(12_000).trace())).toEqual([]);
  });

  it.each([
    ['C-51', 'interrupted', (story: Story) => story.interrupted(14_000, 'ann').rejoin(14_100, 'ann')],
    ['C-2', 'a false offline', (story: Story) => story.offline(13_500, 'cid', 'ann', 1)],
  ])('%s finds %s', (promise, _, tell) => {
    expect(promises(tell(elsewhere(14_100)))).toContain(promise);
  });

  it.each([30_000, 30_250, 32_260])('C-52 is told of who dies with it, at %s', (t) => {
    expect(judge(withIt().offline(t, 'bob', 'ann', 1).offline(t, 'cid', 'ann', 1).trace())).toEqual([]);
  });

  it.each([29_999, 32_600, end + 1])('C-52 finds it told at %s', (t) => {
    expect(promises(withIt().offline(t, 'bob', 'ann', 1).offline(31_000, 'cid', 'ann', 1))).toHaveLength(1);
  });

  it('C-51 lets an unwell network excuse the interruption', () => {
    const story = dead().cut(10_001, 13_900, 'ann').connect('ann', 'ann-2', 's2').talk(14_100, end, 'ann');
    expect(judge(story.interrupted(14_000, 'ann').rejoin(14_100, 'ann').trace())).toEqual([]);
  });
});

describe('the way back', () => {
  const away = (healed: number, back: number): Story =>
    new Story(end)
      .party({ ann: 'android', bob: 'linux' })
      .talk(1_000, end, 'bob')
      .talk(1_000, 10_000, 'ann')
      .cut(10_001, healed, 'ann')
      .interrupted(14_000, 'ann')
      .connect('ann', 'ann-2')
      .heard(back - 10, 'ann')
      .reads(back, 'ann')
      .rejoin(back, 'ann')
      .talk(back + 1_000, end, 'ann');

  it('C-17 takes at most 1.5 s in the first 20 s', () => {
    expect(judge(away(18_000, 19_490).trace())).toEqual([]);
    expect(promises(away(18_000, 19_510))).toEqual(['C-17']);
  });

  it('C-17 takes at most 5.5 s later', () => {
    const told = (story: Story): Story => story.lost(20_000, 'ann').offline(30_010, 'bob', 'ann', 1);
    expect(judge(told(away(40_000, 45_490)).announce(45_500, 'bob', 'ann', false).trace())).toEqual([]);
    expect(promises(told(away(40_000, 45_510)).announce(45_520, 'bob', 'ann', false))).toEqual(['C-17']);
  });

  it('C-17 has an end: after calm everybody is back', () => {
    const story = new Story(30_000).party({ ann: 'android', bob: 'linux' }).talk(1_000, 30_000, 'bob');
    story
      .talk(1_000, 10_000, 'ann')
      .cut(10_001, 18_000, 'ann')
      .interrupted(14_000, 'ann')
      .lost(20_000, 'ann');
    expect(promises(story)).toContain('C-17');
  });
});
