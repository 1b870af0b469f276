import { describe, expect, it } from 'vitest';
import { judgeEdges, lostMessages, type Observer } from './judge.ts';

const limits = { streamRemovedMs: 4_000, peerOfflineMs: 6_000, peerLeaveMs: 6_000 };
const native: Observer = { uid: 1, channel: 'a', class: 'native' };
const web: Observer = { uid: 2, channel: 'a', class: 'web' };
const elsewhere: Observer = { uid: 3, channel: 'b', class: 'native' };
const episode = { uid: 9, channel: 'a', silentAt: 1_000, backAt: 8_000 };
const truth = [
  { observer: 1, edge: 'offline', about: 9, at: 7_010 },
  { observer: 1, edge: 'joined', about: 9, at: 8_020 },
  { observer: 2, edge: 'stream-removed', about: 9, at: 5_030 },
  { observer: 2, edge: 'offline', about: 9, at: 7_000 },
  { observer: 2, edge: 'joined', about: 9, at: 8_000 },
  { observer: 2, edge: 'stream-added', about: 9, at: 8_000 },
] as const;
const judge = (told: readonly (typeof truth)[number][] | object[]) =>
  judgeEdges([native, web, elsewhere], [episode], told as never, limits);

describe('the judge of honest callbacks', () => {
  it('takes the truth, and says how late it was told', () => {
    expect(judge([...truth])).toEqual({ lateMs: [10, 20, 30, 0, 0, 0], early: [], wrong: [] });
  });

  it('C-2 sees an edge that is a millisecond early', () => {
    const early = truth.map((told) => (told.edge === 'stream-removed' ? { ...told, at: 4_999 } : told));
    expect(judge(early).early).toEqual(['web 2: stream-removed of 9 1 ms early']);
  });

  it('sees what was not told, what was told twice, and what was told of somebody who was there', () => {
    expect(judge(truth.slice(1)).wrong).toEqual(['native 1: offline of 9 was not told']);
    expect(judge([...truth, truth[0]]).wrong).toEqual(['told without reason: 1 9 offline']);
    const stranger = { observer: 3, edge: 'offline', about: 9, at: 7_000 };
    expect(judge([...truth, stranger]).wrong).toEqual(['told without reason: 3 9 offline']);
  });

  it('C-60 counts what a member of the channel does not have', () => {
    const got = [[2, [[1, 3]]] as const];
    expect(lostMessages([native, web, elsewhere], { sent: [[1, 5]], got })).toBe(2);
    expect(lostMessages([native, web, elsewhere], { sent: [[1, 3]], got })).toBe(0);
  });
});
