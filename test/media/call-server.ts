import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import type { RedisProcess } from '@holdfast/server/faults';
import { cli, endWithSuite, favour, freePort } from '../conformance/processes.ts';

/** A server with its media, as `holdfast serve` runs it. */
export class CallServer {
  readonly host: string;
  readonly port: number;
  readonly child: ChildProcess;

  private constructor(host: string, port: number, child: ChildProcess) {
    this.host = host;
    this.port = port;
    this.child = child;
    endWithSuite(child);
    if (child.pid) favour(child.pid);
  }

  /**
   * @param redis the store that it shares with others; null: it has its own
   * @param host where it listens
   * @param settings as variables of its environment
   */
  static async start(
    redis: RedisProcess | null,
    host = '127.0.0.1',
    settings: Readonly<Record<string, string>> = {},
  ): Promise<CallServer> {
    const port = await freePort();
    const shared = redis === null ? [] : ['--redis', redis.url, '--public-url', `ws://127.0.0.1:${port}`];
    const args = ['serve', '--host', host, '--port', `${port}`, ...shared];
    const child = spawn(process.execPath, [cli, ...args], {
      stdio: 'ignore',
      detached: true,
      env: { ...process.env, ...settings },
    });
    const server = new CallServer(host, port, child);
    for (const until = performance.now() + 15_000; performance.now() < until; await sleep(50))
      if ((await server.mediaPids()).length > 0) return server;
    child.kill('SIGKILL');
    throw new Error('the server has no media process: is node-datachannel installed?');
  }

  get url(): string {
    return `ws://${this.host}:${this.port}`;
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
