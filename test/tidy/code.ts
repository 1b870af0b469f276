import ts from 'typescript';
import {
  type Finding,
  isCode,
  isHandWritten,
  isTest,
  lineAt,
  parsed,
  type RepositoryFile,
} from './repository.ts';

export const fileLinesMax = 400;
export const functionLinesMax = 60;

const outsideWorld = new Set([
  'Date',
  'performance',
  'setTimeout',
  'clearTimeout',
  'setInterval',
  'clearInterval',
  'setImmediate',
  'queueMicrotask',
  'process',
  'crypto',
  'globalThis',
  'console',
  'fetch',
  'WebSocket',
]);

const emptyNames = /^(utils?|helpers?|commons?|managers?|misc)$/i;

const unfinished: readonly { pattern: RegExp; advice: string }[] = [
  { pattern: /\bas any\b/g, advice: 'name the type, or narrow from `unknown`' },
  {
    pattern: /@ts-(ignore|nocheck)\b/g,
    advice: 'fix the type; @ts-expect-error with a reason if it is the library',
  },
  { pattern: /\b(TODO|FIXME|XXX)\b/g, advice: 'finish it or open an issue' },
  { pattern: /\b(it|test|describe)\.(skip|only|todo|fails)\b/g, advice: 'every test runs, always' },
];

/** The core is told the time and handed its randomness; it reads no clock and touches no world. */
export function worldInCore(files: readonly RepositoryFile[]): Finding[] {
  const core = files.filter((file) => file.path.startsWith('packages/core/src/') && isHandWritten(file));
  return core
    .filter((file) => !isTest(file.path))
    .flatMap((file) => {
      const found: Finding[] = [];
      walk(file, (node, line) => {
        const name = worldlyName(node);
        if (name)
          found.push({
            path: file.path,
            line,
            advice: `\`${name}\` in core: take it as an input from outside`,
          });
      });
      return found;
    });
}

export function longFiles(files: readonly RepositoryFile[]): Finding[] {
  return files
    .filter(isHandWritten)
    .map((file) => ({ path: file.path, lines: file.text.trimEnd().split('\n').length }))
    .filter(({ lines }) => lines > fileLinesMax)
    .map(({ path, lines }) => ({
      path,
      line: fileLinesMax + 1,
      advice: `${lines} lines, at most ${fileLinesMax}: find the second noun in this file and give it its own`,
    }));
}

export function longFunctions(files: readonly RepositoryFile[]): Finding[] {
  return files.filter(isHandWritten).flatMap((file) => {
    const found: Finding[] = [];
    walk(file, (node, line, lastLine) => {
      const lines = lastLine - line + 1;
      if (!isFunctionWithBody(node) || lines <= functionLinesMax || isGroupOfTests(node)) return;
      const advice = `a function of ${lines} lines, at most ${functionLinesMax}: name its steps and pull them out`;
      found.push({ path: file.path, line, advice });
    });
    return found;
  });
}

export function emptyFileNames(files: readonly RepositoryFile[]): Finding[] {
  return files
    .filter(({ path }) => path.split(/[/.\-_]/).some((word) => emptyNames.test(word)))
    .map(({ path }) => ({ path, line: 1, advice: 'name the file after what is in it' }));
}

export function unfinishedCode(files: readonly RepositoryFile[]): Finding[] {
  const searched = files.filter((file) => isCode(file) || /\.(proto|ya?ml|html|css)$/.test(file.path));
  return searched
    .filter((file) => !file.path.startsWith('test/tidy/'))
    .flatMap((file) => unfinished.flatMap(({ pattern, advice }) => matches(file, pattern, advice)));
}

/** `ownPath` is the folder of this clone: a file that names it works on this machine only. */
export function machinePaths(files: readonly RepositoryFile[], ownPath: string): Finding[] {
  const homes = /(?<![\w.:/@-])\/(?:home|Users|root|work|workspaces?|mnt)\/[\w.]+/g;
  const own = new RegExp(`${ownPath.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}\\b`, 'g');
  const advice = 'a path of one machine: write it from the root of the repository';
  const searched = files.filter(({ path }) => !path.startsWith('test/tidy/'));
  return searched.flatMap((file) => [...matches(file, homes, advice), ...matches(file, own, advice)]);
}

function matches(file: RepositoryFile, pattern: RegExp, advice: string): Finding[] {
  return [...file.text.matchAll(pattern)].map((match) => ({
    path: file.path,
    line: lineAt(file.text, match.index),
    advice: `\`${match[0]}\`: ${advice}`,
  }));
}

function walk(file: RepositoryFile, visit: (node: ts.Node, line: number, lastLine: number) => void): void {
  const source = parsed(file);
  const lineOf = (position: number) => source.getLineAndCharacterOfPosition(position).line + 1;
  const descend = (node: ts.Node): void => {
    visit(node, lineOf(node.getStart(source)), lineOf(node.end));
    ts.forEachChild(node, descend);
  };
  descend(source);
}

function worldlyName(node: ts.Node): string | undefined {
  if (!ts.isIdentifier(node) || isMemberName(node)) return undefined;
  if (outsideWorld.has(node.text)) return node.text;
  if (node.text !== 'Math') return undefined;
  const harmless = ts.isPropertyAccessExpression(node.parent) && node.parent.name.text !== 'random';
  return harmless ? undefined : 'Math.random';
}

/** `frame.process`, `{ process: 1 }`, `process(): void` in an interface: names of members reach nothing outside. */
function isMemberName(node: ts.Identifier): boolean {
  const { parent } = node;
  if (ts.isPropertyAccessExpression(parent)) return parent.name === node;
  if (ts.isQualifiedName(parent)) return parent.right === node;
  const member = ts.isPropertyAssignment(parent) || ts.isClassElement(parent) || ts.isTypeElement(parent);
  return member && parent.name === node;
}

function isFunctionWithBody(node: ts.Node): boolean {
  return ts.isFunctionLike(node) && 'body' in node && node.body !== undefined;
}

/** `describe('…', () => { … })` holds tests, each judged by itself. */
function isGroupOfTests(node: ts.Node): boolean {
  return ts.isCallExpression(node.parent) && /^describe\b/.test(node.parent.expression.getText());
}
