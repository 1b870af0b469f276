import { expect, test } from 'vitest';
import { missed } from '../bench/figures.ts';
import { storm } from './storm.ts';

test('C-51 C-56 a crowd loses its server at once: all are back within 4 s, and nobody is told anything', async () => {
  const figures = await storm({ sessions: 200, say: () => {}, short: true });
  expect(missed(figures)).toEqual([]);
  expect(figures.storm_sessions?.value).toBe(200);
});
