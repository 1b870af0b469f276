import { describe, expect, it } from 'vitest';
import { judge } from './index.ts';
import { Story } from './story.ts';

const end = 40_000;

describe('leaving', () => {
  const left = (): Story =>
    new Story(end)
      .party({ ann: 'android', bob: 'linux', eve: 'web' })
      .talk(1_000, end, 'bob', 'eve')
      .talk(1_000, 10_000, 'ann')
      .leave(10_500, 'ann');

  it('C-14 is told as quit at once', () => {
    const story = left().offline(10_520, 'bob', 'ann', 0).offline(10_520, 'eve', 'ann', 0);
    expect(judge(story.trace())).toEqual([]);
  });

  it.each([
    ['late', 'C-14', (story: Story) => story.offline(10_771, 'bob', 'ann', 0)],
    ['never', 'C-14', (story: Story) => story],
    ['as dropped', 'C-20', (story: Story) => story.offline(10_520, 'bob', 'ann', 1)],
    ['before the goodbye', 'C-30', (story: Story) => story.offline(10_509, 'bob', 'ann', 0)],
    [
      'and taken back',
      'C-21',
      (story: Story) => story.offline(10_520, 'bob', 'ann', 0).announce(12_000, 'bob', 'ann', false),
    ],
    [
      'twice',
      'C-21',
      (story: Story) => story.offline(10_520, 'bob', 'ann', 0).offline(10_530, 'bob', 'ann', 0),
    ],
  ])('C-14 finds it told %s', (_, promise, tell) => {
    const found = judge(tell(left().offline(10_520, 'eve', 'ann', 0)).trace());
    expect(found.map((violation) => violation.promise)).toContain(promise);
  });

  it('C-21 ends the stream by peer-leave, not by a stream-removed of its own', () => {
    const story = left().offline(10_520, 'bob', 'ann', 0).offline(10_521, 'eve', 'ann', 0);
    expect(judge(story.stream(10_520, 'eve', 'ann', 'removed').trace())).toHaveLength(1);
  });

  it('C-14 with a goodbye that is lost is a drop', () => {
    const story = new Story(end).party({ ann: 'android', bob: 'linux' }).talk(1_000, end, 'bob');
    story.talk(1_000, 10_000, 'ann').cut(10_001, end, 'ann').add({ t: 11_000, type: 'leave', client: 'ann' });
    story.state(13_000, 'ann', 1, 5).told(13_000, 'ann', { name: 'left' }).offline(30_010, 'bob', 'ann', 1);
    expect(judge(story.trace())).toEqual([]);
    const after = judge(story.told(14_000, 'ann', { name: 'lost' }).trace());
    expect(after.map((violation) => violation.promise)).toContain('C-14');
  });

  it.each([
    [
      'told only after 2.3 s',
      (story: Story) => story.state(12_800, 'ann', 1, 5).told(12_800, 'ann', { name: 'left' }),
    ],
    ['never told', (story: Story) => story],
    ['told without its state', (story: Story) => story.told(10_600, 'ann', { name: 'left' })],
    [
      'told twice',
      (story: Story) =>
        story
          .state(10_600, 'ann', 1, 5)
          .told(10_600, 'ann', { name: 'left' })
          .told(10_700, 'ann', { name: 'left' }),
    ],
    [
      'followed by a callback about others',
      (story: Story) =>
        story
          .offline(10_510, 'ann', 'bob', 1)
          .state(10_600, 'ann', 1, 5)
          .told(10_600, 'ann', { name: 'left' }),
    ],
  ])('C-14 finds the leave %s', (_, tell) => {
    const story = new Story(end).party({ ann: 'android', bob: 'linux' }).talk(1_000, end, 'bob');
    story.talk(1_000, 10_000, 'ann').add({ t: 10_500, type: 'leave', client: 'ann' });
    story.heard(10_510, 'ann', { goodbye: true }).offline(10_520, 'bob', 'ann', 0);
    expect(judge(tell(story).trace())).not.toEqual([]);
  });

  it('C-14 finds a client that comes again after its leave', () => {
    const story = left().offline(10_520, 'bob', 'ann', 0).offline(10_520, 'eve', 'ann', 0);
    story.connect('ann', 'ann-2').heard(14_000, 'ann');
    expect(judge(story.trace())).toMatchObject([{ promise: 'C-14', who: 'ann' }]);
  });
});

describe('what remains', () => {
  const gone = (): Story =>
    new Story(200_000)
      .party({ ann: 'android', bob: 'android' })
      .talk(1_000, 10_000, 'ann', 'bob')
      .leave(10_500, 'ann')
      .offline(10_520, 'bob', 'ann', 0)
      .kill(10_600, 'bob');

  it('C-14 is nothing, but for the session of one that was killed', () => {
    const story = gone().add(
      { t: 15_000, type: 'remains', client: 'ann', timers: 0, transports: 0, sessions: 0 },
      { t: 15_000, type: 'remains', client: 'bob', timers: 0, transports: 0, sessions: 1 },
      { t: 131_000, type: 'remains', client: 'bob', timers: 0, transports: 0, sessions: 0 },
    );
    expect(judge(story.trace())).toEqual([]);
  });

  it.each([
    ['a timer', { client: 'ann', t: 15_000, timers: 1, transports: 0, sessions: 0 }],
    ['a transport', { client: 'bob', t: 15_000, timers: 0, transports: 1, sessions: 1 }],
    ['the session of a leaver', { client: 'ann', t: 15_000, timers: 0, transports: 0, sessions: 1 }],
    ['a session for ever', { client: 'bob', t: 131_000, timers: 0, transports: 0, sessions: 1 }],
  ])('C-14 finds %s', (_, remains) => {
    const found = judge(
      gone()
        .add({ type: 'remains', ...remains })
        .trace(),
    );
    expect(found).toMatchObject([{ promise: 'C-14', who: remains.client }]);
  });

  it('C-63 finds queues over their bounds', () => {
    const story = gone().add(
      { t: 5_000, type: 'queues', process: 's1', entries: 2_000, bytes: 1_000_000 },
      { t: 6_000, type: 'queues', process: 's1', entries: 2_001, bytes: 10 },
      { t: 7_000, type: 'queues', process: 'ann', entries: 1, bytes: 1_100_000 },
    );
    expect(judge(story.trace())).toMatchObject([{ who: 's1' }, { who: 'ann' }]);
  });
});

describe('a killed process', () => {
  const killed = (platform: 'android' | 'ios'): Story =>
    new Story(end)
      .party({ ann: platform, bob: 'linux' })
      .talk(1_000, end, 'bob')
      .talk(1_000, 10_000, 'ann')
      .kill(10_500, 'ann');

  it('C-30 on native is a silence', () => {
    expect(judge(killed('android').offline(30_100, 'bob', 'ann', 1).trace())).toEqual([]);
    expect(judge(killed('android').offline(14_600, 'bob', 'ann', 0).trace())).toMatchObject([
      { promise: 'C-30' },
    ]);
  });

  it('C-31 on apple may be a goodbye 4 s later, no earlier', () => {
    expect(judge(killed('ios').offline(14_600, 'bob', 'ann', 0).trace())).toEqual([]);
    expect(judge(killed('ios').offline(30_100, 'bob', 'ann', 1).trace())).toEqual([]);
    expect(judge(killed('ios').offline(14_499, 'bob', 'ann', 0).trace())).toMatchObject([
      { promise: 'C-30' },
    ]);
  });

  it('C-14 finds the dead talking', () => {
    const story = killed('android').offline(30_100, 'bob', 'ann', 1).interrupted(14_000, 'ann');
    expect(judge(story.trace()).map((violation) => violation.promise)).toContain('C-14');
  });
});
