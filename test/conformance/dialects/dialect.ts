/** What every dialect has a way to say. */
import type { Call } from './call.ts';

/** The app that hears the callbacks. */
export interface Listener {
  readonly channel: string;
  readonly uid: number;
}

/** Somebody a listener is told about. */
export interface Other {
  readonly uid: number;
  /** Whether it publishes a stream: the web is told of streams beside users (C-24). */
  readonly publishes: boolean;
}

/** Where somebody was when it left, failed or was replaced. `away`: in an outage of more than 4 s. */
export type Stage = 'connecting' | 'connected' | 'away';

/** Why a stay ends by itself, or never begins. */
export type Failure =
  /** No way back within the time after which a client gives up (C-12). */
  | 'gave up'
  /** The same uid joined elsewhere (C-40). */
  | 'replaced'
  /** The uid is in the channel, and this server keeps the first (C-40). */
  | 'uid in use'
  /** The channel has the other profile (C-25). */
  | 'other profile'
  /** C-43 */
  | 'invalid token'
  /** C-43 */
  | 'token expired'
  /** C-44 */
  | 'banned';

/** A message as it is told: the number of messages of one sender is counted from 1. */
export interface Message {
  readonly from: number;
  readonly text: string;
}

/** What a class is told, as callbacks in order. */
export interface Dialect {
  joined(): Call[];
  /** The own stream is out. */
  published(): Call[];
  interrupted(): Call[];
  lost(): Call[];
  back(): Call[];
  left(from: Stage): Call[];
  failed(why: Failure, from: Stage): Call[];
  /** A publishing host has made itself audience (C-25). */
  becameAudience(): Call[];
  /** The own stream is withdrawn. */
  unpublished(): Call[];
  appeared(who: Other): Call[];
  /** Somebody left with a goodbye. */
  quit(uid: number): Call[];
  /** Somebody is a host no longer (C-25). */
  demoted(uid: number): Call[];
  /** Somebody has been silent for so long that the whole peer is gone for this class. */
  peerGone(uid: number): Call[];
  /** Web only: somebody has been silent for so long that the stream is gone. */
  streamGone(uid: number): Call[];
  /** The stream is back, its peer was never gone. */
  streamBack(uid: number): Call[];
  /** The own token is near its end, or over (C-43). */
  tokenWillExpire(): Call[];
  tokenRequested(): Call[];
  /** Another token was accepted; the web has no word for it. */
  tokenRenewed(): Call[];
  message(message: Message): Call[];
  /** Messages of somebody that will not come, however many (C-62). */
  missed(from: number): Call[];
  /** An own message is too large (C-60); dialects whose methods answer with a number have no callback for it. */
  tooLarge(): Call[];
}
