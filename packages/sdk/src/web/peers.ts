import type { Stream as Description, Member } from '@holdfast/core';
import { RemoteStream } from './remote-stream.ts';
import type { StreamParts } from './shown-stream.ts';
import type { Uid } from './types.ts';

interface Peer {
  /** By the publisher's own stream ids. */
  readonly streams: Map<number, RemoteStream>;
  /** The latest, which may be gone already. */
  last: RemoteStream | null;
}

/** The others in a channel, as stream objects. Who is there is decided elsewhere; this finds the objects. */
export class Peers {
  readonly #parts: StreamParts;
  readonly #peers = new Map<number, Peer>();

  constructor(parts: StreamParts) {
    this.#parts = parts;
  }

  get size(): number {
    return this.#peers.size;
  }

  joined({ uid }: Member): void {
    this.#peers.set(uid, { streams: new Map(), last: null });
  }

  /** The peer is gone. Its last stream, or one without audio and video: programs do not check (C-21). */
  offline(member: Member): RemoteStream {
    const last = this.#peers.get(member.uid)?.last ?? new RemoteStream(this.#parts, uidOf(member), silent);
    this.#peers.delete(member.uid);
    return last;
  }

  added(member: Member, description: Description): RemoteStream {
    const stream = new RemoteStream(this.#parts, uidOf(member), description);
    const peer = this.#peers.get(member.uid);
    peer?.streams.set(description.id, stream);
    if (peer) peer.last = stream;
    return stream;
  }

  removed({ uid }: Member, { id }: Description): RemoteStream | undefined {
    const peer = this.#peers.get(uid);
    const stream = peer?.streams.get(id);
    peer?.streams.delete(id);
    return stream;
  }

  find({ uid }: Member, { id }: Description): RemoteStream | undefined {
    return this.#peers.get(uid)?.streams.get(id);
  }

  /** What is said of streams reaches the objects that the application has. */
  describe(member: Member): void {
    for (const description of member.streams) this.find(member, description)?.describe(description);
  }

  /** Where a stream of the channel comes from. */
  placeOf(stream: RemoteStream): { readonly uid: number; readonly id: number } | undefined {
    for (const [uid, { streams }] of this.#peers)
      for (const [id, each] of streams) if (each === stream) return { uid, id };
    return undefined;
  }

  /** Whether a stream is in the channel. */
  has(stream: RemoteStream): boolean {
    return this.placeOf(stream) !== undefined;
  }
}

/** What a user is called: the name with which it has joined, else its number. */
export function uidOf({ uid, account }: { readonly uid: number; readonly account: string }): Uid {
  return account === '' ? uid : account;
}

const silent: Description = { id: 0, audio: false, video: false, audioMuted: false, videoMuted: false };
