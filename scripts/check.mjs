// npm run check [-- WORD]: every check that needs no running server, or only the steps whose name has WORD.
// All steps run even when one fails; only a failing one shows its output.
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { setUp } from './setup.mjs';
import { packages, root, run, tool } from './workspace.mjs';

const steps = [
  { name: 'format and lint', run: () => run(tool('biome'), ['ci', '--colors=off']) },
  { name: 'types: core, without clock or host', run: () => run(tool('tsc'), ['-p', 'packages/core']) },
  {
    name: 'types: sdk, without Node',
    run: () => run(tool('tsc'), ['-p', 'packages/sdk/tsconfig.browser.json']),
  },
  { name: 'types: everything', run: () => run(tool('tsc'), ['--noEmit']) },
  { name: 'unit tests and tidy', run: () => run(tool('vitest'), ['run', '--project=unit']) },
  { name: 'protocol schema', run: () => run(tool('buf'), ['lint']) },
  { name: 'generated code', run: generatedCodeIsCurrent },
  { name: 'unused code', run: () => run(tool('knip'), ['--no-progress', '--no-config-hints']) },
  { name: 'licences', run: () => run(process.execPath, ['scripts/licences.mjs', '--check']) },
  { name: 'packages', run: packagesArePublishable },
];

await setUp();
const wanted = steps.filter(({ name }) => name.includes(process.argv[2] ?? ''));
const failed = [];
for (const step of wanted) {
  const startedAt = performance.now();
  const { code, output } = await step.run();
  const seconds = ((performance.now() - startedAt) / 1000).toFixed(1).padStart(5);
  console.log(`${code === 0 ? 'ok  ' : 'FAIL'} ${seconds} s  ${step.name}`);
  if (code === 0) continue;
  failed.push(step.name);
  console.log(output.trimEnd().replace(/^/gm, '     '));
}
if (failed.length > 0) console.log(`failed: ${failed.join(' · ')}`);
console.log(`check: ${wanted.length - failed.length} passed, ${failed.length} failed`);
process.exitCode = failed.length === 0 && wanted.length > 0 ? 0 : 1;

async function generatedCodeIsCurrent() {
  const scratch = mkdtempSync(join(tmpdir(), 'holdfast-generate-'));
  try {
    cpSync(join(root, 'packages/core/proto'), join(scratch, 'packages/core/proto'), { recursive: true });
    for (const file of ['buf.yaml', 'buf.gen.yaml']) cpSync(join(root, file), join(scratch, file));
    const PATH = `${join(root, 'node_modules/.bin')}${delimiter}${process.env.PATH}`;
    const generated = await run(tool('buf'), ['generate'], { cwd: scratch, env: { PATH } });
    if (generated.code !== 0) return generated;
    const gen = 'packages/core/src/wire/gen';
    const { code, output } = await run('diff', ['-rq', join(scratch, gen), gen]);
    return {
      code,
      output: `${output}The generated code is not what the schema says: run \`npm run generate\`.`,
    };
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

async function packagesArePublishable() {
  const publint = (name) => run(tool('publint'), [join('packages', name), '--strict']);
  const results = await Promise.all(packages().map(publint));
  return {
    code: results.every((result) => result.code === 0) ? 0 : 1,
    output: results.map((result) => result.output).join(''),
  };
}
