import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { favour } from '../conformance/processes.ts';
import type { Answer, FromNodeCaller, ToNodeCaller } from './node-caller-process.ts';

export interface NodeCallerOptions {
  /** Where it looks first. */
  readonly servers: readonly string[];
  readonly channel: string;
  readonly uid: number;
  /** Whether it is seen and heard, or only watches. */
  readonly sends?: boolean;
  /** A command that runs it somewhere else. */
  readonly within?: readonly string[];
}

/** Somebody in a call, in a process of Node. */
export class NodeCaller {
  readonly uid: number;
  readonly child: ChildProcess;
  /** Questions that have no answer yet, by number. */
  readonly #asked = new Map<number, (heard: FromNodeCaller) => void>();
  #questions = 0;

  /** Begins at once. */
  constructor({ servers, channel, uid, sends = true, within = [] }: NodeCallerOptions) {
    this.uid = uid;
    const program = [
      process.execPath,
      '--import',
      'tsx',
      join(import.meta.dirname, 'node-caller-process.ts'),
    ];
    const [command = process.execPath, ...args] = [...within, ...program];
    this.child = spawn(command, args, {
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
      serialization: 'json',
      detached: true,
    });
    // Browsers share this machine, which users of their own have not: whole pages are drawn here.
    if (this.child.pid) favour(this.child.pid);
    this.child.on('message', ({ question, heard }: Answer) => {
      this.#asked.get(question)?.(heard);
      this.#asked.delete(question);
    });
    this.#say({ type: 'enter', servers, channel, uid, sends });
  }

  /** Everything since the beginning. */
  async heard(): Promise<FromNodeCaller> {
    this.#questions += 1;
    const question = this.#questions;
    return new Promise((resolve, reject) => {
      const timeout = setTimeout(() => reject(new Error(`${this.uid} does not answer`)), 15_000);
      this.#asked.set(question, (heard) => {
        clearTimeout(timeout);
        resolve(heard);
      });
      this.#say({ type: 'tell', question });
    });
  }

  /** When pictures of somebody came, milliseconds since 1970. */
  async shown(uid: number): Promise<number[]> {
    return (await this.heard()).pictures[uid] ?? [];
  }

  async told(): Promise<FromNodeCaller['told']> {
    return (await this.heard()).told;
  }

  /** A program on Node has no stream objects that could be others. */
  async same(): Promise<boolean> {
    return true;
  }

  mute(muted: boolean): void {
    this.#say({ type: 'mute', muted });
  }

  /** The process in which its media run; none while it begins. */
  mediaPid(): number | undefined {
    try {
      return Number(
        execFileSync('pgrep', ['-P', `${this.child.pid}`, '-f', 'media/process'], { encoding: 'utf8' }).split(
          '\n',
        )[0],
      );
    } catch {
      return undefined;
    }
  }

  /** Waits for more pictures and for sound of somebody. @throws Error after `withinMs` */
  async sees(uid: number, pictures = 5, withinMs = 15_000): Promise<void> {
    const count = ({ pictures, sounds }: FromNodeCaller) =>
      [pictures[uid]?.length ?? 0, sounds[uid]?.length ?? 0] as const;
    const before = count(await this.heard());
    let now = before;
    for (const until = performance.now() + withinMs; performance.now() < until; await sleep(50)) {
      now = count(await this.heard());
      if (now[0] >= before[0] + pictures && now[1] > before[1]) return;
    }
    const { told, media } = await this.heard();
    throw new Error(
      `${this.uid} saw ${now[0] - before[0]} pictures and heard ${now[1] - before[1]} sounds of ${uid} in ${withinMs} ms: ${JSON.stringify([told, media])}`,
    );
  }

  kill(signal: NodeJS.Signals = 'SIGKILL'): void {
    this.child.kill(signal);
  }

  #say(message: ToNodeCaller): void {
    this.child.send(message);
  }
}
