/** The media process: an SFU, and a server at the other end of its channel with which it ends (C-72). */
import { performance } from 'node:perf_hooks';
import { mediaWatch } from '@holdfast/core';
import type { FromMedia, MediaConfig, ToMedia } from './messages.ts';
import { RelayedDoor } from './relayed-door.ts';
import { Sfu, tickMs } from './sfu.ts';

let sfu: Sfu | null = null;
let ticking: NodeJS.Timeout | null = null;
let heardAt = 0;

process.on('message', (message: ToMedia) => {
  take(message).catch(report);
});
// Without its server nobody may be kept alive by what it forwards. Libraries with threads are not asked to clean up.
process.on('disconnect', () => process.kill(process.pid, 'SIGKILL'));
// A terminal tells every process of a group to end; the server is the one that decides.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => {});

async function take(message: ToMedia): Promise<void> {
  switch (message.type) {
    case 'config':
      return begin(message.config);
    case 'ping':
      return tell({ type: 'pong', links: sfu?.links ?? 0 });
    case 'beside':
      return sfu?.beside(message.servers);
    case 'whisper':
      ticking ??= setInterval(tick, tickMs);
      return sfu?.whispered(message.server, message.whisper);
    case 'say':
      return sfu?.say(message.user, message.streams);
    case 'close':
      return sfu?.close(message.user, message);
    case 'end':
      return sfu?.end(message.user);
    case 'offer': {
      const { user, offer } = message;
      ticking ??= setInterval(tick, tickMs);
      const answer = await sfu?.offer(user, offer);
      if (answer !== undefined) tell({ type: 'answer', user, answer });
    }
  }
}

async function begin(config: MediaConfig): Promise<void> {
  try {
    const { DatachannelEngine } = await import('./datachannel-engine.ts');
    const behind = new DatachannelEngine({ ...config, report });
    const { host, port: enginePort, relayedPort: port } = config;
    const engine = port === null ? behind : new RelayedDoor(behind, { host, port, enginePort, report });
    sfu = new Sfu({
      engine,
      nack: config.nack,
      now: () => performance.now(),
      random: Math.random,
      whisper: (server, whisper) => tell({ type: 'whisper', server, whisper }),
      tell: (user, answer) => tell({ type: 'answer', user, answer }),
    });
    tell({ type: 'ready' });
  } catch (error) {
    tell({ type: 'unable', why: error instanceof Error ? error.message : String(error) });
  }
}

function tick(): void {
  if (sfu === null) return;
  sfu.tick();
  const now = performance.now();
  if (now - heardAt >= mediaWatch.heardMs) {
    heardAt = now;
    const users = sfu.heard();
    if (users.length > 0) tell({ type: 'heard', users });
  }
  if (sfu.links > 0 || ticking === null) return;
  clearInterval(ticking);
  ticking = null;
}

function tell(message: FromMedia): void {
  // A server that ends while it is told something is no error of this process, which ends with it.
  if (process.connected) process.send?.(message, undefined, undefined, () => {});
}

function report(error: unknown): void {
  console.error(error);
}
