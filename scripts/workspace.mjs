// What the scripts share: where the packages are, what their sources look like, how to run a program.
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';

export const root = dirname(import.meta.dirname);

const buildInputs = ['package-lock.json', 'tsconfig.base.json', 'tsdown.config.ts', 'scripts/build.mjs'];

export function packages() {
  return readdirSync(join(root, 'packages'), { withFileTypes: true })
    .filter(
      (entry) =>
        entry.isDirectory() && readdirSync(join(root, 'packages', entry.name)).includes('package.json'),
    )
    .map((entry) => entry.name);
}

/** One hash over everything a build reads: it changes when a source is edited, added or removed. */
export function sourceFingerprint() {
  const files = [
    ...buildInputs.map((path) => join(root, path)),
    ...packages().flatMap((name) => sourcesOf(join(root, 'packages', name))),
    ...sourcesOf(join(root, 'apps/demo')),
  ];
  const hash = createHash('sha256');
  for (const path of files.sort())
    hash.update(relative(root, path)).update('\0').update(readFileSync(path)).update('\0');
  return hash.digest('hex');
}

function sourcesOf(directory) {
  return readdirSync(directory, { recursive: true })
    .map(String)
    .filter((path) => /^(src|proto|public)\b|^[^/]+\.(json|ts)$/.test(path) && !path.endsWith('.test.ts'))
    .map((path) => join(directory, path))
    .filter((path) => statSync(path).isFile());
}

/** Runs a program to its end and keeps what it printed. */
export function run(command, args, options = {}) {
  return new Promise((resolve) => {
    const child = spawn(command, args, {
      cwd: root,
      stdio: ['ignore', 'pipe', 'pipe'],
      ...options,
      env: { ...process.env, NO_COLOR: '1', ...options.env },
    });
    let output = '';
    child.stdout.setEncoding('utf8');
    child.stderr.setEncoding('utf8');
    child.stdout.on('data', (chunk) => (output += chunk));
    child.stderr.on('data', (chunk) => (output += chunk));
    child.on('error', (error) => resolve({ code: 127, output: `${output}${error.message}\n` }));
    child.on('close', (code) => resolve({ code: code ?? 1, output }));
  });
}

/** Path of a program installed in node_modules. */
export function tool(name) {
  return join(root, 'node_modules/.bin', name);
}
