import { expect, it } from 'vitest';
import { frozenMs, type RemoteFacts, RemoteWatch, startMs } from './remote-state.ts';

const flowing: RemoteFacts = { present: true, published: true, muted: false, wanted: true, arrived: 1 };

/** Looks at a stream every 250 ms; facts count from their time on. */
function told(...script: [ms: number, facts: Partial<RemoteFacts> & { grows?: boolean }][]) {
  const watch = new RemoteWatch();
  const list: string[] = [];
  let facts: Partial<RemoteFacts> & { grows?: boolean } = {};
  let arrived = 0;
  for (let now = 0; now <= 20_000; now += 250) {
    facts = script.find(([ms]) => ms === now)?.[1] ?? facts;
    if (facts.grows !== false) arrived += 8;
    const change = watch.look({ ...flowing, arrived, ...facts }, now);
    if (change !== null) list.push(`${now} ${change.state} ${change.reason}`);
  }
  return list;
}

const begun = ['0 starting internal', '250 decoding internal'];

it('C-72 what flows begins, and nothing more is told', () => {
  expect(told([0, {}])).toEqual(begun);
});

it('C-72 a gap shorter than the limit is not told', () => {
  expect(told([0, {}], [3_000, { grows: false }], [3_000 + frozenMs - 250, {}])).toEqual(begun);
});

it('C-72 a picture that stands still is frozen until it goes on', () => {
  expect(told([0, {}], [3_000, { grows: false }], [9_000, {}])).toEqual([
    ...begun,
    '4750 frozen congestion',
    '9000 decoding recovery',
  ]);
});

it('C-71 a mute stops it and is told as one, however long nothing comes', () => {
  expect(told([0, {}], [3_000, { muted: true, grows: false }], [9_000, {}])).toEqual([
    ...begun,
    '3000 stopped remoteMuted',
    '9000 starting remoteUnmuted',
    '9250 decoding internal',
  ]);
});

it('its own user does not want it any more, and does again', () => {
  expect(told([0, {}], [3_000, { wanted: false }], [6_000, {}])).toEqual([
    ...begun,
    '3000 stopped localMuted',
    '6000 starting localUnmuted',
    '6250 decoding internal',
  ]);
});

it('its publisher is gone: that stops what had frozen', () => {
  const script = told([0, {}], [3_000, { grows: false }], [13_000, { present: false, grows: false }]);
  expect(script).toEqual([...begun, '4750 frozen congestion', '13000 stopped remoteOffline']);
});

it('what does not begin has failed, and may still begin', () => {
  expect(told([0, { arrived: null }], [startMs + 5_000, {}])).toEqual([
    '0 starting internal',
    `${startMs} failed internal`,
    `${startMs + 5_000} decoding internal`,
  ]);
});

it('a new connection counts from the beginning: that is something new, too', () => {
  const watch = new RemoteWatch();
  watch.look({ ...flowing, arrived: 0 }, 0);
  watch.look({ ...flowing, arrived: 900 }, 250);
  expect(watch.look({ ...flowing, arrived: 900 }, 2_500)).toEqual({ state: 'frozen', reason: 'congestion' });
  expect(watch.look({ ...flowing, arrived: 3 }, 2_750)).toEqual({ state: 'decoding', reason: 'recovery' });
});
