// Builds every package into its dist/: JavaScript, source maps and type declarations.
import { spawnSync } from 'node:child_process';
import { markBuilt } from './setup.mjs';
import { root, sourceFingerprint, tool } from './workspace.mjs';

// Taken before the build: a source edited meanwhile makes the next set-up build again.
const fingerprint = sourceFingerprint();
const { status } = spawnSync(tool('tsdown'), [], { cwd: root, stdio: 'inherit' });
if (status === 0) markBuilt(fingerprint);
process.exitCode = status ?? 1;
