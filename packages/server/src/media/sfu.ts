import {
  type MediaAnswer,
  type MediaClose,
  type MediaOffer,
  mediaBounds,
  mediaWatch,
  type Stream,
} from '@holdfast/core';
import { keyText } from '../store/store.ts';
import type { MediaEngine } from './engine.ts';
import { Link, type LinkSurroundings, refusal } from './link.ts';
import type { MediaUser } from './port.ts';
import { Room } from './room.ts';

/** How often what is missing is asked for and what came is told, in milliseconds. */
export const tickMs = 25;

export interface SfuOptions {
  readonly engine: MediaEngine;
  /** Monotonic milliseconds. */
  readonly now: () => number;
  /** Uniform in [0, 1). */
  readonly random: () => number;
}

/** All media of one server: rooms, and the connections of their users. It forwards packets and decides nothing else. */
export class Sfu implements LinkSurroundings {
  readonly engine: MediaEngine;
  readonly now: () => number;
  readonly #random: () => number;
  readonly #rooms = new Map<string, Room>();
  readonly #links = new Map<string, { user: MediaUser; link: Link }>();
  #beatAt = 0;

  constructor({ engine, now, random }: SfuOptions) {
    this.engine = engine;
    this.now = now;
    this.#random = random;
  }

  get links(): number {
    return this.#links.size;
  }

  /** What a user publishes, as the others are told of it; before its first offer, and at every change. */
  say({ key, uid }: MediaUser, streams: readonly Stream[]): void {
    this.#room(keyText(key)).say(uid, streams);
  }

  async offer(user: MediaUser, offer: MediaOffer): Promise<MediaAnswer> {
    const name = nameOf(user, offer.connection);
    const known = this.#links.get(name)?.link;
    if (known === undefined && this.#of(user).length >= mediaBounds.connections) this.#closeOldest(user);
    const room = this.#room(keyText(user.key));
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
    const room = this.#rooms.get(keyText(key));
    room?.forget(uid);
    if (room?.empty) this.#rooms.delete(keyText(key));
  }

  /** Who was heard since the last time. */
  heard(): MediaUser[] {
    const users = new Map<string, MediaUser>();
    for (const { user, link } of this.#links.values()) {
      if (link.heard) users.set(nameOf(user, 0), user);
      link.heard = false;
    }
    return [...users.values()];
  }

  /** Call it every `tickMs`. */
  tick(): void {
    const now = this.now();
    const beat = now - this.#beatAt >= mediaWatch.beatMs;
    if (beat) this.#beatAt = now;
    for (const [name, { link }] of this.#links) {
      link.tick(now);
      if (beat) link.beat(now);
      if (now - link.heardAt < mediaWatch.forgetMs) continue;
      link.close();
      this.#links.delete(name);
    }
  }

  // ---- what links need ----

  ssrc(): number {
    return 2 + Math.floor(this.#random() * 0xffff_fff0);
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

  #room(name: string): Room {
    let room = this.#rooms.get(name);
    if (room === undefined) {
      room = new Room();
      this.#rooms.set(name, room);
    }
    return room;
  }
}

function nameOf({ key, uid, join }: MediaUser, connection: number): string {
  return `${uid}/${join}/${connection}/${keyText(key)}`;
}
