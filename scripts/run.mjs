// node scripts/run.mjs [--needs PROGRAM,…] FILE [arguments]: sets up, then runs FILE. A .ts file sees the packages' sources.
import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import { provide } from './debian.mjs';
import { setUp } from './setup.mjs';
import { root } from './workspace.mjs';

const given = process.argv.slice(2);
const needs = given[0] === '--needs' ? given.splice(0, 2)[1].split(',') : [];
const [file, ...args] = given;
if (!file) {
  console.error('usage: node scripts/run.mjs [--needs PROGRAM,…] FILE [arguments]');
  process.exit(2);
}
await setUp();
for (const program of needs) await provide(program);

const flags = file.endsWith('.ts') ? ['--conditions=@holdfast/source', '--import', 'tsx'] : [];
const child = spawn(process.execPath, [...flags, file, ...args], { cwd: root, stdio: 'inherit' });
process.on('SIGTERM', () => child.kill('SIGTERM'));
// npm, told to stop, stops only the shell between itself and this script.
const parent = process.ppid;
const orphaned = setInterval(() => {
  if (process.ppid === parent) return;
  clearInterval(orphaned);
  child.kill('SIGTERM');
}, 250);
// A terminal tells the whole group: the child has heard it already, and a second one would mean "at once".
for (const signal of ['SIGINT', 'SIGHUP']) process.on(signal, () => {});
child.on('exit', (code, signal) => process.exit(code ?? 128 + (constants.signals[signal] ?? 1)));
