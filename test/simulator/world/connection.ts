import type { Direction, Path } from './path.ts';
import { Pipe, type Segment } from './pipe.ts';
import type { Process } from './process.ts';
import type { Timeline } from './timeline.ts';

/** Between a first dial and its repetitions: 1, 3, 7, 15 s after the start. */
const dialAgainMs = 1_000;
/** A closing server side that gets no answer lets go after this. */
const closeTimeoutMs = 2_000;
/** The code of a transport that ended without a WebSocket close. */
const abnormal = 1006;
/** What either kernel takes off a process's hands: so much is on its way at most, the rest waits in the process. */
const kernelBytes = 65_536;

/** What one end of a connection hears; every call is made in its process's event loop. */
export interface Ear {
  message(bytes: Uint8Array, goodbye: boolean, arrived: number): void;
  closed(code: number): void;
}

export interface ClientEar extends Ear {
  opened(): void;
}

/** A process that takes connections. */
export interface Listener extends Process {
  accept(connection: Connection): Ear;
}

type Side = 'absent' | 'open' | 'closing' | 'closed';

/** One WebSocket over TCP from a client to a server, with both kernels. */
export class Connection {
  readonly name: string;
  readonly client: Process;
  readonly serverName: string;
  readonly #timeline: Timeline;
  readonly #path: Path;
  readonly #clientEar: ClientEar;
  readonly #listening: () => Listener | null;
  #server: Listener | null = null;
  #serverEar: Ear | null = null;
  readonly #up: Pipe;
  readonly #down: Pipe;
  /** What the server has sent and the client's process has not read: on its way, or in a kernel. */
  #unreadBytes = 0;
  /** Bytes that the server has ever sent, and up to which of them it waits for word. */
  #sentDown = 0;
  readonly #unpassed: { readonly upTo: number; readonly passedOn: () => void }[] = [];
  #clientSide: Side = 'absent';
  #serverSide: Side = 'absent';

  constructor(
    timeline: Timeline,
    path: Path,
    ends: {
      readonly name: string;
      readonly client: Process;
      readonly ear: ClientEar;
      readonly server: string;
      readonly listening: () => Listener | null;
    },
  ) {
    this.#timeline = timeline;
    this.#path = path;
    this.name = ends.name;
    this.client = ends.client;
    this.#clientEar = ends.ear;
    this.serverName = ends.server;
    this.#listening = ends.listening;
    const pipe = (direction: Direction, receive: (segment: Segment) => void) =>
      new Pipe(timeline, path, { direction, server: ends.server }, receive);
    this.#up = pipe('up', (segment) => this.#atServer(segment));
    this.#down = pipe('down', (segment) => this.#atClient(segment));
    this.#dial(0);
  }

  get server(): Process | null {
    return this.#server;
  }

  /** The client's process still has something in hand. */
  get heldByClient(): boolean {
    return this.client.alive && this.#clientSide !== 'closed' && this.#clientSide !== 'closing';
  }

  get over(): boolean {
    return this.#clientSide === 'closed' && (this.#server === null || this.#serverSide === 'closed');
  }

  // ---- what processes do

  sendUp(bytes: Uint8Array, goodbye: boolean): void {
    if (this.#clientSide === 'open') this.#up.send({ type: 'message', bytes, goodbye });
  }

  /** @param passedOn is called in the server's event loop once a kernel has taken all of it */
  sendDown(bytes: Uint8Array, passedOn?: () => void): void {
    if (this.#serverSide !== 'open') return;
    this.#sentDown += bytes.length;
    this.#unreadBytes += bytes.length;
    if (passedOn !== undefined) this.#unpassed.push({ upTo: this.#sentDown, passedOn });
    this.#down.send({ type: 'message', bytes, goodbye: false });
    this.#passOn();
  }

  /** Bytes that wait in the server's process: what neither kernel has room for. */
  get bufferedDown(): number {
    return Math.max(0, this.#unreadBytes - 2 * kernelBytes);
  }

  closeByClient(code: number): void {
    if (this.#clientSide === 'absent') {
      if (this.#server !== null) this.#up.send({ type: 'fin' });
      this.#clientSide = 'closed';
    } else if (this.#clientSide === 'open') {
      this.#up.send({ type: 'close', code });
      this.#clientSide = 'closing';
    }
  }

  closeByServer(code: number): void {
    if (this.#serverSide !== 'open') return;
    this.#down.send({ type: 'close', code });
    this.#serverSide = 'closing';
    this.#timeline.after(closeTimeoutMs, () => this.#serverClosed(abnormal));
  }

  // ---- what happens to it

  /** The process at this end is no more: its kernel closes what it had. */
  killed(end: 'client' | 'server'): void {
    const side = end === 'client' ? this.#clientSide : this.#serverSide;
    const established = this.#server !== null && side !== 'closed';
    if (established) (end === 'client' ? this.#up : this.#down).send({ type: 'fin' });
    if (end === 'client') this.#clientSide = 'closed';
    else this.#serverSide = 'closed';
  }

  /** Something in the middle reset it: both ends see it close. */
  reset(): void {
    if (this.#server === null) return;
    this.#up.end();
    this.#down.end();
    this.#timeline.after(this.#path.travelMs(), () => this.#clientClosed(abnormal));
    this.#timeline.after(this.#path.travelMs(), () => this.#serverClosed(abnormal));
  }

  // ---- the dial

  #dial(repetition: number): void {
    if (this.#clientSide !== 'absent' || this.#server !== null) return;
    this.#timeline.after(dialAgainMs * 2 ** repetition, () => this.#dial(repetition + 1));
    this.#packet('up', () => {
      const listener = this.#listening();
      this.#packet('down', () => this.#answered(listener));
    });
  }

  #answered(listener: Listener | null): void {
    if (this.#clientSide !== 'absent' || this.#server !== null) return;
    if (listener === null) {
      this.#clientClosed(abnormal);
      return;
    }
    this.#server = listener;
    this.client.arrive(() => {
      if (this.#clientSide === 'absent') this.#up.send({ type: 'upgrade' });
    });
  }

  /** A lone packet that nobody repeats. */
  #packet(direction: Direction, arrived: () => void): void {
    if (!this.#path.open(direction, this.serverName) || this.#path.lost()) return;
    this.#timeline.after(this.#path.travelMs(), arrived);
  }

  // ---- the kernels

  #atServer(segment: Segment): void {
    const server = this.#server;
    if (server === null) return;
    if (!server.alive || this.#serverSide === 'closed') {
      if (segment.type !== 'close') this.#packet('down', () => this.#clientClosed(abnormal));
      return;
    }
    if (segment.type === 'close' || segment.type === 'fin') {
      this.#serverClosed(segment.type === 'close' ? segment.code : abnormal);
      return;
    }
    server.arrive((arrived) => {
      if (segment.type === 'upgrade') this.#accept(server);
      else if (segment.type === 'message' && this.#serverSide === 'open') {
        this.#serverEar?.message(segment.bytes, segment.goodbye, arrived);
      }
    });
  }

  #accept(server: Listener): void {
    if (this.#serverSide !== 'absent') return;
    this.#serverSide = 'open';
    this.#down.send({ type: 'accepted' });
    this.#serverEar = server.accept(this);
  }

  #atClient(segment: Segment): void {
    if (!this.client.alive) {
      this.#packet('up', () => this.#serverClosed(abnormal));
      return;
    }
    if (segment.type === 'close' || segment.type === 'fin') {
      this.#clientClosed(segment.type === 'close' ? segment.code : abnormal);
      return;
    }
    const bytes = segment.type === 'message' ? segment.bytes.length : 0;
    this.client.arrive((arrived) => {
      this.#unreadBytes -= bytes;
      this.#passOn();
      if (segment.type === 'accepted' && this.#clientSide === 'absent') {
        this.#clientSide = 'open';
        this.#clientEar.opened();
      } else if (segment.type === 'message' && this.#clientSide === 'open') {
        this.#clientEar.message(segment.bytes, false, arrived);
      }
    });
  }

  #passOn(): void {
    const upTo = this.#sentDown - this.bufferedDown;
    for (
      let first = this.#unpassed[0];
      first !== undefined && first.upTo <= upTo;
      first = this.#unpassed[0]
    ) {
      this.#unpassed.shift();
      const { passedOn } = first;
      this.#timeline.after(0, () => this.#server?.arrive(passedOn));
    }
  }

  /** The client's kernel knows that it is over; its process hears of it, and answers, when it runs. */
  #clientClosed(code: number): void {
    this.client.arrive(() => {
      const side = this.#clientSide;
      if (side === 'closed') return;
      this.#clientSide = 'closed';
      if (side === 'closing') return;
      if (this.#server !== null) this.#up.send({ type: 'close', code });
      this.#clientEar.closed(code);
    });
  }

  #serverClosed(code: number): void {
    this.#server?.arrive(() => {
      const side = this.#serverSide;
      if (side === 'closed') return;
      this.#serverSide = 'closed';
      if (side === 'open') this.#down.send({ type: 'close', code });
      this.#serverEar?.closed(code);
    });
  }
}
