/** The code in the documents, run as it stands but for the port: each joins, and sees somebody come and go. */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createRtcEngine } from '@holdfast/sdk/native';
import type { Browser } from 'playwright-core';
import { build } from 'tsdown';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { givePages, serve } from '../programs/stage.ts';
import { launchBrowser } from '../web/browser.ts';
import { type Example, examplesOf, type Way } from './examples.ts';

const root = join(import.meta.dirname, '../..');
const closing: (() => unknown)[] = [];
let browser: Browser;
let port: number;

beforeAll(async () => {
  browser = await launchBrowser();
  closing.push(() => browser.close());
  const server = await serve();
  closing.push(() => server.process.kill('SIGKILL'));
  port = server.port;
});

afterAll(async () => {
  for (const close of closing.reverse()) await close();
});

test.each(examplesOf('README.md').map((example, index) => [index + 1, example.way, example] as const))(
  'example %i of the README, by way of %s: it joins, somebody comes and goes, it says so',
  async (_number, way, { code }: Example) => {
    const said: string[] = [];
    const stop = await start[way](code.replaceAll('127.0.0.1:7880', `127.0.0.1:${port}`), said);
    await expect
      .poll(() => said, { timeout: 15_000 })
      .toContainEqual(expect.stringMatching(/^in the channel as \d+$/));
    const somebody = createRtcEngine();
    somebody.initialize({ appId: 'demo', servers: [`ws://127.0.0.1:${port}`] });
    somebody.joinChannel('', 'demo', 99);
    await expect.poll(() => said, { timeout: 10_000 }).toContain('99 is here');
    somebody.release();
    await expect.poll(() => said.at(-1), { timeout: 10_000 }).toMatch(/^99 is gone \((left|Quit)\)$/);
    await stop();
  },
);

/** Starts a program that says things, and tells how it ends. */
const start: Record<Way, (code: string, said: string[]) => Promise<() => unknown>> = {
  async node(code, said) {
    const program = spawn(process.execPath, ['--input-type=module'], { cwd: root, stdio: 'pipe' });
    listen(program, said);
    program.stdin.end(code);
    return () => program.kill('SIGKILL');
  },
  async bundled(code, said) {
    const folder = mkdtempSync(join(root, 'test/docs/.example-'));
    closing.push(() => rmSync(folder, { recursive: true, force: true }));
    writeFileSync(join(folder, 'page.js'), code);
    const [bundle] = await build({
      config: false,
      entry: { page: join(folder, 'page.js') },
      ...({ format: 'iife', platform: 'browser', dts: false, write: false, logLevel: 'silent' } as const),
      deps: { alwaysBundle: [/./] },
    });
    const script = bundle?.chunks.find((chunk) => chunk.type === 'chunk');
    if (script?.type !== 'chunk') throw new Error('the example was not bundled');
    return openPage(`<script>${script.code.replaceAll('</script', '<\\/script')}</script>`, said);
  },
  page: (code, said) => openPage(code, said),
};

function listen(program: ChildProcess, said: string[]): void {
  for (const stream of [program.stdout, program.stderr])
    stream?.on('data', (data) => said.push(...`${data}`.split('\n').filter((line) => line !== '')));
}

async function openPage(body: string, said: string[]): Promise<() => unknown> {
  const pages = await givePages(() => `<!doctype html><meta charset="utf-8"><title>example</title>${body}`);
  closing.push(pages.close);
  const page = await browser.newPage();
  page.on('console', (message) => said.push(message.text()));
  page.on('pageerror', (error) => said.push(String(error)));
  await page.goto(pages.url);
  return () => page.close();
}
