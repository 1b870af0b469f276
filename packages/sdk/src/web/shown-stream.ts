import type { Delivery } from '../driver/delivery.ts';
import { looked } from '../driver/looked.ts';
import { Events } from './events.ts';
import type { Log } from './log.ts';
import type { Media, Meter } from './media.ts';
import { type Kind, type Look, Player, playError } from './player.ts';
import type { StreamStats } from './stats.ts';
import type { PlayError, StreamEvents } from './stream-types.ts';

/** What streams share with the page. */
export interface StreamParts {
  readonly media: Media | null;
  readonly delivery: Delivery;
  readonly log: Log;
  readonly report: (error: unknown) => void;
}

const kinds = ['audio', 'video'] as const;

/** What local and remote streams have in common: tracks that may be shown on the page, and events. */
export abstract class ShownStream {
  protected readonly parts: StreamParts;
  protected readonly events: Events<StreamEvents>;
  #tracks: Readonly<Partial<Record<Kind, MediaStreamTrack>>> = {};
  #player: Player | null = null;
  #meter: Meter | null = null;
  #volume = 1;
  #measure: ((track: MediaStreamTrack) => Promise<StreamStats>) | null = null;

  constructor(parts: StreamParts) {
    this.parts = parts;
    this.events = new Events(parts.report);
  }

  abstract getId(): number | string;
  protected abstract has(kind: Kind): boolean;
  /** Whether its publisher has muted it. */
  protected abstract isMuted(kind: Kind): boolean;
  /** False: there is nothing of this kind. */
  protected abstract mute(kind: Kind, muted: boolean): boolean;

  /** How it looks if nothing else is said. */
  protected abstract look(): Omit<Look, 'id' | 'volume'>;

  // ---- on the page ---------------------------------------------------------------------------------

  play(where: unknown, options?: unknown, callback?: unknown): void {
    const [said, done] = typeof options === 'function' ? [undefined, options] : [options, callback];
    const { media } = this.parts;
    const page = media?.page;
    const place = typeof where === 'string' ? page?.getElementById(where) : undefined;
    if (!media || !page || !place) {
      const name = typeof where === 'string' ? ` '${where}'` : '';
      return this.#played(done, [], { status: 'aborted', reason: `there is no element${name} on this page` });
    }
    this.stop();
    const player = new Player(media, page, place, this.#lookAs(said));
    this.#player = player;
    const shown = kinds.filter((kind) => this.#tracks[kind] !== undefined);
    Promise.all(shown.map((kind) => player.show(kind, this.#tracks[kind]))).then(
      () => this.#played(done, shown, null),
      (error) => this.#played(done, shown, playError(error)),
    );
  }

  stop(): void {
    this.#player?.remove();
    this.#player = null;
  }

  async resume(): Promise<void> {
    await this.#player?.resume();
  }

  isPlaying(): boolean {
    return this.#player !== null;
  }

  setAudioVolume(volume: unknown): void {
    if (typeof volume !== 'number' || Number.isNaN(volume)) return;
    this.#volume = Math.min(100, Math.max(0, volume)) / 100;
    if (this.#player) this.#player.volume = this.#volume;
  }

  getAudioLevel(): number {
    const track = this.#tracks.audio;
    if (track === undefined) return 0;
    this.#meter ??= this.parts.media?.meter(track) ?? null;
    return this.#meter?.level() ?? 0;
  }

  #lookAs(said: unknown): Look {
    const { fit, muted } = looked(
      () => {
        const given = (typeof said === 'object' && said !== null ? said : {}) as Record<string, unknown>;
        return { fit: given.fit, muted: given.muted };
      },
      {} as Record<string, unknown>,
    );
    const own = this.look();
    return {
      ...own,
      fit: fit === 'cover' || fit === 'contain' ? fit : own.fit,
      muted: typeof muted === 'boolean' ? muted : own.muted,
      id: this.getId(),
      volume: this.#volume,
    };
  }

  #played(done: unknown, shown: readonly Kind[], error: PlayError | null): void {
    const status = error?.status ?? 'play';
    const reason = error?.reason ?? 'playing';
    const playerId = `${this.getId()}`;
    const isErrorState = error !== null;
    if (error !== null) this.parts.log.add('warning', `stream ${playerId} does not play: ${reason}`);
    this.later(() => {
      for (const mediaType of shown) {
        this.events.emit('player-status-change', { playerId, mediaType, status, reason, isErrorState });
      }
    });
    this.call(done, error);
  }

  // ---- what is in it -------------------------------------------------------------------------------

  muteAudio = (): boolean => this.mute('audio', true);
  unmuteAudio = (): boolean => this.mute('audio', false);
  muteVideo = (): boolean => this.mute('video', true);
  unmuteVideo = (): boolean => this.mute('video', false);
  disableAudio = (): boolean => this.mute('audio', true);
  enableAudio = (): boolean => this.mute('audio', false);
  disableVideo = (): boolean => this.mute('video', true);
  enableVideo = (): boolean => this.mute('video', false);
  hasAudio = (): boolean => this.has('audio');
  hasVideo = (): boolean => this.has('video');
  isAudioOn = (): boolean => this.has('audio') && !this.isMuted('audio');
  isVideoOn = (): boolean => this.has('video') && !this.isMuted('video');

  getAudioTrack(): MediaStreamTrack | undefined {
    return this.#tracks.audio;
  }

  getVideoTrack(): MediaStreamTrack | undefined {
    return this.#tracks.video;
  }

  /** Puts another track in the place of the present one; what is shown follows. */
  protected carry(kind: Kind, track: MediaStreamTrack | undefined): void {
    const { [kind]: _, ...others } = this.#tracks;
    this.#tracks = track === undefined ? others : { ...others, [kind]: track };
    if (kind === 'audio') this.#stopMeter();
    this.#player?.show(kind, track).catch((error) => this.#played(undefined, [kind], playError(error)));
  }

  /** Keeps a kind from being seen or heard on this page. */
  protected hide(kind: Kind, hidden: boolean): void {
    this.#player?.hide(kind, hidden);
  }

  protected stopShowing(): void {
    this.stop();
    this.#stopMeter();
  }

  #stopMeter(): void {
    this.#meter?.stop();
    this.#meter = null;
  }

  // ---- events and callbacks ------------------------------------------------------------------------

  on(event: unknown, callback: unknown): void {
    this.events.on(event, callback);
  }

  off(event: unknown, callback?: unknown): void {
    this.events.off(event, callback);
  }

  /** Figures of both kinds; nothing is known of a stream whose packets do not flow. */
  getStats(callback: unknown): void {
    const measure = this.#measure;
    const tracks = Object.values(this.#tracks);
    if (measure === null) return this.call(callback, {});
    Promise.all(tracks.map((track) => measure(track))).then(
      (all) => this.call(callback, Object.assign({}, ...all)),
      () => this.call(callback, {}),
    );
  }

  /** Who knows how a track of this stream travels; null: nobody does. */
  measuredBy(measure: ((track: MediaStreamTrack) => Promise<StreamStats>) | null): void {
    this.#measure = measure;
  }

  protected later(job: () => void): void {
    this.parts.delivery.add(job);
  }

  /** Calls a callback of the application later, if it is one. */
  protected call(callback: unknown, ...args: unknown[]): void {
    if (typeof callback === 'function') this.later(() => callback(...args));
  }
}
