import type { Stream } from '@holdfast/core';
import { frameOf, type Kind } from './codecs.ts';
import type { Forward } from './forward.ts';
import type { Rtp } from './rtp.ts';
import type { Source } from './source.ts';

/** What a room may have sources and subscriptions of. */
export interface Slot {
  readonly uid: number;
  readonly stream: number;
  readonly kind: Kind;
}

interface Traffic extends Slot {
  readonly sources: Set<Source>;
  readonly forwards: Set<Forward>;
}

/** The media of one channel on this server. Subscriptions may come before what they are for, and outlive it. */
export class Room {
  readonly #slots = new Map<string, Traffic>();
  /** What each user may have heard and seen of it: what it has said of itself, without what its token forbids (C-42, C-71). */
  readonly #said = new Map<number, readonly Stream[]>();

  get empty(): boolean {
    return this.#slots.size === 0 && this.#said.size === 0;
  }

  /** What a user says of its streams; muted ones pass nothing, whatever its client sends. */
  say(uid: number, streams: readonly Stream[]): void {
    const before = this.#said.get(uid) ?? [];
    this.#said.set(uid, streams);
    for (const stream of before)
      for (const kind of ['audio', 'video'] as const)
        if (!passes(streams, stream.id, kind)) this.#interrupt(uid, stream.id, kind);
  }

  forget(uid: number): void {
    this.#said.delete(uid);
  }

  /** Whether a user publishes that, muted or not. */
  has(uid: number, id: number, kind: Kind): boolean {
    return this.#said.get(uid)?.find((stream) => stream.id === id)?.[kind] ?? false;
  }

  add(uid: number, source: Source): void {
    this.#slot(uid, source.stream, source.kind).sources.add(source);
  }

  remove(uid: number, source: Source): void {
    this.#slot(uid, source.stream, source.kind).sources.delete(source);
    // Whoever had it takes the next one at once.
    source.heardAt = Number.NEGATIVE_INFINITY;
    this.#drop(uid, source.stream, source.kind);
  }

  subscribe(uid: number, stream: number, forward: Forward): void {
    this.#slot(uid, stream, forward.kind).forwards.add(forward);
  }

  /** Somebody can begin with a stream. */
  wantKeyFrame(uid: number, stream: number, now: number): void {
    for (const source of this.#slots.get(nameOf(uid, stream, 'video'))?.sources ?? [])
      source.wantKeyFrame(now);
  }

  unsubscribe(uid: number, stream: number, forward: Forward): void {
    this.#slot(uid, stream, forward.kind).forwards.delete(forward);
    this.#drop(uid, stream, forward.kind);
  }

  /** A packet of a source goes to everyone who wants its stream. */
  deliver(uid: number, source: Source, rtp: Rtp, now: number): void {
    const codec = source.codecs.get(rtp.payloadType);
    if (codec === undefined) return;
    if (!source.relayed && !passes(this.#said.get(uid) ?? [], source.stream, source.kind)) return;
    source.heard(now);
    const frame = frameOf(codec, rtp);
    if (frame?.key) source.keyFrameCame();
    for (const forward of this.#slot(uid, source.stream, source.kind).forwards)
      if (!source.relayed || !forward.relays) forward.take(source, { rtp, codec, frame, now });
  }

  /** What somebody on this server wants. */
  wanted(): Slot[] {
    return [...this.#slots.values()].filter(({ forwards }) => [...forwards].some(({ relays }) => !relays));
  }

  /** A source has said which time is which timestamp. */
  report(uid: number, source: Source): void {
    for (const forward of this.#slot(uid, source.stream, source.kind).forwards) forward.report(source);
  }

  #interrupt(uid: number, stream: number, kind: Kind): void {
    for (const forward of this.#slots.get(nameOf(uid, stream, kind))?.forwards ?? []) forward.interrupt();
  }

  #slot(uid: number, stream: number, kind: Kind): Traffic {
    const name = nameOf(uid, stream, kind);
    let slot = this.#slots.get(name);
    if (slot === undefined) {
      slot = { uid, stream, kind, sources: new Set(), forwards: new Set() };
      this.#slots.set(name, slot);
    }
    return slot;
  }

  #drop(uid: number, stream: number, kind: Kind): void {
    const name = nameOf(uid, stream, kind);
    const slot = this.#slots.get(name);
    if (slot?.sources.size === 0 && slot.forwards.size === 0) this.#slots.delete(name);
  }
}

function passes(streams: readonly Stream[], id: number, kind: Kind): boolean {
  const stream = streams.find((each) => each.id === id);
  if (stream === undefined) return false;
  return kind === 'audio' ? stream.audio && !stream.audioMuted : stream.video && !stream.videoMuted;
}

function nameOf(uid: number, stream: number, kind: Kind): string {
  return `${uid}/${stream}/${kind}`;
}
