import type { Direction, Path } from './path.ts';
import type { Event, Timeline } from './timeline.ts';

const timeoutMaxMs = 120_000;

/** What travels in a TCP connection. */
export type Segment =
  | { readonly type: 'upgrade' }
  | { readonly type: 'accepted' }
  | { readonly type: 'message'; readonly bytes: Uint8Array; readonly goodbye: boolean }
  /** A WebSocket close. */
  | { readonly type: 'close'; readonly code: number }
  | { readonly type: 'fin' };

/**
 * One direction of a TCP connection. What is sent arrives once and in order. A segment that is lost, cut off or
 * not acknowledged holds back everything behind it until a retransmission passes; retransmissions come after
 * a timeout that doubles each time.
 */
export class Pipe<Sent = Segment> {
  readonly #timeline: Timeline;
  readonly #path: Path;
  readonly #direction: Direction;
  readonly #server: string;
  readonly #receive: (segment: Sent) => void;
  #held: Sent[] = [];
  #retransmission: Event | null = null;
  #timeoutMs = 0;
  /** What is retransmitted has arrived before: only its acknowledgement is missing. */
  #again = false;
  #lastArrival = 0;
  #ended = false;

  constructor(
    timeline: Timeline,
    path: Path,
    way: { readonly direction: Direction; readonly server: string },
    receive: (segment: Sent) => void,
  ) {
    this.#timeline = timeline;
    this.#path = path;
    this.#direction = way.direction;
    this.#server = way.server;
    this.#receive = receive;
  }

  send(segment: Sent): void {
    if (this.#ended) return;
    this.#held.push(segment);
    if (this.#retransmission !== null) return;
    this.#timeoutMs = this.#path.timeoutMs();
    this.#transmit();
  }

  /** Nothing that is on its way arrives any more. */
  end(): void {
    this.#ended = true;
    this.#held = [];
    if (this.#retransmission !== null) this.#timeline.cancel(this.#retransmission);
    this.#retransmission = null;
  }

  #transmit(): void {
    this.#retransmission = null;
    const passes = this.#path.open(this.#direction, this.#server) && !this.#path.lost();
    const acknowledged = this.#path.acknowledged(this.#direction, this.#server);
    if (passes && acknowledged) return this.#deliver(this.#held.splice(0));
    if (passes && !this.#again) this.#deliver(this.#held.splice(0, 1));
    this.#again ||= passes;
    this.#retransmission = this.#timeline.after(this.#timeoutMs, () => this.#transmit());
    this.#timeoutMs = Math.min(2 * this.#timeoutMs, timeoutMaxMs);
  }

  #deliver(segments: readonly Sent[]): void {
    this.#again = false;
    if (segments.length === 0) return;
    this.#lastArrival = Math.max(this.#lastArrival, this.#timeline.now + this.#path.travelMs());
    this.#timeline.at(this.#lastArrival, () => {
      for (const segment of segments) if (!this.#ended) this.#receive(segment);
    });
  }
}
