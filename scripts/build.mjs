// Builds every package into its dist/: JavaScript, source maps and type declarations; then the demo page into the server's.
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { markBuilt } from './setup.mjs';
import { root, sourceFingerprint, tool } from './workspace.mjs';

// Taken before the build: a source edited meanwhile makes the next set-up build again.
const fingerprint = sourceFingerprint();
const built = [root, join(root, 'apps/demo')].every(
  (cwd) => spawnSync(tool('tsdown'), [], { cwd, stdio: 'inherit' }).status === 0,
);
if (built) markBuilt(fingerprint);
process.exitCode = built ? 0 : 1;
