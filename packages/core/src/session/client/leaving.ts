import { type CloseName, recovery } from '../../contract/index.ts';
import type { Leave, ServerFrame } from '../../wire/frames.ts';
import { leaveFrame, type Stay } from './asking.ts';
import type { Context } from './context.ts';
import type { Link } from './link.ts';
import { Ended, type Phase, type TimerName } from './phase.ts';
import type { Search } from './search.ts';
import type { Deadline } from './types.ts';

/** How far a transport is that may carry the goodbye. */
export type Carrier = 'dialing' | 'asked' | 'sent';

/** What carries the goodbye of somebody who is in the channel: the connection, and if it cannot be trusted also another way. */
export function leaveFrom(
  context: Context,
  stay: Stay,
  { link, search, trusted }: { link: Link | null; search: Search | null; trusted: boolean },
): Phase {
  const { servers, now } = context;
  const goodbye = leaveFrame(context, stay);
  const carriers = new Map<number, Carrier>();
  for (const { number, stage } of search?.attempts.values() ?? []) {
    if (!trusted && (stage === 'dialing' || stage === 'asked')) carriers.set(number, stage);
    else context.close(number);
  }
  if (!trusted && carriers.size === 0) {
    const url = servers.next(now, () => 0);
    if (url !== null) carriers.set(context.dial(url), 'dialing');
  }
  if (link !== null) {
    carriers.set(link.attempt, 'sent');
    link.send(goodbye);
  }
  if (carriers.size === 0) return new Ended(context);
  return new Leaving(context, goodbye, carriers, recovery.goodbyeMs);
}

/** The app has left and is told nothing more; some transports may still carry the goodbye (C-14). */
export class Leaving implements Phase {
  readonly name = 'leaving';
  readonly #context: Context;
  readonly #goodbye: Leave | null;
  readonly #carriers: Map<number, Carrier>;
  readonly #until: number;

  /** @param goodbye null while no server has said who we are: a join that was asked may still be granted */
  constructor(context: Context, goodbye: Leave | null, carriers: Map<number, Carrier>, forMs: number) {
    this.#context = context;
    this.#goodbye = goodbye;
    this.#carriers = carriers;
    this.#until = context.now + forMs;
  }

  endOutage(): void {}

  leave(): Phase {
    return this;
  }

  updated(): void {}
  renewed(): void {}

  tokenOver(): Phase {
    return this;
  }

  added(): void {}
  suspend(): void {}
  probe(): void {}
  hurry(): void {}
  woke(): void {}

  opened(number: number): Phase {
    if (this.#carriers.get(number) !== 'dialing' || this.#goodbye === null) return this;
    this.#carriers.set(number, 'sent');
    this.#context.send(number, this.#goodbye);
    return this;
  }

  frame(number: number, frame: ServerFrame): Phase {
    const carrier = this.#carriers.get(number);
    if (carrier === undefined) return this;
    if (frame.type === 'farewell') return this.#end();
    if (frame.type === 'refused') return this.#lose(number);
    if (frame.type !== 'welcome' || carrier !== 'asked') return this;
    this.#carriers.set(number, 'sent');
    this.#context.send(number, leaveFrame(this.#context, frame));
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
    this.#context.close(number);
    return this.#carriers.size === 0 ? this.#end() : this;
  }

  #end(): Phase {
    for (const number of this.#carriers.keys()) this.#context.close(number);
    return new Ended(this.#context);
  }
}
