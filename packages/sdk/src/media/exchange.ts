import {
  type MediaClose,
  type MediaFault,
  type MediaNews,
  type MediaOffer,
  type MediaPlace,
  mediaWatch,
  noMedia,
} from '@holdfast/core';
import type { Alarm } from '../driver/alarm.ts';
import type { Host } from '../driver/host.ts';
import { arrivedOf, type Reports } from './figures.ts';
import { Link } from './link.ts';
import type { Place } from './sections.ts';
import { type Kind, kinds, type Subscription, type Tracks, type VideoCodec, Wishes } from './wishes.ts';

export interface ExchangeParts {
  readonly host: Pick<Host, 'now' | 'alarm' | 'random'>;
  /** In which own video is to go out, if this end has it; vp8 unless said. */
  readonly codec?: VideoCodec;
  /** How many connections the stay has had already; 0 unless its media have begun anew. */
  readonly connections?: number;
  /** @throws where there are no peer connections */
  readonly makePeer: (configuration: RTCConfiguration) => RTCPeerConnection;
  /** Says something on the user's connection, if there is one. */
  readonly signal: (frame: MediaOffer | MediaClose) => void;
  /** Packets come on a media path (C-72). */
  readonly heard: () => void;
  /** Whether media flow has changed: null where none are wanted. */
  readonly flowing: (flows: boolean | null) => void;
  /** Told once while something is wanted: it will not come, or is passed on to nobody (C-80). */
  readonly refused?: (refused: Refused) => void;
  /** Every `mediaWatch.beatMs` while media are wanted: time to look at what arrives. */
  readonly beat?: () => void;
}

/** What a server will not pass on, to here or from here. */
export interface Refused extends Place {
  readonly fault: 'noCodec' | 'notAllowed';
  readonly text: string;
}

/** A connection that is replaced is kept at most this long after the new one carries, in milliseconds. */
const overlapMs = 2_000;
/** And at least so long where something is sent: until the viewers' servers have it from where it goes now. */
const publishedOverlapMs = 600;
/** After so many failures in a row the next attempt waits, at most so long. */
const patienceAfter = 3;
const restMaxMs = 4_000;

/**
 * The media of one stay: what is wanted, and the connection that carries it. Whatever the trouble, the answer is a
 * new connection beside the old one, and each track is switched at its first packet (C-70, C-71).
 */
export class Exchange {
  readonly #parts: ExchangeParts;
  readonly #wishes = new Wishes();
  readonly #alarm: Alarm;
  #place: MediaPlace = noMedia;
  #connections: number;
  /** What carries, or did until a trouble; and what is to replace it. */
  #link: Link | null = null;
  #next: Link | null = null;
  /** The one before, while the new one has not taken everything over. */
  #before: { readonly link: Link; readonly since: number } | null = null;
  #failures = 0;
  #notBefore = 0;
  #flows: boolean | null = null;
  /** What was told to be refused, by place. */
  readonly #refused = new Map<string, MediaFault>();
  #closed = false;
  /** Of the last packet that was told. */
  #heardAt = 0;

  constructor(parts: ExchangeParts) {
    this.#parts = parts;
    this.#connections = parts.connections ?? 0;
    this.#alarm = parts.host.alarm(() => this.#tick());
  }

  /** The connection that counts, for statistics. */
  get peer(): RTCPeerConnection | null {
    return this.#link?.peer ?? this.#next?.peer ?? null;
  }

  /** Whether media flow; null: none are wanted. */
  get flows(): boolean | null {
    return this.#flows;
  }

  /** What the connection that counts says of itself; null before it has said anything. */
  get reports(): Reports | null {
    return this.#link?.reports ?? null;
  }

  /** What has arrived of a stream so far; see `RemoteFacts`. */
  arrived(uid: number, stream: number, kind: Kind): number | null {
    const track = this.#link?.track(uid, stream, kind);
    const report = this.#link?.reports?.latest;
    return track === undefined || report === undefined ? null : arrivedOf(report, track);
  }

  /** An own stream is to go out, or does with other tracks. */
  publish(stream: number, tracks: Tracks): void {
    this.#forgive(null, stream);
    this.#wishes.published.set(stream, tracks);
    this.#changed();
  }

  unpublish(stream: number): void {
    this.#forgive(null, stream);
    if (this.#wishes.published.delete(stream)) this.#changed();
  }

  subscribe(subscription: Subscription): void {
    this.#forgive(subscription.uid, subscription.stream);
    this.#wishes.subscribe(subscription);
    this.#changed();
    this.#link?.handOver(subscription.uid, subscription.stream);
  }

  unsubscribe(uid: number, stream: number): void {
    if (this.#wishes.unsubscribe(uid, stream)) this.#changed();
  }

  /** What the server says of media. */
  news(frame: MediaNews): void {
    if (this.#closed) return;
    if (frame.type === 'media-answer') {
      for (const link of [this.#link, this.#next])
        if (link?.connection === frame.connection) link.answered(frame);
      return;
    }
    this.#place = frame;
    this.#failures = 0;
    this.#notBefore = 0;
    for (const link of [this.#link, this.#next]) if (link?.place.id === frame.id) link.askAgain();
    this.#decide();
  }

  /** The stay is over: nothing is left behind. */
  close(): void {
    this.#closed = true;
    this.#alarm.close();
    this.#drop();
  }

  #changed(): void {
    for (const link of [this.#link, this.#next]) link?.become();
    this.#decide();
  }

  // ---- which connection counts ----

  #tick(): void {
    for (const link of [this.#link, this.#next, this.#before?.link]) link?.tick();
    this.#decide();
    if (!this.#closed && !this.#wishes.none) this.#parts.beat?.();
  }

  #decide(): void {
    if (this.#closed) return;
    if (this.#wishes.none) this.#drop();
    this.#promote();
    this.#retire();
    if (this.#needsNext()) this.#open();
    this.#tell();
    if (this.#link !== null || this.#next !== null || !this.#wishes.none) this.#alarm.set(mediaWatch.beatMs);
  }

  /** What was to replace the connection carries: it is the connection. */
  #promote(): void {
    if (this.#link?.state === 'failed') this.#link = null;
    if (this.#next?.state === 'failed') this.#failed();
    if (this.#next?.state !== 'carrying') return;
    if (this.#before !== null) this.#end(this.#before.link);
    this.#before = this.#link === null ? null : { link: this.#link, since: this.#parts.host.now() };
    this.#link = this.#next;
    this.#next = null;
    this.#failures = 0;
  }

  /** The one before ends when its successor carries everything that it does. */
  #retire(): void {
    const before = this.#before;
    if (before === null || this.#link === null) return;
    const passed = this.#parts.host.now() - before.since;
    const leastMs = this.#wishes.published.size > 0 ? publishedOverlapMs : 0;
    const waits = passed < leastMs || (passed < overlapMs && !this.#link.carriesAllOf(before.link));
    if (before.link.sound && waits) return;
    this.#before = null;
    this.#end(before.link);
  }

  #needsNext(): boolean {
    if (this.#wishes.none || this.#place.id === '' || this.#parts.host.now() < this.#notBefore) return false;
    const sound = this.#link?.sound && this.#link.place.id === this.#place.id;
    if (this.#next === null) return !sound;
    if (sound || this.#next.place.id !== this.#place.id) {
      // It came to life again by itself, or the new one is for a place that is gone.
      this.#end(this.#next);
      this.#next = null;
    }
    return !sound && this.#next === null;
  }

  #open(): void {
    const { host, makePeer, signal } = this.#parts;
    this.#connections += 1;
    const iceServers = this.#place.iceServers.map(({ urls, username, credential }) =>
      username === '' ? { urls: [...urls] } : { urls: [...urls], username, credential },
    );
    this.#next = new Link({
      peer: makePeer({ iceServers, bundlePolicy: 'max-bundle' }),
      place: this.#place,
      connection: this.#connections,
      wishes: this.#wishes,
      now: () => host.now(),
      codec: this.#parts.codec ?? 'vp8',
      signal,
      refused: (place, fault, text) => this.#refuse(place, fault, text),
      moved: () => this.#decide(),
    });
  }

  #refuse(place: Place, fault: MediaFault, text: string): void {
    const name = nameOf(place);
    // The others are of an attempt, and another one follows.
    if ((fault !== 'noCodec' && fault !== 'notAllowed') || this.#refused.get(name) === fault) return;
    this.#refused.set(name, fault);
    this.#parts.refused?.({ ...place, fault, text });
  }

  /** What is asked for again is refused again. */
  #forgive(uid: number | null, stream: number): void {
    for (const kind of kinds) this.#refused.delete(nameOf({ uid, stream, kind }));
  }

  #failed(): void {
    const { now, random } = this.#parts.host;
    this.#next = null;
    this.#failures += 1;
    const late = Math.max(0, this.#failures - patienceAfter);
    this.#notBefore = now() + random() * Math.min(restMaxMs, 250 * 2 ** late);
  }

  #end(link: Link): void {
    link.close();
    if (link.place.id !== this.#place.id) return;
    this.#parts.signal({ type: 'media-close', place: link.place.id, connection: link.connection });
  }

  #drop(): void {
    for (const link of [this.#link, this.#next, this.#before?.link]) if (link) this.#end(link);
    this.#link = null;
    this.#next = null;
    this.#before = null;
  }

  #tell(): void {
    const sound = this.#link?.sound ?? false;
    const heardAt = this.#link?.heardAt ?? 0;
    // What was heard a while ago says nothing new: a silence counts from the last packet (C-2).
    if (sound && heardAt !== this.#heardAt) this.#parts.heard();
    this.#heardAt = heardAt;
    const flows = this.#wishes.none ? null : sound;
    if (flows === this.#flows) return;
    this.#flows = flows;
    this.#parts.flowing(flows);
  }
}

function nameOf({ uid, stream, kind }: Place): string {
  return `${uid ?? 'own'}/${stream}/${kind}`;
}
