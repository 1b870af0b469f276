import { recovery } from '../../contract/index.ts';
import type { ClientFrame, Entries, Rights, ServerHeartbeat, Welcome } from '../../wire/frames.ts';
import type { Context } from './context.ts';
import type { TimerName } from './phase.ts';
import type { Deadline } from './types.ts';

/** Why the connection is not trusted at the moment. */
export type Trouble = 'silent' | 'deaf' | 'doubted';

/** The transport on which this user is in the channel. */
export class Link {
  trouble: Trouble | null = null;
  /** What came of the log before the return was proven: the picture of one who is away does not move (C-22). */
  readonly held: (Entries | Welcome)[] = [];
  /** Its server will end and has said so (C-53). */
  draining = false;
  readonly attempt: number;
  readonly url: string;
  /** Running time at which it became the connection. */
  readonly since: number;
  #sentAt: number;
  #probes = 0;
  /** The last probe that has not been answered yet. */
  #probe: { id: number; at: number } | null = null;
  /** When each probe was sent: on a slow path the answer comes after the doubt. */
  readonly #asked = new Map<number, number>();
  /** When a standby starts unless something is heard. */
  readonly #standbyAfterMs: number;
  readonly #context: Context;

  constructor(context: Context, attempt: number, url: string) {
    this.#context = context;
    this.attempt = attempt;
    this.url = url;
    this.since = context.now;
    this.#sentAt = context.now;
    this.#standbyAfterMs = context.roundTrip.standbyAfterMs(context.random.next());
  }

  send(frame: ClientFrame): void {
    this.#sentAt = this.#context.now;
    this.#context.send(this.attempt, frame);
  }

  /** Messages that are not acknowledged, in order: the server knows which it has had (C-60). */
  sendWaiting(): void {
    for (const send of this.#context.outbox.waiting) this.send(send);
  }

  /** What the token before did not allow has waited (C-42). */
  judged(rights: Rights): void {
    this.#context.judged(rights);
    if (rights.data) this.sendWaiting();
  }

  close(): void {
    this.#context.close(this.attempt);
  }

  /** A packet came. Down-silence is over; whether the server hears us is for its heartbeats to say. */
  heard(): void {
    if (this.trouble === 'silent' || this.trouble === 'doubted') this.trouble = null;
  }

  /** Answers a heartbeat and learns from it; true if it proves a fresh round trip. */
  heartbeat(beat: ServerHeartbeat): boolean {
    // C-16: the server says how long ago it last heard us.
    if (beat.heardMs >= recovery.deafMs) this.trouble = 'deaf';
    else if (this.trouble === 'deaf') this.trouble = null;
    this.#context.roundTrip.sample(beat.rttMs);
    // What flows already tells the server that we live.
    const quiet = this.#context.now - this.#sentAt >= answerAfterMs;
    if (beat.id !== 0 && quiet) this.send({ type: 'heartbeat', id: 0, answer: beat.id });
    const askedAt = this.#asked.get(beat.answer);
    return askedAt !== undefined && this.#context.now - askedAt < freshMs;
  }

  get probing(): boolean {
    return this.#probe !== null;
  }

  probe(): void {
    this.#probes += 1;
    this.#probe = { id: this.#probes, at: this.#context.now };
    for (const [id, at] of this.#asked) if (this.#context.now - at >= freshMs) this.#asked.delete(id);
    this.#asked.set(this.#probes, this.#context.now);
    this.send({ type: 'heartbeat', id: this.#probes, answer: 0 });
  }

  /** What came since is answer enough. */
  probed(): void {
    this.#probe = null;
  }

  doubt(trouble: Trouble): void {
    this.#probe = null;
    this.trouble = trouble;
  }

  timers(heardAt: number): Deadline<TimerName>[] {
    if (this.trouble === 'silent' || this.trouble === 'doubted') return [];
    const list: Deadline<TimerName>[] = [{ at: heardAt + this.#standbyAfterMs, why: 'silent' }];
    const patienceMs = Math.max(recovery.probeMs, this.#context.patienceMs);
    if (this.#probe !== null) list.push({ at: this.#probe.at + patienceMs, why: 'doubted' });
    return list;
  }
}

/** A round trip that took longer proves nothing of now. */
const freshMs = 4_000;
/** A heartbeat is not answered when something else was sent this recently. */
const answerAfterMs = 500;
