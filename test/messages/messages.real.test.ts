import { expect, test } from 'vitest';
import { resultOf } from './figures.ts';
import { paces } from './paces.ts';
import { play } from './run.ts';

test('C-60, C-61, C-62 messages through cuts, restarts and dead servers, as their users have written it down', async () => {
  const seed = Date.now() % 1_000_000;
  const run = await play({ seed, ms: 9_000, everyMs: 120, pace: paces.short, progress: () => {} });
  const { figures, failures } = resultOf(run, seed, null);
  const broken = failures.filter((failure) => !failure.startsWith('undisturbed'));
  expect(broken, `seed ${seed}`).toEqual([]);
  expect(figures.delivered?.value).toBeGreaterThan(500);
});
