import { describe, expect, it } from 'vitest';
import { judge } from './index.ts';
import { Story } from './story.ts';

const end = 40_000;
const promises = (story: Story): string[] => judge(story.trace()).map((violation) => violation.promise);

/** Ann speaks five times from 5 s on; Bob is there. */
function spoken(history = {}): Story {
  return new Story(end, {}, history)
    .party({ ann: 'android', bob: 'linux' })
    .talk(1_000, end, 'ann', 'bob')
    .say(5_000, 'ann', [1, 2, 3, 4, 5]);
}

describe('C-60 messages', () => {
  it('are told once and in order', () => {
    expect(promises(spoken().hears(5_060, 'bob', 'ann', 1, 2, 3, 4, 5))).toEqual([]);
  });

  it.each<[string, string, number[]]>([
    ['twice', 'C-60', [1, 2, 2, 3, 4, 5]],
    ['in another order', 'C-60', [1, 3, 2, 4, 5]],
    ['with one left out', 'C-62', [1, 2, 4, 5]],
    ['without the last', 'C-60', [1, 2, 3, 4]],
    ['with one that nobody sent', 'C-60', [1, 2, 3, 4, 5, 6]],
  ])('are found told %s', (_, promise, numbers) => {
    expect(promises(spoken().hears(5_060, 'bob', 'ann', ...numbers))).toContain(promise);
  });

  it('are found never told', () => {
    expect(promises(spoken())).toEqual(['C-60']);
  });

  it('are found damaged', () => {
    const message = { name: 'message', uid: 1, stream: 1, message: 'ann/1', bytes: 99 } as const;
    expect(promises(spoken().told(5_060, 'bob', message).hears(5_060, 'bob', 'ann', 2, 3, 4, 5))).toEqual([
      'C-60',
    ]);
  });

  it('are found not acknowledged', () => {
    const story = spoken().say(6_000, 'ann', [6], { lost: true });
    expect(promises(story.hears(6_060, 'bob', 'ann', 1, 2, 3, 4, 5, 6))).toEqual(['C-60']);
  });

  it('of a sender that dies before its acknowledgement may be told or not', () => {
    const died = (): Story =>
      new Story(end)
        .party({ ann: 'android', bob: 'linux' })
        .talk(1_000, end, 'bob')
        .talk(1_000, 25_000, 'ann')
        .say(25_000, 'ann', [1], { lost: true })
        .kill(25_001, 'ann');
    expect(promises(died())).toEqual([]);
    expect(promises(died().hears(25_060, 'bob', 'ann', 1))).toEqual([]);
  });
});

describe('C-35 messages', () => {
  it('are not told to who came later', () => {
    const story = spoken().hears(5_060, 'bob', 'ann', 1, 2, 3, 4, 5);
    story.join(10_000, 'eve', { platform: 'linux' }).talk(11_000, end, 'eve');
    for (const name of ['ann', 'bob'])
      story.announce(10_020, name, 'eve', false).announce(10_020, 'eve', name, false);
    expect(promises(story)).toEqual([]);
    expect(promises(story.hears(10_060, 'eve', 'ann', 5))).toEqual(['C-35']);
  });

  it('of a restarted sender are no repeats', () => {
    const story = spoken().hears(5_060, 'bob', 'ann', 1, 2, 3, 4, 5).kill(10_500, 'ann');
    story.join(11_000, 'ann2', { platform: 'android', uid: 1 }).announce(11_020, 'ann2', 'bob', false);
    story.talk(12_000, end, 'ann2').say(13_000, 'ann2', [1, 2]);
    expect(promises(story)).toEqual(['C-60']);
    story.told(13_060, 'bob', { name: 'message', uid: 1, stream: 1, message: 'ann2/1', bytes: 100 });
    story.told(13_060, 'bob', { name: 'message', uid: 1, stream: 1, message: 'ann2/2', bytes: 100 });
    expect(promises(story).filter((promise) => promise === 'C-60')).toEqual([]);
  });
});

describe('C-62 gaps', () => {
  const small = { entries: 2 };

  it('tell how many are missing, before what follows', () => {
    expect(promises(spoken(small).misses(5_060, 'bob', 'ann', 3).hears(5_060, 'bob', 'ann', 4, 5))).toEqual(
      [],
    );
  });

  it.each<[string, (story: Story) => Story]>([
    ['one too small', (story) => story.misses(5_060, 'bob', 'ann', 2).hears(5_060, 'bob', 'ann', 4, 5)],
    ['one too large', (story) => story.misses(5_060, 'bob', 'ann', 4).hears(5_060, 'bob', 'ann', 4, 5)],
    ['left out', (story) => story.hears(5_060, 'bob', 'ann', 4, 5)],
    ['after what follows', (story) => story.hears(5_060, 'bob', 'ann', 4, 5).misses(5_060, 'bob', 'ann', 3)],
    ['twice', (story) => story.misses(5_050, 'bob', 'ann', 3).misses(5_060, 'bob', 'ann', 3)],
    ['of unknown size', (story) => story.misses(5_060, 'bob', 'ann', -1).hears(5_060, 'bob', 'ann', 4, 5)],
    [
      'where nothing is missing',
      (story) => story.hears(5_060, 'bob', 'ann', 1, 2, 3, 4, 5).misses(9_000, 'bob', 'ann', 1),
    ],
  ])('are found %s', (_, tell) => {
    expect(promises(tell(spoken(small)))).toContain('C-62');
  });

  it('are found where the history holds everything', () => {
    expect(promises(spoken().misses(5_060, 'bob', 'ann', 3).hears(5_060, 'bob', 'ann', 4, 5))).toEqual([
      'C-62',
    ]);
  });

  it('may be of unknown size where a server took the log with it', () => {
    const lost = (): Story =>
      new Story(end)
        .party({ ann: 'android', bob: 'linux' })
        .talk(1_000, 25_000, 'ann', 'bob')
        .say(25_000, 'ann', [1, 2])
        .stop(25_100, 's1')
        .start(25_200, 's1')
        .connect('ann', 'ann-2')
        .connect('bob', 'bob-2')
        .talk(25_300, end, 'ann', 'bob');
    expect(promises(lost().misses(25_400, 'bob', 'ann', -1, 'log-lost'))).toEqual([]);
    expect(promises(lost().misses(25_400, 'bob', 'ann', 2, 'log-lost'))).toEqual([]);
    expect(promises(lost())).toEqual(['C-60']);
  });
});

describe('C-63 an outbox', () => {
  const refused = (bytes: number) =>
    ({ t: 6_000, type: 'send-refused', client: 'ann', stream: 1, bytes, why: 'full' }) as const;

  it('refuses what is too large, and nothing without need', () => {
    const story = (): Story => spoken().hears(5_060, 'bob', 'ann', 1, 2, 3, 4, 5);
    expect(promises(story().add(refused(33_000)))).toEqual([]);
    expect(promises(story().add(refused(100)))).toEqual(['C-63']);
  });

  it('is bounded', () => {
    const story = new Story(end).party({ ann: 'android', bob: 'linux' }).talk(1_000, 10_000, 'ann', 'bob');
    const many = Array.from({ length: 2_001 }, (_, index) => index + 1);
    story.cut(10_001, end, 'ann').interrupted(14_000, 'ann').lost(20_000, 'ann').kill(39_000, 'ann');
    story.talk(11_000, end, 'bob').offline(30_020, 'bob', 'ann', 1);
    expect(promises(story.say(15_000, 'ann', many, { lost: true }))).toEqual(['C-63']);
  });
});

describe('C-41 a connection that was taken over', () => {
  it('cannot send', () => {
    const story = new Story(end).party({ ann: 'android', bob: 'linux' }).talk(1_000, end, 'bob');
    story.talk(1_000, 10_000, 'ann').join(10_500, 'ann2', { platform: 'windows', uid: 1 });
    story.announce(10_520, 'ann2', 'bob', false).talk(11_000, end, 'ann2').failed(10_620, 'ann', 19);
    story.say(10_600, 'ann', [1], { lost: true });
    expect(promises(story)).toEqual([]);
    expect(promises(story.hears(10_640, 'bob', 'ann', 1))).toEqual(['C-41']);
  });
});
