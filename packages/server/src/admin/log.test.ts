import { pino } from 'pino';
import { expect, test } from 'vitest';
import { EventLog } from './log.ts';

test('C-81 of a flood of refused connections so many are written, and how many more there were', () => {
  const lines: { msg: string; connections?: number }[] = [];
  let now = 0;
  const log = new EventLog(
    pino({ level: 'info' }, { write: (line: string) => lines.push(JSON.parse(line)) }),
    () => now,
  );
  for (let ended = 0; ended < 1_000; ended += 1)
    log.write({ type: 'ended', close: 'busy', address: '10.0.0.1' });
  expect(lines).toHaveLength(50);
  log.write({ type: 'resumed', key: { appId: 'a', channel: 'c' }, uid: 1 });
  expect(lines.at(-1)?.msg).toBe('resumed');
  now = 1_000;
  log.write({ type: 'ended', close: 'busy', address: '10.0.0.1' });
  expect(lines.slice(-2).map(({ msg, connections }) => [msg, connections])).toEqual([
    ['more connections ended than are written here', 950],
    ['connection ended', undefined],
  ]);
});
