import type { Reply } from '../cluster.ts';
import type { Path } from '../world/path.ts';
import { Pipe } from '../world/pipe.ts';
import type { Timeline } from '../world/timeline.ts';
import type { Guest, SimulatedRedis } from './redis.ts';

/** What a server sends to Redis. */
export type Request =
  | {
      readonly type: 'run';
      readonly id: number;
      readonly script: string;
      readonly keys: readonly string[];
      readonly args: readonly Buffer[];
    }
  | { readonly type: 'publish'; readonly inbox: string; readonly message: Buffer }
  | { readonly type: 'subscribe' | 'unsubscribe'; readonly inbox: string }
  | { readonly type: 'fin' };

/** What Redis sends to a server. */
export type Answer =
  | { readonly type: 'reply'; readonly id: number; readonly reply: Reply }
  | { readonly type: 'failed'; readonly id: number; readonly why: string }
  | { readonly type: 'subscribed' }
  | { readonly type: 'told'; readonly message: Buffer }
  | { readonly type: 'fin' };

export interface WireEnds {
  readonly timeline: Timeline;
  readonly path: Path;
  readonly redis: SimulatedRedis;
  readonly server: string;
  opened(): void;
  answered(answer: Answer): void;
  /** It could not be opened, or is over. */
  closed(): void;
}

/** One TCP connection from a server to Redis. What was sent on it may still arrive after the server has given it up. */
export class Wire implements Guest {
  readonly #ends: WireEnds;
  readonly #up: Pipe<Request>;
  readonly #down: Pipe<Answer>;
  #state: 'opening' | 'open' | 'closed' = 'opening';

  constructor(ends: WireEnds) {
    this.#ends = ends;
    const { timeline, path, server } = ends;
    this.#up = new Pipe<Request>(timeline, path, { direction: 'up', server }, (request) =>
      this.#atRedis(request),
    );
    this.#down = new Pipe<Answer>(timeline, path, { direction: 'down', server }, (answer) =>
      this.#atServer(answer),
    );
    timeline.after(connectMs, () => this.#state === 'opening' && this.#over());
    for (const againMs of [0, 1_000]) timeline.after(againMs, () => this.#dial());
  }

  get isOpen(): boolean {
    return this.#state === 'open';
  }

  send(request: Request): void {
    if (this.isOpen) this.#up.send(request);
  }

  /** The server gives it up; its kernel goes on with what was sent. */
  close(): void {
    if (this.isOpen) this.#up.send({ type: 'fin' });
    this.#state = 'closed';
  }

  // ---- the end at Redis

  told(_inbox: string, message: Buffer): void {
    this.#down.send({ type: 'told', message });
  }

  dropped(): void {
    this.#up.end();
    this.#down.send({ type: 'fin' });
  }

  #atRedis(request: Request): void {
    const { redis } = this.#ends;
    switch (request.type) {
      case 'fin':
        return redis.leave(this);
      case 'subscribe':
        redis.subscribe(request.inbox, this);
        return this.#down.send({ type: 'subscribed' });
      case 'unsubscribe':
        return redis.unsubscribe(request.inbox, this);
      case 'publish':
        redis.publish(request.inbox, request.message);
        return;
      case 'run': {
        const { id, script, keys, args } = request;
        const reply = redis.run(script, keys, args);
        this.#down.send({ type: 'reply', id, reply });
      }
    }
  }

  // ---- the end at the server

  #dial(): void {
    const { timeline, path, redis, server } = this.#ends;
    if (this.#state !== 'opening' || !path.open('up', server) || !path.open('down', server)) return;
    timeline.after(2 * path.travelMs(), () => {
      if (this.#state !== 'opening') return;
      if (!redis.up) return this.#over();
      this.#state = 'open';
      redis.enter(this);
      this.#ends.opened();
    });
  }

  #atServer(answer: Answer): void {
    if (this.#state !== 'open') return;
    if (answer.type === 'fin') this.#over();
    else this.#ends.answered(answer);
  }

  #over(): void {
    this.#state = 'closed';
    this.#ends.closed();
  }
}

/** As the product has it, in milliseconds. */
const connectMs = 2_000;
