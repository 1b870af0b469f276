import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { additionsOf, examplesOf } from './examples.ts';

const programs = join(import.meta.dirname, '../programs');

test('the README has a program for each dialect, and says of each how it runs', () => {
  const code = examplesOf('README.md').map((example) => example.code);
  for (const entry of ['@holdfast/sdk/native', '@holdfast/sdk/apple', '@holdfast/sdk/web', '/sdk/web.js'])
    expect(code.some((program) => program.includes(entry))).toBe(true);
});

test('what docs/migrating.md adds to a program names what there is', async () => {
  const added = additionsOf('docs/migrating.md');
  const imports = added.filter((line) => line.startsWith('import'));
  expect(imports.length).toBeGreaterThan(1);
  for (const line of imports) {
    const [, names = '', from = ''] = /^import (.+) from '(.+)';$/.exec(line) ?? [];
    const module = (await import(from)) as Record<string, unknown>;
    for (const name of names.match(/\w+/g) ?? []) {
      const isDefault = names.startsWith(name);
      expect(module[isDefault ? 'default' : name], `${name} of ${from}`).toBeDefined();
    }
  }
  const others = added.filter((line) => /^\w+\.\w+\(/.test(line)).map((line) => line.split('(')[0] ?? '');
  expect(others).toEqual(['AgoraRTC.configure', 'RtcEngineKit.configure']);
});

test('docs/migrating.md rests on programs that are there', () => {
  const suite = readFileSync(join(programs, 'programs.real.test.ts'), 'utf8');
  for (const name of ['quickstart.html', 'tiles.html', 'audience.html']) {
    expect(existsSync(join(programs, 'pages', name))).toBe(true);
    expect(suite).toContain(name);
  }
});
