import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import type { RedisProcess } from '@holdfast/server/faults';
import { cli, freePort } from '../conformance/processes.ts';

/** A server with its media, as `holdfast serve` runs it. */
export class CallServer {
  readonly port: number;
  readonly child: ChildProcess;

  private constructor(port: number, child: ChildProcess) {
    this.port = port;
    this.child = child;
  }

  /** @param redis the store that it shares with others; null: it has its own */
  static async start(redis: RedisProcess | null): Promise<CallServer> {
    const port = await freePort();
    const shared = redis === null ? [] : ['--redis', redis.url, '--public-url', `ws://127.0.0.1:${port}`];
    const args = ['serve', '--port', `${port}`, ...shared];
    const child = spawn(process.execPath, [cli, ...args], { stdio: 'ignore' });
    const server = new CallServer(port, child);
    for (const until = performance.now() + 15_000; performance.now() < until; await sleep(50))
      if ((await server.mediaPids()).length > 0) return server;
    child.kill('SIGKILL');
    throw new Error('the server has no media process: is node-datachannel installed?');
  }

  get url(): string {
    return `ws://127.0.0.1:${this.port}`;
  }

  /** The media processes, the one at work before its spare. */
  async mediaPids(): Promise<number[]> {
    try {
      const found = execFileSync('pgrep', ['-P', `${this.child.pid}`], { encoding: 'utf8' });
      return found.split('\n').filter(Boolean).map(Number);
    } catch {
      return [];
    }
  }

  kill(signal: NodeJS.Signals = 'SIGKILL'): void {
    this.child.kill(signal);
  }
}
