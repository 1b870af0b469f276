/** Fuzzes one target in a process of its own. */
import { spawn } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { bundleFolder } from './bundle.ts';
import { keep, unfold } from './corpus.ts';
import type { TargetName } from './targets.ts';

export interface Outcome {
  readonly executions: number;
  readonly edges: number;
  readonly inputs: number;
  /** What was found, and how to see it again; null: nothing. */
  readonly finding: string | null;
}

/** What a process may take beyond its time: to start, and for one slow input. */
const graceMs = 60_000;
const progressMs = 10_000;

export async function run(
  target: TargetName,
  seconds: number,
  progress: (line: string) => void,
): Promise<Outcome> {
  const corpus = join(bundleFolder, '../fuzz-corpus', target);
  const findings = join(bundleFolder, '../fuzz-findings', target);
  rmSync(findings, { recursive: true, force: true });
  mkdirSync(findings, { recursive: true });
  unfold(target, corpus);
  const said: string[] = [];
  let saidAt = performance.now();
  const options = [
    ...[corpus, `-max_total_time=${seconds}`, `-artifact_prefix=${findings}/`, '-print_final_stats=1'],
    ...['-max_len=4096', '-rss_limit_mb=4096', '-use_value_profile=1'],
  ];
  const code = await ended([target, ...options], seconds * 1_000 + graceMs, (line) => {
    said.push(line);
    if (performance.now() - saidAt < progressMs || !/^#\d+/.test(line)) return;
    saidAt = performance.now();
    progress(line.replace(/\t/g, ' '));
  });
  const text = said.join('\n');
  const last = (pattern: RegExp) => Number([...text.matchAll(pattern)].at(-1)?.[1] ?? 0);
  return {
    executions: last(/number_of_executed_units: (\d+)/g),
    edges: last(/ cov: (\d+)/g),
    inputs: last(/ corp: (\d+)/g),
    finding: code === 0 ? null : findingIn(target, findings, code, said),
  };
}

/** Makes the inputs that lead furthest the committed ones. */
export async function keepBest(target: TargetName): Promise<void> {
  const best = join(bundleFolder, '../fuzz-best', target);
  rmSync(best, { recursive: true, force: true });
  mkdirSync(best, { recursive: true });
  const options = ['-merge=1', '-max_len=4096', best, join(bundleFolder, '../fuzz-corpus', target)];
  await ended([target, ...options], 4 * graceMs, () => {});
  keep(
    target,
    readdirSync(best).map((name) => readFileSync(join(best, name))),
  );
}

function ended(
  args: readonly string[],
  withinMs: number,
  take: (line: string) => void,
): Promise<number | null> {
  const child = spawn(process.execPath, [join(bundleFolder, 'engine.cjs'), bundleFolder, ...args]);
  const overdue = setTimeout(() => child.kill('SIGKILL'), withinMs);
  for (const stream of [child.stdout, child.stderr]) createInterface({ input: stream }).on('line', take);
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => {
      clearTimeout(overdue);
      resolve(code);
    });
  });
}

function findingIn(target: string, folder: string, code: number | null, said: readonly string[]): string {
  const [input] = readdirSync(folder);
  const thrown = said.findIndex((line) => line.includes('Uncaught Exception'));
  const about = said.slice(Math.max(0, thrown)).filter((line) => !noise.test(line));
  if (input === undefined)
    return `${code === null ? 'it hung, or was killed' : `exit code ${code}`}\n${about.slice(-linesOfFinding).join('\n')}`;
  return `${about.slice(0, linesOfFinding).join('\n')}\nagain: npm run fuzz -- --target ${target} --input ${join(folder, input)}`;
}

const linesOfFinding = 15;
const noise = /^(#|INFO|Skip |stat::|NEW_FUNC|\(|$)/;
