/** Media that run beside a program, for hosts without a browser: what a stay tells them, and what they tell it. */
import type { MediaClose, MediaNews, MediaOffer } from '@holdfast/core';
import type { MediaPath } from '../driver/quality.ts';
import type { Refused } from './exchange.ts';
import type { Kind } from './wishes.ts';

/** A picture in I420: a plane of brightness, then two of colour of half its width and height. Both sides are even. */
export interface Still {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8Array;
}

/** A few milliseconds of sound, in samples of 16 bits; those of several channels alternate. */
export interface Sound {
  readonly samplesPerSecond: number;
  readonly channels: number;
  readonly samples: Int16Array;
}

/** How large the pictures of somebody are, in pixels. */
export type Size = Pick<Still, 'width' | 'height'>;

/** What is known of the media at a moment. */
export interface Beat {
  /** How packets travel; null: nothing is known yet. */
  readonly path: MediaPath | null;
  /** Of everything that is wanted: what has arrived so far, see `RemoteFacts`. */
  readonly arrived: readonly {
    readonly uid: number;
    readonly kind: Kind;
    readonly count: number | null;
    readonly size: Size | null;
  }[];
}

export interface MediumEvents {
  /** To be said on the user's connection, if there is one. */
  signal(frame: MediaOffer | MediaClose): void;
  /** Packets come on a media path (C-72). */
  heard(): void;
  /** Several times a second. */
  beat(beat: Beat): void;
  still(uid: number, still: Still): void;
  sound(uid: number, sound: Sound): void;
  /** Something will not come, or is passed on to nobody. */
  refused(refused: Refused): void;
  /** There are none, and there will be none. */
  failed(why: string): void;
}

/** The media of one stay. Everybody has one stream at most, of id 1. */
export interface Medium {
  news(frame: MediaNews): void;
  /** What of the own stream goes out. */
  send(kinds: readonly Kind[]): void;
  /** What of somebody is wanted; nothing ends it. */
  want(uid: number, kinds: readonly Kind[]): void;
  /** What is sent at this moment. More than can be taken is dropped. */
  still(still: Still): void;
  sound(sound: Sound): void;
  close(): void;
}

/** Where media are to be had. */
export interface Studio {
  /** Why there are none; null: there are. */
  readonly missing: string | null;
  open(events: MediumEvents): Medium;
}
