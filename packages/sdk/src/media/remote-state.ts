/** What becomes of the sound or the picture of somebody else, as this user sees it (C-72). */

export type RemoteState = 'stopped' | 'starting' | 'decoding' | 'frozen' | 'failed';

/** Why it became so. */
export type RemoteReason =
  | 'internal'
  | 'congestion'
  | 'recovery'
  | 'localMuted'
  | 'localUnmuted'
  | 'remoteMuted'
  | 'remoteUnmuted'
  | 'remoteOffline';

export interface RemoteChange {
  readonly state: RemoteState;
  readonly reason: RemoteReason;
}

/** What is known at a moment. */
export interface RemoteFacts {
  /** Its publisher is there. */
  readonly present: boolean;
  /** Its publisher publishes it. */
  readonly published: boolean;
  /** Its publisher has muted it. */
  readonly muted: boolean;
  /** This user wants it. */
  readonly wanted: boolean;
  /** What has arrived of it so far: any other number is something new. Null: nothing is known. */
  readonly arrived: number | null;
}

/** Nothing new for so long is told as frozen, in milliseconds: longer than a connection takes to be replaced. */
export const frozenMs = 2_000;
/** What has not begun by then has failed; it may still begin. */
export const startMs = 10_000;

/** Follows one kind of one stream. Time comes from outside. */
export class RemoteWatch {
  #state: RemoteState = 'stopped';
  #stopped: RemoteReason | null = null;
  #arrived: number | null = null;
  /** When something last came; before that, when it was to begin. */
  #since = 0;

  get state(): RemoteState {
    return this.#state;
  }

  /** @returns what the application is to be told, or null */
  look(facts: RemoteFacts, now: number): RemoteChange | null {
    const stop = stopOf(facts);
    const came = facts.arrived !== null && facts.arrived !== this.#arrived;
    this.#arrived = facts.arrived ?? this.#arrived;
    if (stop !== null) return this.#stop(stop);
    if (this.#state === 'stopped') {
      this.#since = now;
      return this.#become('starting', beginnings[this.#stopped ?? 'internal']);
    }
    if (came) {
      this.#since = now;
      if (this.#state === 'decoding') return null;
      return this.#become('decoding', this.#state === 'frozen' ? 'recovery' : 'internal');
    }
    const idleMs = now - this.#since;
    if (this.#state === 'decoding' && idleMs >= frozenMs) return this.#become('frozen', 'congestion');
    if (this.#state === 'starting' && idleMs >= startMs) return this.#become('failed', 'internal');
    return null;
  }

  #stop(reason: RemoteReason): RemoteChange | null {
    const told = this.#state !== 'stopped';
    this.#stopped = reason;
    return told ? this.#become('stopped', reason) : null;
  }

  #become(state: RemoteState, reason: RemoteReason): RemoteChange {
    this.#state = state;
    return { state, reason };
  }
}

function stopOf({ present, published, muted, wanted }: RemoteFacts): RemoteReason | null {
  if (!present) return 'remoteOffline';
  if (!published || muted) return 'remoteMuted';
  return wanted ? null : 'localMuted';
}

/** Why something begins that had stopped for a reason. */
const beginnings: Readonly<Record<RemoteReason, RemoteReason>> = {
  internal: 'internal',
  congestion: 'recovery',
  recovery: 'recovery',
  localMuted: 'localUnmuted',
  localUnmuted: 'localUnmuted',
  remoteMuted: 'remoteUnmuted',
  remoteUnmuted: 'remoteUnmuted',
  remoteOffline: 'internal',
};
