import { bounds } from '../../contract/index.ts';
import { advanced, newest, type Sent } from '../../presence/index.ts';
import type { Send } from '../../wire/frames.ts';

/** Why a message is not taken. */
export type SendRefusal =
  /** It is larger than 32 kB. */
  | 'tooLarge'
  /** Too many messages wait for their acknowledgement: try again when the connection is back (C-63). */
  | 'full'
  /** More messages in a second than the server takes from one user (C-81). */
  | 'tooFast'
  /** The token does not allow it (C-42). */
  | 'notAllowed'
  /** In the live profile only hosts speak (C-25). */
  | 'audience'
  /** There is no stay that could send it. */
  | 'notJoined';

/** The own messages that are not acknowledged yet, in order: every new connection gets them again (C-60). */
export class Outbox {
  #waiting: Send[] = [];
  #bytes = 0;
  /** The newest message given a number, and the newest acknowledged, in each stream. */
  #numbered: readonly Sent[] = [];
  #acknowledged: readonly Sent[] = [];
  /** Messages that may be taken at once, as of `#refilledAt`. */
  #allowance = 0;
  #refilledAt = Number.NEGATIVE_INFINITY;

  get waiting(): readonly Send[] {
    return this.#waiting;
  }

  /** What a server that has forgotten this stay is told (C-59, C-62). */
  acknowledged(join: number): readonly Sent[] {
    return this.#acknowledged.map((sent) => ({ ...sent, join }));
  }

  refusal(bytes: number, perSecond: number | null, now: number): SendRefusal | null {
    if (bytes > bounds.messageBytes) return 'tooLarge';
    if (this.#waiting.length >= bounds.outboxMessages || this.#bytes + bytes > bounds.outboxBytes)
      return 'full';
    if (perSecond === null) return null;
    const refill = ((now - this.#refilledAt) * perSecond) / 1_000;
    return Math.min(perSecond, this.#allowance + refill) >= 1 ? null : 'tooFast';
  }

  /** Takes a message that was not refused. */
  add({ stream, data, sentAt }: Omit<Send, 'type' | 'number'>, perSecond: number | null, now: number): Send {
    if (perSecond !== null) {
      const refill = ((now - this.#refilledAt) * perSecond) / 1_000;
      this.#allowance = Math.min(perSecond, this.#allowance + refill) - 1;
      this.#refilledAt = now;
    }
    const number = newest(this.#numbered, { join: 0, stream }) + 1;
    this.#numbered = advanced(this.#numbered, { join: 0, stream, number });
    const send: Send = { type: 'send', stream, number, data, sentAt };
    this.#waiting.push(send);
    this.#bytes += data.length;
    return send;
  }

  /** A message of this stay is in the log, and so is everything sent before it. @returns those that waited for it */
  received(sent: Omit<Sent, 'join'>): readonly Send[] {
    this.#acknowledged = advanced(this.#acknowledged, { ...sent, join: 0 });
    const last = this.#waiting.findLastIndex(
      ({ stream, number }) => stream === sent.stream && number <= sent.number,
    );
    const received = this.#waiting.splice(0, last + 1);
    for (const { data } of received) this.#bytes -= data.length;
    return received;
  }

  /** Nothing that waits will be sent. */
  clear(): void {
    this.#waiting = [];
    this.#bytes = 0;
  }
}
