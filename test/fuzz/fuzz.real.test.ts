import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Figures } from '../bench/figures.ts';
import { targets } from './targets.ts';

const folder = mkdtempSync(join(tmpdir(), 'holdfast-fuzz-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
let report: { ok: boolean; figures: Figures; failures: string[] };

beforeAll(async () => {
  const json = join(folder, 'fuzz.json');
  const main = join(import.meta.dirname, 'main.ts');
  const flags = ['--conditions=@holdfast/source', '--import', 'tsx'];
  const child = spawn(process.execPath, [...flags, main, '--seconds', '1', '--json', json]);
  await once(child, 'close');
  report = JSON.parse(readFileSync(json, 'utf8'));
}, 120_000);

test('C-80 a moment of fuzzing finds nothing', () => {
  expect(report.failures).toEqual([]);
  expect(report.ok).toBe(true);
});

test.each(targets)('%s was led into its code', (name) => {
  expect(report.figures[`${name}_executions`]?.value).toBeGreaterThan(50);
  expect(report.figures[`${name}_edges`]?.value).toBeGreaterThan(30);
});
