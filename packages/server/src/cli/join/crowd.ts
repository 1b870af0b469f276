/**
 * Many clients of `holdfast join` in one process, for programs that drive many of them. Lines in:
 * `{"id", "join": request}` and `{"id", "line": what would be typed}`; lines out: `{"id", "said": a line of --json}`,
 * `{"id", "diagnosed": text}`, `{"id", "outage": its record}` and `{"id", "exited": code}`.
 */

import { createInterface } from 'node:readline';
import { PassThrough } from 'node:stream';
import { appleClient } from './apple.ts';
import type { Dialect, JoinRequest } from './client.ts';
import { dialectOf } from './dialects.ts';
import { runJoin } from './run.ts';
import { jsonView } from './views.ts';

type Order =
  | { readonly id: number; readonly join: JoinRequest }
  | { readonly id: number; readonly line: string };

const inputs = new Map<number, PassThrough>();

// Each apple client listens to the end of the process.
process.setMaxListeners(0);
createInterface({ input: process.stdin }).on('line', (line) => void obey(JSON.parse(line) as Order));

async function obey(order: Order): Promise<void> {
  const { id } = order;
  if ('line' in order) return void inputs.get(id)?.write(`${order.line}\n`);
  const input = new PassThrough();
  inputs.set(id, input);
  const dialect = await dialectFor(id, order.join);
  const say = (what: string, json: string) => write(`{"id":${id},"${what}":${json}}\n`);
  const screen = { write: (line: string) => void say('said', line), now: Date.now, colours: false };
  const code = await runJoin(order.join, dialect, {
    ...{ input, now: Date.now, view: jsonView(screen) },
    diagnose: (text) => void say('diagnosed', JSON.stringify(text)),
    onInterrupt: () => {},
    onDeaf: () => {},
    record: (outage) => void say('outage', JSON.stringify(outage)),
  });
  inputs.delete(id);
  say('exited', `${code}`);
}

let unwritten = '';

/** What many clients say in one turn is one write: with a hundred of them writing costs more than all they do. */
function write(line: string): void {
  if (unwritten === '')
    setImmediate(() => {
      process.stdout.write(unwritten);
      unwritten = '';
    });
  unwritten += line;
}

/** A program has one apple engine, so each client loads the dialect anew, as a program of its own does. */
async function dialectFor(id: number, { platform }: JoinRequest): Promise<Dialect> {
  const shared = dialectOf(platform);
  if (shared !== appleClient) return shared;
  const entry = `${import.meta.resolve('@holdfast/sdk/apple')}?client=${id}`;
  const { RtcEngineKit } = (await import(entry)) as typeof import('@holdfast/sdk/apple');
  return (request, watcher) => appleClient(request, watcher, RtcEngineKit);
}
