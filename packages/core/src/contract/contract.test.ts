import { describe, expect, it } from 'vitest';
import { classOf, closeCodes, closeName, connectionReasons, defaultLimits, spreadMs } from './index.ts';

describe('the contract’s numbers', () => {
  it('C-1 are the promised ones', () => {
    expect(defaultLimits).toEqual({
      interruptedMs: 4_000,
      lostMs: 10_000,
      giveUpMs: null,
      peerOfflineMs: 20_000,
      streamRemovedMs: 10_000,
      peerLeaveMs: 20_000,
      channelDestroyMs: 10_000,
      appleGoodbyeMs: 4_000,
      sessionKeepMs: 120_000,
      heartbeatMs: 1_000,
    });
  });

  it('C-17 the spread window is 0 below 500 sessions and 3 s at 10 000', () => {
    expect([0, 499, 500, 10_000, 50_000].map(spreadMs)).toEqual([0, 0, 0, 3_000, 3_000]);
    expect(spreadMs(5_250)).toBe(1_500);
  });

  it('close codes are distinct, ours are in the private range, each can be named back', () => {
    const codes = Object.values(closeCodes).map(({ code }) => code);
    expect(new Set(codes).size).toBe(codes.length);
    for (const [name, { code }] of Object.entries(closeCodes)) {
      expect(closeName(code)).toBe(name);
      expect(code < 1_010 || (code >= 4_000 && code < 5_000)).toBe(true);
    }
    expect(closeName(1_009)).toBe('tooLarge');
    expect(closeName(1_011)).toBe('abnormal');
  });

  it('platforms have their class', () => {
    expect(['android', 'windows', 'linux'].map((name) => classOf(name as 'linux'))).toEqual(
      Array(3).fill('native'),
    );
    expect(['ios', 'macos'].map((name) => classOf(name as 'ios'))).toEqual(['apple', 'apple']);
    expect(classOf('web')).toBe('web');
  });

  it('reasons have the numbers that programs know', () => {
    expect(connectionReasons).toMatchObject({
      interrupted: 2,
      rejoinSuccess: 15,
      lost: 16,
      sameUidLogin: 19,
    });
  });
});
