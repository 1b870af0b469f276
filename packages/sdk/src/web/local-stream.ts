import type { Stream as Description } from '@holdfast/core';
import {
  isTrack,
  open,
  openDevice,
  readSpec,
  refusal,
  type Source,
  streamError,
  type Wishes,
} from './capture.ts';
import type { Kind, Look } from './player.ts';
import { cameraProfile, defaultCamera, encoderWish, screenProfile } from './profiles.ts';
import { ShownStream, type StreamParts } from './shown-stream.ts';
import type { StreamError, WebStream } from './stream-types.ts';

/** Audio and video of this page: captured here, published by a client. */
export class LocalStream extends ShownStream implements WebStream {
  readonly local = true;
  readonly #source: Source | null;
  readonly #wishes: Wishes = { camera: defaultCamera, screen: {}, microphone: {} };
  readonly #has: Record<Kind, boolean>;
  readonly #muted: Record<Kind, boolean> = { audio: false, video: false };
  readonly #onEnded = { audio: () => this.#ended('audio'), video: () => this.#ended('video') };
  readonly #watchers = new Set<() => void>();
  #phase: 'new' | 'opening' | 'ready' = 'new';
  /** Grows with every close: what an earlier `init` opens is not wanted any more. */
  #round = 0;
  #publisher: number | string | undefined;

  constructor(parts: StreamParts, spec: unknown) {
    super(parts);
    this.#source = readSpec(spec);
    this.#has = { audio: this.#source?.audio ?? false, video: this.#source?.video ?? false };
  }

  /** Asks its own mark: something else may throw when it is asked for its class (C-80). */
  static is(value: unknown): value is LocalStream {
    return typeof value === 'object' && value !== null && #phase in value;
  }

  getId(): number | string {
    return this.#source?.id ?? this.#publisher ?? '';
  }

  // ---- for the client that publishes it ------------------------------------------------------------

  /** Whether `init` has succeeded, and nothing has closed it since. */
  get ready(): boolean {
    return this.#phase === 'ready';
  }

  /** What the others are told of it. A user of this dialect publishes one stream; its id is always 1. */
  describe(): Description {
    const { audio, video } = this.#has;
    return { id: 1, audio, video, audioMuted: this.#muted.audio, videoMuted: this.#muted.video };
  }

  /** Calls `watcher` whenever `describe` says something new or a track is another one; the answer takes it away. */
  published(by: number | string, watcher: () => void): () => void {
    this.#publisher = by;
    this.#watchers.add(watcher);
    return () => this.#watchers.delete(watcher);
  }

  // ---- devices -------------------------------------------------------------------------------------

  init(onSuccess?: unknown, onFailure?: unknown): void {
    const source = this.#source;
    const { media } = this.parts;
    if (source === null)
      return this.call(onFailure, refusal('INVALID_PARAMETER', 'createStream was given no specification'));
    if (this.#phase === 'opening')
      return this.call(onFailure, refusal('INVALID_OPERATION', 'the stream is being initialised'));
    if (media === null) this.#phase = 'ready';
    if (this.ready || media === null) return this.call(onSuccess);
    this.#phase = 'opening';
    const round = this.#round;
    open(media, source, this.#wishes).then(
      (tracks) => this.#opened(tracks, round, onSuccess, onFailure),
      (error) => this.#refused(streamError(error), round, onFailure),
    );
  }

  close(): void {
    this.#round += 1;
    this.#phase = 'new';
    this.stopShowing();
    for (const track of this.#tracks()) {
      this.#let(track);
      track.stop();
    }
  }

  switchDevice(kind: unknown, deviceId: unknown, onSuccess?: unknown, onFailure?: unknown): void {
    const { media } = this.parts;
    if ((kind !== 'audio' && kind !== 'video') || typeof deviceId !== 'string')
      return this.call(onFailure, refusal('INVALID_PARAMETER', "say 'audio' or 'video', and a device's id"));
    const before = this.#track(kind);
    if (media === null || !this.ready || before === undefined)
      return this.call(onFailure, refusal('INVALID_OPERATION', `the stream has no ${kind} of a device`));
    const round = this.#round;
    openDevice(media, kind, deviceId, this.#wishes).then(
      (track) => {
        if (round !== this.#round) return track.stop();
        this.#let(before);
        before.stop();
        this.#take(track);
        this.#changed();
        this.call(onSuccess);
      },
      (error) => this.call(onFailure, streamError(error)),
    );
  }

  setVideoProfile(profile: unknown): void {
    this.#wish('camera', cameraProfile(profile));
  }

  setVideoEncoderConfiguration(configuration: unknown): void {
    this.#wish('camera', encoderWish(configuration));
  }

  setScreenProfile(profile: unknown): void {
    this.#wish('screen', screenProfile(profile));
  }

  setAudioProfile(profile: unknown): void {
    if (typeof profile !== 'string') return;
    this.#wishes.microphone = profile.includes('stereo') ? { channelCount: { ideal: 2 } } : {};
  }

  #wish(what: 'camera' | 'screen', wish: MediaTrackConstraints | undefined): void {
    if (wish === undefined) return this.parts.log.add('warning', 'there is no such profile');
    this.#wishes[what] = wish;
    if ((what === 'screen') !== this.#source?.screen) return;
    const applied = this.getVideoTrack()?.applyConstraints(wish);
    applied?.catch(() => this.parts.log.add('warning', 'the device cannot do what the profile asks for'));
  }

  #opened(tracks: MediaStreamTrack[], round: number, onSuccess: unknown, onFailure: unknown): void {
    if (round !== this.#round) {
      for (const track of tracks) track.stop();
      return this.call(onFailure, refusal('INVALID_OPERATION', 'the stream was closed meanwhile'));
    }
    this.#phase = 'ready';
    for (const track of tracks) this.#take(track);
    for (const kind of ['audio', 'video'] as const) this.#has[kind] = this.#track(kind) !== undefined;
    this.#changed();
    this.later(() => this.events.emit('accessAllowed', undefined));
    this.call(onSuccess);
  }

  #refused(error: StreamError, round: number, onFailure: unknown): void {
    if (round === this.#round) this.#phase = 'new';
    this.parts.log.add('warning', `a stream could not be initialised: ${error.msg}: ${error.info}`);
    if (error.msg === 'NotAllowedError') this.later(() => this.events.emit('accessDenied', undefined));
    this.call(onFailure, error);
  }

  // ---- tracks --------------------------------------------------------------------------------------

  protected has(kind: Kind): boolean {
    return this.#has[kind];
  }

  addTrack(track: unknown): void {
    if (!isTrack(track) || this.#track(track.kind as Kind) !== undefined)
      return this.parts.log.add('warning', 'addTrack: no track, or there is one of its kind');
    this.#take(track);
    this.#has[track.kind as Kind] = true;
    this.#changed();
  }

  removeTrack(track: unknown): void {
    if (!isTrack(track) || this.#track(track.kind as Kind) !== track)
      return this.parts.log.add('warning', 'removeTrack: this stream has no such track');
    this.#let(track);
    this.#has[track.kind as Kind] = false;
    this.#changed();
  }

  replaceTrack(track: unknown, onSuccess?: unknown, onFailure?: unknown): void {
    if (!isTrack(track)) return this.call(onFailure, refusal('INVALID_PARAMETER', 'that is no track'));
    const before = this.#track(track.kind as Kind);
    if (before === undefined)
      return this.call(onFailure, refusal('INVALID_OPERATION', `there is no ${track.kind} to replace`));
    this.#let(before);
    this.#take(track);
    this.#changed();
    this.call(onSuccess);
  }

  #tracks(): MediaStreamTrack[] {
    return [this.getAudioTrack(), this.getVideoTrack()].filter((track) => track !== undefined);
  }

  #track(kind: Kind): MediaStreamTrack | undefined {
    return kind === 'audio' ? this.getAudioTrack() : this.getVideoTrack();
  }

  #take(track: MediaStreamTrack): void {
    const kind = track.kind as Kind;
    track.enabled = !this.#muted[kind];
    track.addEventListener('ended', this.#onEnded[kind]);
    this.carry(kind, track);
  }

  #let(track: MediaStreamTrack): void {
    const kind = track.kind as Kind;
    track.removeEventListener('ended', this.#onEnded[kind]);
    this.carry(kind, undefined);
  }

  #ended(kind: Kind): void {
    this.later(() => {
      if (kind === 'video' && this.#source?.screen) this.events.emit('stopScreenSharing', undefined);
      this.events.emit(kind === 'audio' ? 'audioTrackEnded' : 'videoTrackEnded', undefined);
    });
  }

  // ---- mutes ---------------------------------------------------------------------------------------

  protected isMuted(kind: Kind): boolean {
    return this.#muted[kind];
  }

  protected mute(kind: Kind, muted: boolean): boolean {
    if (!this.#has[kind]) return false;
    this.#muted[kind] = muted;
    const track = this.#track(kind);
    if (track) track.enabled = !muted;
    this.#changed();
    return true;
  }

  #changed(): void {
    for (const watcher of [...this.#watchers]) watcher();
  }

  /** The own voice is not heard on the own page. */
  protected look(): Omit<Look, 'id' | 'volume'> {
    const filmed = !(this.#source?.screen || this.#source?.videoSource);
    const mirrored = filmed && (this.#source?.mirror ?? true);
    return { fit: filmed ? 'cover' : 'contain', mirrored, muted: true, hidden: false };
  }
}
