import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import ts from 'typescript';

/** A file of the repository: its path from the root, with forward slashes, and its text. */
export interface RepositoryFile {
  readonly path: string;
  readonly text: string;
}

/** One place that breaks a rule, and what to do about it. */
export interface Finding {
  readonly path: string;
  readonly line: number;
  readonly advice: string;
}

export const repositoryRoot = dirname(dirname(import.meta.dirname));

const textual = /\.(ts|mts|js|mjs|json|md|proto|ya?ml|html|css|sh)$|(^|\/)(run|LICENSE|\.[a-z]+)$/;

/** Everything git knows or would add: what is ignored is not ours to judge. */
export function readRepository(): RepositoryFile[] {
  const options = { cwd: repositoryRoot, encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 } as const;
  const listed = execFileSync(
    'git',
    ['ls-files', '--cached', '--others', '--exclude-standard', '-z'],
    options,
  );
  return [...new Set(listed.split('\0'))]
    .filter((path) => path !== '' && path !== 'package-lock.json' && existsSync(join(repositoryRoot, path)))
    .filter((path) => statSync(join(repositoryRoot, path)).isFile())
    .map((path) => ({
      path,
      text: textual.test(path) ? readFileSync(join(repositoryRoot, path), 'utf8') : '',
    }));
}

export function isCode(file: RepositoryFile): boolean {
  return /\.(ts|mts|js|mjs)$/.test(file.path);
}

/** Code written by people: what the schema compiler wrote is excepted. */
export function isHandWritten(file: RepositoryFile): boolean {
  return isCode(file) && !isGenerated(file.path);
}

export function isGenerated(path: string): boolean {
  return path.startsWith('packages/core/src/wire/gen/');
}

export function isTest(path: string): boolean {
  return /\.(test|suite)\.ts$/.test(path) || path.startsWith('test/');
}

export function lineAt(text: string, offset: number): number {
  return text.slice(0, offset).split('\n').length;
}

export function render(findings: readonly Finding[]): string {
  return findings.map(({ path, line, advice }) => `${path}:${line}  ${advice}`).join('\n');
}

const parsedFiles = new WeakMap<RepositoryFile, ts.SourceFile>();

/** The syntax tree of a file, parsed once for all rules. */
export function parsed(file: RepositoryFile): ts.SourceFile {
  const source =
    parsedFiles.get(file) ?? ts.createSourceFile(file.path, file.text, ts.ScriptTarget.Latest, true);
  parsedFiles.set(file, source);
  return source;
}
