import {
  type MediaAnswer,
  type MediaClose,
  type MediaOffer,
  mediaBounds,
  mediaWatch,
  type Stream,
} from '@holdfast/core';
import { type ChannelKey, keyText } from '../store/store.ts';
import type { MediaEngine } from './engine.ts';
import { Link, type LinkSurroundings, refusal, relayUid } from './link.ts';
import type { MediaUser } from './port.ts';
import { Relay } from './relay.ts';
import { Room } from './room.ts';

/** How often what is missing is asked for and what came is told, in milliseconds. */
export const tickMs = 25;

export interface SfuOptions {
  readonly engine: MediaEngine;
  /** Whether clients and this server ask each other for packets that were lost. */
  readonly nack: boolean;
  /** Monotonic milliseconds. */
  readonly now: () => number;
  /** Uniform in [0, 1). */
  readonly random: () => number;
  /** Says something to the media process of another server; it may be lost. */
  readonly whisper: (server: string, whisper: Whisper) => void;
  /** Says something about an offer that was answered. */
  readonly tell: (user: MediaUser, answer: MediaAnswer) => void;
}

/** What media processes of different servers say to each other. */
export type Whisper =
  | { readonly type: 'offer'; readonly key: ChannelKey; readonly offer: MediaOffer }
  | { readonly type: 'answer'; readonly key: ChannelKey; readonly answer: MediaAnswer };

/** All media of one server: rooms, and the connections of their users. It forwards packets and decides nothing else. */
export class Sfu implements LinkSurroundings {
  readonly engine: MediaEngine;
  readonly nack: boolean;
  readonly now: () => number;
  readonly #random: () => number;
  readonly #whisper: SfuOptions['whisper'];
  readonly #tell: SfuOptions['tell'];
  readonly #rooms = new Map<string, { readonly key: ChannelKey; readonly room: Room }>();
  #peers: readonly string[] = [];
  /** By server and room. */
  readonly #relays = new Map<string, Relay>();
  readonly #links = new Map<string, { user: MediaUser; link: Link }>();
  #beatAt = 0;

  constructor({ engine, nack, now, random, whisper, tell }: SfuOptions) {
    this.engine = engine;
    this.nack = nack;
    this.now = now;
    this.#random = random;
    this.#whisper = whisper;
    this.#tell = tell;
  }

  get links(): number {
    return this.#links.size;
  }

  /** What a user publishes, as the others are told of it; before its first offer, and at every change. */
  say({ key, uid }: MediaUser, streams: readonly Stream[]): void {
    this.#room(key).say(uid, streams);
  }

  async offer(user: MediaUser, offer: MediaOffer): Promise<MediaAnswer> {
    const name = nameOf(user, offer.connection);
    const known = this.#links.get(name)?.link;
    if (known === undefined && user.uid !== relayUid && this.#of(user).length >= mediaBounds.connections)
      this.#closeOldest(user);
    const room = this.#room(user.key);
    const link = known ?? new Link({ room, ...user, connection: offer.connection }, this);
    this.#links.set(name, { user, link });
    try {
      return await link.negotiate(offer);
    } catch (error) {
      this.closed(link);
      return refusal(offer, 'unavailable', error instanceof Error ? error.message : String(error));
    }
  }

  close(user: MediaUser, { connection }: Pick<MediaClose, 'connection'>): void {
    const name = nameOf(user, connection);
    this.#links.get(name)?.link.close();
    this.#links.delete(name);
  }

  /** A stay is over, and with it those before it. */
  end({ key, uid, join }: MediaUser): void {
    for (const [name, { user, link }] of this.#links) {
      if (user.uid !== uid || user.join > join || keyText(user.key) !== keyText(key)) continue;
      link.close();
      this.#links.delete(name);
    }
    const found = this.#rooms.get(keyText(key));
    found?.room.forget(uid);
    if (found?.room.empty) this.#rooms.delete(keyText(key));
  }

  /** Who was heard since the last time. */
  heard(): MediaUser[] {
    const users = new Map<string, MediaUser>();
    for (const { user, link } of this.#links.values()) {
      if (link.heard && user.uid !== relayUid) users.set(nameOf(user, 0), user);
      link.heard = false;
    }
    return [...users.values()];
  }

  /** Call it every `tickMs`. */
  tick(): void {
    const now = this.now();
    const beat = now - this.#beatAt >= mediaWatch.beatMs;
    if (beat) this.#beatAt = now;
    for (const relay of this.#relays.values()) relay.tick(now);
    if (beat) this.#relay();
    for (const [name, { link }] of this.#links) {
      link.tick(now);
      if (beat) link.beat(now);
      if (now - link.heardAt < mediaWatch.forgetMs) continue;
      link.close();
      this.#links.delete(name);
    }
  }

  // ---- other servers ----

  /** The other servers that live. */
  beside(servers: readonly string[]): void {
    this.#peers = servers;
  }

  /** The media process of another server has said something. */
  async whispered(server: string, whisper: Whisper): Promise<void> {
    const { key } = whisper;
    if (whisper.type === 'answer')
      return this.#relays.get(`${server}\n${keyText(key)}`)?.answered(whisper.answer);
    const answer = await this.offer({ key, uid: relayUid, join: 0 }, whisper.offer);
    this.#whisper(server, { type: 'answer', key, answer });
  }

  /** What is wanted here is wanted at every other server; what nobody wants any more is given up. */
  #relay(): void {
    const kept = new Set<string>();
    for (const [name, { key, room }] of this.#rooms) {
      const wanted = room.wanted();
      if (wanted.length === 0) continue;
      for (const server of this.#peers) {
        const id = `${server}\n${name}`;
        kept.add(id);
        const relay = this.#relays.get(id) ?? this.#newRelay(server, key, room);
        this.#relays.set(id, relay);
        relay.want(wanted);
      }
    }
    for (const [id, relay] of this.#relays) {
      if (kept.has(id)) continue;
      relay.close();
      this.#relays.delete(id);
    }
  }

  #newRelay(server: string, key: ChannelKey, room: Room): Relay {
    return new Relay({
      ...{ engine: this.engine, room, now: this.now, random: this.#random },
      ask: (offer) => this.#whisper(server, { type: 'offer', key, offer }),
    });
  }

  // ---- what links need ----

  ssrc(): number {
    return 2 + Math.floor(this.#random() * 0xffff_fff0);
  }

  refused(link: Link, answer: MediaAnswer): void {
    const known = [...this.#links.values()].find((each) => each.link === link);
    if (known !== undefined && known.user.uid !== relayUid) this.#tell(known.user, answer);
  }

  closed(link: Link): void {
    for (const [name, known] of this.#links) if (known.link === link) this.#links.delete(name);
    link.close();
  }

  #of({ key, uid, join }: MediaUser): Link[] {
    return [...this.#links.values()]
      .filter(({ user }) => user.uid === uid && user.join === join && keyText(user.key) === keyText(key))
      .map(({ link }) => link);
  }

  #closeOldest(user: MediaUser): void {
    const [oldest] = this.#of(user).sort((a, b) => a.owner.connection - b.owner.connection);
    if (oldest !== undefined) this.closed(oldest);
  }

  #room(key: ChannelKey): Room {
    const name = keyText(key);
    let found = this.#rooms.get(name);
    if (found === undefined) {
      found = { key, room: new Room() };
      this.#rooms.set(name, found);
    }
    return found.room;
  }
}

function nameOf({ key, uid, join }: MediaUser, connection: number): string {
  return `${uid}/${join}/${connection}/${keyText(key)}`;
}
