/** Which listeners the watch over the end of the process has, and when. What they do is tested with real processes. */
import { afterEach, expect, test, vi } from 'vitest';
import type { Leaver } from './ends.ts';
import { watchProcessEnd } from './process-end.node.ts';

const events = ['exit', 'newListener', 'removeListener', 'SIGTERM', 'SIGINT', 'SIGHUP'] as const;
const before = counts();
const theirs = () => {};
const leaver: Leaver = { leave: vi.fn(), unsentBytes: 0 };

afterEach(() => {
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.off(signal, theirs);
  expect(counts()).toEqual(before);
});

test('C-31 while somebody is in a channel each event has one listener more, and then none', () => {
  const cancels = [watchProcessEnd(leaver), watchProcessEnd({ ...leaver })];
  expect(counts()).toEqual(before.map((count) => count + 1));
  cancels[0]?.();
  cancels[0]?.();
  expect(counts()).toEqual(before.map((count) => count + 1));
  cancels[1]?.();
});

test("a signal that the application handles is the application's alone, also for those who count", async () => {
  const cancel = watchProcessEnd(leaver);
  process.on('SIGTERM', theirs);
  await new Promise(process.nextTick);
  expect(process.listeners('SIGTERM')).toEqual([theirs]);
  expect(process.listenerCount('SIGINT')).toBe(1);
  process.off('SIGTERM', theirs);
  expect(process.listenerCount('SIGTERM')).toBe(1);
  expect(process.listeners('SIGTERM')).not.toContain(theirs);
  cancel();
});

test('a signal that was handled before is left alone; from the end of that handler on it is watched', () => {
  process.on('SIGINT', theirs);
  const cancel = watchProcessEnd(leaver);
  expect(process.listeners('SIGINT')).toEqual([theirs]);
  process.off('SIGINT', theirs);
  expect(process.listenerCount('SIGINT')).toBe(1);
  cancel();
});

test('a handler that comes and goes within a turn leaves the watch as it was', async () => {
  const cancel = watchProcessEnd(leaver);
  const [watching] = process.listeners('SIGTERM');
  process.on('SIGTERM', theirs);
  process.off('SIGTERM', theirs);
  await new Promise(process.nextTick);
  expect(process.listeners('SIGTERM')).toEqual([watching]);
  process.on('SIGTERM', theirs);
  cancel();
  await new Promise(process.nextTick);
  expect(process.listeners('SIGTERM')).toEqual([theirs]);
});

function counts(): number[] {
  return events.map((event) => process.listenerCount(event));
}
