import type { ServerOutage } from '../../wire/frames.ts';
import type { Stay } from './asking.ts';
import type { Context } from './context.ts';
import type { TimerName } from './phase.ts';
import type { AttemptRecord, OutageRecord } from './record.ts';
import type { Deadline } from './types.ts';

/** A trouble from its first sign to its end: what the app is told of it (C-11, C-12), and the record (C-90). */
export class Outage {
  readonly id: string;
  /** Running time of the last packet before it: zero of the record's times. */
  readonly zero: number;
  #interruptedTold = false;
  #lostTold = false;
  readonly #beganAt: number;
  readonly #noticed: { atMs: number; what: string }[] = [];
  readonly #told: { atMs: number; notice: string }[] = [];
  readonly #attempts: AttemptRecord[] = [];
  readonly #context: Context;

  constructor(context: Context, zero: number) {
    this.#context = context;
    this.id = context.random.id();
    this.zero = zero;
    this.#beganAt = context.now;
  }

  get interruptedTold(): boolean {
    return this.#interruptedTold;
  }

  get lostTold(): boolean {
    return this.#lostTold;
  }

  noticed(what: string): void {
    keep(this.#noticed, { atMs: Math.round(this.#context.now - this.zero), what });
  }

  tried(attempt: AttemptRecord): void {
    keep(this.#attempts, attempt);
  }

  interrupted(): void {
    this.#interruptedTold = true;
    this.#context.state('reconnecting', 'interrupted');
    this.#context.notice({ type: 'interrupted' });
    this.#tell('interrupted');
  }

  lost(): void {
    this.#lostTold = true;
    this.#context.state('reconnecting', 'lost');
    this.#context.notice({ type: 'lost' });
    this.#tell('lost');
  }

  /** The app hears of the return if it had heard of the outage (C-11). */
  back(uid: number): void {
    if (!this.#interruptedTold) return;
    this.#context.state('connected', 'rejoinSuccess');
    this.#context.notice({ type: 'rejoined', uid, elapsedMs: this.#context.now - this.#beganAt });
    this.#tell('rejoined');
  }

  /** Hands out the record: the outage is over. */
  end({ uid, session }: Stay, end: OutageRecord['end'], server: ServerOutage | null): void {
    const { now, options } = this.#context;
    const about = { id: this.id, channel: options.channel, uid, session, end };
    const attempts = this.#attempts.map((attempt) => ({ ...attempt }));
    const notes = { noticed: this.#noticed, attempts, told: this.#told };
    this.#context.outage({ ...about, ...notes, endedMs: Math.round(now - this.zero), server });
  }

  #tell(notice: string): void {
    keep(this.#told, { atMs: Math.round(this.#context.now - this.zero), notice });
  }
}

const mostNotes = 200;

/** A record is bounded: of a very long outage it keeps the beginning and the latest (C-63). */
function keep<T>(list: T[], item: T): void {
  if (list.length >= mostNotes) list.splice(mostNotes / 2, 1);
  list.push(item);
}

/** When the app is told next of the silence of servers and media, or the stay is given up. */
export function limitTimers(
  { options, mediaHeardAt }: Context,
  { heardAt, limits }: Stay,
  outage: Outage | null,
): Deadline<TimerName>[] {
  const { interruptedMs, lostMs, giveUpMs } = { ...limits, ...options.limits };
  const since = Math.max(heardAt, mediaHeardAt);
  const list: Deadline<TimerName>[] = [];
  if (!outage?.interruptedTold) list.push({ at: since + interruptedMs, why: 'interrupted' });
  else if (!outage.lostTold) list.push({ at: since + lostMs, why: 'lost' });
  if (giveUpMs !== null) list.push({ at: since + giveUpMs, why: 'give-up' });
  return list;
}
