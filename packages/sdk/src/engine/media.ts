/** What an engine's application gives of audio and video, and wants of the others; it outlives stays. */
import type { Host } from '../driver/host.ts';
import type { Sound, Still, Studio } from '../media/medium.ts';
import type { Kind } from '../media/wishes.ts';
import { errorCodes } from './numbers.ts';
import { type Observers, StayMedia, type StayMediaParts } from './stay-media.ts';

/** Results are 0 or a negative error code; −4 where there are no media. */
export class EngineMedia {
  readonly #host: Host;
  readonly #studio: Studio | null;
  #sources = nothing;
  #observers: Observers = nobody;
  #auto = everything;
  #refused = { audio: new Set<number>(), video: new Set<number>() };
  #stay: StayMedia | null = null;

  constructor(host: Host, studio: Studio | null) {
    this.#host = host;
    this.#studio = studio;
  }

  /** Whether the application gives a kind by itself. */
  setSource(kind: Kind, enabled: boolean): number {
    if (!this.#possible) return -errorCodes.notSupported;
    this.#sources = { ...this.#sources, [kind]: enabled };
    this.#stay?.changed();
    return errorCodes.ok;
  }

  /** What is given while it is muted, not published or not in a channel is dropped. */
  give(what: { still: Still } | { sound: Sound }): number {
    if (!this.#possible) return -errorCodes.notSupported;
    if (!this.#sources['still' in what ? 'video' : 'audio']) return -errorCodes.notReady;
    this.#stay?.give(what);
    return errorCodes.ok;
  }

  observe(observers: Partial<Observers>): number {
    const wanted = Object.values(observers).some((observer) => observer !== null);
    if (wanted && !this.#possible) return -errorCodes.notSupported;
    this.#observers = { ...this.#observers, ...observers };
    this.#stay?.changed();
    return errorCodes.ok;
  }

  /** Whether those who are not refused are received; what is left out stays as it is. */
  autoSubscribe(auto: Partial<Record<Kind, boolean>>): void {
    this.#auto = { ...this.#auto, ...auto };
    this.#stay?.changed();
  }

  refuse(kind: Kind, uid: number, refused: boolean): void {
    if (refused) this.#refused[kind].add(uid);
    else this.#refused[kind].delete(uid);
    this.#stay?.changed();
  }

  /** Everything that was set is forgotten. */
  reset(): void {
    this.#sources = nothing;
    this.#observers = nobody;
    this.#auto = everything;
    this.#refused = { audio: new Set(), video: new Set() };
  }

  /** The media of the stay that begins. Null: there can be none here. */
  begin(parts: StayMediaParts): StayMedia | null {
    if (this.#studio === null || !this.#possible) return null;
    const wants = {
      sends: (kind: Kind) => this.#sources[kind],
      receives: (kind: Kind, uid: number) =>
        this.#observers[kind] !== null && this.#auto[kind] && !this.#refused[kind].has(uid),
      observers: () => this.#observers,
    };
    this.#stay = new StayMedia(this.#host, this.#studio, wants, parts);
    return this.#stay;
  }

  get #possible(): boolean {
    return this.#studio?.missing === null;
  }
}

const nothing: Record<Kind, boolean> = { audio: false, video: false };
const everything: Record<Kind, boolean> = { audio: true, video: true };
const nobody: Observers = { audio: null, video: null };
