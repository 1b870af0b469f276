/** What a client does whose server says that it will end (C-53). */
import { expect, it } from 'vitest';
import { closeCodes } from '../../contract/index.ts';
import type { Entry, ServerFrame } from '../../wire/frames.ts';
import { beat, type Client, joined, refused, welcome } from './stage.ts';

const two = { servers: ['ws://1', 'ws://2'] };
const drain: ServerFrame = { type: 'drain', inMs: 300, closesMs: 20_000, servers: ['ws://2'] };

it('C-53 opens the new connection at the time that it was told, on another server, while the old one stands', () => {
  const a = told();
  a.runTo(299);
  expect(a.dials().length).toBe(1);
  a.runTo(300);
  expect(a.dials().at(-1)).toMatchObject({ at: 300, url: 'ws://2' });
  a.take({ type: 'opened', attempt: 2 });
  expect(a.sent().at(-1)).toMatchObject({ type: 'resume', standby: true });
  expect(a.closedAttempts()).toEqual([]);
});

it('C-53 takes over, lets go of the old one only when the new one is granted, and tells the app nothing', () => {
  const a = moving();
  expect(a.sent().at(-1)).toMatchObject({ type: 'takeover' });
  expect(a.closedAttempts()).toEqual([]);
  a.take({ type: 'frame', attempt: 2, frame: welcome });
  expect(a.closedAttempts()).toEqual([1]);
  expect(a.session.stateName).toBe('inside:linked');
  expect(a.told().length).toBe(3);
  expect(a.outages()).toMatchObject([{ end: 'resumed', noticed: [{ what: 'drain' }], told: [] }]);
});

it.each(['superseded', 'goingAway'] as const)(
  'C-53 the old end may close first, as %s: that is no outage',
  (close) => {
    const a = moving();
    a.take({ type: 'closed', attempt: 1, code: closeCodes[close].code, text: '' });
    const dials = a.dials().length;
    a.take({ type: 'frame', attempt: 2, frame: welcome });
    expect([a.dials().length, a.told().length, a.session.stateName]).toEqual([dials, 3, 'inside:linked']);
  },
);

it('C-53 C-60 what the old connection still brings during the takeover is left to the new one, so nothing comes twice', () => {
  const a = moving();
  a.take({ type: 'frame', attempt: 1, frame: message(2) });
  expect(a.told().length).toBe(3);
  a.take({ type: 'frame', attempt: 2, frame: welcome });
  a.take({ type: 'frame', attempt: 2, frame: message(2) });
  expect(a.told().slice(3)).toEqual(['310 message']);
});

it('C-53 a message sent during the takeover goes out at once, and again on the new connection', () => {
  const a = moving();
  a.take({ type: 'send', stream: 1, data: new Uint8Array(1), sentAt: 0 });
  a.take({ type: 'frame', attempt: 2, frame: welcome });
  const sends = a.log.flatMap(({ output }) =>
    output.type === 'send' && output.frame.type === 'send' ? [[output.attempt, output.frame.number]] : [],
  );
  expect(sends).toEqual([
    [1, 1],
    [2, 1],
  ]);
});

it('C-53 C-14 who leaves during the takeover says goodbye on both', () => {
  const a = moving();
  a.take({ type: 'leave' });
  a.take({ type: 'frame', attempt: 2, frame: welcome });
  const goodbyes = a.log.flatMap(({ output }) =>
    output.type === 'send' && output.frame.type === 'leave' ? [output.attempt] : [],
  );
  expect(goodbyes).toEqual([1, 2]);
});

it('C-53 a server that will end is not dialed, whatever happens to the others', () => {
  const a = told();
  for (const until = 10_000; ; ) {
    const due = a.session.deadline()?.at ?? until;
    if (due >= until) break;
    a.runTo(due);
    const last = a.dials().at(-1)?.attempt ?? 0;
    a.take({ type: 'frame', attempt: 1, frame: beat(last) });
    if (last > 1) a.take({ type: 'closed', attempt: last, code: 1006, text: '' });
  }
  const urls = a.dials().map(({ url }) => url);
  expect(urls.length).toBeGreaterThan(3);
  expect(new Set(urls.slice(1))).toEqual(new Set(['ws://2']));
  expect(a.told().length).toBe(3);
  // Behind one address there may be several servers.
  const b = joined({ servers: ['ws://1'] });
  b.take({ type: 'frame', attempt: 1, frame: { ...drain, servers: ['ws://1'] } as ServerFrame });
  b.runTo(400);
  expect(b.dials().at(-1)).toMatchObject({ at: 300, url: 'ws://1' });
});

it('C-53 another server’s word brings the address back, before its time', () => {
  const a = moving();
  a.take({ type: 'frame', attempt: 2, frame: welcome });
  a.take({ type: 'frame', attempt: 2, frame: { ...drain, inMs: 0, servers: ['ws://1'] } as ServerFrame });
  a.runTo(311);
  expect(a.dials().at(-1)).toMatchObject({ url: 'ws://1' });
});

it('C-53 where no other server lets it in it stays, and goes on trying when the old one has closed', () => {
  const a = told();
  a.runTo(300);
  a.take({ type: 'opened', attempt: 2 });
  a.take({ type: 'frame', attempt: 2, frame: { ...refused('unavailable'), retryMs: 2_000 } as ServerFrame });
  expect(a.session.stateName).toBe('inside:linked');
  a.runTo(500);
  a.take({ type: 'closed', attempt: 1, code: closeCodes.goingAway.code, text: '' });
  a.runTo(2_400);
  expect(a.dials().at(-1)?.at).toBeGreaterThanOrEqual(2_300);
  expect(a.dials().at(-1)?.url).toBe('ws://2');
});

it('C-53 C-10 the old connection falls silent during the move: the app is told at 4 s as ever', () => {
  const a = told();
  a.runTo(5_000);
  expect(a.told().slice(3)).toEqual(['4000 reconnecting/interrupted', '4000 interrupted']);
  expect(a.dials().length).toBeGreaterThan(2);
});

it('C-55 a server that has only been degraded says that it stays: nobody moves, and what is under way is given up', () => {
  const a = told();
  a.runTo(300);
  a.take({ type: 'opened', attempt: 2 });
  const stays: ServerFrame = { type: 'drain', inMs: 0, closesMs: 0, servers: ['ws://1', 'ws://2'] };
  a.take({ type: 'frame', attempt: 1, frame: stays });
  expect(a.closedAttempts()).toEqual([2]);
  for (const at of [1_000, 2_000, 3_000]) {
    a.runTo(at);
    a.take({ type: 'frame', attempt: 1, frame: beat(at) });
  }
  expect([a.dials().length, a.session.stateName, a.told().length]).toEqual([2, 'inside:linked', 3]);
});

function told(): Client {
  const a = joined(two);
  a.take({ type: 'frame', attempt: 1, frame: drain });
  return a;
}

/** The takeover has been asked for. */
function moving(): Client {
  const a = told();
  a.runTo(300);
  a.take({ type: 'opened', attempt: 2 });
  a.runTo(310);
  a.take({ type: 'frame', attempt: 2, frame: { type: 'standby-ready' } });
  return a;
}

function message(seq: number): ServerFrame {
  const sent = { uid: 8, join: 1, stream: 1, number: seq - 1, data: new Uint8Array(1), sentAt: 0 };
  const entries: Entry[] = [{ type: 'message', message: sent }];
  return { type: 'entries', first: { incarnation: 'i', epoch: 1, seq }, entries };
}
