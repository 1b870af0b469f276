/** The demo page and what it may ask for: an HTTP server of its own, which no button on the page can kill. */
import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { isLoopback } from '../../config/index.ts';

const types: Readonly<Record<string, string>> = {
  html: 'text/html; charset=utf-8',
  css: 'text/css; charset=utf-8',
  js: 'text/javascript; charset=utf-8',
  map: 'application/json',
};
const files = ['index.html', 'page.css', 'parts.css', 'call.css', 'timeline.css', 'demo.js', 'demo.js.map'];

/** Where the build puts the page. */
const folder = join(
  dirname(fileURLToPath(import.meta.resolve('@holdfast/server/package.json'))),
  'dist/demo',
);

/** The page loads nothing from elsewhere, and connects only to this machine. */
const policy = [
  "default-src 'none'",
  "script-src 'self'",
  // The SDK's clocks (C-10).
  'worker-src blob:',
  "style-src 'self'",
  'img-src data:',
  "connect-src 'self' ws://127.0.0.1:*",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

export function addPage(http: FastifyInstance): void {
  for (const name of files) {
    const path = name === 'index.html' ? '/' : `/${name}`;
    const type = types[name.slice(name.lastIndexOf('.') + 1)] ?? 'text/plain';
    http.get(path, async (_, reply) => {
      const text = await readFile(join(folder, name)).catch(() => null);
      if (text === null) return reply.code(503).type('text/plain').send('Not built yet: npm run build\n');
      return reply
        .headers({ 'content-security-policy': policy, 'cache-control': 'no-store' })
        .type(type)
        .send(text);
    });
  }
}

/** Only this machine may ask, only by its own name, and no page but ours: others know these ports too. */
export async function ownPageOnly(request: FastifyRequest, reply: FastifyReply): Promise<void> {
  const { headers, hostname } = request;
  const foreign = headers.origin !== undefined && headers.origin !== `http://${headers.host}`;
  if (!foreign && isLoopback(hostname)) return;
  await reply.code(403).send({ error: 'forbidden', text: 'Only the demo page of this server may ask.' });
}
