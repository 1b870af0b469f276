import { describe, expect, it } from 'vitest';
import { judge } from './verdict.ts';

const told = (type: string, uid = 1) => ({ type, uid });
const silence = (ms: number) => [[1, { from: 1_000, to: 1_000 + ms }] as const];

describe('C-56 what observers were told in a storm', () => {
  it('is false of somebody who was never silent for long, by its own account', () => {
    const verdict = judge({ told: [told('stream-removed'), told('peer-offline')], silences: [] });
    expect(verdict).toEqual({ falsely: 2, truly: 0, own: 0 });
  });

  it('is true of somebody whose process stood still for the limit of what was told', () => {
    const verdict = judge({
      told: [told('stream-removed'), told('peer-offline')],
      silences: silence(12_000),
    });
    expect(verdict).toEqual({ falsely: 1, truly: 1, own: 0 });
  });

  it('is false of somebody else', () => {
    expect(judge({ told: [told('peer-offline', 2)], silences: silence(30_000) }).falsely).toBe(1);
  });

  it('does not count what an app is told of its own connection', () => {
    expect(judge({ told: [told('interrupted'), told('state')], silences: [] })).toMatchObject({
      falsely: 0,
      own: 2,
    });
  });
});
