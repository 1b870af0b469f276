/** `holdfast dev` as a process, on ports that are free. */
import { spawn } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { cli } from '../conformance/processes.ts';

/** Which ports are free is only known by trying. */
export async function startDev() {
  for (let tries = 0; tries < 10; tries++) {
    const dev = await tryDev(44_000 + 16 * Math.floor(Math.random() * 1_000));
    if (dev !== null) return dev;
  }
  throw new Error('dev does not start');
}

async function tryDev(base: number) {
  const child = spawn(process.execPath, [cli, 'dev', '--port', `${base}`], { stdio: 'pipe' });
  let output = '';
  child.stdout.on('data', (text) => (output += text));
  for (const until = performance.now() + 8_000; performance.now() < until; await sleep(10)) {
    const page = /^ +page +(http:\S+)$/m.exec(output)?.[1];
    if (page !== undefined) return { page, kill: () => child.kill('SIGKILL') };
    if (child.exitCode !== null) return null;
  }
  child.kill('SIGKILL');
  return null;
}
