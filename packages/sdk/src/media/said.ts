/** What a program and its media process say to each other. */
import type { MediaClose, MediaNews, MediaOffer } from '@holdfast/core';
import type { Refused } from './exchange.ts';
import type { Beat, Sound, Still } from './medium.ts';
import type { Kind } from './wishes.ts';

export type ToProcess =
  /** @param connections how many the stay has had, in processes before this one */
  | { readonly type: 'begin'; readonly connections: number }
  | { readonly type: 'news'; readonly frame: MediaNews }
  | { readonly type: 'send'; readonly kinds: readonly Kind[] }
  | { readonly type: 'want'; readonly uid: number; readonly kinds: readonly Kind[] }
  | { readonly type: 'still'; readonly still: Still }
  | { readonly type: 'sound'; readonly sound: Sound }
  /** The program runs. */
  | { readonly type: 'alive' };

export type FromProcess =
  | { readonly type: 'ready' }
  /** The library cannot be loaded. */
  | { readonly type: 'unable'; readonly why: string }
  | { readonly type: 'signal'; readonly frame: MediaOffer | MediaClose }
  | { readonly type: 'heard' }
  | { readonly type: 'refused'; readonly refused: Refused }
  | { readonly type: 'beat'; readonly beat: Beat }
  | { readonly type: 'still'; readonly uid: number; readonly still: Still }
  | { readonly type: 'sound'; readonly uid: number; readonly sound: Sound };

/** How often a program says that it runs, and after what silence its media process ends, in milliseconds (C-72). */
export const aliveMs = 500;
export const orphanedMs = 3_000;
