import { expect, it } from 'vitest';
import { figures } from './index.ts';
import { Story } from './story.ts';

it('tells how late each limit fired, without the path', () => {
  const story = new Story(60_000).party({ ann: 'android', bob: 'linux', amy: 'ios', eve: 'web' });
  story.add({ t: 10, type: 'incarnation', channel: 'room', id: 'i1', event: 'created' });
  story.talk(1_000, 45_000, 'bob', 'amy', 'eve').talk(1_000, 20_000, 'ann').cut(20_001, 60_000, 'ann');
  story.interrupted(24_040, 'ann').lost(30_050, 'ann').stream(30_070, 'eve', 'ann', 'removed');
  story.offline(40_030, 'bob', 'ann', 1).offline(40_035, 'amy', 'ann', 1).offline(40_110, 'eve', 'ann', 1);
  for (const name of ['bob', 'amy', 'eve']) story.kill(45_100, name);
  story.add({ t: 55_080, type: 'incarnation', channel: 'room', id: 'i1', event: 'destroyed' });
  expect(figures(story.trace())).toEqual({
    interrupted: [40],
    lost: [50],
    peerOffline: { native: [20], apple: [25] },
    streamRemoved: [60],
    peerLeave: [100],
    destroyed: [80],
  });
});
