import { type Rights, type Self, tokenTimes } from '@holdfast/core';
import type { Grant } from '../settings.ts';

type Kind = 'audio' | 'video' | 'data';

/** What one user may do, until when (C-42, C-43). Times are running time, in milliseconds. */
export class Permit {
  readonly #until: Readonly<Record<Kind, number>>;
  readonly #expiresAt: number;
  /** When the stay ends, if no other token has come. */
  readonly overAt: number;

  constructor({ joinMs, audioMs, videoMs, dataMs }: Grant, now: number) {
    const at = (ms: number | null) => (ms === null ? Number.POSITIVE_INFINITY : now + ms);
    this.#expiresAt = at(joinMs);
    // One that comes back with an expired token is asked for another one when it hears of that. The grace is counted
    // by the client, from there; this is for one that does not end by itself.
    this.overAt = Math.max(this.#expiresAt, now) + tokenTimes.graceMs + tokenTimes.heardMs;
    // What ends with the token is held through the grace, as the stay is: a renewal is told to nobody.
    const until = (ms: number | null) => (ms === joinMs ? this.overAt : at(ms));
    this.#until = { audio: until(audioMs), video: until(videoMs), data: until(dataMs) };
  }

  may(kind: Kind, now: number): boolean {
    return now < this.#until[kind];
  }

  rights(now: number): Rights {
    const expiresAt = this.#expiresAt;
    return {
      code: 0,
      tokenLeftMs: expiresAt === Number.POSITIVE_INFINITY ? null : expiresAt - now,
      audio: this.may('audio', now),
      video: this.may('video', now),
      data: this.may('data', now),
    };
  }

  /** What a user says of itself, without what it may not publish. */
  mask({ role, streams }: Self, now: number): Self {
    const [audio, video] = [this.may('audio', now), this.may('video', now)];
    if (audio && video) return { role, streams };
    const left = streams.map((stream) => ({
      ...stream,
      audio: stream.audio && audio,
      video: stream.video && video,
    }));
    return { role, streams: left.filter((stream) => stream.audio || stream.video) };
  }

  /** When something ends next; Infinity: nothing does. */
  nextAt(now: number): number {
    const { audio, video } = this.#until;
    return Math.min(this.overAt, ...[audio, video].filter((at) => at > now));
  }
}
