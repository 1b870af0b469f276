import { expect, test, vi } from 'vitest';
import {
  emptyFileNames,
  fileLinesMax,
  functionLinesMax,
  longFiles,
  longFunctions,
  machinePaths,
  unfinishedCode,
  worldInCore,
} from './code.ts';
import { brokenLinks } from './links.ts';
import { type Finding, readRepository, render, repositoryRoot } from './repository.ts';
import { brokenArrows, scatteredDependencies } from './rooms.ts';

// Parsing the whole repository takes as long as the machine is busy.
vi.setConfig({ testTimeout: 60_000 });

const files = readRepository();

test('arrows between rooms point the right way', () => none(brokenArrows(files)));
test('`ws` lives in one file of the SDK and one of the gateway', () => none(scatteredDependencies(files)));
test('core reads no clock, sets no timer, rolls no dice', () => none(worldInCore(files)));
test(`no file is longer than ${fileLinesMax} lines`, () => none(longFiles(files)));
test(`no function is longer than ${functionLinesMax} lines`, () => none(longFunctions(files)));
test('files are named after what is in them', () => none(emptyFileNames(files)));
test('nothing is left unfinished, skipped or untyped', () => none(unfinishedCode(files)));
test('no path of one machine', () => none(machinePaths(files, repositoryRoot)));
test('links between documents lead somewhere', () => none(brokenLinks(files)));

function none(findings: readonly Finding[]): void {
  if (findings.length > 0) expect.fail(`\n${render(findings)}\n`);
}
