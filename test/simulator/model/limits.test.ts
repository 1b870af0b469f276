import { describe, expect, it } from 'vitest';
import { judge } from './index.ts';
import { Story } from './story.ts';

const end = 60_000;
/** Ann's last packet either way. */
const last = 20_000;

describe('an outage for good', () => {
  /** Ann goes silent; bob (native), amy (apple) and eve (web) stay. */
  const silence = (): Story =>
    new Story(end)
      .party({ ann: 'android', bob: 'linux', amy: 'ios', eve: 'web' })
      .talk(1_000, end, 'bob', 'amy', 'eve')
      .talk(1_000, last, 'ann')
      .cut(last + 1, end, 'ann');
  const toldA = (story: Story): Story => story.interrupted(24_000, 'ann').lost(30_000, 'ann');
  const toldB = (story: Story): Story =>
    story
      .stream(30_010, 'eve', 'ann', 'removed')
      .offline(40_010, 'eve', 'ann', 1)
      .offline(40_010, 'bob', 'ann', 1)
      .offline(40_010, 'amy', 'ann', 1);

  it('C-2 told to all at their limits is right', () => {
    expect(judge(toldB(toldA(silence())).trace())).toEqual([]);
  });

  it('C-2 may be told 250 ms and the path late', () => {
    const story = silence().interrupted(24_250, 'ann').lost(30_250, 'ann');
    story.stream(30_260, 'eve', 'ann', 'removed').offline(40_260, 'eve', 'ann', 1);
    story.offline(40_260, 'bob', 'ann', 1).offline(40_260, 'amy', 'ann', 1);
    expect(judge(story.trace())).toEqual([]);
  });

  it.each([
    ['interrupted 1 ms early', (story: Story) => story.interrupted(23_999, 'ann').lost(30_000, 'ann')],
    ['interrupted 251 ms late', (story: Story) => story.interrupted(24_251, 'ann').lost(30_000, 'ann')],
    ['lost 1 ms early', (story: Story) => story.interrupted(24_000, 'ann').lost(29_999, 'ann')],
    ['lost 251 ms late', (story: Story) => story.interrupted(24_000, 'ann').lost(30_251, 'ann')],
    ['lost never', (story: Story) => story.interrupted(24_000, 'ann')],
  ])('C-2 finds A told %s', (_, tell) => {
    expect(judge(tell(toldB(silence())).trace())).toMatchObject([{ promise: 'C-2', who: 'ann' }]);
  });

  it('C-2 finds A told nothing', () => {
    expect(judge(toldB(silence()).trace())).toMatchObject([{ promise: 'C-2' }, { promise: 'C-2' }]);
  });

  it.each([
    ['C-2', 'eve', 'stream-removed 1 ms early', { stream: 29_999 }],
    ['C-20', 'eve', 'stream-removed 251 ms late', { stream: 30_261 }],
    ['C-2', 'bob', 'offline 1 ms early', { bob: 39_999 }],
    ['C-20', 'bob', 'offline 251 ms late', { bob: 40_261 }],
    ['C-20', 'amy', 'offline far too late', { amy: 45_000 }],
    ['C-20', 'amy', 'offline never', { amy: end + 1 }],
    ['C-2', 'eve', 'peer-leave at the limit of the stream', { eve: 30_010 }],
  ])('%s finds %s told %s', (promise, who, _, when) => {
    const times = { stream: 30_000, eve: 40_010, bob: 40_000, amy: 40_000, ...when };
    const story = toldA(silence()).stream(times.stream, 'eve', 'ann', 'removed');
    story.offline(times.eve, 'eve', 'ann', 1);
    story.offline(times.bob, 'bob', 'ann', 1).offline(times.amy, 'amy', 'ann', 1);
    expect(judge(story.trace())).toMatchObject([{ promise, who }]);
  });

  it.each([
    ['quit', 0],
    ['audience', 2],
  ])('C-20 finds a silence told as %s', (_, reason) => {
    const story = toldA(silence()).stream(30_000, 'eve', 'ann', 'removed').offline(40_010, 'eve', 'ann', 1);
    story.offline(40_010, 'amy', 'ann', 1).offline(40_010, 'bob', 'ann', reason);
    expect(judge(story.trace())).toMatchObject([{ who: 'bob' }]);
  });
});

describe('an outage that heals', () => {
  /** Ann is away from 20 s on and heard again on a new connection when she is back. */
  const away = (back: number): Story =>
    new Story(end)
      .party({ ann: 'android', bob: 'linux', eve: 'web' })
      .talk(1_000, end, 'bob', 'eve')
      .talk(1_000, last, 'ann')
      .cut(last + 1, back - 40, 'ann')
      .connect('ann', 'ann-2')
      .talk(back, end, 'ann');

  it('C-11 tells nobody anything before 4 s', () => {
    expect(judge(away(23_900).trace())).toEqual([]);
  });

  it('C-20 shows 15 s to the web and not to native', () => {
    const story = away(35_000).interrupted(24_000, 'ann').lost(30_000, 'ann').rejoin(35_000, 'ann');
    story.stream(30_010, 'eve', 'ann', 'removed').stream(35_010, 'eve', 'ann', 'added');
    expect(judge(story.trace())).toEqual([]);
  });

  it.each([
    [
      'C-11',
      'interrupted after all',
      (story: Story) => story.interrupted(24_000, 'ann').rejoin(24_100, 'ann'),
    ],
    ['C-11', 'rejoin out of nothing', (story: Story) => story.rejoin(23_900, 'ann')],
    ['C-2', 'bob told offline', (story: Story) => story.offline(23_000, 'bob', 'ann', 1)],
    ['C-11', 'bob told offline on her return', (story: Story) => story.offline(24_000, 'bob', 'ann', 1)],
    ['C-11', 'eve told stream-removed', (story: Story) => story.stream(24_000, 'eve', 'ann', 'removed')],
    ['C-21', 'eve told stream-added', (story: Story) => story.stream(24_000, 'eve', 'ann', 'added')],
    ['C-21', 'bob told joined', (story: Story) => story.announce(24_000, 'bob', 'ann', false)],
  ])('%s finds, within 4 s, %s', (promise, _, tell) => {
    const found = judge(tell(away(23_900)).trace());
    expect(found.map((violation) => violation.promise)).toContain(promise);
  });

  it.each([
    [
      'native offline',
      (story: Story) => story.offline(34_000, 'bob', 'ann', 1).announce(35_010, 'bob', 'ann', false),
    ],
    ['native offline after her return', (story: Story) => story.offline(36_000, 'bob', 'ann', 1)],
    ['peer-leave', (story: Story) => story.offline(36_000, 'eve', 'ann', 1)],
    ['peer-joined again', (story: Story) => story.announce(35_010, 'eve', 'ann', false)],
    ['rejoin twice', (story: Story) => story.rejoin(36_000, 'ann')],
    ['interrupted twice', (story: Story) => story.interrupted(36_000, 'ann')],
  ])('C-20 finds, in 15 s, %s', (_, tell) => {
    const story = away(35_000).interrupted(24_000, 'ann').lost(30_000, 'ann').rejoin(35_000, 'ann');
    story.stream(30_010, 'eve', 'ann', 'removed').stream(35_010, 'eve', 'ann', 'added');
    expect(judge(tell(story).trace())).not.toEqual([]);
  });

  it.each([
    ['the stream', 'eve', (story: Story) => story.stream(30_010, 'eve', 'ann', 'removed')],
    [
      'the stream late',
      'eve',
      (story: Story) => story.stream(30_010, 'eve', 'ann', 'removed').stream(36_300, 'eve', 'ann', 'added'),
    ],
  ])('C-24 finds %s not told to be back', (_, who, tell) => {
    const story = away(35_000).interrupted(24_000, 'ann').lost(30_000, 'ann').rejoin(35_000, 'ann');
    expect(judge(tell(story).trace())).toMatchObject([{ promise: 'C-24', who }]);
  });

  it('C-11 finds no rejoin after the return', () => {
    const story = away(25_000).interrupted(24_000, 'ann');
    expect(judge(story.trace()).map((violation) => violation.promise)).toEqual(['C-17', 'C-11', 'C-17']);
  });

  it('C-2 allows both at the limit itself', () => {
    expect(
      judge(away(30_100).interrupted(24_000, 'ann').lost(30_000, 'ann').rejoin(30_100, 'ann').trace()),
    ).toEqual([]);
    const told = away(30_100).interrupted(24_000, 'ann').lost(30_000, 'ann').rejoin(30_100, 'ann');
    told.stream(30_010, 'eve', 'ann', 'removed').stream(30_110, 'eve', 'ann', 'added');
    expect(judge(told.trace())).toEqual([]);
  });
});

describe('the first join', () => {
  const joinless = (): Story => {
    const story = new Story(30_000).add(
      { t: 0, type: 'path', client: 'ann', delayMs: 10, jitterMs: 0, loss: 0 },
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
      { t: 500, type: 'cut', client: 'ann', up: true, down: true, server: null },
    );
    return story;
  };

  it('C-13 that never succeeds is told lost after 10 s, and only that', () => {
    expect(judge(joinless().lost(11_000, 'ann').trace())).toEqual([]);
  });

  it.each([
    ['interrupted', (story: Story) => story.interrupted(5_000, 'ann').lost(11_000, 'ann')],
    ['lost early', (story: Story) => story.lost(10_999, 'ann')],
    ['lost late', (story: Story) => story.lost(11_251, 'ann')],
    ['nothing', (story: Story) => story],
    ['lost twice', (story: Story) => story.lost(11_000, 'ann').lost(21_000, 'ann')],
  ])('C-13 finds %s', (_, tell) => {
    expect(judge(tell(joinless()).trace())).not.toEqual([]);
  });
});
