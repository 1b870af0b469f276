import { describe, expect, it } from 'vitest';
import { judge } from './index.ts';
import { Story } from './story.ts';

const end = 60_000;
const promises = (story: Story): string[] => judge(story.trace()).map((violation) => violation.promise);

describe('the limits of a first join', () => {
  const joinless = (): Story =>
    new Story(end, { lostMs: 6_000, giveUpMs: 15_000 }).add(
      { t: 0, type: 'path', client: 'ann', delayMs: 10, jitterMs: 0, loss: 0 },
      { t: 500, type: 'cut', client: 'ann', up: true, down: true, server: null },
      {
        t: 1_000,
        type: 'join',
        client: 'ann',
        uid: 1,
        channel: 'room',
        platform: 'ios',
        profile: 'communication',
        role: 'host',
        publish: true,
      },
    );

  it('C-13 are the defaults until a server tells others', () => {
    expect(judge(joinless().lost(11_000, 'ann').trace())).toEqual([]);
    expect(promises(joinless().lost(7_000, 'ann'))).toContain('C-13');
    expect(promises(joinless().lost(11_000, 'ann').failed(16_000, 'ann', 4))).toContain('C-10');
  });
});

describe('servers of one process', () => {
  it('C-17 lets nobody return while all of them stand still', () => {
    const story = new Story(end).start(0, 's2').party({ ann: 'android' }).talk(1_000, 10_000, 'ann');
    story.cut(10_001, 18_000, 'ann').interrupted(14_000, 'ann').lost(20_000, 'ann');
    story.freeze(15_000, 30_000, 's1').connect('ann', 'ann-2');
    const back = (): Story => story.talk(30_100, end, 'ann').rejoin(30_100, 'ann');
    expect(promises(story)).toContain('C-17');
    story.freeze(15_000, 30_000, 's2');
    expect(judge(back().trace())).toEqual([]);
  });
});

describe('several devices', () => {
  const second = (giveUpMs: number): Story =>
    new Story(end, { giveUpMs })
      .party({ ann: 'android', bob: 'linux' })
      .talk(1_000, end, 'bob')
      .talk(1_000, 10_000, 'ann')
      .cut(10_001, 40_000, 'ann')
      .interrupted(14_000, 'ann')
      .join(15_000, 'ann2', { platform: 'windows', uid: 1 })
      .announce(15_020, 'ann2', 'bob', false);

  it('C-40 allows the older to give up before it can learn of the newer', () => {
    const story = (t: number): Story =>
      second(15_000).talk(16_000, end, 'ann2').lost(20_000, 'ann').failed(t, 'ann', 4);
    expect(judge(story(25_000).trace())).toEqual([]);
    expect(promises(story(21_000))).toContain('C-12');
  });

  it('C-14 takes no goodbye of a stay whose heir a third device threw out', () => {
    const story = second(50_000).talk(16_000, 42_000, 'ann2').lost(20_000, 'ann');
    story.add({ t: 40_500, type: 'leave', client: 'ann' }).state(40_500, 'ann', 1, 5);
    story.told(40_500, 'ann', { name: 'left' }).heard(40_600, 'ann', { goodbye: true });
    story.join(42_000, 'ann3', { platform: 'windows', uid: 1 }).announce(42_020, 'ann3', 'bob', false);
    story.failed(42_020, 'ann2', 19).talk(43_000, end, 'ann3');
    expect(judge(story.trace())).toEqual([]);
    expect(promises(story.offline(40_620, 'bob', 'ann', 0))).not.toEqual([]);
  });
});

describe('newcomers and returners', () => {
  it('C-20 tells a newcomer nothing of somebody who had gone before', () => {
    const story = new Story(end).join(0, 'ann', { platform: 'android' }).talk(1_000, 5_000, 'ann');
    story.cut(5_001, 24_900, 'ann').interrupted(9_000, 'ann').lost(15_000, 'ann').connect('ann', 'ann-2');
    story.join(25_240, 'bob', { platform: 'linux' }).rejoin(25_300, 'ann').talk(25_300, end, 'ann');
    story.announce(25_300, 'ann', 'bob', false).announce(25_310, 'bob', 'ann', false);
    expect(judge(story.talk(26_000, end, 'bob').trace())).toEqual([]);
  });

  it('C-11 does not take a stale payload for a return', () => {
    const story = new Story(30_000).party({ ann: 'android' }).talk(1_000, 10_000, 'ann');
    story
      .cut(10_001, 16_000, 'ann')
      .freeze(15_000, 25_000, 's1')
      .interrupted(14_000, 'ann')
      .reads(19_920, 'ann');
    story.lost(20_000, 'ann').heard(25_000, 'ann', { arrived: 19_910 }).reads(25_010, 'ann');
    const back = (t: number): Story => story.rejoin(t, 'ann').talk(25_020, 30_000, 'ann');
    expect(promises(back(25_050))).not.toContain('C-11');
  });

  it('C-11 finds a rejoin told long after the return', () => {
    const story = new Story(30_000).party({ ann: 'android' }).talk(1_000, 10_000, 'ann');
    story.interrupted(14_000, 'ann').lost(20_000, 'ann').talk(20_100, 30_000, 'ann').rejoin(25_000, 'ann');
    expect(promises(story)).toEqual(['C-11']);
  });

  it('C-22 ends a return with the answer to the takeover of a standby', () => {
    const story = (told: number): Story =>
      new Story(30_000)
        .party({ ann: 'android', bob: 'linux' })
        .talk(1_000, 30_000, 'bob')
        .talk(1_000, 10_000, 'ann')
        .add({ t: 10_000, type: 'path', client: 'ann', delayMs: 300, jitterMs: 0, loss: 0 })
        .cut(10_300, 12_000, 'ann')
        .reads(12_100, 'ann')
        .connect('ann', 'ann-2')
        .heard(13_000, 'ann')
        .reads(13_900, 'ann')
        .heard(14_200, 'ann')
        .join(13_900, 'cid', { platform: 'ios' })
        .announce(13_920, 'cid', 'bob', false)
        .announce(13_920, 'cid', 'ann', false)
        .announce(13_920, 'bob', 'cid', false)
        .talk(15_000, 30_000, 'cid')
        .announce(told, 'ann', 'cid', false)
        .talk(15_000, 30_000, 'ann');
    expect(judge(story(14_700).trace())).toEqual([]);
    expect(promises(story(18_500))).toContain('C-20');
  });
});
