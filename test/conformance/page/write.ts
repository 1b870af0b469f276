/** Writes the page, and single drawings for documents. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'tsdown';
import type { Run } from '../run.ts';
import { standaloneSvg } from './drawing/standalone.ts';
import { pageOf } from './html.ts';
import { drawnRows } from './rows.ts';

/** One HTML file with every row of the run. */
export async function writePage(file: string, run: Run): Promise<void> {
  const css = readFileSync(join(import.meta.dirname, 'page.css'), 'utf8');
  const at = new Date().toISOString().replace('T', ' ').slice(0, 16);
  const when = `${at} UTC · Node ${process.version} on ${process.platform}, ${availableParallelism()} processors`;
  writeFileSync(file, pageOf(run, { css, script: await browserScript(), when }));
}

/** One SVG file for each row that began, named after it; answers with their paths. */
export function writeDrawings(directory: string, run: Run): string[] {
  mkdirSync(directory, { recursive: true });
  return drawnRows(run.outcomes).flatMap(({ slug, recorded }) => {
    if (!recorded) return [];
    const file = join(directory, `${slug}.svg`);
    writeFileSync(file, standaloneSvg(recorded));
    return [file];
  });
}

/** The script of the page, in one piece. */
export async function browserScript(): Promise<string> {
  const [bundle] = await build({
    config: false,
    entry: { page: fileURLToPath(new URL('browser/main.ts', import.meta.url)) },
    format: 'iife',
    platform: 'browser',
    target: 'es2022',
    dts: false,
    minify: true,
    write: false,
    logLevel: 'silent',
  });
  const script = bundle?.chunks.find((chunk) => chunk.type === 'chunk');
  if (script?.type !== 'chunk') throw new Error('the script of the page was not built');
  return script.code;
}
