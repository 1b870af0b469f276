// npm test: sets up a fresh clone, then everything that can be checked, first without and then with real processes.
import { spawnSync } from 'node:child_process';
import { provide } from './debian.mjs';
import { setUp } from './setup.mjs';
import { root, tool } from './workspace.mjs';

await setUp();
const checked = spawnSync(process.execPath, ['scripts/check.mjs'], { cwd: root, stdio: 'inherit' });
await provide('chromium');
await provide('redis-server');
console.log('real processes:');
const realTests = ['run', '--project=real*', '--passWithNoTests', ...process.argv.slice(2)];
const real = spawnSync(tool('vitest'), realTests, { cwd: root, stdio: 'inherit' });
process.exitCode = checked.status === 0 && real.status === 0 ? 0 : 1;
