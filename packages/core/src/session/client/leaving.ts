import { type CloseName, closeName } from '../../contract/index.ts';
import type { Join, Leave, Refused, ServerFrame } from '../../wire/frames.ts';
import { leaveFrame } from './asking.ts';
import type { Context } from './context.ts';
import { Ended, type Phase, type TimerName } from './phase.ts';
import type { Deadline } from './types.ts';

/** What a user says who leaves in an outage. */
export interface Words {
  readonly goodbye: Leave;
  /** To a server that does not know the stay. */
  readonly rejoin: (attempt: number) => Join;
}

/** How far a transport is that may carry the goodbye. */
export type Carrier = 'dialing' | 'asked' | 'sent';

/** The app has left and is told nothing more; some transports may still carry the goodbye (C-14). */
export class Leaving implements Phase {
  readonly name = 'leaving';
  readonly #context: Context;
  readonly #words: Words | null;
  readonly #carriers: Map<number, Carrier>;
  readonly #until: number;
  /** The one transport on which a server that has forgotten the stay is asked to let us in and out again. */
  #rejoined: number | null = null;

  /** @param words null while no server has said who we are: a join that was asked may still be granted */
  constructor(context: Context, words: Words | null, carriers: Map<number, Carrier>, forMs: number) {
    this.#context = context;
    this.#words = words;
    this.#carriers = carriers;
    this.#until = context.now + forMs;
  }

  endOutage(): void {}

  leave(): Phase {
    return this;
  }

  updated(): void {}
  suspend(): void {}
  probe(): void {}
  hurry(): void {}
  woke(): void {}

  opened(number: number): Phase {
    if (this.#carriers.get(number) !== 'dialing' || this.#words === null) return this;
    this.#carriers.set(number, 'sent');
    this.#context.send(number, this.#words.goodbye);
    return this;
  }

  frame(number: number, frame: ServerFrame): Phase {
    const carrier = this.#carriers.get(number);
    if (carrier === undefined) return this;
    if (frame.type === 'farewell') return this.#end();
    if (frame.type === 'refused') return this.#refused(number, frame);
    if (frame.type !== 'welcome' || carrier !== 'asked') return this;
    this.#carriers.set(number, 'sent');
    this.#context.send(number, leaveFrame(this.#context.options, frame));
    return this;
  }

  /** A server that has forgotten the stay believes a goodbye only of somebody whom it has let in. */
  #refused(number: number, { code }: Refused): Phase {
    const forgotten = closeName(code) === 'unknownSession' && this.#words !== null;
    if (!forgotten || this.#rejoined !== null) return this.#lose(number);
    this.#rejoined = number;
    this.#carriers.set(number, 'asked');
    if (this.#words !== null) this.#context.send(number, this.#words.rejoin(number));
    return this;
  }

  closed(number: number, _close: CloseName): Phase {
    return this.#lose(number);
  }

  timers(): Deadline<TimerName>[] {
    return [{ at: this.#until, why: 'goodbye' }];
  }

  run(_timer: TimerName): Phase {
    return this.#end();
  }

  #lose(number: number): Phase {
    if (!this.#carriers.delete(number)) return this;
    if (this.#rejoined === number) this.#rejoined = null;
    this.#context.close(number);
    return this.#carriers.size === 0 ? this.#end() : this;
  }

  #end(): Phase {
    for (const number of this.#carriers.keys()) this.#context.close(number);
    return new Ended(this.#context);
  }
}
