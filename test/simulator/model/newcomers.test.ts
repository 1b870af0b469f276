import { describe, expect, it } from 'vitest';
import { judge } from './index.ts';
import { Story } from './story.ts';

const end = 60_000;
const promises = (story: Story): string[] => judge(story.trace()).map((violation) => violation.promise);

describe('a newcomer', () => {
  /** Ann is silent from 10 s on; bob and eve join at 25 s. */
  const late = (): Story =>
    new Story(end)
      .join(0, 'ann', { platform: 'android' })
      .talk(1_000, 10_000, 'ann')
      .interrupted(14_000, 'ann')
      .lost(20_000, 'ann')
      .cut(10_001, end, 'ann')
      .join(25_000, 'bob', { platform: 'linux' })
      .join(25_000, 'eve', { platform: 'web' })
      .announce(25_020, 'bob', 'eve', false)
      .announce(25_020, 'eve', 'bob', true)
      .talk(26_000, end, 'bob', 'eve');

  it('C-23 is told of somebody silent for 15 s if native, not if web', () => {
    const story = late().announce(25_020, 'bob', 'ann', false).offline(30_010, 'bob', 'ann', 1);
    expect(judge(story.trace())).toEqual([]);
  });

  it('C-23 finds the native one not told', () => {
    expect(promises(late())).toEqual(['C-23']);
  });

  it('C-23 finds the web one told of the stream', () => {
    const story = late().announce(25_020, 'bob', 'ann', false).offline(30_010, 'bob', 'ann', 1);
    story.announce(25_020, 'eve', 'ann', true).offline(30_010, 'eve', 'ann', 1);
    expect(promises(story)).toContain('C-21');
  });

  it('C-23 finds somebody told of that left long ago', () => {
    const story = new Story(end).join(0, 'ann', { platform: 'android' }).talk(1_000, 10_000, 'ann');
    story.leave(5_500, 'ann').join(10_000, 'bob', { platform: 'linux' }).talk(11_000, end, 'bob');
    expect(judge(story.trace())).toEqual([]);
    expect(promises(story.announce(10_020, 'bob', 'ann', false))).toEqual(['C-21', 'C-14']);
  });

  it('C-23 finds those who came before told 300 ms late', () => {
    const story = new Story(end).join(0, 'ann', { platform: 'android' }).join(9, 'bob', { platform: 'ios' });
    story.announce(29, 'ann', 'bob', false).announce(330, 'bob', 'ann', false).talk(1_000, end, 'ann', 'bob');
    expect(promises(story)).toEqual(['C-23']);
  });
});

describe('an observer that was away itself', () => {
  /** Bob is away from 10 s to 40 s; ann leaves at 15 s. */
  const away = (): Story =>
    new Story(end)
      .party({ ann: 'android', bob: 'linux' })
      .talk(1_000, 10_000, 'bob')
      .talk(1_000, 14_500, 'ann')
      .leave(15_000, 'ann')
      .cut(10_001, 39_950, 'bob')
      .interrupted(14_000, 'bob')
      .lost(20_000, 'bob')
      .connect('bob', 'bob-2')
      .heard(39_990, 'bob')
      .reads(40_000, 'bob')
      .rejoin(40_000, 'bob')
      .talk(41_000, end, 'bob');
  const returned = (): Story =>
    away()
      .join(20_000, 'ann2', { platform: 'android', uid: 1 })
      .talk(21_000, end, 'ann2')
      .offline(30_010, 'ann2', 'bob', 1)
      .announce(20_020, 'ann2', 'bob', false)
      .announce(40_000, 'ann2', 'bob', false);

  it('C-22 is told the difference on its return', () => {
    expect(judge(away().offline(40_000, 'bob', 'ann', 0).trace())).toEqual([]);
    expect(judge(returned().trace())).toEqual([]);
  });

  it.each([
    ['nothing of it', (): Story => away()],
    ['it late', (): Story => away().offline(41_000, 'bob', 'ann', 0)],
    ['the wrong reason', (): Story => away().offline(40_000, 'bob', 'ann', 1)],
    [
      'what cancelled out',
      (): Story => returned().offline(40_000, 'bob', 'ann', 0).announce(40_000, 'bob', 'ann', false),
    ],
    ['that somebody joined who was there', (): Story => returned().announce(40_000, 'bob', 'ann', false)],
  ])('C-22 finds it told %s', (_, tell) => {
    expect(judge(tell().trace())).not.toEqual([]);
  });
});

describe('what an observer cannot know', () => {
  it('C-22 finds it told while it reads nothing', () => {
    const story = new Story(end).party({ ann: 'android', bob: 'linux' }).talk(1_000, 10_000, 'bob');
    story.cut(10_001, end, 'bob').interrupted(14_000, 'bob').lost(20_000, 'bob').talk(1_000, 10_000, 'ann');
    story.leave(11_000, 'ann').told(11_020, 'bob', { name: 'peer-offline', uid: 1, reason: 0 });
    expect(promises(story)).toEqual(['C-22']);
  });

  it('C-59 forgets a goodbye with the server that read it', () => {
    const story = new Story(end).party({ ann: 'android', bob: 'linux' }).talk(1_000, 10_000, 'ann', 'bob');
    story.cut(10_001, 21_000, 'bob').interrupted(14_000, 'bob').lost(20_000, 'bob').leave(12_000, 'ann');
    story.stop(15_000, 's1').start(16_000, 's1').connect('bob', 'bob-2').rejoin(21_500, 'bob');
    story.talk(21_500, end, 'bob');
    expect(judge(story.offline(36_010, 'bob', 'ann', 1).trace())).toEqual([]);
  });

  it('C-2 with loss waits for what is sent again, without loss it does not', () => {
    const lossy = (loss: number): Story => {
      const story = new Story(end).party({ ann: 'android', bob: 'linux' }).talk(1_000, end, 'bob');
      story.add({ t: 500, type: 'path', client: 'bob', delayMs: 10, jitterMs: 0, loss });
      return story.talk(1_000, 10_000, 'ann').kill(10_100, 'ann').offline(31_500, 'bob', 'ann', 1);
    };
    expect(judge(lossy(0.05).trace())).toEqual([]);
    expect(promises(lossy(0))).toEqual(['C-20']);
  });
});

describe('streams and roles', () => {
  const live = { profile: 'live' } as const;

  it('C-24 fires nothing at 10 s for somebody without a stream', () => {
    const story = new Story(end).join(0, 'ann', { platform: 'web', publish: false });
    story
      .join(0, 'eve', { platform: 'web' })
      .announce(20, 'eve', 'ann', false)
      .announce(20, 'ann', 'eve', true);
    story
      .talk(1_000, 10_000, 'ann')
      .kill(10_100, 'ann')
      .talk(1_000, end, 'eve')
      .offline(30_010, 'eve', 'ann', 1);
    expect(judge(story.trace())).toEqual([]);
    expect(promises(story.stream(20_010, 'eve', 'ann', 'removed'))).toEqual(['C-21']);
  });

  it('C-24 finds native told of streams, and a stream of nobody', () => {
    const story = new Story(end)
      .party({ ann: 'web', bob: 'linux', eve: 'web' })
      .talk(1_000, end, 'ann', 'bob', 'eve');
    expect(promises(story.stream(5_000, 'bob', 'ann', 'added'))).toEqual(['C-21']);
    const early = new Story(end).join(0, 'ann', { platform: 'web' }).join(0, 'eve', { platform: 'web' });
    early.talk(1_000, end, 'ann', 'eve').announce(20, 'ann', 'eve', true);
    early.stream(20, 'eve', 'ann', 'added').announce(20, 'eve', 'ann', false);
    expect(promises(early)).toContain('C-21');
  });

  it('C-24 follows what is published and not', () => {
    const story = new Story(end).party({ ann: 'web', eve: 'web' }).talk(1_000, end, 'ann', 'eve');
    story.add({ t: 5_000, type: 'update', client: 'ann', role: 'host', publish: false });
    story.add({ t: 9_000, type: 'update', client: 'ann', role: 'host', publish: true });
    expect(promises(story)).toEqual(['C-24']);
    story.stream(5_020, 'eve', 'ann', 'removed').stream(9_020, 'eve', 'ann', 'added');
    expect(judge(story.trace())).toEqual([]);
  });

  it('C-25 announces hosts only, and takes a host that becomes audience away', () => {
    const story = new Story(end).join(0, 'ann', { platform: 'android', ...live });
    story.join(0, 'bob', { platform: 'linux', role: 'audience', ...live }).announce(20, 'bob', 'ann', false);
    story.talk(1_000, end, 'ann', 'bob');
    expect(judge(story.trace())).toEqual([]);
    story.add({ t: 5_000, type: 'update', client: 'ann', role: 'audience', publish: true });
    expect(promises(story)).toEqual(['C-25']);
    expect(judge(story.offline(5_020, 'bob', 'ann', 2).trace())).toEqual([]);
  });

  it.each([
    ['an announced audience', (story: Story) => story.announce(20, 'ann', 'bob', false)],
    [
      'a role told as dropped',
      (story: Story) =>
        story
          .add({ t: 5_000, type: 'update', client: 'ann', role: 'audience', publish: true })
          .offline(5_020, 'bob', 'ann', 1),
    ],
    ['an audience of no change', (story: Story) => story.offline(5_020, 'bob', 'ann', 2)],
  ])('C-25 finds %s', (_, tell) => {
    const story = new Story(end).join(0, 'ann', { platform: 'android', ...live });
    story.join(0, 'bob', { platform: 'linux', role: 'audience', ...live }).announce(20, 'bob', 'ann', false);
    expect(judge(tell(story.talk(1_000, end, 'ann', 'bob')).trace())).not.toEqual([]);
  });

  it('C-21 finds an observer told of itself and of strangers', () => {
    const story = new Story(end).party({ ann: 'linux', bob: 'linux' }).talk(1_000, end, 'ann', 'bob');
    expect(promises(story.announce(5_000, 'ann', 'ann', false))).toEqual(['C-21']);
    expect(promises(story.told(5_000, 'bob', { name: 'peer-joined', uid: 77 }))).toEqual(['C-21', 'C-21']);
  });
});
