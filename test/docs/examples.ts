/** The programs in the documents: code under a comment that says how it runs. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const root = join(import.meta.dirname, '../..');

export type Way = 'node' | 'bundled' | 'page';

export interface Example {
  readonly document: string;
  readonly way: Way;
  readonly code: string;
}

/** Every program of a document. @throws Error if one does not say how it runs */
export function examplesOf(document: string): Example[] {
  const text = readFileSync(join(root, document), 'utf8');
  const blocks = [
    ...text.matchAll(/(?:<!-- runs: (node|bundled|page) -->\n)?```(?:js|ts|html)\n([\s\S]*?)```/g),
  ];
  return blocks.map(([, way, code = '']) => {
    if (way === undefined)
      throw new Error(`${document}: say how this runs, in a comment before it:\n${code}`);
    return { document, way: way as Way, code };
  });
}

/** What a document says is to be added to a program, line by line. */
export function additionsOf(document: string): string[] {
  const text = readFileSync(join(root, document), 'utf8');
  const diffs = [...text.matchAll(/```diff\n([\s\S]*?)```/g)];
  return diffs.flatMap(([, diff = '']) =>
    [...diff.matchAll(/^\+(.*)$/gm)].map(([, line = '']) => line.trim()),
  );
}
