import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import type { FastifyInstance } from 'fastify';

/**
 * Serves the web SDK's one-file script: a page that loads it from here defines `AgoraRTC` and finds its servers
 * from the script's own origin.
 */
export function addSdkScript(http: FastifyInstance): void {
  let script: Promise<Buffer> | undefined;
  http.get('/sdk/web.js', async (_, reply) => {
    script ??= readFile(fileURLToPath(import.meta.resolve('@holdfast/sdk/web.js')));
    const bytes = await script;
    return reply
      .type('text/javascript; charset=utf-8')
      .header('Access-Control-Allow-Origin', '*')
      .header('Cross-Origin-Resource-Policy', 'cross-origin')
      .header('Cache-Control', 'no-cache')
      .send(bytes);
  });
}
