import { closeName, stalls } from '../../contract/index.ts';
import type { Member } from '../../presence/index.ts';
import { Context } from './context.ts';
import { Joining } from './joining.ts';
import type { SendRefusal } from './outbox.ts';
import type { Phase, TimerName } from './phase.ts';
import { Suspended } from './suspended.ts';
import type { ClientInput, ClientOutput, ClientRandom, Deadline, StayOptions } from './types.ts';

/**
 * One stay of one user in one channel, as its own end sees it: joining, being inside, every outage and the
 * way back, leaving. Pure: what happens goes in, what to do comes out; `now` is running time (C-3).
 */
export class ClientSession {
  #phase: Phase | null = null;
  readonly #context: Context;

  constructor(options: StayOptions, random: ClientRandom) {
    this.#context = new Context(options, random);
  }

  /** The own uid; 0 until a server has assigned one. */
  get uid(): number {
    return this.#context.uid;
  }

  /** Somebody else in the channel, as last known; what the application has been told of it may be on its way. */
  member(uid: number): Member | undefined {
    return this.#context.picture.member(uid);
  }

  /** Of the connection to the server, as far as it has been measured. */
  get roundTrip() {
    return this.#context.roundTrip.figures;
  }

  /** The phase and what it is busy with, for traces. */
  get stateName(): string {
    return this.#phase?.name ?? 'new';
  }

  /** Why a message of so many bytes would not be taken now; null: it would. */
  sendRefusal(bytes: number, now: number): SendRefusal | null {
    const { outbox, messagesPerSecond, rights, speaks } = this.#context;
    if (!this.#joined) return 'notJoined';
    if (!rights.data) return 'notAllowed';
    if (!speaks) return 'audience';
    return outbox.refusal(bytes, messagesPerSecond, now);
  }

  /** Takes one input at running time `now`, in milliseconds; returns what to do, in order. */
  handle(input: ClientInput, now: number): ClientOutput[] {
    this.#context.now = now;
    this.#context.out = [];
    if (input.type === 'start') this.#phase ??= this.#start();
    else if (this.#phase !== null) this.#phase = this.#take(this.#phase, input);
    // Limits are judged when their deadline comes, after waiting input was read; the rest may go on at once.
    this.#runTimers(
      input.type === 'deadline' ? () => true : (timer) => timer === 'attempt' || timer === 'ask',
    );
    return this.#context.out;
  }

  /** When `handle({ type: 'deadline' })` is due next, in running time; null: not before another input. */
  deadline(): Deadline | null {
    return earliest(this.#timers());
  }

  /** In the channel, with or without a connection. */
  get #joined(): boolean {
    const phase = this.#phase instanceof Suspended ? this.#phase.before : this.#phase;
    return phase?.name.startsWith('inside') ?? false;
  }

  #timers(): Deadline<TimerName>[] {
    const timers = this.#phase?.timers() ?? [];
    return this.#phase?.name.startsWith('inside') ? [...timers, ...this.#context.token.timers()] : timers;
  }

  #start(): Phase {
    this.#context.joinedAt = this.#context.now;
    return new Joining(this.#context);
  }

  #take(phase: Phase, input: ClientInput): Phase {
    switch (input.type) {
      case 'leave':
        return this.#leave(phase);
      case 'update':
        this.#context.become(input.self);
        phase.updated();
        return phase;
      case 'send': {
        const { outbox, messagesPerSecond, now } = this.#context;
        phase.added(outbox.add(input, messagesPerSecond, now));
        return phase;
      }
      case 'renew':
        this.#context.token.renew(input.token);
        phase.renewed();
        return phase;
      case 'signal':
        phase.added(input.frame);
        return phase;
      case 'media-heard':
        this.#context.mediaHeardAt = this.#context.now;
        return phase;
      case 'hint':
        // The platform's word is doubted (C-15).
        if (input.hint !== 'offline') phase.hurry();
        if (input.hint !== 'online') phase.probe();
        return phase;
      case 'suspend':
        return phase.name === 'joining' || phase.name.startsWith('inside') ? new Suspended(phase) : phase;
      case 'foreground':
        return phase instanceof Suspended ? phase.foreground() : phase;
      case 'stalled':
        if (input.ms >= stalls.sleepMs) phase.woke();
        if (input.ms >= stalls.sleepMs) phase.hurry();
        phase.probe();
        return phase;
      case 'opened':
        return phase.opened(input.attempt);
      case 'frame':
        return phase.frame(input.attempt, input.frame);
      case 'closed':
        return phase.closed(input.attempt, closeName(input.code), input.text);
      default:
        return phase;
    }
  }

  #leave(phase: Phase): Phase {
    if (phase.name === 'leaving' || phase.name === 'ended') return phase;
    const { now, joinedAt } = this.#context;
    phase.endOutage();
    this.#context.state('disconnected', 'leaveChannel');
    this.#context.notice({ type: 'left', durationMs: now - joinedAt });
    return phase.leave();
  }

  /** Runs the timers that are due, the earliest first; each run removes its own cause. */
  #runTimers(wanted: (timer: TimerName) => boolean): void {
    for (;;) {
      const due = earliest(this.#timers().filter(({ why }) => wanted(why)));
      if (due === null || this.#phase === null || due.at > this.#context.now) return;
      this.#phase = this.#run(this.#phase, due.why);
    }
  }

  #run(phase: Phase, timer: TimerName): Phase {
    const { token } = this.#context;
    switch (timer) {
      case 'token-warning':
        token.warned();
        this.#context.notice({ type: 'token-will-expire', token: token.text });
        return phase;
      case 'token-expired':
        this.#context.askForToken();
        return phase;
      case 'token-grace':
        return phase.tokenOver();
      default:
        return phase.run(timer);
    }
  }
}

/** The earliest of some timers; of two at the same time the one listed first. */
function earliest(list: readonly Deadline<TimerName>[]): Deadline<TimerName> | null {
  let next: Deadline<TimerName> | null = null;
  for (const timer of list) if (next === null || timer.at < next.at) next = timer;
  return next;
}
