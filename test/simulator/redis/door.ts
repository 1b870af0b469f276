import {
  type Argument,
  type Link,
  type LinkListener,
  type Reply,
  type Script,
  StoreUnavailable,
} from '../cluster.ts';
import type { Path } from '../world/path.ts';
import type { Process } from '../world/process.ts';
import type { Timeline } from '../world/timeline.ts';
import type { SimulatedRedis } from './redis.ts';
import { type Answer, Wire } from './wire.ts';

export interface DoorPlace {
  readonly timeline: Timeline;
  readonly path: Path;
  readonly redis: SimulatedRedis;
  readonly server: Process;
}

interface Waiting {
  resolve(reply: Reply): void;
  reject(error: Error): void;
}

/** A server's two connections to Redis, as its Redis client keeps them: reopened whenever they end. */
export class Door implements Link {
  readonly #listener: LinkListener;
  readonly #waiting = new Map<number, Waiting>();
  readonly #commands: Line;
  readonly #inbox: Line;
  #listening: string | null = null;
  #count = 0;

  constructor(place: DoorPlace, listener: LinkListener) {
    this.#listener = listener;
    this.#commands = new Line(place, {
      opened: () => listener.moved(),
      answered: (answer) => this.#answered(answer),
      closed: () => this.#lost(),
    });
    this.#inbox = new Line(place, {
      opened: () => this.#subscribe(),
      answered: (answer) => {
        if (answer.type === 'told') listener.told(answer.message);
        if (answer.type === 'subscribed') listener.hearing();
      },
      closed: () => undefined,
    });
  }

  async open(): Promise<void> {}

  listen(inbox: string): void {
    this.#listening = inbox;
    this.#subscribe();
  }

  async unlisten(inbox: string): Promise<void> {
    this.#listening = null;
    this.#inbox.send({ type: 'unsubscribe', inbox });
  }

  async run({ lua }: Script, keys: readonly string[], args: readonly Argument[]): Promise<Reply> {
    if (!this.#commands.isOpen) throw new StoreUnavailable('the connection is not open');
    this.#count += 1;
    const id = this.#count;
    const answered = new Promise<Reply>((resolve, reject) => this.#waiting.set(id, { resolve, reject }));
    const bytes = args.map((each) => (Buffer.isBuffer(each) ? each : Buffer.from(String(each))));
    this.#commands.send({ type: 'run', id, script: lua, keys, args: bytes });
    return answered;
  }

  tell(inbox: string, message: string): void {
    this.#commands.send({ type: 'publish', inbox, message: Buffer.from(message) });
  }

  reconnect(): void {
    this.#commands.renew();
    this.#inbox.renew();
  }

  listenAnew(): void {
    this.#inbox.renew();
  }

  close(): void {
    this.#commands.end();
    this.#inbox.end();
  }

  #subscribe(): void {
    if (this.#listening !== null) this.#inbox.send({ type: 'subscribe', inbox: this.#listening });
  }

  #answered(answer: Answer): void {
    if (answer.type !== 'reply') return;
    const waiting = this.#waiting.get(answer.id);
    this.#waiting.delete(answer.id);
    waiting?.resolve(answer.reply);
  }

  #lost(): void {
    this.#listener.lost('the connection was lost');
    const all = [...this.#waiting.values()];
    this.#waiting.clear();
    for (const { reject } of all) reject(new StoreUnavailable('the connection was lost'));
  }
}

interface LineEar {
  opened(): void;
  answered(answer: Answer): void;
  closed(): void;
}

/** One connection after the other. */
class Line {
  readonly #place: DoorPlace;
  readonly #ear: LineEar;
  #wire: Wire;
  #failures = 0;
  #ended = false;

  constructor(place: DoorPlace, ear: LineEar) {
    this.#place = place;
    this.#ear = ear;
    this.#wire = this.#dial();
  }

  get isOpen(): boolean {
    return this.#wire.isOpen;
  }

  send(request: Parameters<Wire['send']>[0]): void {
    this.#wire.send(request);
  }

  renew(): void {
    this.#wire.close();
    this.#closed(this.#wire);
  }

  end(): void {
    this.#ended = true;
    this.#wire.close();
  }

  #dial(): Wire {
    const { timeline, path, redis, server } = this.#place;
    const mine = (run: () => void) => server.arrive(() => this.#wire === wire && run());
    const wire: Wire = new Wire({
      ...{ timeline, path, redis, server: server.name },
      opened: () =>
        mine(() => {
          this.#failures = 0;
          this.#ear.opened();
        }),
      answered: (answer) => mine(() => this.#ear.answered(answer)),
      closed: () => mine(() => this.#closed(wire)),
    });
    return wire;
  }

  #closed(wire: Wire): void {
    this.#ear.closed();
    if (this.#ended) return;
    this.#failures += 1;
    const { timeline, server } = this.#place;
    timeline.after(Math.min(20 * this.#failures, retryMaxMs), () =>
      server.arrive(() => {
        if (this.#wire === wire && !this.#ended) this.#wire = this.#dial();
      }),
    );
  }
}

/** As the product has it, in milliseconds. */
const retryMaxMs = 250;
