/** A subscriber whose path is too narrow gets less video, and nobody else notices (C-63, C-70). */
import { describe, expect, it } from 'vitest';
import { PathWidth } from './path-width.ts';
import { RoundTrips } from './round-trips.ts';
import { writeNack, writeReport, writeSenderReport } from './rtcp.ts';
import { type Rtp, readRtp } from './rtp.ts';
import { offer, rtp, Stage, type TestTransport, user } from './stage.ts';
import { readVp8 } from './vp8.ts';

describe('a viewer that loses most of what it is sent', () => {
  it('gets fewer frames of a layered stream, numbered without a gap, while another gets all', async () => {
    const { stage, slow, fast, send } = await call();
    for (let frame = 0; frame < 8; frame += 1) send(frame);
    loses(stage, slow, 2);
    const [slowBefore, fastBefore] = [slow.rtp.length, fast.rtp.length];
    for (let frame = 8; frame < 24; frame += 1) send(frame);
    expect(fast.rtp.length - fastBefore).toBe(32);
    const got = slow.rtp.slice(slowBefore).map((packet) => readRtp(packet)!);
    expect(got.map((packet) => readVp8(packet).layer)).toEqual(Array(8).fill(0));
    expect(gapsOf(slow.rtp, ({ sequence }) => sequence)).toEqual([1]);
    expect(gapsOf(slow.rtp, (packet) => readVp8(packet).picture!.id)).toEqual([0, 1]);
    expect(got.every(({ timestamp }) => timestamp % 4 === 0)).toBe(true);
  });

  it('gets only key frames of a stream without layers, and asks for few of them', async () => {
    const { stage, slow, fast, one } = await call();
    one.events.packet(rtp({ ssrc: 11, sequence: 1, timestamp: 1 }));
    loses(stage, slow, 2);
    const before = { slow: slow.rtp.length, fast: fast.rtp.length };
    let [asked, keys] = [one.rtcp(206).length, 0];
    for (let frame = 2; frame < 82; frame += 1) {
      const key = one.rtcp(206).length > asked;
      asked = one.rtcp(206).length;
      if (key) keys += 1;
      one.events.packet(rtp({ ssrc: 11, sequence: frame, timestamp: frame, payload: [0x10, key ? 0 : 1] }));
      stage.pass(50);
    }
    expect(fast.rtp.length - before.fast).toBe(80);
    expect(slow.rtp.length - before.slow).toBe(keys);
    expect([1, 2, 3]).toContain(keys);
  });

  it('gets its sound, whatever it loses', async () => {
    const { stage, slow, one } = await call();
    one.events.packet(rtp({ ssrc: 12, sequence: 0, payload: [1] }));
    loses(stage, slow, 3);
    const before = slow.rtp.length;
    for (let sequence = 1; sequence <= 50; sequence += 1)
      one.events.packet(rtp({ ssrc: 12, sequence, payload: [1] }));
    expect(slow.rtp.length - before).toBe(50);
  });

  it('is sent again what it asks for, by the numbers that it knows', async () => {
    const { stage, slow, send } = await call();
    for (let frame = 0; frame < 8; frame += 1) send(frame);
    loses(stage, slow, 2);
    for (let frame = 8; frame < 16; frame += 1) send(frame);
    const wanted = slow.rtp.at(-1)!;
    const { ssrc, sequence } = readRtp(wanted)!;
    slow.events.packet(writeNack(ssrc, [sequence]));
    expect(slow.rtp.at(-1)).toEqual(wanted);
  });

  it('a packet that comes late keeps its place, and one that nobody wants leaves no hole', async () => {
    const { stage, slow, send, one } = await call();
    for (let frame = 0; frame < 4; frame += 1) send(frame);
    loses(stage, slow, 2);
    for (let frame = 4; frame < 8; frame += 1) send(frame);
    for (const packet of [packetOf(8, 1), packetOf(9, 1), packetOf(8, 0), packetOf(9, 0)])
      one.events.packet(packet);
    for (let frame = 10; frame < 16; frame += 1) send(frame);
    expect(gapsOf(slow.rtp, ({ sequence }) => sequence)).toEqual([1]);
  });
});

describe('how much video a path takes', () => {
  const report = (lostShare: number, roundTripMs: number | null = 40) => ({ lostShare, roundTripMs });

  it('is less when packets are lost in masses, or queue', () => {
    const lossy = new PathWidth();
    const levels = [1_000, 1_100, 1_500, 1_800, 2_300].map((at) => {
      lossy.reported(report(0.5), at);
      return lossy.level;
    });
    expect(levels).toEqual([3, 3, 2, 2, 1]);
    const queueing = new PathWidth();
    queueing.reported(report(0), 0);
    for (let at = 1_000; at <= 4_000; at += 500) queueing.reported(report(0, 600), at);
    expect(queueing.level).toBe(2);
  });

  it('is not less because a radio loses 15 % at random, or because the path is long', () => {
    const radio = new PathWidth();
    for (let at = 0; at < 60_000; at += 1_000) radio.reported(report(0.15, 300), at);
    expect(radio.level).toBe(3);
  });

  it('is not less because a machine stood still for a moment, now and then', () => {
    const busy = new PathWidth();
    for (let at = 0; at < 60_000; at += 250) {
      const stood = at % 5_000 === 0;
      busy.reported(report(stood ? 0.4 : 0, stood ? 900 : 40), at);
    }
    expect(busy.level).toBe(3);
  });

  it('is tried upwards after a calm time, each time later when that was too much', () => {
    const width = new PathWidth();
    const ups: number[] = [];
    for (let at = 0; at < 60_000; at += 250) {
      const before = width.level;
      width.reported(report(width.level === 3 ? 0.5 : 0), at);
      if (width.level > before) ups.push(at);
    }
    const waits = ups.slice(1).map((at, index) => at - ups[index]!);
    expect(waits).toEqual([...waits].sort((a, b) => a - b));
    expect(waits.at(-1)).toBeGreaterThan(15_000);
  });
});

it('round trips are read from reports on sender reports', () => {
  const trips = new RoundTrips();
  const ntp = { seconds: 5, fraction: 0x8000_0000 };
  trips.sent(writeSenderReport({ ssrc: 9, ntp, timestamp: 0, packets: 0, bytes: 0 }), 1_000);
  const lastReport = 0x5_8000;
  expect(trips.read({ lastReport, sinceLastReport: 65_536 / 2 }, 1_580)).toBe(80);
  expect(trips.read({ lastReport: 7, sinceLastReport: 0 }, 1_580)).toBeNull();
});

/** One who sends, and two who watch; video of three temporal layers, two packets a frame. */
async function call() {
  const stage = new Stage();
  stage.sfu.say(user(1), [{ id: 1, audio: true, video: true, audioMuted: false, videoMuted: false }]);
  const sends = [
    { kind: 'video', ssrc: 11 },
    { kind: 'audio', ssrc: 12 },
  ] as const;
  await stage.sfu.offer(user(1), offer({ sends: [...sends] }));
  const one = stage.transports[0]!;
  const view = async (uid: number) => {
    stage.sfu.say(user(uid), []);
    const receives = [
      { kind: 'video', uid: 1 },
      { kind: 'audio', uid: 1 },
    ] as const;
    await stage.sfu.offer(user(uid), offer({ receives: [...receives] }));
    return stage.transports.at(-1)!;
  };
  const [slow, fast] = [await view(2), await view(3)];
  const send = (frame: number) => {
    for (const part of [0, 1]) one.events.packet(packetOf(frame, part));
  };
  return { stage, one, slow, fast, send };
}

/** Layers 0, 2, 1, 2 in turn, a new reader may begin with each. */
function packetOf(frame: number, part: number): Buffer {
  const layer = [0, 2, 1, 2][frame % 4]!;
  const descriptor = [part === 0 ? 0x90 : 0x80, 0xe0, 0x80, frame, frame >> 2, (layer << 6) | 0x20];
  return rtp({
    ...{ ssrc: 11, sequence: 2 * frame + part, timestamp: frame },
    payload: [...descriptor, frame === 0 && part === 0 ? 0 : 1],
  });
}

/** A subscriber reports that it loses most of what comes, until its level has fallen so often. */
function loses(stage: Stage, { rtp: got, events }: TestTransport, levels: number): void {
  const { ssrc } = readRtp(got[0]!)!;
  for (let times = 0; times <= levels; times += 1) {
    const rest = { highestSequence: 9, jitter: 0, lastReport: 0, sinceLastReport: 0 };
    const block = { ssrc, lostShare: 0.6, lost: 9, ...rest };
    events.packet(writeReport([block]));
    stage.pass(1_000);
  }
}

/** The different steps between the numbers of successive packets. */
function gapsOf(packets: readonly Buffer[], number: (packet: Rtp) => number): number[] {
  const numbers = packets
    .map((packet) => readRtp(packet)!)
    .map(number)
    .sort((a, b) => a - b);
  return [...new Set(numbers.slice(1).map((value, index) => value - numbers[index]!))].sort();
}
