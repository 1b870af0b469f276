/** What a server and its media process say to each other. */
import type { MediaAnswer, MediaOffer, Stream } from '@holdfast/core';
import type { MediaUser } from './port.ts';
import type { Whisper } from './sfu.ts';

/** What a media process is set up with. */
export interface MediaConfig {
  /** The address of the interface to listen on; null: every interface. */
  readonly host: string | null;
  /** The UDP port of all media. */
  readonly port: number;
  /** The UDP port of clients behind TURN over TCP; null: there are none. */
  readonly relayedPort: number | null;
  /** The address under which clients reach this machine, where it differs; null: it does not. */
  readonly publicAddress: string | null;
  /** Whether clients and this server ask each other for packets that were lost. */
  readonly nack: boolean;
}

export type ToMedia =
  | { readonly type: 'config'; readonly config: MediaConfig }
  | { readonly type: 'say'; readonly user: MediaUser; readonly streams: readonly Stream[] }
  | { readonly type: 'offer'; readonly user: MediaUser; readonly offer: MediaOffer }
  | { readonly type: 'close'; readonly user: MediaUser; readonly connection: number }
  | { readonly type: 'end'; readonly user: MediaUser }
  /** The servers beside this one. */
  | { readonly type: 'beside'; readonly servers: readonly string[] }
  | { readonly type: 'whisper'; readonly server: string; readonly whisper: Whisper }
  | { readonly type: 'ping' };

export type FromMedia =
  /** The engine is there: offers may come. */
  | { readonly type: 'ready' }
  /** There is no engine, and there will be none. */
  | { readonly type: 'unable'; readonly why: string }
  | { readonly type: 'answer'; readonly user: MediaUser; readonly answer: MediaAnswer }
  | { readonly type: 'heard'; readonly users: readonly MediaUser[] }
  | { readonly type: 'whisper'; readonly server: string; readonly whisper: Whisper }
  /** @param links connections of clients */
  | { readonly type: 'pong'; readonly links: number };
