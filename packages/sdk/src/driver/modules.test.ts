/** What the SDK's modules may reach: the entries for browsers and React Native nothing of Node. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { expect, test } from 'vitest';
import { sdkVersion } from './version.ts';

const sources = resolve(import.meta.dirname, '..');
const core = resolve(sources, '../../core/src/index.ts');

test.each([
  ['apple/index.ts', []],
  ['native/index.ts', []],
  ['web/index.ts', []],
  ['apple/index.react-native.ts', ['react-native']],
  ['native/index.react-native.ts', ['react-native']],
])('%s reaches nothing of Node, and of packages only %j', (entry, packages) => {
  const { files, outside } = reach(join(sources, entry));
  expect(files.size).toBeGreaterThan(20);
  expect([...outside].filter((name) => !name.startsWith('@bufbuild/protobuf'))).toEqual(packages);
  expect([...files].filter((file) => file.endsWith('.node.ts'))).toEqual([]);
});

test.each(['apple', 'native'])(
  'who bundles for React Native gets the entry of %s that listens',
  (dialect) => {
    const { exports } = JSON.parse(readFileSync(join(sources, '../package.json'), 'utf8'));
    const [, built] = Object.entries(exports[`./${dialect}`]);
    const conditions = Object.keys(exports[`./${dialect}`]);
    expect(conditions.indexOf('react-native')).toBeLessThan(conditions.indexOf('default'));
    expect(built).toEqual([
      'react-native',
      expect.objectContaining({ default: `./dist/${dialect}/index.react-native.js` }),
    ]);
  },
);

test('ws is imported by the host of Node alone, node: by files of Node alone', () => {
  const files = readdirSync(sources, { recursive: true }).map(String);
  const importing = (pattern: RegExp) =>
    files.filter(
      (file) =>
        /(?<!test)\.ts$/.test(file) && importsOf(join(sources, file)).some((name) => pattern.test(name)),
    );
  expect(importing(/^ws$/)).toEqual([join('driver', 'host.node.ts')]);
  expect(importing(/^node:/).filter((file) => !file.endsWith('.node.ts'))).toEqual([]);
});

test('the version that servers are told is the version of the package', () => {
  const { version } = JSON.parse(readFileSync(join(sources, '../package.json'), 'utf8'));
  expect(sdkVersion).toBe(version);
});

/** Every file that an entry imports, at any distance, and every package. */
function reach(entry: string): { files: Set<string>; outside: Set<string> } {
  const files = new Set<string>();
  const outside = new Set<string>();
  const waiting = [entry];
  for (let file = waiting.pop(); file !== undefined; file = waiting.pop()) {
    if (files.has(file)) continue;
    files.add(file);
    for (const name of importsOf(file)) {
      if (name.startsWith('.')) waiting.push(resolve(dirname(file), name));
      else if (name === '@holdfast/core') waiting.push(core);
      else outside.add(name);
    }
  }
  for (const file of files) if (!existsSync(file)) throw new Error(`${file} is imported and does not exist`);
  return { files, outside };
}

function importsOf(file: string): string[] {
  const code = readFileSync(file, 'utf8');
  const names = code.matchAll(
    /^\s*(?:import|export|\})[^'"`]*?\bfrom\s+'([^']+)'|\bimport\s*\(?\s*'([^']+)'/gm,
  );
  return [...names].map(([, from, bare]) => from ?? bare ?? '');
}
