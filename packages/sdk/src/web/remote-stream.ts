import type { Stream as Description } from '@holdfast/core';
import { refusal } from './capture.ts';
import type { Kind, Look } from './player.ts';
import { ShownStream, type StreamParts } from './shown-stream.ts';
import type { WebStream } from './stream-types.ts';

/**
 * What another user publishes. The object stays the same for as long as its publisher counts as present, through
 * outages of either side and when the publisher's page is reloaded (C-35, C-70).
 */
export class RemoteStream extends ShownStream implements WebStream {
  readonly local = false;
  readonly #id: number | string;
  /** What is kept from this page alone. */
  readonly #muted: Record<Kind, boolean> = { audio: false, video: false };
  #description: Description;

  constructor(parts: StreamParts, id: number | string, description: Description) {
    super(parts);
    this.#id = id;
    this.#description = description;
  }

  /** As `LocalStream.is`. */
  static is(value: unknown): value is RemoteStream {
    return typeof value === 'object' && value !== null && #description in value;
  }

  getId(): number | string {
    return this.#id;
  }

  /** Its publisher says something new of it. */
  describe(description: Description): void {
    this.#description = description;
  }

  /** Its packets come on this track, from whichever connection; on none, if it is not subscribed to. */
  receive(kind: Kind, track: MediaStreamTrack | undefined): void {
    const before = kind === 'audio' ? this.getAudioTrack() : this.getVideoTrack();
    if (before !== track) this.carry(kind, track);
  }

  protected has(kind: Kind): boolean {
    return this.#description[kind];
  }

  protected isMuted(kind: Kind): boolean {
    return kind === 'audio' ? this.#description.audioMuted : this.#description.videoMuted;
  }

  /** Of this page alone. */
  protected mute(kind: Kind, muted: boolean): boolean {
    if (!this.has(kind)) return false;
    this.#muted[kind] = muted;
    this.hide(kind, muted);
    return true;
  }

  close(): void {
    this.stopShowing();
  }

  // ---- what only a publisher can do ----------------------------------------------------------------

  init(_onSuccess?: unknown, onFailure?: unknown): void {
    this.#refuse(onFailure);
  }

  replaceTrack(_track: unknown, _onSuccess?: unknown, onFailure?: unknown): void {
    this.#refuse(onFailure);
  }

  switchDevice(_kind: unknown, _deviceId: unknown, _onSuccess?: unknown, onFailure?: unknown): void {
    this.#refuse(onFailure);
  }

  addTrack(): void {}
  removeTrack(): void {}
  setVideoProfile(): void {}
  setVideoEncoderConfiguration(): void {}
  setScreenProfile(): void {}
  setAudioProfile(): void {}

  #refuse(onFailure: unknown): void {
    this.call(onFailure, refusal('INVALID_OPERATION', 'that is the stream of another user'));
  }

  protected look(): Omit<Look, 'id' | 'volume'> {
    const { audio, video } = this.#muted;
    return { fit: 'contain', mirrored: false, muted: audio, hidden: video };
  }
}
