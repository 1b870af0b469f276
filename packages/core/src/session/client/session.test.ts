import { describe, expect, it } from 'vitest';
import { closeCodes } from '../../contract/index.ts';
import { beat, Client, joined, refused, welcome } from './stage.ts';

describe('joining', () => {
  it('C-13 a join that never succeeds is lost at 10 s, never interrupted, and goes on trying', () => {
    const a = new Client();
    a.runTo(30_000);
    expect(a.told()).toEqual(['0 connecting/connecting', '10000 reconnecting/lost', '10000 lost']);
    expect(a.dials().length).toBeGreaterThan(20);
    const late = a.dials().at(-1)?.attempt ?? 0;
    a.take({ type: 'opened', attempt: late });
    a.take({ type: 'frame', attempt: late, frame: welcome });
    expect(a.told().slice(3)).toEqual(['30000 connected/joinSuccess', '30000 joined']);
  });

  it('C-17 starts an attempt at least every second in the first 20 s, then at least every 5 s', () => {
    const a = new Client({ servers: ['ws://1', 'ws://2'] });
    a.runTo(60_000);
    const at = a.dials().map((dial) => dial.at);
    const gaps = at.slice(1).map((time, index) => [at[index] ?? 0, time - (at[index] ?? 0)] as const);
    expect(Math.max(...gaps.filter(([from]) => from < 20_000).map(([, gap]) => gap))).toBeLessThanOrEqual(
      1_000,
    );
    expect(Math.max(...gaps.map(([, gap]) => gap))).toBeLessThanOrEqual(5_000);
    expect(new Set(a.dials().map(({ url }) => url)).size).toBe(2);
  });

  it('C-17 goes through a list of dead servers once without a pause', () => {
    const a = new Client({ servers: ['ws://dead', 'ws://dead-too', 'ws://live'] });
    a.take({ type: 'closed', attempt: 1, code: 1006, text: '' });
    a.take({ type: 'closed', attempt: 2, code: 1006, text: '' });
    expect(a.dials().map(({ url, at }) => [url, at])).toEqual([
      ['ws://dead', 0],
      ['ws://dead-too', 0],
      ['ws://live', 0],
    ]);
  });

  it('C-17 never has more than three attempts pending at a server: the oldest, and the newest two', () => {
    const a = new Client({ servers: ['ws://1', 'ws://2'] });
    a.runTo(7_900);
    const open = a.openTransports();
    const at = (url: string) =>
      a.dials().flatMap((dial) => (dial.url === url && open.includes(dial.attempt) ? [dial.attempt] : []));
    const all = (url: string) => a.dials().flatMap((dial) => (dial.url === url ? [dial.attempt] : []));
    for (const url of ['ws://1', 'ws://2']) {
      expect(all(url).length).toBeGreaterThan(6);
      expect(at(url)).toEqual([all(url)[0], ...all(url).slice(-2)]);
    }
  });

  it('C-40 a refusal for good ends the stay with its reason', () => {
    const a = new Client();
    a.take({ type: 'opened', attempt: 1 });
    a.take({ type: 'frame', attempt: 1, frame: refused('uidInUse') });
    expect(a.told().slice(1)).toEqual(['0 failed/rejectedByServer', '0 failed']);
    expect(a.log.at(-1)?.output.type).toBe('ended');
    expect(a.session.deadline()).toBeNull();
  });
});

describe('in the channel', () => {
  it('C-10 replaces a closed transport at once, on another server', () => {
    const a = joined({ servers: ['ws://1', 'ws://2'] });
    a.runTo(500);
    a.take({ type: 'closed', attempt: 1, code: 1006, text: '' });
    expect(a.dials().at(-1)).toMatchObject({ at: 500, url: 'ws://2' });
    a.take({ type: 'opened', attempt: 2 });
    expect(a.sent().at(-1)).toMatchObject({ type: 'resume', standby: false, attempt: 2 });
    a.take({ type: 'frame', attempt: 2, frame: welcome });
    expect(a.told().length).toBe(3);
  });

  it('does not replace connections in a tight loop that break as soon as they stand', () => {
    const a = joined();
    for (let attempt = 1; attempt <= 20; attempt += 1) {
      a.take({ type: 'closed', attempt, code: 1006, text: '' });
      a.runTo((a.session.deadline()?.at ?? 0) + 1);
      a.take({ type: 'opened', attempt: attempt + 1 });
      a.take({ type: 'frame', attempt: attempt + 1, frame: welcome });
    }
    expect(a.dials()[1]?.at).toBe(0);
    expect(a.dials().at(-1)?.at).toBeGreaterThan(4_000);
  });

  it('C-10 a silent transport gets a standby between 2 s and 3.5 s, which takes over only if it is still silent', () => {
    const a = joined({ servers: ['ws://1', 'ws://2'] });
    a.runTo(3_500);
    const standby = a.dials()[1];
    expect(standby?.at).toBeGreaterThanOrEqual(2_000);
    expect(standby?.url).toBe('ws://2');
    a.take({ type: 'opened', attempt: 2 });
    expect(a.sent().at(-1)).toMatchObject({ type: 'resume', standby: true });
    a.take({ type: 'frame', attempt: 2, frame: { type: 'standby-ready' } });
    expect(a.sent().at(-1)).toMatchObject({ type: 'takeover' });
    expect(a.closedAttempts()).toContain(1);
  });

  it('C-10 a useless standby is followed by none for 10 s', () => {
    const a = joined({ servers: ['ws://1', 'ws://2'] });
    a.runTo(2_900);
    a.take({ type: 'frame', attempt: 1, frame: beat(1) });
    const dials = a.dials().length;
    expect(dials).toBeGreaterThan(1);
    for (let at = 5_600; at < 12_500; at += 2_700) {
      a.runTo(at);
      a.take({ type: 'frame', attempt: 1, frame: beat(1) });
    }
    expect(a.dials().length).toBe(dials);
  });

  it('C-16 starts a standby when the server says that it has not heard us for 2 s', () => {
    const a = joined();
    a.runTo(1_000);
    a.take({ type: 'frame', attempt: 1, frame: beat(1, { heardMs: 1_999 }) });
    expect(a.dials().length).toBe(1);
    a.take({ type: 'frame', attempt: 1, frame: beat(2, { heardMs: 2_000 }) });
    expect(a.dials().length).toBe(2);
  });

  it('C-11 C-12 interrupted at 4 s, lost at 10 s, rejoined once, the state before each', () => {
    const a = joined();
    a.runTo(3_999);
    expect(a.told().length).toBe(3);
    a.runTo(12_000);
    const attempt = a.dials().at(-1)?.attempt ?? 0;
    a.take({ type: 'closed', attempt: 1, code: 1006, text: '' });
    a.take({ type: 'opened', attempt });
    a.take({ type: 'frame', attempt, frame: welcome });
    expect(a.told().slice(3)).toEqual([
      ...['4000 reconnecting/interrupted', '4000 interrupted', '10000 reconnecting/lost', '10000 lost'],
      ...['12000 connected/rejoinSuccess', '12000 rejoined'],
    ]);
  });

  it('a stale packet after 4 s is no return: a fresh round trip is', () => {
    const a = joined();
    a.runTo(5_000);
    a.take({ type: 'frame', attempt: 1, frame: beat(1) });
    expect(a.told().length).toBe(5);
    const probe = a.sent().findLast((frame) => frame.type === 'heartbeat' && frame.id !== 0);
    a.take({
      type: 'frame',
      attempt: 1,
      frame: beat(2, { answer: probe?.type === 'heartbeat' ? probe.id : 0 }),
    });
    expect(a.told().slice(5)).toEqual(['5000 connected/rejoinSuccess', '5000 rejoined']);
  });

  it('C-3 after a sleep its clocks start at waking', () => {
    const a = joined();
    a.runTo(3_000);
    a.take({ type: 'stalled', ms: 60_000 });
    a.runTo(6_900);
    expect(a.told().length).toBe(3);
    a.runTo(7_000);
    expect(a.told().at(-1)).toBe('7000 interrupted');
  });

  it('C-15 doubts the platform: offline is answered by a probe, a dead line by a standby within about a second', () => {
    const a = joined();
    a.runTo(200);
    a.take({ type: 'hint', hint: 'offline' });
    expect(a.sent().at(-1)).toMatchObject({ type: 'heartbeat', answer: 0 });
    a.runTo(1_300);
    expect(a.dials()[1]?.at).toBe(1_200);
    expect(a.told().length).toBe(3);
  });

  it('C-36 joins afresh, with its picture, where the session is not known', () => {
    const a = joined();
    a.take({ type: 'closed', attempt: 1, code: 1006, text: '' });
    a.runTo(700);
    a.take({ type: 'opened', attempt: 2 });
    a.take({ type: 'frame', attempt: 2, frame: refused('unknownSession') });
    expect(a.sent().at(-1)).toMatchObject({ type: 'join', uid: 7, rejoin: { join: 3, quietMs: 700 } });
  });

  it('C-41 of two answers the one to the higher attempt holds', () => {
    const a = joined();
    a.take({ type: 'closed', attempt: 1, code: 1006, text: '' });
    a.take({ type: 'opened', attempt: 2 });
    a.runTo(900);
    const higher = a.dials().at(-1)?.attempt ?? 0;
    a.take({ type: 'opened', attempt: higher });
    expect(a.sent().filter(({ type }) => type === 'resume').length).toBe(2);
    a.take({ type: 'frame', attempt: 2, frame: welcome });
    a.take({ type: 'frame', attempt: higher, frame: welcome });
    a.take({ type: 'closed', attempt: 2, code: closeCodes.superseded.code, text: '' });
    expect(a.session.stateName).toBe('inside:linked');
    expect(a.told().length).toBe(3);
  });

  it('C-60 of two answers to its join the later one makes it step over nothing', () => {
    const a = new Client();
    a.take({ type: 'opened', attempt: 1 });
    a.runTo(900);
    a.take({ type: 'opened', attempt: 2 });
    a.runTo(1_000);
    expect(a.sent().filter(({ type }) => type === 'join').length).toBe(2);
    a.take({ type: 'frame', attempt: 1, frame: welcome });
    a.take({ type: 'frame', attempt: 2, frame: { ...welcome, position: { ...welcome.position, seq: 5 } } });
    a.take({ type: 'closed', attempt: 1, code: closeCodes.superseded.code, text: '' });
    a.runTo(1_400);
    a.take({ type: 'opened', attempt: Math.max(...a.openTransports()) });
    expect(a.sent().at(-1)).toMatchObject({ type: 'resume', position: { seq: 1 } });
    expect(a.told().length).toBe(3);
  });

  it('gives up as FAILED / JOIN_FAILED where the app has set giveUpMs', () => {
    const a = joined({ limits: { giveUpMs: 30_000 } });
    a.runTo(40_000);
    expect(a.told().slice(-2)).toEqual(['30000 failed/joinFailed', '30000 failed']);
    expect(a.session.deadline()).toBeNull();
  });
});

describe('C-32 in the background without a kept connection', () => {
  it('says so, closes everything and lets no clock run', () => {
    const a = joined();
    a.runTo(500);
    a.take({ type: 'suspend' });
    expect(a.sent().at(-1)).toEqual({ type: 'suspend' });
    expect(a.openTransports()).toEqual([]);
    expect(a.session.deadline()).toBeNull();
  });

  it('comes back at once in the foreground; its clocks start there', () => {
    const a = joined();
    a.take({ type: 'suspend' });
    a.runTo(60_000);
    a.take({ type: 'foreground' });
    expect(a.dials().at(-1)?.at).toBe(60_000);
    a.runTo(63_999);
    expect(a.told().length).toBe(3);
    a.take({ type: 'opened', attempt: 2 });
    expect(a.sent().at(-1)).toMatchObject({ type: 'resume', standby: false });
    a.take({ type: 'frame', attempt: 2, frame: welcome });
    a.runTo(67_000);
    expect(a.told().length).toBe(3);
  });

  it('can still leave', () => {
    const a = joined();
    a.take({ type: 'suspend' });
    a.take({ type: 'leave' });
    a.take({ type: 'opened', attempt: 2 });
    expect(a.sent().at(-1)).toMatchObject({ type: 'leave' });
  });
});

describe('C-72 media', () => {
  it('that are heard keep the app from being told of a silence, and keep no standby from being tried', () => {
    const a = joined();
    for (let now = 1_000; now <= 12_000; now += 1_000) {
      a.runTo(now);
      a.take({ type: 'media-heard' });
    }
    expect(a.told().slice(3)).toEqual([]);
    expect(a.dials().length).toBeGreaterThan(1);
    a.runTo(15_999);
    expect(a.told().slice(3)).toEqual([]);
    a.runTo(16_000);
    expect(a.told().slice(3)).toEqual(['16000 reconnecting/interrupted', '16000 interrupted']);
  });

  it('hear at every way in where they end, before anything else can be asked of them', () => {
    const place = { id: 'm1', iceServers: [] };
    const a = new Client();
    a.take({ type: 'opened', attempt: 1 });
    a.take({ type: 'frame', attempt: 1, frame: { ...welcome, media: place } });
    const frame = { type: 'media-offer', place: 'm1', connection: 1, revision: 1, sdp: 'v=0' } as const;
    a.take({ type: 'signal', frame: { ...frame, sends: [], receives: [] } });
    a.take({ type: 'frame', attempt: 1, frame: { type: 'media-place', id: '', iceServers: [] } });
    const heard = a.log.flatMap(({ output }) => (output.type === 'media' ? [output.frame] : []));
    expect(heard).toMatchObject([{ type: 'media-place', id: 'm1' }, { id: '' }]);
    expect(a.sent().at(-1)).toMatchObject(frame);
  });

  it('that want to say something without a connection are not heard', () => {
    const a = joined();
    a.take({ type: 'closed', attempt: 1, code: 1006, text: '' });
    a.take({ type: 'signal', frame: { type: 'media-close', place: 'm1', connection: 1 } });
    expect(a.sent().map(({ type }) => type)).toEqual(['join']);
  });
});

describe('C-14 leaving', () => {
  it('ends at the farewell, with nothing told after the leave’s own', () => {
    const a = joined();
    a.take({ type: 'leave' });
    expect(a.sent().at(-1)).toMatchObject({ type: 'leave', session: 's' });
    expect(a.told().slice(3)).toEqual(['0 disconnected/leaveChannel', '0 left']);
    a.take({ type: 'frame', attempt: 1, frame: { type: 'farewell' } });
    expect(a.log.at(-1)?.output.type).toBe('ended');
  });

  it('in an outage gives the goodbye 2 s, then leaves nothing behind', () => {
    const a = joined();
    a.runTo(6_000);
    a.take({ type: 'leave' });
    a.runTo(8_000);
    expect(a.log.at(-1)?.output.type).toBe('ended');
    expect(a.session.deadline()).toBeNull();
    expect(a.openTransports()).toEqual([]);
    expect(a.told().at(-1)).toBe('6000 left');
  });

  it('takes back a join that is granted after all', () => {
    const a = new Client();
    a.take({ type: 'opened', attempt: 1 });
    a.take({ type: 'leave' });
    a.take({ type: 'frame', attempt: 1, frame: welcome });
    expect(a.sent().at(-1)).toMatchObject({ type: 'leave', session: 's', secret: 'x' });
  });
});
