import {
  bounds,
  ClientSession,
  type ConnectionState,
  type MediaNews,
  type Notice,
  type Profile,
  type Role,
  type Self,
  type StayOptions,
  sameSelf,
} from '@holdfast/core';
import { copyOf } from '../driver/bytes.ts';
import type { Delivery } from '../driver/delivery.ts';
import type { Host } from '../driver/host.ts';
import type { NetworkType } from '../driver/network-type.ts';
import type { DatedOutage, OutageLog } from '../driver/outages.ts';
import type { Qualities } from '../driver/quality.ts';
import { Stay } from '../driver/stay.ts';
import type { Message } from './arguments.ts';
import type { EngineMedia } from './media.ts';
import type { MessageRefusal } from './messages.ts';
import type { MediaNotice, StayMedia } from './stay-media.ts';

/** What a channel shares with its engine. */
export interface Surroundings {
  readonly host: Host;
  readonly delivery: Delivery;
  readonly outages: OutageLog;
  readonly media: EngineMedia;
}

/** The channel that a callback is about, as it is at the moment of the callback. */
export interface ChannelView {
  readonly name: string;
  /** The own uid; 0 until the server has assigned one. */
  readonly uid: number;
  /** The own string name, or empty. */
  readonly account: string;
}

/** A dialect's ear: it names what it hears, in the order in which it hears it, and decides nothing. */
export interface ChannelListener {
  notice(notice: Notice, about: ChannelView): void;
  /** The machine is on another kind of network. */
  networkChanged(type: NetworkType, about: ChannelView): void;
  /** The own role in a live channel. */
  roleChanged(before: Role, after: Role, about: ChannelView): void;
  outage(record: DatedOutage, about: ChannelView): void;
  /** Of the own network, every 2 s. */
  quality(qualities: Qualities, about: ChannelView): void;
  /** Of audio and video; missing in dialects that have none. */
  media?(notice: MediaNotice, about: ChannelView): void;
}

/** One stay in one channel. What it tells goes through the engine's delivery. */
export class Channel implements ChannelView {
  readonly #engine: Surroundings;
  readonly #options: StayOptions;
  readonly #listener: ChannelListener;
  readonly #session: ClientSession;
  readonly #stay: Stay;
  /** Null where there are none. */
  readonly #media: StayMedia | null;
  readonly #joinedAt: number;
  #self: Self;
  /** Data streams created in this stay; their ids are 1 to this. */
  #dataStreams = 0;

  /** Begins to join at once. */
  constructor(engine: Surroundings, options: StayOptions, listener: ChannelListener) {
    const { host, delivery } = engine;
    this.#engine = engine;
    this.#options = options;
    this.#listener = listener;
    this.#self = options.self;
    this.#joinedAt = host.now();
    const { queuesDials } = host;
    const random = { next: () => host.random(), id: () => host.id() };
    this.#session = new ClientSession({ ...options, queuesDials }, random);
    const told = {
      notice: (notice: Notice) => this.#notice(notice),
      networkChanged: (type: NetworkType) => listener.networkChanged(type, this),
      outage: (record: DatedOutage) => this.#outage(record),
      quality: (qualities: Qualities) => listener.quality(qualities, this),
      media: (frame: MediaNews) => this.#media?.news(frame),
    };
    this.#media = engine.media.begin({
      ...{ channel: options.channel, self: options.self },
      streamsOf: (uid) => this.#session.member(uid)?.streams ?? null,
      signal: (frame) => this.#stay.signal(frame),
      heard: () => this.#stay.mediaHeard(),
      tell: (notice) => this.#tellMedia(notice),
    });
    const mediaPath = () => this.#media?.path ?? null;
    this.#stay = new Stay({ host, delivery, listener: told, session: this.#session, mediaPath });
  }

  get name(): string {
    return this.#options.channel;
  }

  get uid(): number {
    return this.#session.uid;
  }

  get account(): string {
    return this.#options.account;
  }

  get profile(): Profile {
    return this.#options.profile;
  }

  get state(): ConnectionState {
    return this.#stay.state;
  }

  /** The stay has ended by itself and will not come back. */
  get failed(): boolean {
    return this.#stay.state === 'failed';
  }

  /** See `Stay.unsentBytes`. */
  get unsentBytes(): number {
    return this.#stay.unsentBytes;
  }

  /** A failed stay has nothing to leave, but its application hears the same as ever. */
  leave(): void {
    this.#media?.close();
    if (!this.failed) return this.#stay.leave();
    const durationMs = this.#engine.host.now() - this.#joinedAt;
    this.#engine.delivery.add(() => {
      this.#listener.notice({ type: 'state', state: 'disconnected', reason: 'leaveChannel' }, this);
      this.#listener.notice({ type: 'left', durationMs }, this);
    });
  }

  /** C-32: whether the connection is given up because the app is in the background. */
  suspend(suspended: boolean): void {
    if (suspended) this.#stay.suspend();
    else this.#stay.foreground();
  }

  /** See `Stay.renew`. */
  renew(token: string): void {
    this.#stay.renew(token);
  }

  /** Tells the others what this user is and publishes, and the application if its role has changed. */
  update(self: Self): void {
    const before = this.#self;
    if (sameSelf(before, self)) return;
    this.#self = self;
    this.#stay.update(self);
    this.#media?.become(self);
    if (before.role === self.role) return;
    this.#engine.delivery.add(() => this.#listener.roleChanged(before.role, self.role, this));
  }

  /** @returns the id of a new data stream, or null: one user has no more */
  createDataStream(): number | null {
    if (this.#dataStreams === bounds.dataStreams) return null;
    this.#dataStreams += 1;
    return this.#dataStreams;
  }

  /** Sends a copy of a message (C-60). @returns why it does not, or null */
  sendMessage({ stream, data }: Message): MessageRefusal | null {
    const refusal = this.#stay.sendRefusal(data.length);
    if (refusal !== null) return refusal;
    if (stream < 1 || stream > this.#dataStreams) return 'noSuchStream';
    this.#stay.send(stream, copyOf(data));
    return null;
  }

  #notice(notice: Notice): void {
    if (notice.type === 'failed') this.#media?.close();
    this.#listener.notice(notice, this);
    this.#media?.notice(notice);
  }

  #tellMedia(notice: MediaNotice): void {
    this.#engine.delivery.add(() => {
      if (this.#media?.closed === false) this.#listener.media?.(notice, this);
    });
  }

  #outage(record: DatedOutage): void {
    this.#engine.outages.add(record);
    this.#listener.outage(record, this);
  }
}
