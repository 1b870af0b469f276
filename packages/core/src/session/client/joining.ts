import { type CloseName, closeName, defaultLimits, recovery } from '../../contract/index.ts';
import type { ServerFrame } from '../../wire/frames.ts';
import { joinFrame } from './asking.ts';
import type { Context } from './context.ts';
import { Inside } from './inside.ts';
import { Leaving } from './leaving.ts';
import { Ended, fail, isFinal, type Phase, type TimerName } from './phase.ts';
import { Search } from './search.ts';
import type { Deadline } from './types.ts';

/** Not yet in the channel; tries until it is, or is told that it never will be (C-13). */
export class Joining implements Phase {
  readonly name = 'joining';
  #since: number;
  #lostTold = false;
  readonly #context: Context;
  readonly #search: Search;

  constructor(context: Context) {
    this.#context = context;
    this.#since = context.now;
    this.#search = new Search(context, context.now, context.now, 0);
    context.state('connecting', 'connecting');
  }

  endOutage(): void {}

  /** A join that was asked may have been granted: its answer is awaited, to take it back. */
  leave(): Phase {
    const carriers = new Map<number, 'asked'>();
    for (const { number, stage } of this.#search.attempts.values()) {
      if (stage === 'asked') carriers.set(number, 'asked');
      else this.#context.close(number);
    }
    if (carriers.size === 0) return new Ended(this.#context);
    return new Leaving(this.#context, null, carriers, recovery.goodbyeMs);
  }

  updated(): void {}
  renewed(): void {}

  tokenOver(): Phase {
    return this;
  }

  added(): void {}

  suspend(): void {
    this.#search.pause();
  }

  probe(): void {}

  hurry(): void {
    this.#search.hurry();
  }

  woke(): void {
    this.#since = this.#context.now;
  }

  opened(number: number): Phase {
    const attempt = this.#search.attempts.get(number);
    if (!attempt) return this;
    this.#context.opened(this.#context.now - attempt.startedAt);
    this.#search.opened(attempt);
    return this;
  }

  frame(number: number, frame: ServerFrame): Phase {
    const attempt = this.#search.attempts.get(number);
    if (!attempt) return this;
    if (frame.type === 'welcome') {
      const { joinedAt, now } = this.#context;
      const inside = new Inside(this.#context, this.#search, attempt, frame);
      this.#context.state('connected', 'joinSuccess');
      this.#context.notice({ type: 'joined', uid: frame.uid, elapsedMs: now - joinedAt });
      this.#context.tell(this.#context.picture.take(frame));
      this.#context.inbox.begin(frame.members, frame.join);
      this.#context.begunIn = frame.position;
      return inside;
    }
    if (frame.type === 'heartbeat') this.#search.waits(attempt);
    if (frame.type !== 'refused') return this;
    const close = closeName(frame.code);
    if (isFinal(close)) return fail(this.#context, this.#search.attempts.keys(), close, frame.text);
    this.#search.refused(attempt, frame, close);
    return this;
  }

  closed(number: number, close: CloseName, text: string): Phase {
    const attempt = this.#search.attempts.get(number);
    if (!attempt) return this;
    this.#search.failed(attempt, close);
    return isFinal(close) ? fail(this.#context, this.#search.attempts.keys(), close, text) : this;
  }

  timers(): Deadline<TimerName>[] {
    const { lostMs, giveUpMs } = { ...defaultLimits, ...this.#context.options.limits };
    const list = this.#search.timers(false);
    if (!this.#lostTold) list.push({ at: this.#since + lostMs, why: 'lost' });
    if (giveUpMs !== null) list.push({ at: this.#since + giveUpMs, why: 'give-up' });
    return list;
  }

  run(timer: TimerName): Phase {
    switch (timer) {
      case 'attempt':
        this.#search.start();
        break;
      case 'ask': {
        const attempt = this.#search.attempts.newestToAsk();
        if (!attempt) break;
        this.#search.asked(attempt, 'asked', true);
        this.#context.send(attempt.number, joinFrame(this.#context, attempt.number));
        break;
      }
      case 'overdue':
        this.#search.dropOverdue();
        break;
      case 'lost':
        this.#lostTold = true;
        this.#context.state('reconnecting', 'lost');
        this.#context.notice({ type: 'lost' });
        break;
      case 'give-up':
        return fail(
          this.#context,
          this.#search.attempts.keys(),
          'abnormal',
          'no server let us in in giveUpMs',
        );
      default:
        break;
    }
    return this;
  }
}
