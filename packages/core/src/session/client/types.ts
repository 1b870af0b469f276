/** What goes into a ClientSession and what comes out of it. */
import type {
  ClientLimits,
  CloseName,
  ConnectionReason,
  ConnectionState,
  Platform,
  Profile,
} from '../../contract/index.ts';
import type { Edge, Self } from '../../presence/index.ts';
import type { ClientFrame, MediaNews, MediaSignal, Send, ServerFrame } from '../../wire/frames.ts';
import type { Missed } from './inbox.ts';
import type { OutageRecord } from './record.ts';

/** One stay in one channel. */
export interface StayOptions {
  readonly appId: string;
  readonly channel: string;
  readonly token: string;
  /** 1 to 2^32 − 1; 0: the server assigns one. */
  readonly uid: number;
  /** A string name instead of a number, or empty. */
  readonly account: string;
  readonly platform: Platform;
  readonly profile: Profile;
  readonly self: Self;
  /** Addresses of servers; one is enough to start with, the others are learned from it. */
  readonly servers: readonly string[];
  /** The app's own choice for its own callbacks; wins over what the server tells (C-1). */
  readonly limits: Partial<ClientLimits>;
  /** Name and version of the SDK, for the server's logs. */
  readonly sdk: string;
  /** The host opens one transport at a time to an address, and opens them late after many in vain, as browsers do (C-17). */
  readonly queuesDials?: boolean;
}

/** Randomness comes from outside. */
export interface ClientRandom {
  /** Uniform in [0, 1). */
  next(): number;
  /** An unguessable name of at least 128 bits. */
  id(): string;
}

/** What the platform says of its network; it is doubted (C-15). */
export type Hint = 'offline' | 'online' | 'focus' | 'address-changed';

export type ClientInput =
  | { readonly type: 'start' }
  | { readonly type: 'leave' }
  | { readonly type: 'update'; readonly self: Self }
  /** A message that `sendRefusal` does not refuse. */
  | ({ readonly type: 'send' } & Pick<Send, 'stream' | 'data' | 'sentAt'>)
  | { readonly type: 'renew'; readonly token: string }
  /** Goes out if there is a connection, else it is dropped: every way back begins with a `media` output (C-72). */
  | { readonly type: 'signal'; readonly frame: MediaSignal }
  /** Something came on a media path: the channel is not silent (C-72). */
  | { readonly type: 'media-heard' }
  | { readonly type: 'hint'; readonly hint: Hint }
  /** The app went to the background and does not keep its connection there; and came back (C-32). */
  | { readonly type: 'suspend' }
  | { readonly type: 'foreground' }
  /** This process stood still for so long; `now` does not contain that time (C-3). */
  | { readonly type: 'stalled'; readonly ms: number }
  | { readonly type: 'opened'; readonly attempt: number }
  | { readonly type: 'frame'; readonly attempt: number; readonly frame: ServerFrame }
  | { readonly type: 'closed'; readonly attempt: number; readonly code: number; readonly text: string }
  /** The time that `deadline()` named has come. */
  | { readonly type: 'deadline' };

export type ClientOutput =
  | { readonly type: 'dial'; readonly attempt: number; readonly url: string }
  | { readonly type: 'send'; readonly attempt: number; readonly frame: ClientFrame }
  /** Close the transport and forget the attempt; nothing more is wanted of it. */
  | { readonly type: 'close'; readonly attempt: number; readonly code: number }
  | { readonly type: 'notice'; readonly notice: Notice }
  /** Of media: where they end now, told at every way back; or the answer to an offer. */
  | { readonly type: 'media'; readonly frame: MediaNews }
  /** An outage is over, or the stay ended in it (C-90). */
  | { readonly type: 'outage'; readonly record: OutageRecord }
  /** Nothing more will ever come out: no timer, no transport is left (C-14). */
  | { readonly type: 'ended' };

/** What the app may be told. Which dialect names a notice, and which says nothing, is the dialect's table. */
export type Notice =
  | { readonly type: 'state'; readonly state: ConnectionState; readonly reason: ConnectionReason }
  | { readonly type: 'joined'; readonly uid: number; readonly elapsedMs: number }
  | { readonly type: 'rejoined'; readonly uid: number; readonly elapsedMs: number }
  | { readonly type: 'interrupted' }
  | { readonly type: 'lost' }
  | { readonly type: 'left'; readonly durationMs: number }
  | { readonly type: 'failed'; readonly close: CloseName; readonly text: string }
  /** The token expires in 30 s or less; it has expired; a server has answered a renewal, with 0 or a close code (C-43). */
  | { readonly type: 'token-will-expire'; readonly token: string }
  | { readonly type: 'token-expired' }
  | { readonly type: 'token-renewed'; readonly token: string; readonly code: number }
  /** `account` is empty for users who joined with a number. */
  | ({ readonly type: 'message'; readonly uid: number; readonly account: string } & Pick<
      Send,
      'stream' | 'data' | 'sentAt'
    >)
  | ({ readonly type: 'gap'; readonly reason: GapReason } & Missed)
  /** An own message is in the channel's log, from where everybody gets it (C-61). */
  | ({ readonly type: 'acknowledged' } & Pick<Send, 'stream' | 'number'>)
  /** `elapsedMs` counts from the call to join. */
  | (Edge & { readonly elapsedMs: number });

/** Why messages are missing: the history's bounds, the channel's destruction, or a log that servers lost (C-62). */
export type GapReason = 'history' | 'destroyed' | 'log-lost';

/** A deadline, named, so that logs can say what a timer was for. */
export interface Deadline<Why extends string = string> {
  readonly at: number;
  readonly why: Why;
}
