/** The committed inputs: one file a target, one input a line in base64; what follows a blank says what it once found. */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { TargetName } from './targets.ts';

export interface Input {
  readonly bytes: Buffer;
  /** What it found, or empty: it only leads far into the code. */
  readonly found: string;
}

export function corpusFile(target: TargetName): string {
  return join(import.meta.dirname, 'corpus', `${target}.txt`);
}

export function corpusOf(target: TargetName): Input[] {
  const file = corpusFile(target);
  if (!existsSync(file)) return [];
  return readFileSync(file, 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => {
      const [base64 = '', ...found] = line.split(' ');
      return { bytes: Buffer.from(base64, 'base64'), found: found.join(' ') };
    });
}

/** Replaces the inputs that found nothing. */
export function keep(target: TargetName, inputs: readonly Buffer[]): void {
  const findings = corpusOf(target).filter(({ found }) => found !== '');
  const lines = [
    ...findings.map(({ bytes, found }) => `${bytes.toString('base64')} ${found}`),
    ...inputs.map((bytes) => bytes.toString('base64')).sort((a, b) => a.length - b.length),
  ];
  writeFileSync(corpusFile(target), `${lines.join('\n')}\n`);
}

/** Puts the inputs into a folder, one file each, as the fuzzer wants them. */
export function unfold(target: TargetName, folder: string): void {
  mkdirSync(folder, { recursive: true });
  for (const [index, { bytes }] of corpusOf(target).entries())
    writeFileSync(join(folder, `committed-${index}`), bytes);
}
