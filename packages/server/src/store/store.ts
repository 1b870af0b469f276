/**
 * The shared truth of all servers: who is in which channel, in one order per channel.
 * One suite (`store.suite.ts`) runs over every implementation.
 */
import type {
  CloseName,
  Entry,
  Member,
  Message,
  Platform,
  Position,
  Profile,
  Self,
  Sent,
  ServerMark,
  Stream,
} from '@holdfast/core';

/** A channel is known by its app and its name. */
export interface ChannelKey {
  readonly appId: string;
  readonly channel: string;
}

/** One text for a channel, to look it up by. */
export function keyText({ appId, channel }: ChannelKey): string {
  return `${appId}\n${channel}`;
}

/** A server's right to speak for one user. A newer claim of that user ends it (C-41, C-58). */
export interface Claim {
  readonly uid: number;
  readonly fence: number;
}

export interface JoinRequest {
  /** 0: assign one that is free in the channel. */
  readonly uid: number;
  /** A string name that stands for a uid: the same name gets the same uid while its record lives. */
  readonly account: string;
  readonly platform: Platform;
  readonly profile: Profile;
  readonly self: Self;
  readonly nonce: string;
  readonly attempt: number;
  /** Of a stay that this store has forgotten (C-36): its join number; 0 for a fresh join. */
  readonly rejoin: number;
  /** Refuse instead of taking over a stay whose connection answers a probe (C-40). */
  readonly keepFirst: boolean;
  /** Users whom the returner's picture shows, as quiet for `quietMs` (C-59). */
  readonly known: readonly Member[];
  /** Of a returner: its own messages that the store before had acknowledged (C-62). */
  readonly sent: readonly Sent[];
  readonly quietMs: number;
}

/** What proves that somebody is a stay's user. */
export interface Proof {
  readonly uid: number;
  /** The string name with which it joined, or empty. */
  readonly account: string;
  readonly session: string;
  readonly secret: string;
  readonly join: number;
}

export interface ResumeRequest extends Proof {
  readonly attempt: number;
  readonly self: Self;
}

/** Who asks to come in: a good token says that it may be this user. */
export interface Asked {
  /** 0: it has none yet. */
  readonly uid: number;
  readonly account: string;
  /** Of a resume: the stay that it means. */
  readonly session?: string | undefined;
}

/** What a claim gives its server. */
export interface Claimed {
  readonly claim: Claim;
  readonly session: string;
  readonly secret: string;
  readonly member: Member;
  /** The channel's log contains the claim at this position. */
  readonly position: Position;
  readonly inherited: Inherited;
  /** What the holder before knew; null if there was none. */
  readonly before: Released | null;
}

/** What a holder knows of a user whom it hands over. */
export interface Released {
  /** Age of the user's last packet. */
  readonly heardMs: number;
  /** What it did about the silence since then (C-90). */
  readonly marks: readonly ServerMark[];
  readonly inherited: Inherited;
}

/** Streams of a taken-over connection that the newcomer has not published (yet), and since when (C-35). */
export interface Inherited {
  readonly streams: readonly Stream[];
  /** Age of the last packet of the connection that published them. */
  readonly heardMs: number;
}

export type Refusal = Extract<
  CloseName,
  | 'unknownSession'
  | 'sameUid'
  | 'superseded'
  | 'otherProfile'
  | 'uidInUse'
  | 'banned'
  | 'busy'
  | 'unavailable'
>;

export interface Refusing {
  readonly refused: Refusal;
}

/** The whole of a channel at a position. */
export interface Snapshot {
  readonly position: Position;
  readonly profile: Profile;
  readonly members: readonly Member[];
  /** Retained entries, the last of them at `position`. */
  readonly history: readonly Entry[];
}

/**
 * Whom the operator means (C-44): of an app a channel with all its users, or one user, there or in all channels. A user
 * is named by uid or by account, not by both; at least one of channel and user is named.
 */
export interface Target {
  readonly appId: string;
  /** Null: in all channels of the app. */
  readonly channel: string | null;
  readonly uid: number | null;
  readonly account: string | null;
}

/** A target that is not let in. */
export interface Ban extends Target {
  readonly leftMs: number;
}

/** What the store asks and tells a server. Calls come in the order of the channel's log. */
export interface Holder {
  /** The whole truth: after `follow`, and when the channel's incarnation changes. */
  snapshot(key: ChannelKey, snapshot: Snapshot): void;
  /** One entry was appended at `position`. */
  appended(key: ChannelKey, position: Position, entry: Entry): void;
  /** A newer claim took the user over: its old claim is void. Null if this server does not hold it. */
  release(key: ChannelKey, claim: Claim, close: 'superseded' | 'sameUid'): Released | null;
  /** The user was heard at another server that does not hold it: a standby or a refused attempt. */
  heard(key: ChannelKey, claim: Claim): void;
  /**
   * Somebody asked to be this user, and had to wait. False: this server does not hold it; it keeps in mind that it was
   * heard, for the case that it adopts it (C-56).
   */
  heardAsking(key: ChannelKey, user: Asked): boolean;
  /** The user said goodbye at another server, or on a connection that is not its own. */
  leave(key: ChannelKey, claim: Claim): void;
  /** Does the user's connection answer within 1 s (C-40)? */
  probe(key: ChannelKey, claim: Claim): Promise<boolean>;
  /** The user's holder is gone; this server holds it from here on, heard at the latest `heardMs` ago (C-52). */
  adopt(key: ChannelKey, claim: Claim, member: Member, heardMs: number): void;
  /**
   * The operator removes a target: everybody of it whom this server holds is told so, the others that it has left, and
   * its state is published as removed (C-44). Nobody else is told anything.
   */
  remove(target: Target): void;
  /** The store has been away for 2 s, maybe for this server only: its clients are better off elsewhere (C-55). */
  degraded(): void;
  /** The store is back after that: clients that have found no better place stay. */
  recovered(): void;
  /** Others have adopted this server's users: all its claims are void, and it begins again as a new server (C-52). */
  fenced(): void;
  /** A server came, is leaving, or is gone: clients should know (C-10). */
  serversChanged(): void;
  /** Another server has something to say that is nobody's state: see `Store.whisper`. */
  whispered?(from: string, text: string): void;
}

/** A server as the others know it. */
export interface Seat {
  readonly server: string;
  /** How clients reach it; null: it was not told. */
  readonly url: string | null;
  /** It drains: nobody should be sent there (C-53). */
  readonly leaving: boolean;
}

/**
 * Guarantees: all changes of one channel have one order, seen by every follower; each method is atomic;
 * what `claim` has been superseded can change nothing. Rejects with `StoreUnavailable` when it cannot say.
 */
export interface Store {
  /** Registers a server. @param url how clients reach it, where that is known */
  connect(server: string, holder: Holder, url?: string | null): void;
  /** The server is gone: its users are adopted by others. */
  disconnect(server: string): void;
  /** Why nothing can be asked at the moment; null: everything can (C-54). */
  trouble(): string | null;
  /** The servers that live, as far as is known at the moment; asks nobody. */
  seats(): readonly Seat[];
  /** Brings a text to another server, by the name of its seat. It may be lost, and it is kept nowhere. */
  whisper(from: string, to: string, text: string): void;
  /** The server will soon be gone: its seat says so, and nobody's users are given to it while there is another (C-53). */
  leaving(server: string): void;
  /**
   * The server ends in good order: as `disconnect`, but what it knows of its users' last packets goes with them, so
   * that nothing is told late (C-2, C-53).
   */
  handOver(server: string): Promise<void>;

  /** Sends the channel's snapshot and every later entry to the server, until `unfollow`. */
  follow(server: string, key: ChannelKey): Promise<void>;
  unfollow(server: string, key: ChannelKey): void;

  /**
   * A server follows a channel before it claims anybody in it, and is told the log up to a claim before the claim's
   * answer. A fresh stay, a takeover, or the repeat of a join whose answer was lost (same nonce). Begins an incarnation
   * where there is none, and appends the member.
   */
  join(server: string, key: ChannelKey, request: JoinRequest): Promise<Claimed | Refusing>;
  /** The same stay on a new connection: highest attempt wins; its marks are cleared. */
  resume(server: string, key: ChannelKey, request: ResumeRequest): Promise<Claimed | Refusing>;
  /** Is this the stay's proof? If so its holder is told that it was heard. */
  prove(
    key: ChannelKey,
    proof: Omit<ResumeRequest, 'attempt' | 'self'>,
  ): Promise<Refusing | { claim: Claim }>;
  /**
   * Somebody with a good token asked to be this user and had to wait: its holder, if any, is told that it was heard
   * (C-56). In a storm everybody does, again and again: no question to the shared truth is asked for it.
   */
  heard(key: ChannelKey, user: Asked): Promise<void>;
  /** The goodbye of a stay, from a connection that is not its own (C-14): its holder takes it. */
  leave(key: ChannelKey, proof: Proof): Promise<Refusing | null>;
  /**
   * Appends the member's new state, with what it has sent as the store knows it; false: the claim is void.
   * @param removed the operator ended this stay: whatever comes of it later is refused as banned (C-44)
   */
  publish(key: ChannelKey, claim: Claim, member: Member, removed?: boolean): Promise<boolean>;
  /**
   * Appends a message of the claim's user, unless the log has had one of this number: then it has been sent
   * again, and nothing is to be done (C-60). False: the claim is void.
   */
  send(key: ChannelKey, claim: Claim, message: Omit<Message, 'uid'>): Promise<boolean>;
  /** Removes a record that no limit needs any more. */
  forget(key: ChannelKey, claim: Claim): Promise<void>;

  /** Every server removes whom it holds of the target, once. They may join afresh; their stays are over. */
  remove(target: Target): Promise<void>;
  /**
   * As `remove`; and whoever is of the target is refused as banned for `forMs` from here on, at every server, whether it
   * joins, resumes or proves. A join that was under way is refused, or removed. The same target again: the new time counts.
   */
  ban(target: Target, forMs: number): Promise<void>;
  /** Lets the target in again. False: it was not banned in these words. */
  unban(target: Target): Promise<boolean>;
  /** What is forbidden, with the time that is left. */
  bans(): Promise<readonly Ban[]>;
}
