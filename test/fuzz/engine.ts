/**
 * node engine.cjs BUNDLES TARGET [options of libFuzzer]: fuzzes one target in this process. Exit code 77: a finding.
 * It is bundled like the targets: the fuzzer's own loader and one for TypeScript get in each other's way.
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import Module from 'node:module';
import { join } from 'node:path';
import { forOlderSystem } from './older-system.ts';
import { waiting } from './targets.ts';

const [bundleFolder = '', target = '', ...fuzzerOptions] = process.argv.slice(2);

/** A target that waits for something runs beside the fuzzer, where its alarm clock is not heard. */
const sync = !(waiting as readonly string[]).includes(target);
const neverMs = 1_000_000_000;

loadNativePartsAnywhere();
void fuzzTarget();

async function fuzzTarget(): Promise<void> {
  const { OptionSource, OptionsManager, startFuzzing } = await import('@jazzer.js/core');
  const options = new OptionsManager(OptionSource.DefaultCLIOptions).merge(
    {
      fuzzTarget: join(bundleFolder, `${target}.cjs`),
      ...{
        includes: [bundleFolder],
        excludes: ['nothing is left out'],
        // They instrument every library as well, and look for what we have not got: shells, `eval`, paths from outside.
        disableBugDetectors: ['.*'],
        sync,
        timeout: sync ? 10_000 : neverMs,
      },
      fuzzerOptions,
    },
    OptionSource.CommandLineArguments,
  );
  const { returnCode, error } = await startFuzzing(options);
  if (error !== undefined) console.error(error);
  process.exit(returnCode);
}

type Loader = (module: NodeJS.Module, path: string) => void;

/** The prebuilt addon as it is where it loads, else a copy made for an older system. */
function loadNativePartsAnywhere(): void {
  const { _extensions: loaders } = Module as unknown as { _extensions: Record<string, Loader> };
  const load = loaders['.node'];
  if (load === undefined) return;
  loaders['.node'] = (module, path) => {
    try {
      load(module, path);
    } catch (error) {
      if (!/version `GLIBC/.test(String(error))) throw error;
      const copy = join(bundleFolder, `${process.pid}-addon.node`);
      mkdirSync(bundleFolder, { recursive: true });
      writeFileSync(copy, forOlderSystem(readFileSync(path)));
      load(module, copy);
    }
  };
}
