/**
 * The frames of the protocol as the rest of the code sees them. `codec.ts` turns them into the bytes of
 * `proto/holdfast/v1/holdfast.proto`, which documents each field.
 */
import type { ClientLimits, MediaFault, Platform, Profile } from '../contract/index.ts';
import type { Member, Position, Self, Sent } from '../presence/index.ts';

/** The WebSocket subprotocol: the major version of the wire (C-57). */
export const subprotocol = 'holdfast.1';
/** The minor version that this code speaks: 1 knows `Servers`, `Drain` and `Resume.silent_ms`. */
export const minorVersion = 1;

export interface Credentials {
  readonly minor: number;
  readonly sdk: string;
  readonly appId: string;
  readonly channel: string;
  readonly token: string;
}

export interface Join {
  readonly type: 'join';
  readonly credentials: Credentials;
  /** 0: the server assigns one. */
  readonly uid: number;
  readonly account: string;
  readonly platform: Platform;
  readonly profile: Profile;
  readonly self: Self;
  readonly rejoin: Rejoin | null;
  readonly nonce: string;
  readonly attempt: number;
}

/** What a returning client brings to a server that has forgotten it (C-36, C-59). */
export interface Rejoin {
  /** Since the client saw its connection closed, if no server has been met since; 0: it does not know. */
  readonly quietMs: number;
  readonly picture: readonly Member[];
  readonly join: number;
  /** Its own acknowledged messages. */
  readonly sent: readonly Sent[];
}

export interface Resume {
  readonly type: 'resume';
  readonly credentials: Credentials;
  readonly uid: number;
  readonly session: string;
  readonly secret: string;
  readonly attempt: number;
  readonly self: Self;
  readonly position: Position;
  readonly standby: boolean;
  readonly outage: string;
  readonly join: number;
  /** The string name with which it joined, or empty: the token is of that name. */
  readonly account: string;
  /** Since the client's last packet: in a storm, who is about to be given up goes first (C-56). */
  readonly silentMs: number;
}

export interface Takeover {
  readonly type: 'takeover';
  readonly self: Self;
  readonly position: Position;
}

export interface ClientHeartbeat {
  readonly type: 'heartbeat';
  /** Of the client's own probe; 0 in a mere answer. */
  readonly id: number;
  /** Id of the server's heartbeat that is answered; 0 if none. */
  readonly answer: number;
}

export interface Update {
  readonly type: 'update';
  readonly self: Self;
}

export interface Leave {
  readonly type: 'leave';
  readonly credentials: Credentials;
  readonly uid: number;
  readonly account: string;
  readonly session: string;
  readonly secret: string;
  readonly join: number;
}

/** The app goes to the background without a kept connection: what follows is a silence (C-32). */
export interface Suspend {
  readonly type: 'suspend';
}

/** A message; sent again on the next connection until it is acknowledged (C-60). */
export interface Send {
  readonly type: 'send';
  readonly stream: number;
  /** From 1 in each stream of a join. */
  readonly number: number;
  readonly data: Uint8Array;
  /** The sender's wall clock, in milliseconds since 1970: for the app, no decision rests on it. */
  readonly sentAt: number;
}

/** A new token; answered by `Rights`. */
export interface Renew {
  readonly type: 'renew';
  readonly token: string;
}

/** The whole of what a client wants of one media connection (C-70). */
export interface MediaOffer {
  readonly type: 'media-offer';
  /** Id of the `MediaPlace` that it is meant for. */
  readonly place: string;
  /** Counted from 1 in a stay. */
  readonly connection: number;
  /** Counted from 1 in a connection. */
  readonly revision: number;
  readonly sdp: string;
  readonly sends: readonly MediaSending[];
  readonly receives: readonly MediaReceiving[];
}

export interface MediaSending {
  readonly mid: string;
  /** Id of an own stream. */
  readonly stream: number;
}

export interface MediaReceiving {
  readonly mid: string;
  readonly uid: number;
  readonly stream: number;
}

/** A media connection is not needed any more. */
export interface MediaClose {
  readonly type: 'media-close';
  readonly place: string;
  readonly connection: number;
}

/** What a client says of media. */
export type MediaSignal = MediaOffer | MediaClose;

export type ClientFrame =
  | Join
  | Resume
  | Takeover
  | ClientHeartbeat
  | Update
  | Leave
  | Suspend
  | Send
  | Renew
  | MediaSignal;

export interface Welcome {
  readonly type: 'welcome';
  readonly minor: number;
  readonly session: string;
  readonly secret: string;
  readonly uid: number;
  readonly join: number;
  /** The log follows from here. Members are as of its end, but what they have `sent` is as of here. */
  readonly position: Position;
  /** Everyone, if `complete`; else the present state of those who changed since the resume's position. */
  readonly members: readonly Member[];
  readonly complete: boolean;
  readonly limits: ClientLimits;
  /** Addresses of all servers, this one among them; empty: keep the ones you have. */
  readonly servers: readonly string[];
  readonly spreadMs: number;
  readonly outage: ServerOutage | null;
  /** The client's own messages of this join that are in the log: they need not be sent again. */
  readonly received: readonly Sent[];
  readonly rights: Rights;
  /** What the SDK refuses beyond, and the server ends a connection for (C-81); null: nothing. */
  readonly messagesPerSecond: number | null;
  readonly media: MediaPlace;
}

/** What a token allows (C-42). */
export interface Rights {
  /** 0, or the close code that says why a renewed token was not taken. */
  readonly code: number;
  /** Until the token expires; 0 or less: it has, and the session is held for a grace (C-43). Null: it never does. */
  readonly tokenLeftMs: number | null;
  readonly audio: boolean;
  readonly video: boolean;
  readonly data: boolean;
}

export const allRights: Rights = Object.freeze({
  code: 0,
  tokenLeftMs: null,
  audio: true,
  video: true,
  data: true,
});

/** The answer to `Renew`. */
export interface Renewed extends Rights {
  readonly type: 'rights';
}

/** The server's half of an outage's record (C-90). */
export interface ServerOutage {
  /** How long the client had been silent when it came back. */
  readonly silentMs: number;
  readonly server: string;
  readonly marks: readonly ServerMark[];
}

/** Something the server did or decided, counted from the client's last packet. */
export interface ServerMark {
  readonly atMs: number;
  readonly what: string;
}

/** Where a client's media connections end. Those to a place of another id are of no use any more (C-72). */
export interface MediaPlace {
  /** Empty: there is none at the moment. */
  readonly id: string;
  readonly iceServers: readonly IceServer[];
}

export const noMedia: MediaPlace = Object.freeze({ id: '', iceServers: [] });

export interface IceServer {
  readonly urls: readonly string[];
  readonly username: string;
  readonly credential: string;
}

/** A client's `MediaPlace` has changed. */
export interface MediaMoved extends MediaPlace {
  readonly type: 'media-place';
}

/** The answer to the offer of the same connection and revision. */
export interface MediaAnswer {
  readonly type: 'media-answer';
  readonly connection: number;
  readonly revision: number;
  /** Empty: the offer was refused. */
  readonly sdp: string;
  /** Why the offer, or a part of it, was refused. */
  readonly fault: MediaFault | null;
  readonly text: string;
  /** The sections of which `fault` speaks; none: of the whole offer. */
  readonly mids: readonly string[];
}

export interface StandbyReady {
  readonly type: 'standby-ready';
}

export interface ServerHeartbeat {
  readonly type: 'heartbeat';
  readonly id: number;
  /** Id of the client's probe that is answered; 0 if none. */
  readonly answer: number;
  readonly heardMs: number;
  readonly rttMs: number;
  readonly spreadMs: number;
}

/** What a user sent. uid, join, stream and number name it for ever: whoever gets it twice knows it (C-60). */
export interface Message extends Sent {
  readonly uid: number;
  readonly data: Uint8Array;
  /** The sender's wall clock, in milliseconds since 1970: for the app, no decision rests on it. */
  readonly sentAt: number;
}

export type Entry =
  | { readonly type: 'member'; readonly member: Member }
  | { readonly type: 'message'; readonly message: Message }
  /** Takes its place in the log and says nothing: told by a Welcome, or of a newer minor version (C-57). */
  | { readonly type: 'nothing' };

export interface Entries {
  readonly type: 'entries';
  readonly first: Position;
  readonly entries: readonly Entry[];
}

export interface Refused {
  readonly type: 'refused';
  /** A close code (contract/codes.ts). */
  readonly code: number;
  readonly text: string;
  /** Come back to this server after this long; 0: as you like. */
  readonly retryMs: number;
  /** Where else to go, where that is the point. */
  readonly servers?: readonly string[];
}

export interface Farewell {
  readonly type: 'farewell';
}

/** What a server says of media. */
export type MediaNews = MediaMoved | MediaAnswer;
/** The addresses of all servers that stay have changed (C-10). */
export interface ServersChanged {
  readonly type: 'servers';
  readonly servers: readonly string[];
}

/** This server will end: resume elsewhere, and only then let go of this connection (C-53). */
export interface Drain {
  readonly type: 'drain';
  /** Not before: the moves of all clients are spread. */
  readonly inMs: number;
  /** Then what is left here is closed with 1001. */
  readonly closesMs: number;
  /** Where to go; empty: to any other. */
  readonly servers: readonly string[];
}

/** Of a newer minor version: a packet that says nothing here (C-57). */
export interface UnknownFrame {
  readonly type: 'unknown';
}

export type ServerFrame =
  | Welcome
  | StandbyReady
  | ServerHeartbeat
  | Entries
  | Refused
  | Farewell
  | Renewed
  | MediaNews
  | ServersChanged
  | Drain
  | UnknownFrame;
