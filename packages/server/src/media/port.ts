import type { MediaAnswer, MediaClose, MediaOffer, MediaPlace, Stream } from '@holdfast/core';
import type { ChannelKey } from '../store/store.ts';

/** One stay of one user, as media know it. */
export interface MediaUser {
  readonly key: ChannelKey;
  readonly uid: number;
  readonly join: number;
}

/** What a server needs of its media process. Nothing here waits: answers come through `MediaListener`. */
export interface MediaPort {
  /** Where media connections of a user end at this moment. */
  placeFor(uid: number): MediaPlace;
  /** @param streams what the user publishes, as far as it may */
  offer(user: MediaUser, offer: MediaOffer, streams: readonly Stream[]): void;
  close(user: MediaUser, close: MediaClose): void;
  /** Another server's media have something to say. */
  whispered(server: string, text: string): void;
}

/** What a media process tells its server. */
export interface MediaListener {
  mediaMoved(): void;
  mediaAnswered(user: MediaUser, answer: MediaAnswer): void;
  /** Packets came from this user, authenticated, since the last time (C-72). */
  mediaHeard(user: MediaUser): void;
}
