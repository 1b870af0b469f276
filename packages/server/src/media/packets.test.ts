import { describe, expect, it } from 'vitest';
import { Arrivals } from './arrivals.ts';
import { readH264 } from './h264.ts';
import { Reception } from './reception.ts';
import { readRtcp, writeKeyFrameRequest, writeNack, writeReport, writeSenderReport } from './rtcp.ts';
import { extension16, readRtp, rewriteRtp } from './rtp.ts';
import { rtp } from './stage.ts';
import { readVp8 } from './vp8.ts';

describe('a packet of H.264', () => {
  it.each([
    ['parameters alone', [0x67, 1], true],
    ['a whole picture that needs no other', [0x65, 1], true],
    ['a part of a picture', [0x41, 1], false],
    ['several units, parameters among them', [0x18, 0, 2, 0x06, 0, 0, 2, 0x67, 1], true],
    ['several units of a picture', [0x18, 0, 2, 0x41, 1, 0, 2, 0x41, 1], false],
    ['several units that say that they are longer than they are', [0x18, 0xff, 0xff, 0x41], false],
    ['the first fragment of a picture that needs no other', [0x7c, 0x85, 1], true],
    ['a later fragment of it', [0x7c, 0x05, 1], false],
    ['the first fragment of another picture', [0x7c, 0x81, 1], false],
    ['half a fragment', [0x7c], false],
    ['nothing', [], false],
  ])('with %s', (_what, payload, key) => {
    expect(readH264(readRtp(rtp({ payload }))!).key).toBe(key);
  });
});

describe('RTP', () => {
  it('is read and written with other numbers, without the extensions that its sender agreed on', () => {
    const packet = rtp({
      sequence: 7,
      timestamp: 99,
      ssrc: 5,
      payload: [1, 2, 3],
      extension: { id: 3, value: 0x1234 },
    });
    const read = readRtp(packet)!;
    expect(read).toMatchObject({ sequence: 7, timestamp: 99, ssrc: 5, payloadType: 96 });
    expect(extension16(read, 3)).toBe(0x1234);
    expect(extension16(read, 4)).toBeNull();
    const written = readRtp(rewriteRtp(read, { payloadType: 100, sequence: 65_535, timestamp: 1, ssrc: 9 }))!;
    expect(written).toMatchObject({
      payloadType: 100,
      sequence: 65_535,
      timestamp: 1,
      ssrc: 9,
      payloadAt: 12,
    });
    expect([...written.packet.subarray(12)]).toEqual([1, 2, 3]);
  });

  it('C-80 garbage is no packet', () => {
    for (const bytes of [[], [0x80], Array(12).fill(0), [0x9f, 96, ...Array(10).fill(0xff)]])
      expect(readRtp(Buffer.from(bytes))).toBeNull();
    const bad = rtp({ extension: { id: 3, value: 1 } });
    bad.writeUInt16BE(9_999, 14);
    expect(readRtp(bad)).toBeNull();
    expect(readRtcp(Buffer.from([0x81, 205, 0xff, 0xff, 0, 0, 0, 0]))).toEqual([]);
    expect(readRtcp(Buffer.from([0x9f, 201, 0, 1, 0, 0, 0, 1]))).toEqual([]);
  });

  it('a VP8 key frame is known by its first packet', () => {
    const key = (payload: number[]) => readVp8(readRtp(rtp({ payload }))!).key;
    expect(key([0x10, 0x00])).toBe(true);
    expect(key([0x10, 0x01])).toBe(false);
    expect(key([0x00, 0x00])).toBe(false);
    expect(key([0x90, 0xe0, 0x81, 0x02, 3, 4, 0x10])).toBe(true);
    expect(key([0x90, 0xe0, 0x81, 0x02, 3, 4, 0x11])).toBe(false);
    expect(key([])).toBe(false);
  });
});

describe('RTCP', () => {
  it('is written and read', () => {
    expect(readRtcp(writeNack(9, [65_534, 65_535, 0, 40]))).toEqual([
      { type: 'nack', ssrc: 9, sequences: [65_534, 65_535, 0, 40] },
    ]);
    expect(readRtcp(writeKeyFrameRequest(9))).toEqual([{ type: 'key-frame-request', ssrc: 9 }]);
    const ntp = { seconds: 3, fraction: 4 };
    const sent = writeSenderReport({ ssrc: 9, ntp, timestamp: 5, packets: 6, bytes: 7 });
    const block = { ssrc: 8, lostShare: 0.25, lost: 3, highestSequence: 9, jitter: 1 };
    const report = writeReport([{ ...block, lastReport: 0, sinceLastReport: 0 }]);
    expect(readRtcp(Buffer.concat([sent, report]))).toEqual([
      { type: 'sender-report', ssrc: 9, ntp, timestamp: 5 },
      { type: 'report', ssrc: 8, lostShare: 0.25, lastReport: 0, sinceLastReport: 0 },
    ]);
  });
});

describe('what came', () => {
  it('is told once, with what is missing and when the rest came', () => {
    const arrivals = new Arrivals();
    for (const [sequence, at] of [
      [65_534, 1_000],
      [65_535, 1_010],
      [1, 1_020],
    ] as const)
      arrivals.came(sequence, at);
    const feedback = arrivals.feedback(5)!;
    expect(feedback.length % 4).toBe(0);
    expect(feedback.readUInt16BE(12)).toBe(65_534);
    expect(feedback.readUInt16BE(14)).toBe(4);
    // Two bits for each packet: small delta, small, missing, small.
    expect(feedback.readUInt16BE(20) >> 6).toBe(0b11_01_01_00_01);
    expect(feedback[22]! + 4 * 64 * feedback.readUIntBE(16, 3)).toBe(4_000);
    expect([feedback[23], feedback[24]]).toEqual([40, 40]);
    arrivals.came(0, 1_030);
    expect(arrivals.feedback(5)).toBeNull();
  });
});

describe('reception', () => {
  it('asks for what is missing a few times, and not for what came after all', () => {
    const reception = new Reception(5, 90_000, 64);
    const take = (sequence: number, now: number) => reception.take(readRtp(rtp({ sequence }))!, now);
    expect(take(65_535, 0)).toBe(true);
    expect(take(3, 10)).toBe(true);
    expect(reception.wanted(11)).toEqual([]);
    expect(take(1, 12)).toBe(true);
    expect(reception.wanted(30)).toEqual([0, 2]);
    expect(reception.wanted(40)).toEqual([]);
    expect(take(2, 50)).toBe(true);
    expect(take(2, 51)).toBe(false);
    let asked = 0;
    for (let now = 100; now < 5_000; now += 10) asked += reception.wanted(now).length;
    expect(asked).toBeGreaterThan(3);
    expect(asked).toBeLessThan(10);
  });

  it('tells its sender which share was lost since the last report', () => {
    const reception = new Reception(5, 90_000, 64);
    for (const sequence of [0, 1, 2, 3, 8, 9]) reception.take(readRtp(rtp({ sequence }))!, sequence);
    expect(reception.report(10)).toMatchObject({ lost: 4, highestSequence: 9, lostShare: 0.4 });
    for (const sequence of [10, 11]) reception.take(readRtp(rtp({ sequence }))!, sequence);
    expect(reception.report(20)).toMatchObject({ lost: 4, lostShare: 0 });
  });
});
