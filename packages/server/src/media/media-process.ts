import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { FromMedia, MediaConfig, ToMedia } from './messages.ts';

export interface MediaProcessEvents {
  ready(): void;
  unable(why: string): void;
  said(message: Extract<FromMedia, { type: 'answer' | 'heard' | 'whisper' }>): void;
  /** It has ended, by itself or not; told once, the last event. */
  ended(how: string): void;
}

/** A media process that answers none of so many pings in a row stands still: it is ended. One that begins may take longer. */
const pingsMax = 5;
const firstPingsMax = 80;
const pingMs = 250;

/** A media process as its server sees it. */
export class MediaProcess {
  readonly id: string;
  readonly #child: ChildProcess;
  readonly #pinging: NodeJS.Timeout;
  /** Pings, not milliseconds: while the server itself stands still, none is missed (C-3). */
  #unanswered = 0;
  #pingsMax = firstPingsMax;
  #ended = false;
  #links = 0;

  constructor(id: string, config: MediaConfig, events: MediaProcessEvents) {
    this.id = id;
    this.#child = fork(workerPath(), [], {
      serialization: 'advanced',
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    });
    this.#child.on('message', (message: FromMedia) => this.#heard(message, events));
    this.#child.on('error', (error) => this.#end(events, error.message));
    this.#child.on('exit', (code, signal) => this.#end(events, signal ?? `exit code ${code}`));
    this.#pinging = setInterval(() => this.#ping(), pingMs);
    this.#pinging.unref();
    this.tell({ type: 'config', config });
  }

  get pid(): number | undefined {
    return this.#child.pid;
  }

  /** Connections of clients, as it said a moment ago. */
  get links(): number {
    return this.#links;
  }

  tell(message: ToMedia): void {
    if (this.#child.connected) this.#child.send(message, () => {});
  }

  kill(): void {
    this.#child.kill('SIGKILL');
  }

  #heard(message: FromMedia, events: MediaProcessEvents): void {
    this.#unanswered = 0;
    this.#pingsMax = pingsMax;
    if (message.type === 'pong') this.#links = message.links;
    if (this.#ended || message.type === 'pong') return;
    if (message.type === 'ready') events.ready();
    else if (message.type === 'unable') events.unable(message.why);
    else events.said(message);
  }

  #ping(): void {
    if (this.#unanswered >= this.#pingsMax) return this.kill();
    this.#unanswered += 1;
    this.tell({ type: 'ping' });
  }

  #end(events: MediaProcessEvents, how: string): void {
    if (this.#ended) return;
    this.#ended = true;
    clearInterval(this.#pinging);
    events.ended(how);
  }
}

/** The program of the process: of the package as it is published, or of its sources where those run. */
function workerPath(): string {
  const here = import.meta.url;
  return fileURLToPath(
    here.endsWith('.ts')
      ? new URL('./worker.ts', here)
      : new URL('dist/media/worker.js', import.meta.resolve('@holdfast/server/package.json')),
  );
}
