// Makes a fresh clone ready to run: dependencies, then the build. Does nothing, fast, when both are up to date.
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { packages, root, run, sourceFingerprint } from './workspace.mjs';

const builtMark = join(root, 'node_modules/.cache/holdfast/built.json');
const lock = join(root, '.setup.lock');

// Not `npm ci`: it refuses a lock file without the optional binaries of every other platform,
// and empties node_modules under whatever is running. The versions are the lock file's with both.
const install = ['install', '--no-save', '--no-fund', '--no-audit'];

export async function setUp() {
  requireNode();
  if (dependenciesInstalled() && buildIsFresh()) return;
  await takeLock();
  try {
    if (!dependenciesInstalled()) await step('installing dependencies', 'npm', install);
    if (!buildIsFresh()) await step('building the packages', process.execPath, ['scripts/build.mjs']);
  } finally {
    rmSync(lock, { force: true });
  }
}

export function markBuilt(fingerprint) {
  mkdirSync(join(builtMark, '..'), { recursive: true });
  writeFileSync(builtMark, JSON.stringify({ fingerprint }));
}

function requireNode() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major > 20 || (major === 20 && minor >= 19)) return;
  console.error(`Holdfast needs Node 20.19 or newer, this is ${process.versions.node}.`);
  process.exit(1);
}

// npm keeps a copy of the lock file inside node_modules, describing what is really there.
// Comparing contents instead of times survives checkouts, copies and clock changes.
function dependenciesInstalled() {
  const installed = readJson(join(root, 'node_modules/.package-lock.json'))?.packages;
  const wanted = readJson(join(root, 'package-lock.json'))?.packages;
  if (!installed || !wanted) return false;
  return Object.entries(wanted).every(
    ([path, entry]) => path === '' || entry.optional || same(installed[path], entry),
  );
}

function same(have, want) {
  return have !== undefined && have.version === want.version && have.integrity === want.integrity;
}

function buildIsFresh() {
  if (!existsSync(join(root, 'packages/server/dist/demo/index.html'))) return false;
  if (!packages().every((name) => existsSync(join(root, 'packages', name, 'dist')))) return false;
  return readJson(builtMark)?.fingerprint === sourceFingerprint();
}

function readJson(path) {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch {
    return undefined;
  }
}

// Two set-ups in one clone would delete each other's node_modules and dist.
async function takeLock() {
  for (let waits = 0; !tryLock(); waits++) {
    if (waits === 1) console.log('set-up: waiting for another set-up of this clone …');
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}

function tryLock() {
  try {
    writeFileSync(lock, String(process.pid), { flag: 'wx' });
    return true;
  } catch (error) {
    if (error.code !== 'EEXIST') throw error;
    if (holderIsGone()) rmSync(lock, { force: true });
    return false;
  }
}

function holderIsGone() {
  try {
    const pid = Number(readFileSync(lock, 'utf8'));
    if (pid > 0) process.kill(pid, 0);
    return false;
  } catch (error) {
    return error.code === 'ESRCH';
  }
}

async function step(title, command, args) {
  const startedAt = performance.now();
  const elapsed = () => `${((performance.now() - startedAt) / 1000).toFixed(0)} s`;
  console.log(`set-up: ${title} …`);
  const progress = setInterval(() => console.log(`set-up: ${title} … ${elapsed()}`), 5_000);
  const result = await run(command, args);
  clearInterval(progress);
  if (result.code === 0) return console.log(`set-up: ${title}: done in ${elapsed()}`);
  rmSync(lock, { force: true });
  console.error(`${result.output}\nset-up: ${title} failed after ${elapsed()} (output above).`);
  process.exit(1);
}

if (process.argv[1] === import.meta.filename) await setUp();
