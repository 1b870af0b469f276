import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'tsdown';
import { targets } from './targets.ts';

/** Where the targets' bundles are: the fuzzer instruments whole files, as CommonJS. */
export const bundleFolder = join(import.meta.dirname, '../../node_modules/.cache/holdfast/fuzz');

/** One file for each target, from the sources, with their maps. */
export async function bundleTargets(): Promise<void> {
  mkdirSync(bundleFolder, { recursive: true });
  const entry = Object.fromEntries(
    targets.map((name) => [name, join(import.meta.dirname, `targets/${name}.ts`)]),
  );
  entry.engine = join(import.meta.dirname, 'engine.ts');
  await build({
    ...{ config: false, entry, outDir: bundleFolder, format: 'cjs', platform: 'node', target: 'node20' },
    ...{ dts: false, sourcemap: true, clean: true, logLevel: 'warn', tsconfig: false },
    deps: {
      alwaysBundle: [/^@holdfast\//, /^@bufbuild\//],
      neverBundle: [/^(fastify|pino|prom-client|ws|zod)$/, /^@jazzer/],
    },
    inputOptions: {
      resolve: { conditionNames: ['@holdfast/source', 'node', 'import', 'default'] },
      transform: { define: { 'import.meta': '{}' } },
    },
  });
}
