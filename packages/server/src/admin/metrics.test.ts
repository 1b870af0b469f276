import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { createMetrics } from './metrics.ts';

test('C-91 the page for operators names every metric, and none that is not there', async () => {
  const none = () => 0;
  const metrics = createMetrics({ sessions: none, connections: none, channels: none }, false);
  const told = [...(await metrics.text()).matchAll(/^# TYPE (\S+)/gm)].map(([, name]) => name);
  const page = readFileSync(new URL('../../../../docs/operations.md', import.meta.url), 'utf8');
  const written = page.match(/holdfast_\w+/g) ?? [];
  expect([...new Set(written)].sort()).toEqual(told.sort());
});
