import { type RemoteFacts, RemoteWatch } from '../media/remote-state.ts';
import type { Kind } from '../media/wishes.ts';

/** An `exception` of the public API, without its user. */
export interface Exception {
  readonly code: number;
  readonly msg: string;
}

/** Tells that something of a subscribed stream stands still, and that it goes on (C-72). */
export class Standstill {
  readonly #kind: Kind;
  readonly #watch = new RemoteWatch();
  #told = false;

  constructor(kind: Kind) {
    this.#kind = kind;
  }

  /** @returns what is to be told at this moment, or null */
  look(facts: RemoteFacts, now: number): Exception | null {
    const change = this.#watch.look(facts, now);
    if (change === null || (change.state === 'frozen') === this.#told) return null;
    if (change.state === 'frozen' || change.state === 'decoding') {
      this.#told = change.state === 'frozen';
      return (this.#told ? stands : goesOn)[this.#kind];
    }
    // Its publisher has stopped it: that is told by other events.
    this.#told = false;
    return null;
  }
}

const stands: Readonly<Record<Kind, Exception>> = {
  video: { code: 1_005, msg: 'RECV_VIDEO_DECODE_FAILED' },
  audio: { code: 2_005, msg: 'RECV_AUDIO_DECODE_FAILED' },
};

const goesOn: Readonly<Record<Kind, Exception>> = {
  video: { code: 3_005, msg: 'RECV_VIDEO_DECODE_FAILED_RECOVER' },
  audio: { code: 4_005, msg: 'RECV_AUDIO_DECODE_FAILED_RECOVER' },
};
