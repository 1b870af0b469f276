import type { Codec, Kind } from './codecs.ts';
import { Reception } from './reception.ts';
import { writeKeyFrameRequest } from './rtcp.ts';

export const clockRates: Readonly<Record<Kind, number>> = Object.freeze({ audio: 48_000, video: 90_000 });

/** Key frames are large, and everybody gets them: one is asked for at most this often, in milliseconds. */
const keyFrameEveryMs = 300;

const kept: Readonly<Record<Kind, number>> = { audio: 128, video: 1_024 };

/** A source that was heard so lately gives way only to a later one, in milliseconds. */
export const aliveMs = 1_000;

/** On which connection of its publisher a source comes. */
export interface Origin {
  readonly join: number;
  readonly connection: number;
}

/**
 * Of two sources of the same stream, the later one counts. Other servers' connections are not compared with those here:
 * then the one that began later is where the publisher has gone.
 */
export function isLater(one: Source, other: Source): boolean {
  if (one.relayed || other.relayed) return one.beganAt > other.beganAt;
  const [{ join, connection }, before] = [one.origin, other.origin];
  return join === before.join ? connection > before.connection : join > before.join;
}

export interface SourceParts extends Pick<Source, 'kind' | 'stream' | 'codecs' | 'origin'> {
  readonly ssrc: number;
  readonly relayed?: boolean;
  /** To its sender. */
  readonly send: (packet: Buffer) => void;
}

/** Audio or video of one stream, as it comes on one connection of its publisher. */
export class Source {
  readonly kind: Kind;
  readonly stream: number;
  /** What its payload types are; others are not its own. */
  readonly codecs: ReadonlyMap<number, Codec>;
  readonly origin: Origin;
  readonly reception: Reception;
  /** It comes from another server's media process, which has judged what may pass. */
  readonly relayed: boolean;
  /** When its last packet came, and the first one after a silence. */
  heardAt = Number.NEGATIVE_INFINITY;
  beganAt = Number.NEGATIVE_INFINITY;
  /** The last sender report: which time of its sender's clock is which timestamp. */
  report: {
    readonly ntp: { readonly seconds: number; readonly fraction: number };
    readonly timestamp: number;
  } | null = null;
  readonly #send: (packet: Buffer) => void;
  #askedAt = Number.NEGATIVE_INFINITY;
  #wanted = false;

  constructor({ kind, stream, ssrc, codecs, origin, relayed = false, send }: SourceParts) {
    this.kind = kind;
    this.stream = stream;
    this.codecs = codecs;
    this.origin = origin;
    this.relayed = relayed;
    this.reception = new Reception(ssrc, clockRates[kind], kept[kind]);
    this.#send = send;
  }

  heard(now: number): void {
    if (now - this.heardAt >= aliveMs) this.beganAt = now;
    this.heardAt = now;
  }

  wantKeyFrame(now: number): void {
    if (this.kind === 'audio') return;
    this.#wanted = true;
    this.#ask(now);
  }

  keyFrameCame(): void {
    this.#wanted = false;
  }

  /** Asks again for what has not come. */
  tick(now: number): void {
    if (this.#wanted) this.#ask(now);
  }

  #ask(now: number): void {
    if (now - this.#askedAt < keyFrameEveryMs) return;
    this.#askedAt = now;
    this.#send(writeKeyFrameRequest(this.reception.ssrc));
  }
}
