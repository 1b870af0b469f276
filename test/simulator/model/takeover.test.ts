import { describe, expect, it } from 'vitest';
import type { Platform } from '../trace.ts';
import { judge } from './index.ts';
import { Story } from './story.ts';

const end = 40_000;
const promises = (story: Story): string[] => judge(story.trace()).map((violation) => violation.promise);

describe('a restart', () => {
  /** Ann is killed at 10.5 s, her last packet is of 10 s, and her app starts again. */
  const restart = (again: number, publish = true, platform: Platform = 'android'): Story =>
    new Story(end)
      .party({ ann: platform, bob: 'linux', eve: 'web' })
      .talk(1_000, end, 'bob', 'eve')
      .talk(1_000, 10_000, 'ann')
      .kill(10_500, 'ann')
      .join(again, 'ann2', { platform, uid: 1, publish })
      .announce(again + 20, 'ann2', 'bob', false)
      .announce(again + 20, 'ann2', 'eve', false)
      .talk(again + 1_000, end, 'ann2');

  it('C-30 before every limit is told to nobody', () => {
    expect(judge(restart(19_000).trace())).toEqual([]);
  });

  it('C-30 after the limit of the web is told to the web', () => {
    const story = restart(25_000)
      .stream(20_010, 'eve', 'ann', 'removed')
      .stream(25_020, 'eve', 'ann', 'added');
    expect(judge(story.trace())).toEqual([]);
  });

  it('C-30 after every limit is told to all', () => {
    const story = restart(35_000).stream(20_010, 'eve', 'ann', 'removed').offline(30_010, 'eve', 'ann', 1);
    story.announce(35_020, 'eve', 'ann', true);
    story.offline(30_010, 'bob', 'ann', 1).announce(35_020, 'bob', 'ann', false);
    expect(judge(story.trace())).toEqual([]);
  });

  it.each([
    [
      'C-30',
      'an offline at the limit of the old process',
      (story: Story) => story.offline(30_010, 'bob', 'ann', 1),
    ],
    ['C-30', 'an offline as it joins', (story: Story) => story.offline(19_050, 'bob', 'ann', 1)],
    ['C-21', 'a second joined', (story: Story) => story.announce(19_050, 'bob', 'ann', false)],
    [
      'C-30',
      'its stream removed and added',
      (story: Story) => story.stream(20_010, 'eve', 'ann', 'removed').stream(20_020, 'eve', 'ann', 'added'),
    ],
  ])('%s finds %s', (promise, _, tell) => {
    expect(promises(tell(restart(19_000)))).toContain(promise);
  });

  it('C-35 without its stream loses it at the limit after the old last packet', () => {
    expect(judge(restart(15_000, false).stream(20_010, 'eve', 'ann', 'removed').trace())).toEqual([]);
    expect(promises(restart(15_000, false))).toEqual(['C-24']);
    expect(promises(restart(15_000, false).stream(15_040, 'eve', 'ann', 'removed'))).toEqual(['C-30']);
    expect(promises(restart(15_000, false).stream(25_010, 'eve', 'ann', 'removed'))).toEqual(['C-24']);
  });

  it('C-35 that publishes again before the limit keeps it', () => {
    const update = { type: 'update', client: 'ann2', role: 'host', publish: true } as const;
    expect(
      judge(
        restart(15_000, false)
          .add({ t: 17_000, ...update })
          .trace(),
      ),
    ).toEqual([]);
    const late = restart(15_000, false).add({ t: 23_000, ...update });
    expect(promises(late)).toEqual(['C-24']);
    late.stream(20_010, 'eve', 'ann', 'removed').stream(23_020, 'eve', 'ann', 'added');
    expect(judge(late.trace())).toEqual([]);
  });

  it('C-33 with a uid of the choice of the server is somebody new', () => {
    const story = new Story(end).join(0, 'bob', { platform: 'linux' }).talk(1_000, end, 'bob');
    story.join(1_000, 'ann', { platform: 'ios', assigned: true }).announce(1_020, 'ann', 'bob', false);
    story.announce(1_020, 'bob', 'ann', false).talk(2_000, 5_000, 'ann').kill(5_100, 'ann');
    story.join(8_000, 'ann2', { platform: 'ios', assigned: true }).announce(8_020, 'ann2', 'bob', false);
    story
      .announce(8_020, 'bob', 'ann2', false)
      .announce(8_020, 'ann2', 'ann', false)
      .talk(9_000, end, 'ann2');
    story.offline(25_010, 'bob', 'ann', 1).offline(25_010, 'ann2', 'ann', 1);
    expect(judge(story.trace())).toEqual([]);
  });

  it('C-33 finds a rejoin in place of an ordinary join', () => {
    expect(promises(restart(19_000).rejoin(19_020, 'ann2'))).not.toEqual([]);
  });
});

describe('a double login', () => {
  const second = (): Story =>
    new Story(end)
      .party({ ann: 'android', bob: 'linux' })
      .talk(1_000, end, 'bob')
      .talk(1_000, 10_000, 'ann')
      .join(10_500, 'ann2', { platform: 'windows', uid: 1 })
      .announce(10_520, 'ann2', 'bob', false)
      .talk(11_500, end, 'ann2');

  it('C-40 throws the older out, and nobody else is told', () => {
    expect(judge(second().failed(10_520, 'ann', 19).trace())).toEqual([]);
  });

  it.each([
    ['both stay', (story: Story) => story.talk(11_000, end, 'ann')],
    ['the older is told late', (story: Story) => story.talk(11_000, 12_000, 'ann').failed(12_000, 'ann', 19)],
    ['the newer is thrown out', (story: Story) => story.talk(11_000, end, 'ann').failed(11_600, 'ann2', 19)],
    [
      'the older tries again',
      (story: Story) => story.failed(10_520, 'ann', 19).connect('ann', 'ann-2').heard(13_000, 'ann'),
    ],
    [
      'the older is told more',
      (story: Story) => story.failed(10_520, 'ann', 19).offline(10_600, 'ann', 'bob', 1),
    ],
    ['the older is told another reason', (story: Story) => story.failed(10_520, 'ann', 4)],
    ['the state comes after', (story: Story) => story.told(10_520, 'ann', { name: 'failed', code: 'X' })],
    [
      'others are told of it',
      (story: Story) =>
        story
          .failed(10_520, 'ann', 19)
          .offline(10_520, 'bob', 'ann', 0)
          .announce(10_521, 'bob', 'ann', false),
    ],
    [
      'others are told she dropped',
      (story: Story) => story.failed(10_520, 'ann', 19).offline(30_010, 'bob', 'ann', 1),
    ],
  ])('C-40 finds that %s', (_, tell) => {
    expect(judge(tell(second()).trace())).not.toEqual([]);
  });

  it('C-40 tells the web by the code alone', () => {
    const story = new Story(20_000).join(0, 'ann', { platform: 'web', uid: 1 }).talk(1_000, 10_000, 'ann');
    story.join(10_500, 'ann2', { platform: 'web', uid: 1 }).talk(11_500, 20_000, 'ann2');
    expect(judge(story.told(10_520, 'ann', { name: 'failed', code: 'UID_CONFLICT' }).trace())).toEqual([]);
  });

  it('C-40 finds somebody thrown out by nobody', () => {
    const story = new Story(20_000).party({ ann: 'android' }).talk(1_000, 10_000, 'ann');
    expect(judge(story.failed(10_100, 'ann', 19).trace())).toMatchObject([{ promise: 'C-40' }]);
  });

  it('C-40 lets either win when both come at once', () => {
    for (const [winner, loser] of [
      ['ann', 'ann2'],
      ['ann2', 'ann'],
    ] as const) {
      const story = new Story(20_000).join(0, 'ann', { platform: 'ios', uid: 1 });
      story.join(5, 'ann2', { platform: 'ios', uid: 1 }).failed(30, loser, 19).talk(1_000, 20_000, winner);
      expect(judge(story.trace())).toEqual([]);
    }
  });
});
