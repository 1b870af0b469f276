import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';

const folder = mkdtempSync(join(tmpdir(), 'holdfast-abuse-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const attack = 'malformed+connections+stolen-session+bombs';

test('C-80 60 honest users keep every promise while four attacks run at once', async () => {
  const json = join(folder, 'abuse.json');
  const main = join(import.meta.dirname, 'main.ts');
  const flags = ['--conditions=@holdfast/source', '--import', 'tsx'];
  const args = ['--sessions', '60', '--seconds', '8', '--attack', attack, '--json', json];
  const child = spawn(process.execPath, [...flags, main, ...args]);
  const said: string[] = [];
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (text) => said.push(String(text)));
  await once(child, 'close');
  const { failures, figures } = JSON.parse(readFileSync(json, 'utf8'));
  expect(failures, said.join('')).toEqual([]);
  expect(figures[`${attack}_edges`].value).toBeGreaterThan(50);
  expect(figures[`${attack}_attempts`].value).toBeGreaterThan(100);
}, 90_000);
