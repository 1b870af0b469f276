// node scripts/run.mjs FILE [arguments]: sets up, then runs FILE. A .ts file sees the packages' sources.
import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import { setUp } from './setup.mjs';
import { root } from './workspace.mjs';

const [file, ...args] = process.argv.slice(2);
if (!file) {
  console.error('usage: node scripts/run.mjs FILE [arguments]');
  process.exit(2);
}
await setUp();

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
