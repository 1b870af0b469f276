/** What a user wants of media: the SDK's own state, from which every new connection is made (C-71). */

export type Kind = 'audio' | 'video';
/** In which pictures may go out; both are received. */
export type VideoCodec = 'vp8' | 'h264';

export const kinds = ['audio', 'video'] as const;

/** The tracks of an own stream that go out at this moment. */
export type Tracks = Readonly<Partial<Record<Kind, MediaStreamTrack>>>;

/** A stream of another user that is wanted. */
export interface Subscription {
  readonly uid: number;
  readonly stream: number;
  readonly kinds: readonly Kind[];
  /** Its track of a kind is another one: packets have come on it. */
  readonly carry: (kind: Kind, track: MediaStreamTrack) => void;
}

/** Own streams by id, and subscriptions, both in the order in which they were asked for. */
export class Wishes {
  readonly published = new Map<number, Tracks>();
  readonly #subscriptions = new Map<string, Subscription>();

  get subscriptions(): Iterable<Subscription> {
    return this.#subscriptions.values();
  }

  /** Nothing is wanted of media, so no connection is needed. */
  get none(): boolean {
    return this.published.size === 0 && this.#subscriptions.size === 0;
  }

  find(uid: number, stream: number): Subscription | undefined {
    return this.#subscriptions.get(nameOf(uid, stream));
  }

  subscribe(subscription: Subscription): void {
    this.#subscriptions.set(nameOf(subscription.uid, subscription.stream), subscription);
  }

  /** False: it was not subscribed to. */
  unsubscribe(uid: number, stream: number): boolean {
    return this.#subscriptions.delete(nameOf(uid, stream));
  }
}

function nameOf(uid: number, stream: number): string {
  return `${uid}/${stream}`;
}
