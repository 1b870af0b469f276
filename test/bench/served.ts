/** Processes of the product under measurement. */
import { type ChildProcess, type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { cli } from '../conformance/processes.ts';

export class Served {
  readonly child: ChildProcessWithoutNullStreams;
  #said = '';

  constructor(args: readonly string[]) {
    const env = { ...process.env, HOLDFAST_LOG_LEVEL: 'warn' };
    this.child = spawn(process.execPath, [cli, ...args], { env });
    for (const stream of [this.child.stdout, this.child.stderr])
      stream.on('data', (text) => (this.#said += text));
  }

  /** What it has printed. */
  get said(): string {
    return this.#said;
  }

  /** Types a line into it. */
  type(line: string): void {
    this.child.stdin.write(`${line}\n`);
  }

  async answers(port: number): Promise<void> {
    for (const until = performance.now() + 10_000; performance.now() < until; await sleep(20)) {
      const response = await fetch(`http://127.0.0.1:${port}/healthz`).catch(() => null);
      if (response?.ok) return;
    }
    throw new Error(`no server on port ${port}: ${this.#said}`);
  }

  usage(): Usage {
    return usageOf(this.child);
  }

  kill(): void {
    this.child.kill('SIGKILL');
  }
}

export interface Usage {
  readonly cpuSeconds: number;
  readonly residentMb: number;
}

/** CPU time so far in seconds, and resident memory in megabytes. Linux only. */
export function usageOf({ pid }: Pick<ChildProcess, 'pid'>): Usage {
  // The name in the second field may hold anything; what follows its closing bracket does not.
  const [, rest = ''] = /\) (.*)$/s.exec(readFileSync(`/proc/${pid}/stat`, 'utf8')) ?? [];
  const fields = rest.split(' ');
  const ticks = Number(fields[11]) + Number(fields[12]);
  const [, kb] = /^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
  return { cpuSeconds: ticks / ticksPerSecond, residentMb: Number(kb) / 1_024 };
}

/** `sysconf(_SC_CLK_TCK)` of every Linux that Node runs on. */
const ticksPerSecond = 100;
