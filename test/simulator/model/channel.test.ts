import { describe, expect, it } from 'vitest';
import { judge } from './index.ts';
import { Story } from './story.ts';

const end = 60_000;
const promises = (story: Story): string[] => judge(story.trace()).map((violation) => violation.promise);

/** Both are gone for good: ann's last packet is of 20 s, bob's goodbye of 15.51 s. */
const abandoned = (): Story =>
  new Story(end)
    .party({ ann: 'android', bob: 'linux' })
    .add({ t: 10, type: 'incarnation', channel: 'room', id: 'i1', event: 'created' })
    .talk(1_000, 20_000, 'ann')
    .talk(1_000, 15_000, 'bob')
    .leave(15_500, 'bob')
    .offline(15_520, 'ann', 'bob', 0)
    .kill(20_100, 'ann');

const destroy = (story: Story, t: number, id = 'i1'): Story =>
  story.add({ t, type: 'incarnation', channel: 'room', id, event: 'destroyed' });

const create = (story: Story, t: number, id: string): Story =>
  story.add({ t, type: 'incarnation', channel: 'room', id, event: 'created' });

describe('an abandoned channel', () => {
  it.each([30_000, 30_250])('C-34 is destroyed at %s', (t) => {
    expect(judge(destroy(abandoned(), t).trace())).toEqual([]);
  });

  it.each([29_900, 29_999, 30_251, 25_500, end + 1])('C-34 finds it destroyed at %s', (t) => {
    expect(promises(destroy(abandoned(), t))).toEqual(['C-34']);
  });

  it('C-34 counts a goodbye as well', () => {
    const story = new Story(end)
      .join(0, 'ann', { platform: 'ios' })
      .talk(1_000, 5_000, 'ann')
      .leave(5_990, 'ann');
    create(story, 10, 'i1');
    expect(judge(destroy(story, 16_000).trace())).toEqual([]);
    expect(promises(destroy(create(story, 20_000, 'i1'), 20_001))).toContain('C-34');
  });

  it('C-34 is the same incarnation for a return at 9 s', () => {
    const again = (): Story =>
      abandoned().join(29_000, 'ann2', { platform: 'android', uid: 1 }).talk(30_000, end, 'ann2');
    expect(judge(again().trace())).toEqual([]);
    expect(promises(create(again(), 29_010, 'i2'))).toEqual(['C-34']);
    expect(promises(destroy(again(), 30_000))).toEqual(['C-34']);
  });

  it('C-34 is a new incarnation for a return after 10 s', () => {
    const again = (): Story =>
      destroy(abandoned(), 30_100)
        .join(33_000, 'ann2', { platform: 'android', uid: 1 })
        .talk(34_000, end, 'ann2');
    expect(judge(create(again(), 33_010, 'i2').trace())).toEqual([]);
    expect(promises(create(again(), 33_010, 'i1'))).toEqual(['C-34']);
  });

  it.each([
    ['a new incarnation where the server of its users died with the store', 's1', false],
    ['the same one where that server lived', 's2', true],
  ])('C-34, C-61 is %s', (_, server, accused) => {
    const story = new Story(end).start(0, 's2').join(0, 'ann', { platform: 'android', server });
    story.talk(1_000, 9_900, 'ann');
    story.stop(10_000, 's1').add({ t: 10_000, type: 'store-away', server: null });
    story.add({ t: 14_000, type: 'store-lost' }, { t: 14_000, type: 'store-back', server: null });
    story.connect('ann', 'ann-2', 's2').talk(14_500, end, 'ann');
    const again = create(destroy(create(story, 10, 'i1'), 14_490), 14_490, 'i2');
    expect(promises(again).includes('C-34')).toBe(accused);
  });

  it('C-34 lives on while the server stands still', () => {
    const story = abandoned().freeze(22_000, 24_000, 's1');
    expect(judge(destroy(story, 32_000).trace())).toEqual([]);
    expect(promises(destroy(abandoned().freeze(22_000, 24_000, 's1'), 30_000))).toEqual(['C-34']);
  });
});
