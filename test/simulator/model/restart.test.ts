import { describe, expect, it } from 'vitest';
import { judge } from './index.ts';
import { Story } from './story.ts';

const end = 60_000;
const promises = (story: Story): string[] => judge(story.trace()).map((violation) => violation.promise);

describe('a server that lost its memory', () => {
  /** Killed at 10.1 s, back at 12 s; bob returns at 12.5 s. Ann has been there. */
  const restarted = (): Story =>
    new Story(end)
      .party({ ann: 'android', bob: 'linux' })
      .talk(1_000, 10_000, 'ann', 'bob')
      .stop(10_100, 's1')
      .start(12_000, 's1')
      .connect('bob', 'bob-2')
      .talk(12_500, end, 'bob');

  it('C-36 is told of somebody again one round trip after the refused resume', () => {
    const returns = (told: number): Story =>
      restarted()
        .join(12_600, 'cid', { platform: 'linux' })
        .announce(12_620, 'cid', 'bob', false)
        .announce(12_620, 'bob', 'cid', false)
        .talk(13_000, end, 'cid')
        .add({ t: 100, type: 'path', client: 'ann', delayMs: 300, jitterMs: 0, loss: 0 })
        .connect('ann', 'ann-2')
        .heard(13_000, 'ann')
        .reads(13_300, 'ann')
        .heard(13_600, 'ann')
        .reads(13_900, 'ann')
        .announce(13_900, 'ann', 'cid', false)
        .talk(14_000, end, 'ann')
        .announce(told, 'cid', 'ann', false);
    expect(judge(returns(13_620).trace())).toEqual([]);
    // A path that an outage has just left is given three more round trips to settle.
    expect(promises(returns(16_500))).toEqual(['C-23']);
  });

  it('C-59 lets a returner that was away count from the start of the new server', () => {
    const story = (t: number): Story =>
      restarted().kill(10_050, 'ann').cut(10_060, 12_400, 'bob').offline(t, 'bob', 'ann', 1);
    expect(judge(story(32_010).trace())).toEqual([]);
    expect(promises(story(31_900))).toEqual(['C-2']);
    expect(promises(story(32_400))).toEqual(['C-20']);
  });

  it('C-59 adds no stall from before the return, and never judges before the limit', () => {
    const story = (t: number): Story =>
      new Story(end)
        .party({ ann: 'android', bob: 'linux' })
        .talk(1_000, 10_000, 'ann', 'bob')
        .kill(10_050, 'ann')
        .stop(10_100, 's1')
        .start(12_000, 's1')
        .cut(10_060, 34_900, 'bob')
        .freeze(30_000, 35_000, 's1')
        .interrupted(14_000, 'bob')
        .lost(20_000, 'bob')
        .connect('bob', 'bob-2')
        .rejoin(35_100, 'bob')
        .talk(35_100, end, 'bob')
        .offline(t, 'bob', 'ann', 1);
    expect(judge(story(35_110).trace())).toEqual([]);
  });

  it('C-59 shows a newcomer whom a returner still has in its picture', () => {
    const story = new Story(end).party({ ann: 'android', bob: 'linux' }).talk(1_000, 5_000, 'ann', 'bob');
    story.kill(5_050, 'ann').cut(5_060, 39_000, 'bob').interrupted(9_000, 'bob').lost(15_000, 'bob');
    story.stop(30_000, 's1').start(38_000, 's1').connect('bob', 'bob-2').rejoin(39_100, 'bob');
    story.talk(39_100, end, 'bob').join(40_000, 'cid', { platform: 'ios' }).talk(41_000, end, 'cid');
    story.announce(40_020, 'cid', 'bob', false).announce(40_020, 'bob', 'cid', false);
    story.offline(58_010, 'bob', 'ann', 1);
    expect(judge(story.trace())).toEqual([]);
    story.announce(40_020, 'cid', 'ann', false);
    expect(promises(story)).toEqual(['C-20']);
    expect(judge(story.offline(58_010, 'cid', 'ann', 1).trace())).toEqual([]);
    const before = new Story(end).join(0, 'ann', { platform: 'android' }).talk(1_000, 5_000, 'ann');
    before.kill(5_050, 'ann').stop(30_000, 's1').start(38_000, 's1');
    before.join(40_000, 'cid', { platform: 'ios' }).talk(41_000, end, 'cid');
    expect(promises(before.announce(40_020, 'cid', 'ann', false))).toContain('C-21');
  });

  it('C-14 believes a goodbye when it has let the user in', () => {
    const leaves = (told: number): Story =>
      restarted()
        .add({ t: 100, type: 'path', client: 'ann', delayMs: 300, jitterMs: 0, loss: 0 })
        .connect('ann', 'ann-2')
        .add({ t: 12_500, type: 'leave', client: 'ann' })
        .state(12_500, 'ann', 1, 5)
        .told(12_500, 'ann', { name: 'left' })
        .heard(13_000, 'ann', { goodbye: true })
        .reads(13_300, 'ann')
        .heard(13_600, 'ann')
        .reads(13_900, 'ann')
        .heard(14_200, 'ann', { goodbye: true })
        .offline(told, 'bob', 'ann', 0);
    expect(judge(leaves(14_210).trace())).toEqual([]);
    expect(promises(leaves(17_500))).toContain('C-14');
  });
});
