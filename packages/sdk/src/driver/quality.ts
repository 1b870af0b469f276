import { defaultLimits, type PathFigures, type Quality, qualityEveryMs, qualityOf } from '@holdfast/core';

/** Both ways between this user and the servers. */
export interface Qualities {
  readonly up: Quality;
  readonly down: Quality;
}

/** What is known of media: null where none are wanted. `flows`: something came a moment ago. */
export interface MediaPath {
  readonly flows: boolean;
  readonly up: PathFigures | null;
  readonly down: PathFigures | null;
}

/** What is known of the connection to the server. */
export interface Signalling {
  readonly roundTrip: { readonly roundTripMs: number; readonly jitterMs: number } | null;
  /** Milliseconds since the last packet. */
  readonly silentMs: number;
}

/** Says every `qualityEveryMs` how good the ways are, from the beginning on. */
export class QualityWatch {
  #begun = false;
  #dueAt = Number.POSITIVE_INFINITY;

  begin(now: number): void {
    this.#begun = true;
    this.#dueAt = now + qualityEveryMs;
  }

  /** Nothing is looked at while the app keeps no connection (C-32). */
  pause(): void {
    this.#dueAt = Number.POSITIVE_INFINITY;
  }

  resume(now: number): void {
    if (this.#begun) this.#dueAt = now + qualityEveryMs;
  }

  /** @returns null: it is not time yet */
  look(now: number, signalling: Signalling, media: MediaPath | null): Qualities | null {
    if (now < this.#dueAt) return null;
    this.#dueAt = now + qualityEveryMs;
    return qualitiesOf(signalling, media);
  }
}

/** Media say more of a direction than the connection to the server, where there are any. */
export function qualitiesOf(signalling: Signalling, media: MediaPath | null): Qualities {
  if (media !== null && !media.flows) return { up: 6, down: 6 };
  const said = figuresOf(signalling);
  return { up: qualityOf(media?.up ?? said), down: qualityOf(media?.down ?? said) };
}

/** A packet that is overdue takes at least so long; after the limit of `interrupted` nothing comes through. */
function figuresOf({ roundTrip, silentMs }: Signalling): PathFigures | 'down' {
  if (silentMs >= defaultLimits.interruptedMs) return 'down';
  if (roundTrip === null) return { roundTripMs: null, jitterMs: null, lossShare: null };
  const overdueMs = silentMs - defaultLimits.heartbeatMs;
  const { roundTripMs, jitterMs } = roundTrip;
  return { roundTripMs: Math.max(roundTripMs, overdueMs), jitterMs, lossShare: null };
}
