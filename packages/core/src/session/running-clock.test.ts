import { describe, expect, it } from 'vitest';
import { RunningClock } from './running-clock.ts';

describe('C-3 running time', () => {
  it('goes with the raw clock while the process runs', () => {
    const clock = new RunningClock(1_000);
    expect(clock.read(1_100)).toEqual({ now: 1_100, stalledMs: 0 });
    expect(clock.read(1_600)).toEqual({ now: 1_600, stalledMs: 0 });
  });

  it('stands still during a gap of more than 500 ms', () => {
    const clock = new RunningClock(1_000);
    expect(clock.read(1_501)).toEqual({ now: 1_000, stalledMs: 501 });
    expect(clock.read(1_601)).toEqual({ now: 1_100, stalledMs: 0 });
    expect(clock.read(61_601)).toEqual({ now: 1_100, stalledMs: 60_000 });
  });
});
