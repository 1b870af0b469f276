/** A server, a browser, and pages whose script tag is swapped: nothing else in them is touched. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { cli, freePort } from '../conformance/processes.ts';

/** A server of the built command line, on a port of its own. */
export async function serve(): Promise<{ port: number; process: ChildProcess }> {
  const port = await freePort();
  const process = spawn(globalThis.process.execPath, [cli, 'serve', '--port', `${port}`], {
    stdio: 'ignore',
  });
  for (const until = performance.now() + 10_000; performance.now() < until; await sleep(50))
    if ((await fetch(`http://127.0.0.1:${port}/healthz`).catch(() => null))?.ok) return { port, process };
  process.kill('SIGKILL');
  throw new Error(`no server answers on port ${port}`);
}

/** Gives out HTML by its path. @returns the address, and what ends it */
export async function givePages(
  htmlOf: (path: string) => string,
): Promise<{ url: string; close: () => void }> {
  const server = createServer((request, response) => {
    const [path = '/'] = (request.url ?? '/').split('?');
    response.setHeader('content-type', 'text/html; charset=utf-8');
    response.end(path === '/favicon.ico' ? '' : htmlOf(path));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const close = () => {
    server.closeAllConnections();
    server.close();
  };
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, close };
}

/** A page as it was, but for the address of its script. @throws Error if it has no script tag to swap */
export function swapped(name: string, port: number): string {
  const page = readFileSync(join(import.meta.dirname, 'pages', name), 'utf8');
  const html = page.replace(
    /src="https:\/\/[^"]*AgoraRTCSDK[^"]*"/,
    `src="http://127.0.0.1:${port}/sdk/web.js"`,
  );
  if (html === page) throw new Error(`${name} has no script tag to swap`);
  return html;
}
