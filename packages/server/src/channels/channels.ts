import {
  type Entry,
  type HistoryBounds,
  type Limits,
  type MediaPlace,
  type Member,
  noMedia,
  type Position,
  type Self,
  type ServerOutage,
  spreadMs,
} from '@holdfast/core';
import { type Bounds, defaultBounds } from '../bounds/index.ts';
import type { Report } from '../events.ts';
import type { MediaPort, MediaUser } from '../media/port.ts';
import { everything, type ServerSettings } from '../settings.ts';
import { means } from '../store/bans.ts';
import { isOf } from '../store/claims.ts';
import type {
  Asked,
  ChannelKey,
  Claim,
  Claimed,
  Holder,
  JoinRequest,
  Refusing,
  Released,
  ResumeRequest,
  Snapshot,
  Store,
  Target,
} from '../store/store.ts';
import { keyText } from '../store/store.ts';
import { StoreUnavailable } from '../store/unavailable.ts';
import { Addresses } from './addresses.ts';
import { Agenda } from './agenda.ts';
import { Apps } from './apps.ts';
import { Askers } from './askers.ts';
import { Channel, type ChannelHost } from './channel.ts';
import { Directory } from './directory.ts';
import type { Held } from './held.ts';
import { Permit } from './permit.ts';
import { saidIn } from './profile.ts';

export type { ChannelKey };

/** What came of asking to come in. */
export type Admission =
  | Refusing
  | { readonly held: Held; readonly channel: Channel; readonly claimed: Claimed };

export interface ChannelsParts {
  readonly id: string;
  /** How clients reach this server, where that is known. */
  readonly url?: string | null;
  readonly settings: ServerSettings;
  readonly store: Store;
  /** Running time in milliseconds (C-3). */
  readonly now: () => number;
  readonly report: Report;
  /** Audio and video, if this server has them. */
  readonly media?: MediaPort;
  /** Are there connections that wait to be taken, or have just been (C-56)? Never, if left out. */
  readonly crowded?: () => boolean;
}

/** All channels of one server, and its side of the store. */
export class Channels implements Holder, ChannelHost {
  readonly id: string;
  readonly store: Store;
  readonly agenda = new Agenda();
  readonly now: () => number;
  readonly crowded: () => boolean;
  readonly #settings: ServerSettings;
  readonly #report: Report;
  readonly #channels = new Map<string, Channel>();
  readonly #held = new Set<Held>();
  readonly #apps = new Apps();
  readonly #unsent = new Set<Channel>();
  readonly #addresses: Addresses;
  readonly #askers: Askers;
  readonly #directory: Directory;
  readonly #media: MediaPort | null;

  constructor({ id, url, settings, store, now, report, media, crowded }: ChannelsParts) {
    this.id = id;
    this.#settings = settings;
    this.store = store;
    this.now = now;
    this.crowded = crowded ?? (() => false);
    this.#report = report;
    this.#media = media ?? null;
    this.#addresses = new Addresses(now);
    this.#askers = new Askers(now);
    const { servers } = settings;
    this.#directory = new Directory({ servers, channels: () => this.#channels.values(), now });
    store.connect(id, this, url ?? null);
  }

  get limits(): Limits {
    return this.#settings.limits;
  }

  get history(): HistoryBounds | undefined {
    return this.#settings.history;
  }

  mediaPlace(uid: number): MediaPlace {
    return this.#media?.placeFor(uid) ?? noMedia;
  }

  get messagesPerSecond(): number | null {
    return this.bounds.messagesPerSecond;
  }

  get bounds(): Bounds {
    return this.#settings.bounds ?? defaultBounds;
  }

  all(): readonly Channel[] {
    return [...this.#channels.values()];
  }

  /** One stay of a user, if it is held here. */
  stay({ key, uid, join }: MediaUser): Held | undefined {
    const held = this.#channels.get(keyText(key))?.held.get(uid);
    return held?.member.join === join ? held : undefined;
  }

  // ---- the end of this server (C-53) ----

  get draining(): boolean {
    return this.#directory.draining;
  }

  /** Sends every client elsewhere, and takes nobody in. */
  drain(forMs: number): void {
    this.store.leaving(this.id);
    this.#directory.drain(forMs);
  }

  welcomed(held: Held): void {
    this.#directory.welcomed(held);
  }

  // ---- asking to come in ----

  async join(key: ChannelKey, request: JoinRequest, permit: Permit): Promise<Admission> {
    if (!this.#hasRoom(key)) return { refused: 'busy' };
    const ask = (self: Self) => this.store.join(this.id, key, { ...request, self });
    return this.#admit(key, () => saidIn(request.profile, request.self), permit, ask);
  }

  /** @param outage the client's name for the outage that this ends (C-90) */
  async resume(key: ChannelKey, request: ResumeRequest, permit: Permit, outage: string): Promise<Admission> {
    const ask = (self: Self) => this.store.resume(this.id, key, { ...request, self });
    return this.#admit(key, ({ profile }) => saidIn(profile, request.self), permit, ask, outage);
  }

  async #admit(
    key: ChannelKey,
    say: (channel: Channel) => Self,
    permit: Permit,
    ask: (self: Self) => Promise<Claimed | Refusing>,
    outage = '',
  ): Promise<Admission> {
    if (this.store.trouble() !== null) return { refused: 'unavailable' };
    const channel = this.#open(key);
    channel.pending += 1;
    const removedBefore = channel.removals.length;
    try {
      await channel.ready;
      const own = say(channel);
      const claimed = await ask(permit.mask(own, this.now()));
      if ('refused' in claimed) return claimed;
      const held = channel.hold({ ...claimed, own, permit, heardMs: 0 });
      if ('close' in held) return { refused: held.close };
      if (claimed.before !== null && claimed.before.marks.length > 0) {
        const { heardMs, marks } = claimed.before;
        this.returned(channel, held, { silentMs: Math.round(heardMs), marks }, 'returned', outage);
      }
      const isRemoved = channel.removals
        .slice(removedBefore)
        .some((target) => means(target, key, held.member));
      if (isRemoved) held.banish();
      return isRemoved ? { refused: 'banned' } : { held, channel, claimed };
    } finally {
      channel.pending -= 1;
      if (channel.pending === 0) channel.removals = [];
      this.#close(channel);
    }
  }

  // ---- what the store asks and tells (Holder) ----

  snapshot(key: ChannelKey, snapshot: Snapshot): void {
    const channel = this.#channels.get(keyText(key));
    if (channel === undefined) return;
    const { incarnation } = snapshot.position;
    if (incarnation !== channel.position.incarnation) this.#report({ type: 'incarnation', key, incarnation });
    channel.reset(snapshot);
  }

  appended(key: ChannelKey, position: Position, entry: Entry): void {
    this.#channels.get(keyText(key))?.append(position, entry);
  }

  release(key: ChannelKey, claim: Claim, close: 'superseded' | 'sameUid'): Released | null {
    const channel = this.#channels.get(keyText(key));
    const held = this.#holding(key, claim);
    if (channel === undefined) return null;
    if (held === undefined) {
      channel.voided(claim.uid, claim.fence, close);
      return null;
    }
    const released = held.release(close);
    channel.drop(held);
    this.#close(channel);
    return released;
  }

  heard(key: ChannelKey, claim: Claim): void {
    this.#holding(key, claim)?.handle({ type: 'heard-elsewhere' });
  }

  heardAsking(key: ChannelKey, user: Asked): boolean {
    const held = this.#channels.get(keyText(key))?.held.get(user.uid);
    if (held === undefined) this.#askers.heard(key, user);
    else if (isOf(user, held)) held.handle({ type: 'heard-elsewhere' });
    return held !== undefined;
  }

  leave(key: ChannelKey, claim: Claim): void {
    this.#holding(key, claim)?.handle({ type: 'goodbye', presumed: false });
  }

  remove(target: Target): void {
    for (const { key, held, pending, removals } of this.#channels.values()) {
      if (pending > 0) removals.push(target);
      for (const user of [...held.values()]) if (means(target, key, user.member)) user.banish();
    }
  }

  async probe(key: ChannelKey, claim: Claim): Promise<boolean> {
    const held = this.#holding(key, claim);
    if (held === undefined || !held.connected) return false;
    return new Promise((resolve) => {
      const until = this.now() + probeMs;
      const timeout = { dueAt: () => until, due: () => settle(false) };
      const settle = (answered: boolean) => {
        this.agenda.remove(timeout);
        resolve(answered);
      };
      this.agenda.update(timeout);
      held.probe(() => settle(true));
    });
  }

  adopt(key: ChannelKey, claim: Claim, member: Member, quietMs: number): void {
    const channel = this.#open(key);
    const heardMs = Math.min(quietMs, this.now() - this.#askers.heardAt(key, member));
    const known = channel.held.get(claim.uid);
    if (known !== undefined && known.claim.fence === claim.fence && known.heardMs <= heardMs) return;
    const inherited = { streams: [], heardMs: 0 };
    const permit = new Permit(everything, this.now());
    channel.hold({ claim, session: '', secret: '', member, own: member, permit, inherited, heardMs });
  }

  serversChanged(): void {
    this.#directory.changed();
  }

  degraded(): void {
    this.#directory.degraded();
  }

  recovered(): void {
    this.#directory.recovered();
  }

  whispered(from: string, text: string): void {
    this.#media?.whispered(from, text);
  }

  fenced(): void {
    for (const channel of this.all()) {
      channel.abandon();
      this.#close(channel);
      if (this.#channels.get(keyText(channel.key)) === channel) channel.follow();
    }
  }

  #holding(key: ChannelKey, { uid, fence }: Claim): Held | undefined {
    const held = this.#channels.get(keyText(key))?.held.get(uid);
    return held?.claim.fence === fence ? held : undefined;
  }

  // ---- what channels ask of their server (ChannelHost) ----

  /** Users who are held here. */
  get sessions(): number {
    return this.#held.size;
  }

  spreadMs(): number {
    return spreadMs(this.sessions);
  }

  servers(host: string): readonly string[] {
    return this.#directory.servers(host);
  }

  opened(address: string): void {
    this.#addresses.opened(address);
  }

  closed(address: string): void {
    this.#addresses.closed(address);
  }

  closedTogether(address: string, closedMs: number): boolean {
    return this.#addresses.closedTogether(address, closedMs);
  }

  moved(held: Held): void {
    this.agenda.update(held);
  }

  took(held: Held): void {
    this.#held.add(held);
  }

  dropped(held: Held): void {
    this.#held.delete(held);
    this.agenda.remove(held);
  }

  changed({ key }: Channel, before: Member | undefined, member: Member): void {
    this.#report({ type: 'member', key, before, member });
  }

  returned(
    { key }: Channel,
    { uid, session }: Held,
    { silentMs, marks }: Omit<ServerOutage, 'server'>,
    end: 'returned' | 'forgotten',
    outage = '',
  ): void {
    if (marks.length === 0) return;
    this.#report({ type: 'outage', outage: { ...key, uid, session, outage, silentMs, marks, end } });
  }

  storeFailed(error: unknown, otherwise: () => void = () => undefined): void {
    if (!(error instanceof StoreUnavailable)) throw error;
    otherwise();
  }

  unsent(channel: Channel): void {
    if (this.#unsent.size === 0) queueMicrotask(() => this.flush());
    this.#unsent.add(channel);
  }

  /** Sends what channels have gathered; runs once for everything that happened in a turn. */
  flush(): void {
    const channels = [...this.#unsent];
    this.#unsent.clear();
    for (const channel of channels) channel.flush();
    for (const channel of channels) this.#close(channel);
  }

  /** May a channel be opened, if it is not (C-81)? */
  #hasRoom(key: ChannelKey): boolean {
    if (this.#channels.has(keyText(key))) return true;
    const { channels, channelsPerApp } = this.bounds;
    return this.#channels.size < channels && this.#apps.channelsOf(key.appId) < channelsPerApp;
  }

  #open(key: ChannelKey): Channel {
    const text = keyText(key);
    let channel = this.#channels.get(text);
    if (channel === undefined) {
      channel = new Channel(key, this);
      this.#channels.set(text, channel);
      this.#apps.opened(key.appId);
      channel.follow();
    }
    return channel;
  }

  #close(channel: Channel): void {
    const text = keyText(channel.key);
    if (!channel.idle || this.#channels.get(text) !== channel) return;
    this.#channels.delete(text);
    this.#apps.closed(channel.key.appId);
    this.store.unfollow(this.id, channel.key);
  }
}

/** How long a connection may take to show that it lives, before a newcomer replaces it (C-40). */
const probeMs = 1_000;
