/** The core and the server as they were at a commit, loaded beside the present ones. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const root = join(import.meta.dirname, '../..');

type Core = typeof import('@holdfast/core');
type Server = typeof import('@holdfast/server');

/** Of one version: what a client and what a server is made of. */
export interface Version {
  readonly core: Core;
  readonly server: Server;
}

/** Reads it from the repository's history. */
export async function versionAt(commit: string): Promise<Version> {
  const folder = join(import.meta.dirname, '.older', commit);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const paths = ['packages/core/src', 'packages/server/src'];
  const withoutTests = ':(exclude)*.test.ts';
  const asked = ['archive', commit, ...paths, withoutTests];
  const archive = execFileSync('git', asked, { cwd: root, maxBuffer: 100_000_000 });
  execFileSync('tar', ['-x', '-C', folder], { input: archive });
  const core = join(folder, 'packages/core/src/index.ts');
  const server = join(folder, 'packages/server/src');
  // Its server must not meet the present core.
  for (const file of readdirSync(server, { recursive: true, encoding: 'utf8' })) {
    if (!file.endsWith('.ts')) continue;
    const path = join(server, file);
    writeFileSync(path, readFileSync(path, 'utf8').replaceAll("'@holdfast/core'", `'${core}'`));
  }
  return { core: await import(core), server: await import(join(server, 'index.ts')) };
}
