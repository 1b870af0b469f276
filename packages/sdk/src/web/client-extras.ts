import type { Kind } from '../media/wishes.ts';
import type { Channel, Surroundings } from './channel.ts';
import type { Media } from './media.ts';
import type { SessionStats } from './types.ts';

/** What programs of this dialect call beside joining and publishing; it does what it can. */
export abstract class ClientExtras {
  protected readonly shared: Surroundings;
  readonly #media: Media | null;

  constructor(shared: Surroundings, media: Media | null) {
    this.shared = shared;
    this.#media = media;
  }

  /** The channel that the application is in, if it is in one. */
  protected abstract inside(): Channel | null;

  on(event: unknown, callback: unknown): void {
    this.shared.events.on(event, callback);
  }

  off(event: unknown, callback?: unknown): void {
    this.shared.events.off(event, callback);
  }

  getOutages() {
    return this.shared.outages.list();
  }

  // ---- one quality of each stream ------------------------------------------------------------------

  enableDualStream(onSuccess?: unknown): void {
    this.call(onSuccess);
  }

  disableDualStream(onSuccess?: unknown): void {
    this.call(onSuccess);
  }

  setRemoteVideoStreamType(): void {}
  setStreamFallbackOption(): void {}
  setLowStreamParameter(): void {}

  enableAudioVolumeIndicator(): void {
    this.shared.wanted.volumes = true;
  }

  // ---- statistics ----------------------------------------------------------------------------------

  getLocalAudioStats(callback: unknown): void {
    this.#tracks(callback, 'audio', 'local');
  }

  getLocalVideoStats(callback: unknown): void {
    this.#tracks(callback, 'video', 'local');
  }

  getRemoteAudioStats(callback: unknown): void {
    this.#tracks(callback, 'audio', 'remote');
  }

  getRemoteVideoStats(callback: unknown): void {
    this.#tracks(callback, 'video', 'remote');
  }

  getTransportStats(callback: unknown): void {
    this.call(callback, this.inside()?.traffic?.transport ?? {});
  }

  #tracks(callback: unknown, kind: Kind, of: 'local' | 'remote'): void {
    const list = this.inside()?.traffic?.figures(kind, of) ?? [];
    this.call(callback, Object.fromEntries(list.map(({ uid, figures }) => [uid, figures])));
  }

  getSessionStats(callback: unknown): void {
    const channel = this.inside();
    const stats: SessionStats = {
      Duration: Math.round((channel?.durationMs ?? 0) / 1000),
      UserCount: channel === null ? 0 : channel.peers.size + 1,
    };
    this.call(callback, stats);
  }

  // ---- devices -------------------------------------------------------------------------------------

  getCameras(onSuccess: unknown, onFailure?: unknown): void {
    this.#devices('videoinput', onSuccess, onFailure);
  }

  getRecordingDevices(onSuccess: unknown, onFailure?: unknown): void {
    this.#devices('audioinput', onSuccess, onFailure);
  }

  getPlayoutDevices(onSuccess: unknown, onFailure?: unknown): void {
    this.#devices('audiooutput', onSuccess, onFailure);
  }

  #devices(kind: MediaDeviceKind, onSuccess: unknown, onFailure: unknown): void {
    Promise.resolve(this.#media?.devices() ?? []).then(
      (devices) =>
        this.call(
          onSuccess,
          devices.filter((device) => device.kind === kind),
        ),
      (error) => this.call(onFailure, error instanceof Error ? error.name : String(error)),
    );
  }

  /** Calls a callback of the application later, if it is one. */
  protected call(callback: unknown, ...args: unknown[]): void {
    if (typeof callback === 'function') this.shared.delivery.add(() => callback(...args));
  }
}
