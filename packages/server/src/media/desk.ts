import { setTimeout as sleep } from 'node:timers/promises';
import type { MediaClose, MediaOffer, MediaPlace, Member, Stream } from '@holdfast/core';
import { type ChannelKey, keyText } from '../store/store.ts';
import { refusal } from './link.ts';
import { MediaProcess } from './media-process.ts';
import type { FromMedia, MediaConfig } from './messages.ts';
import type { MediaListener, MediaPort, MediaUser } from './port.ts';
import type { Whisper } from './sfu.ts';
import { endsByItself, iceServersFor, type TurnOptions } from './turn.ts';

export interface MediaDeskOptions {
  /** The server's name. */
  readonly name: string;
  readonly turn: TurnOptions;
  readonly listener: MediaListener;
  /** The other servers that live. */
  readonly others: () => readonly string[];
  /** Brings a text to another server's desk; it may be lost. */
  readonly whisper: (server: string, text: string) => void;
  readonly log: {
    info(about: object, text: string): void;
    warn(about: object, text: string): void;
  };
}

/** A media process that ends again and again is started again after so long at most, in milliseconds. */
const restMaxMs = 10_000;
/** One that has run for so long has not just failed. */
const soundMs = 10_000;
/** A spare is started so long after its predecessor is needed: that one's first work comes first. */
const spareAfterMs = 1_000;

/** How often is looked which servers there are, in milliseconds. */
const lookMs = 500;

interface Known {
  readonly user: MediaUser;
  streams: readonly Stream[];
}

/**
 * A server's side of its media: keeps one media process at work and another one ready beside it, and knows who has
 * media there. A process that ends costs its users a new connection to the next one, and nothing else (C-72).
 */
export class MediaDesk implements MediaPort {
  readonly #options: MediaDeskOptions;
  #current: MediaProcess | null = null;
  #spare: { readonly process: MediaProcess; ready: boolean } | null = null;
  #used = false;
  #starting: NodeJS.Timeout | null = null;
  #config: MediaConfig | null = null;
  #looking: NodeJS.Timeout | null = null;
  #renewing: NodeJS.Timeout | null = null;
  /** What the process at work was told of other servers. */
  #beside = '';
  #startedAt = 0;
  #failures = 0;
  #count = 0;
  #stopped = false;
  readonly #known = new Map<string, Known>();

  constructor(options: MediaDeskOptions) {
    this.#options = options;
  }

  placeFor(uid: number): MediaPlace {
    const id = this.#current?.id ?? '';
    return { id, iceServers: id === '' ? [] : iceServersFor(uid, this.#options.turn, Date.now()) };
  }

  /** Of the process at work, for whoever wants to see what its end costs. */
  get pid(): number | undefined {
    return this.#current?.pid;
  }

  /** Begins to keep a media process. */
  start(config: MediaConfig): void {
    this.#config = config;
    this.#keepSpare(0);
    this.#looking = setInterval(() => this.#look(), lookMs);
    this.#looking.unref();
    const { turn, listener } = this.#options;
    if (!endsByItself(turn)) return;
    // Whoever stays for long has credentials for a new connection at any time.
    this.#renewing = setInterval(() => listener.mediaMoved(), (turn.seconds * 1_000) / 2);
    this.#renewing.unref();
  }

  /** Waits until clients have taken their media elsewhere, at most so long. */
  async emptied(withinMs: number): Promise<void> {
    const until = performance.now() + withinMs;
    while ((this.#current?.links ?? 0) > 0 && performance.now() < until) await sleep(50);
  }

  /** Another server's desk has said something. */
  whispered(server: string, text: string): void {
    const whisper: Whisper = JSON.parse(text);
    this.#use();
    this.#current?.tell({ type: 'whisper', server, whisper });
  }

  #keepSpare(afterMs: number): void {
    if (this.#stopped || this.#config === null || this.#spare !== null || this.#starting !== null) return;
    this.#starting = setTimeout(() => {
      this.#starting = null;
      this.#launch();
    }, afterMs);
    this.#starting.unref();
  }

  stop(): void {
    this.#stopped = true;
    if (this.#starting !== null) clearTimeout(this.#starting);
    if (this.#looking !== null) clearInterval(this.#looking);
    if (this.#renewing !== null) clearInterval(this.#renewing);
    this.#spare?.process.kill();
    this.#current?.kill();
  }

  // ---- what users want (MediaPort) ----

  offer(user: MediaUser, offer: MediaOffer, streams: readonly Stream[]): void {
    const { listener } = this.#options;
    if (this.#current === null || offer.place !== this.#current.id) {
      const fault = this.#current === null ? 'unavailable' : 'stale';
      const text = fault === 'stale' ? 'media connections end elsewhere now' : 'there is no media process';
      return listener.mediaAnswered(user, refusal(offer, fault, text));
    }
    const known = this.#known.get(nameOf(user));
    if (known === undefined || known.user.join !== user.join || known.streams !== streams)
      this.#say(user, streams);
    this.#current.tell({ type: 'offer', user, offer });
    this.#use();
  }

  #use(): void {
    if (this.#used || this.#current === null) return;
    this.#used = true;
    this.#keepSpare(spareAfterMs);
    this.#look();
  }

  #look(): void {
    if (!this.#used) return;
    const servers = this.#options.others();
    if (servers.join() === this.#beside) return;
    this.#beside = servers.join();
    this.#current?.tell({ type: 'beside', servers });
  }

  close(user: MediaUser, { place, connection }: MediaClose): void {
    if (place === this.#current?.id) this.#current.tell({ type: 'close', user, connection });
  }

  /** A member of a channel has changed: what it may send, or that it is gone. */
  changed(key: ChannelKey, { uid, join, gone, streams }: Member): void {
    const known = this.#known.get(nameOf({ key, uid }));
    if (known === undefined) return;
    if (gone === 'no' && join === known.user.join) return this.#say(known.user, streams);
    this.#known.delete(nameOf({ key, uid }));
    this.#current?.tell({ type: 'end', user: known.user });
  }

  #say(user: MediaUser, streams: readonly Stream[]): void {
    this.#known.set(nameOf(user), { user, streams });
    this.#current?.tell({ type: 'say', user, streams });
  }

  // ---- processes ----

  #launch(): void {
    this.#count += 1;
    this.#startedAt = performance.now();
    const { name, log } = this.#options;
    const config = this.#config;
    if (config === null) return;
    const started = new MediaProcess(`${name}-m${this.#count}`, config, {
      ready: () => this.#ready(started),
      unable: (why) => {
        this.#stopped = true;
        started.kill();
        log.warn({ why }, 'there is no audio and video: is the package node-datachannel installed?');
      },
      said: (message) => this.#said(started, message),
      ended: (how) => this.#ended(started, how),
    });
    this.#spare = { process: started, ready: false };
  }

  #ready(process: MediaProcess): void {
    if (this.#spare?.process !== process) return;
    this.#spare.ready = true;
    if (this.#current === null) this.#promote();
  }

  #promote(): void {
    if (this.#spare?.ready !== true) return;
    this.#current = this.#spare.process;
    this.#spare = null;
    this.#used = false;
    this.#beside = '';
    this.#options.log.info({ media: this.#current.id }, 'media connections end here');
    for (const { user, streams } of this.#known.values()) this.#current.tell({ type: 'say', user, streams });
    this.#options.listener.mediaMoved();
  }

  #said(process: MediaProcess, message: Extract<FromMedia, { type: 'answer' | 'heard' | 'whisper' }>): void {
    if (process !== this.#current) return;
    const { listener } = this.#options;
    if (message.type === 'whisper')
      return this.#options.whisper(message.server, JSON.stringify(message.whisper));
    if (message.type === 'answer') return listener.mediaAnswered(message.user, message.answer);
    for (const user of message.users) listener.mediaHeard(user);
  }

  #ended(process: MediaProcess, how: string): void {
    if (this.#stopped) return;
    this.#options.log.warn({ media: process.id, how }, 'a media process has ended');
    const sound = performance.now() - this.#startedAt >= soundMs;
    this.#failures = sound ? 0 : this.#failures + 1;
    if (this.#spare?.process === process) this.#spare = null;
    if (this.#current === process) {
      this.#current = null;
      this.#promote();
      if (this.#current === null) this.#options.listener.mediaMoved();
    }
    // The first successor starts at once.
    if (this.#spare === null)
      this.#keepSpare(this.#failures <= 1 ? 0 : Math.min(restMaxMs, 100 * 2 ** this.#failures));
  }
}

function nameOf({ key, uid }: Pick<MediaUser, 'key' | 'uid'>): string {
  return `${uid}/${keyText(key)}`;
}
