import {
  type Entry,
  encodeServerFrame,
  type Limits,
  type Member,
  minorVersion,
  type Position,
  type Profile,
  type ServerOutage,
  type ServerOutput,
} from '@holdfast/core';
import { Log } from '../store/log.ts';
import type { ChannelKey, Snapshot, Store } from '../store/store.ts';
import { Held, type Holding, type HoldingChannel } from './held.ts';

/** What a channel needs of its server. */
export interface ChannelHost {
  readonly id: string;
  readonly limits: Limits;
  readonly store: Store;
  now(): number;
  spreadMs(): number;
  servers(host: string): readonly string[];
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
  #log = new Log({ incarnation: '', epoch: 1, seq: 0 });
  #unsent: Entry[] = [];
  profile: Profile = 'communication';
  /** Store calls under way; the channel is kept while there are any. */
  pending = 0;
  readonly #host: ChannelHost;
  /** The store's first snapshot has arrived. */
  ready: Promise<void> = Promise.resolve();

  constructor(key: ChannelKey, host: ChannelHost) {
    this.key = key;
    this.#host = host;
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

  now(): number {
    return this.#host.now();
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
    this.profile = profile;
    this.#members.clear();
    for (const member of members) this.#members.set(member.uid, member);
    this.#log = new Log({ ...position, seq: position.seq - history.length });
    for (const entry of history) this.#log.append(entry, 0, this.now());
    for (const held of this.held.values()) this.welcome(held, null, null);
  }

  append(position: Position, entry: Entry): void {
    if (position.seq !== this.position.seq + 1) return;
    this.#log.append(entry, 0, this.now());
    this.#unsent.push(entry);
    this.#host.unsent(this);
    if (entry.type !== 'member') return;
    const { member } = entry;
    const before = this.#members.get(member.uid);
    if (member.gone === 'forgotten') this.#members.delete(member.uid);
    else this.#members.set(member.uid, member);
    this.#host.changed(this, before, member);
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
      if (outlet === null) continue;
      outlet.send(bytes);
      held.sent();
    }
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

  /** Tells a client the truth: the changes since a position where they are known, else everything. */
  welcome(held: Held, since: Position | null, outage: Omit<ServerOutage, 'server'> | null, host = ''): void {
    const { outlet } = held;
    if (outlet === null) return;
    this.flush();
    const changes = since === null ? null : this.#log.since(since);
    const members = changes === null ? this.members : lastStates(changes);
    const { interruptedMs, lostMs, giveUpMs } = this.limits;
    const { session, secret, uid, member } = held;
    outlet.send(
      encodeServerFrame({
        type: 'welcome',
        minor: minorVersion,
        ...{ session, secret, uid, join: member.join },
        position: this.position,
        members,
        complete: changes === null,
        limits: { interruptedMs, lostMs, giveUpMs },
        servers: this.#host.servers(host),
        spreadMs: this.spreadMs(),
        outage: outage === null ? null : { ...outage, server: this.#host.id },
      }),
    );
    held.sent();
  }

  perform(held: Held, output: Exclude<ServerOutput, { type: 'send' | 'close' }>): void {
    const { store } = this.#host;
    switch (output.type) {
      case 'resync':
        return this.welcome(held, null, null);
      case 'presume-goodbye':
        if (!this.#host.closedTogether(held.address, output.closedMs))
          held.handle({ type: 'goodbye', presumed: true });
        return;
      case 'returned': {
        const { silentMs, marks } = output;
        return this.#host.returned(this, held, { silentMs, marks }, 'returned');
      }
      case 'publish':
        void store.publish(this.key, held.claim, output.member).then((ok) => {
          if (ok) return;
          held.release('superseded');
          this.drop(held);
        });
        return;
      case 'forget': {
        const { marks, heardMs } = held;
        this.#host.returned(this, held, { silentMs: Math.round(heardMs), marks }, 'forgotten');
        this.drop(held);
        void store.forget(this.key, held.claim);
      }
    }
  }
}

/** The last state of everyone who changed. */
function lastStates(changes: readonly Entry[]): Member[] {
  const last = new Map<number, Member>();
  for (const entry of changes) if (entry.type === 'member') last.set(entry.member.uid, entry.member);
  return [...last.values()];
}
