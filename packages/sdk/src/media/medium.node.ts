/** Media for Node: peer connections of `@roamhq/wrtc`, in a process of their own, so that no fault of it is the program's. */
import { type ChildProcess, fork } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import type { MediaNews } from '@holdfast/core';
import type { Medium, MediumEvents, Sound, Still, Studio } from './medium.ts';
import { aliveMs, type FromProcess, type ToProcess } from './said.ts';
import type { Kind } from './wishes.ts';

/** Looks once whether the library is installed; nothing of it is loaded into this process. */
export function nodeStudio(): Studio {
  let missing: string | null | undefined;
  return {
    get missing() {
      if (missing === undefined) missing = missingLibrary();
      return missing;
    },
    open: (events) => new NodeMedium(events),
  };
}

function missingLibrary(): string | null {
  try {
    createRequire(import.meta.url).resolve('@roamhq/wrtc');
    return null;
  } catch {
    return 'audio and video on Node need the package @roamhq/wrtc: npm install @roamhq/wrtc';
  }
}

/** A process that ends is followed by another one after so long, in milliseconds; after so many that were of no use none is. */
const againMs = 250;
const uselessMax = 5;
/** What waits to be taken by the process; more pictures or sounds than that are dropped. */
const waitingMax = { still: 4, sound: 50 } as const;

class NodeMedium implements Medium {
  readonly #events: MediumEvents;
  readonly #alive: NodeJS.Timeout;
  #child: ChildProcess;
  #again: NodeJS.Timeout | undefined;
  #useless = 0;
  #closed = false;
  #waiting = { still: 0, sound: 0 };
  /** What another process has to be told. */
  #place: MediaNews | null = null;
  #connections = 0;
  #sent: readonly Kind[] = [];
  readonly #wanted = new Map<number, readonly Kind[]>();

  constructor(events: MediumEvents) {
    this.#events = events;
    this.#alive = setInterval(() => this.#tell({ type: 'alive' }), aliveMs);
    this.#child = this.#start();
  }

  news(frame: MediaNews): void {
    if (frame.type !== 'media-answer') this.#place = frame;
    this.#tell({ type: 'news', frame });
  }

  send(kinds: readonly Kind[]): void {
    this.#sent = kinds;
    this.#tell({ type: 'send', kinds });
  }

  want(uid: number, kinds: readonly Kind[]): void {
    if (kinds.length === 0) this.#wanted.delete(uid);
    else this.#wanted.set(uid, kinds);
    this.#tell({ type: 'want', uid, kinds });
  }

  still(still: Still): void {
    this.#give('still', { type: 'still', still });
  }

  sound(sound: Sound): void {
    this.#give('sound', { type: 'sound', sound });
  }

  close(): void {
    this.#closed = true;
    clearInterval(this.#alive);
    clearTimeout(this.#again);
    this.#child.kill('SIGKILL');
  }

  #start(): ChildProcess {
    const child = fork(processPath(), [], {
      serialization: 'advanced',
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    });
    this.#waiting = { still: 0, sound: 0 };
    child.on('message', (message: FromProcess) => {
      if (child === this.#child && !this.#closed) this.#heard(message);
    });
    child.on('error', () => {});
    child.on('exit', () => this.#ended(child));
    // The program may end while its media run: they end with it.
    child.unref();
    child.channel?.unref();
    this.#alive.unref();
    this.#child = child;
    this.#tell({ type: 'begin', connections: this.#connections });
    if (this.#place !== null) this.#tell({ type: 'news', frame: this.#place });
    this.#tell({ type: 'send', kinds: this.#sent });
    for (const [uid, kinds] of this.#wanted) this.#tell({ type: 'want', uid, kinds });
    return child;
  }

  #heard(message: FromProcess): void {
    const events = this.#events;
    switch (message.type) {
      case 'ready':
        this.#useless = 0;
        return;
      case 'unable':
        this.close();
        return events.failed(message.why);
      case 'signal':
        this.#connections = Math.max(this.#connections, message.frame.connection);
        return events.signal(message.frame);
      case 'heard':
        return events.heard();
      case 'refused':
        return events.refused(message.refused);
      case 'beat':
        return events.beat(message.beat);
      case 'still':
        return events.still(message.uid, message.still);
      case 'sound':
        return events.sound(message.uid, message.sound);
    }
  }

  #ended(child: ChildProcess): void {
    if (this.#closed || child !== this.#child) return;
    this.#useless += 1;
    this.#events.beat({ path: null, arrived: [] });
    if (this.#useless >= uselessMax) {
      this.close();
      return this.#events.failed('the media process ends again and again');
    }
    this.#again = setTimeout(() => this.#start(), againMs);
  }

  #give(what: 'still' | 'sound', message: ToProcess): void {
    if (this.#waiting[what] >= waitingMax[what] || !this.#child.connected) return;
    const waiting = this.#waiting;
    waiting[what] += 1;
    this.#child.send(message, () => {
      waiting[what] -= 1;
    });
  }

  #tell(message: ToProcess): void {
    if (this.#child?.connected) this.#child.send(message, () => {});
  }
}

/** The program of the process: of the package as it is published, or of its sources where those run. */
function processPath(): string {
  const here = import.meta.url;
  if (here.endsWith('.ts')) return fileURLToPath(new URL('./process.node.ts', here));
  const built = new URL('dist/media/process.js', import.meta.resolve('@holdfast/sdk/package.json'));
  const path = fileURLToPath(built);
  if (!existsSync(path)) throw new Error(`${path} is missing: build the SDK`);
  return path;
}
