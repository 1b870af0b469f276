import {
  type Entry,
  encodeServerFrame,
  type HistoryBounds,
  type Limits,
  type MediaPlace,
  type Member,
  type Message,
  minorVersion,
  newest,
  type Position,
  type Profile,
  type Self,
  type Send,
  type ServerOutage,
  type ServerOutput,
  withMessage,
} from '@holdfast/core';
import { Log } from '../store/log.ts';
import type { ChannelKey, Snapshot, Store, Target } from '../store/store.ts';
import { catchUp, lastStates } from './catch-up.ts';
import { Held, type Holding, type HoldingChannel } from './held.ts';
import { saidIn, speaksIn } from './profile.ts';

/** From where a client follows the log: a position, all that is retained, or what comes from here on. */
export type Since = Position | 'oldest' | 'newest';

/** What a channel needs of its server. */
export interface ChannelHost {
  readonly id: string;
  readonly limits: Limits;
  readonly messagesPerSecond: number | null;
  readonly history: HistoryBounds | undefined;
  /** Where media connections of a user end. */
  mediaPlace(uid: number): MediaPlace;
  readonly store: Store;
  now(): number;
  /** Are there connections that wait to be taken, or have just been? */
  crowded(): boolean;
  spreadMs(): number;
  servers(host: string): readonly string[];
  /** A client was told the whole truth. */
  welcomed(held: Held): void;
  took(held: Held): void;
  moved(held: Held): void;
  opened(address: string): void;
  closed(address: string): void;
  /** Did many connections behind this address close together (C-31)? */
  closedTogether(address: string, closedMs: number): boolean;
  dropped(held: Held): void;
  returned(
    channel: Channel,
    held: Held,
    outage: Omit<ServerOutage, 'server'>,
    end: 'returned' | 'forgotten',
  ): void;
  /** The store could not do something; what to do if it can again later. Anything else is a bug. */
  storeFailed(error: unknown, otherwise?: () => void): void;
  /** Entries wait to be sent: call `flush` before the event loop turns. */
  unsent(channel: Channel): void;
  changed(channel: Channel, before: Member | undefined, member: Member): void;
}

/** A channel on this server: its copy of the truth, the users it holds, and the fan-out to them. */
export class Channel implements HoldingChannel {
  readonly key: ChannelKey;
  readonly held = new Map<number, Held>();
  /** Claims that were superseded before their answer arrived here. */
  readonly #void = new Map<number, { fence: number; close: 'superseded' | 'sameUid' }>();
  readonly #members = new Map<number, Member>();
  #log: Log;
  #unsent: Entry[] = [];
  profile: Profile = 'communication';
  /** Whom the operator has removed while claims were under way (C-44). */
  removals: Target[] = [];
  /** Store calls under way; the channel is kept while there are any. */
  pending = 0;
  readonly #host: ChannelHost;
  /** The store's first snapshot has arrived. */
  ready: Promise<void> = Promise.resolve();

  constructor(key: ChannelKey, host: ChannelHost) {
    this.key = key;
    this.#host = host;
    this.#log = new Log({ incarnation: '', epoch: 1, seq: 0 }, host.history);
  }

  get limits(): Limits {
    return this.#host.limits;
  }

  get position(): Position {
    return this.#log.position;
  }

  get members(): readonly Member[] {
    return [...this.#members.values()];
  }

  get idle(): boolean {
    return this.held.size === 0 && this.pending === 0;
  }

  /** Is told of the log from here on. */
  follow(): void {
    this.ready = this.#host.store.follow(this.#host.id, this.key);
    // Who waits for it is told; others have nobody to tell.
    this.ready.catch(() => undefined);
  }

  now(): number {
    return this.#host.now();
  }

  crowded(): boolean {
    return this.#host.crowded();
  }

  spreadMs(): number {
    return this.#host.spreadMs();
  }

  moved(held: Held): void {
    if (this.held.get(held.uid) === held) this.#host.moved(held);
  }

  opened(address: string): void {
    this.#host.opened(address);
  }

  closed(address: string): void {
    this.#host.closed(address);
  }

  // ---- the copy of the truth ----

  reset({ position, profile, members, history }: Snapshot): void {
    this.flush();
    const before = this.position;
    this.profile = profile;
    this.#members.clear();
    for (const member of members) this.#members.set(member.uid, member);
    this.#log = new Log({ ...position, seq: position.seq - history.length }, this.#host.history);
    for (const entry of history) this.#log.append(entry, this.now());
    for (const held of this.held.values()) this.welcome(held, { ...before, seq: held.sentUpTo }, null);
  }

  append(position: Position, entry: Entry): void {
    if (position.seq !== this.position.seq + 1) return;
    this.#log.append(entry, this.now());
    this.#unsent.push(entry);
    this.#host.unsent(this);
    if (entry.type === 'message') this.#sent(entry.message);
    if (entry.type !== 'member') return;
    const { member } = entry;
    const before = this.#members.get(member.uid);
    if (member.gone === 'forgotten') this.#members.delete(member.uid);
    else this.#members.set(member.uid, member);
    this.#host.changed(this, before, member);
  }

  #sent(message: Message): void {
    const sender = this.#members.get(message.uid);
    if (sender !== undefined) this.#members.set(message.uid, withMessage(sender, message));
  }

  /** Sends what was appended since the last time: encoded once, one write for each member. */
  flush(): void {
    const entries = this.#unsent;
    if (entries.length === 0) return;
    this.#unsent = [];
    const first = { ...this.position, seq: this.position.seq - entries.length + 1 };
    const bytes = encodeServerFrame({ type: 'entries', first, entries });
    for (const held of this.held.values()) {
      const { outlet } = held;
      // Who is behind gets it when what comes before it has been passed on.
      if (outlet === null || held.sentUpTo !== first.seq - 1) continue;
      // A turn that brought very much is passed on piece by piece: its size makes nobody slow.
      if (bytes.length > turnBytes) {
        this.#replay(held);
        continue;
      }
      held.sentUpTo = this.position.seq;
      outlet.send(bytes);
      held.sent();
    }
  }

  /** Sends what a client has missed piece by piece, the next when one has been passed on: that is never slow (C-63). */
  #replay(held: Held): void {
    const { outlet } = held;
    if (outlet === null) return;
    this.flush();
    const seq = held.sentUpTo;
    const missed = this.#log.since({ ...this.position, seq }, this.now());
    if (missed === null) return this.welcome(held, { ...this.position, seq }, null);
    if (missed.length === 0) return;
    const next = piece(missed);
    // What members have become does not wait behind messages that take their time (C-2, C-20).
    const hidden = missed.slice(Math.max(next.length, held.shownUpTo - seq));
    if (hidden.some(({ type }) => type === 'member'))
      return this.welcome(held, { ...this.position, seq }, null);
    const entries = next.map((entry, index): Entry => {
      const told = entry.type === 'member' && seq + 1 + index <= held.shownUpTo;
      return told ? { type: 'nothing' } : entry;
    });
    held.sentUpTo = seq + entries.length;
    const first = { ...this.position, seq: seq + 1 };
    outlet.send(encodeServerFrame({ type: 'entries', first, entries }), () => {
      if (held.outlet === outlet) this.#replay(held);
    });
    held.sent();
  }

  // ---- the users held here ----

  /** Takes a user in; null if a newer claim has already taken it away. */
  hold(holding: Holding): Held | { close: 'superseded' | 'sameUid' } {
    const { uid, fence } = holding.claim;
    const gone = this.#void.get(uid);
    if (gone !== undefined && gone.fence >= fence) return { close: gone.close };
    this.#void.delete(uid);
    const before = this.held.get(uid);
    if (before) this.drop(before);
    const held = new Held(holding, this);
    this.held.set(uid, held);
    this.#host.took(held);
    this.moved(held);
    return held;
  }

  /** A claim of this user is void that is not held here (yet). */
  voided(uid: number, fence: number, close: 'superseded' | 'sameUid'): void {
    if (this.pending > 0) this.#void.set(uid, { fence, close });
  }

  drop(held: Held): void {
    if (this.held.get(held.uid) === held) this.held.delete(held.uid);
    this.#host.dropped(held);
  }

  /** Tells a client the truth: the changes since a position where they are known, else everything; then what was sent. */
  welcome(held: Held, since: Since, outage: Omit<ServerOutage, 'server'> | null): void {
    const { outlet } = held;
    if (outlet === null) return;
    this.flush();
    const changes = typeof since === 'string' ? null : this.#log.since(since, this.now());
    const retained = since === 'newest' ? [] : (changes ?? this.#log.entries);
    const end = this.position.seq;
    const { from, members } = catchUp(changes === null ? this.members : lastStates(changes), retained, end);
    held.sentUpTo = from;
    held.shownUpTo = end;
    const { interruptedMs, lostMs, giveUpMs } = this.limits;
    const { session, secret, uid, member } = held;
    outlet.send(
      encodeServerFrame({
        type: 'welcome',
        minor: minorVersion,
        ...{ session, secret, uid, join: member.join },
        position: { ...this.position, seq: from },
        members,
        complete: changes === null,
        limits: { interruptedMs, lostMs, giveUpMs },
        servers: this.#host.servers(outlet.host),
        spreadMs: this.spreadMs(),
        outage: outage === null ? null : { ...outage, server: this.#host.id },
        received: this.#members.get(uid)?.sent.filter(({ join }) => join === member.join) ?? [],
        rights: held.permit.rights(this.now()),
        messagesPerSecond: this.#host.messagesPerSecond,
        media: this.#host.mediaPlace(uid),
      }),
    );
    held.sent();
    this.#host.welcomed(held);
    if (from < end) this.#replay(held);
  }

  /** What a user says of itself has changed. */
  update(held: Held, self: Self): void {
    held.update(saidIn(this.profile, self));
  }

  /** Does the log have this message of a user? Then it has been sent again, and nothing is to be done (C-60). */
  has(held: Held, { stream, number }: Send): boolean {
    const sent = this.#members.get(held.uid)?.sent ?? [];
    return number <= newest(sent, { join: held.member.join, stream });
  }

  /**
   * Appends a message of a user; that it is in the log acknowledges it (C-60). What it may not say waits at its sender,
   * and with it what comes after (C-25, C-42, C-62).
   */
  send(held: Held, message: Send): void {
    const allowed = held.permit.may('data', this.now()) && speaksIn(this.profile, held.member);
    if (!allowed) return held.withhold(message);
    if (!held.takes(message)) return;
    const { stream, number, data, sentAt } = message;
    const { join } = held.member;
    this.#host.store.send(this.key, held.claim, { join, stream, number, data, sentAt }).then(
      (ok) => this.#claimed(held, ok),
      // It is not acknowledged: its sender sends it again, here or elsewhere (C-54, C-63).
      (error) => this.#host.storeFailed(error, () => held.end('unavailable')),
    );
  }

  perform(held: Held, output: Exclude<ServerOutput, { type: 'send' | 'close' }>): void {
    const { store } = this.#host;
    switch (output.type) {
      case 'resync':
        return this.welcome(held, { ...this.position, seq: held.sentUpTo }, null);
      case 'presume-goodbye':
        if (!this.#host.closedTogether(held.address, output.closedMs))
          held.handle({ type: 'goodbye', presumed: true });
        return;
      case 'returned': {
        const { silentMs, marks } = output;
        return this.#host.returned(this, held, { silentMs, marks }, 'returned');
      }
      case 'publish':
        store.publish(this.key, held.claim, output.member, held.removed).then(
          (ok) => this.#claimed(held, ok),
          (error) => this.#host.storeFailed(error),
        );
        return;
      case 'forget': {
        const { marks, heardMs } = held;
        this.#host.returned(this, held, { silentMs: Math.round(heardMs), marks }, 'forgotten');
        this.drop(held);
        store.forget(this.key, held.claim).catch((error) => this.#host.storeFailed(error));
      }
    }
  }

  /** Others hold its users: nobody is told anything here any more (C-52). */
  abandon(): void {
    const { store } = this.#host;
    for (const held of [...this.held.values()]) {
      const { goodbye } = held;
      held.end('goingAway');
      this.drop(held);
      // Who holds it by now has not been told, if it was said without the store (C-14, C-54).
      if (goodbye !== null) store.leave(this.key, goodbye).catch((error) => this.#host.storeFailed(error));
    }
  }

  /** The store took something on a user's behalf, or says that its claim is void. */
  #claimed(held: Held, ok: boolean): void {
    if (ok) return;
    held.release('superseded');
    this.drop(held);
  }
}

/** As many entries as are sent at once. */
function piece(entries: readonly Entry[]): readonly Entry[] {
  let bytes = 0;
  const end = entries.findIndex((entry) => {
    if (entry.type === 'message') bytes += entry.message.data.length;
    return bytes > pieceBytes;
  });
  return entries.slice(0, end === -1 ? pieceEntries : Math.max(1, Math.min(end, pieceEntries)));
}

/** What is sent to everybody in one write. */
const turnBytes = 256_000;
const pieceBytes = 64_000;
const pieceEntries = 500;
