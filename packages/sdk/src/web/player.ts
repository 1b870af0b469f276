import type { Media } from './media.ts';
import type { PlayError } from './stream-types.ts';

export type Kind = 'audio' | 'video';

/** How a stream is to look and sound. */
export interface Look {
  readonly id: number | string;
  readonly fit: 'cover' | 'contain';
  readonly mirrored: boolean;
  readonly muted: boolean;
  /** Whether there is nothing to be seen of the video. */
  readonly hidden: boolean;
  /** 0 to 1. */
  readonly volume: number;
}

/**
 * A stream on the page: `<div id="player_ID">` with `<video id="videoID">` and `<audio id="audioID">`, the names
 * that programs style and look for.
 */
export class Player {
  readonly #media: Media;
  readonly #box: HTMLElement;
  readonly #elements: Readonly<Record<Kind, HTMLMediaElement>>;

  constructor(media: Media, page: Pick<Document, 'createElement'>, place: Element, look: Look) {
    this.#media = media;
    this.#box = page.createElement('div');
    this.#box.id = `player_${look.id}`;
    Object.assign(this.#box.style, boxStyle);
    const video = page.createElement('video');
    const audio = page.createElement('audio');
    Object.assign(video.style, videoStyle, { objectFit: look.fit }, look.mirrored && mirrorStyle);
    for (const [kind, element] of [['video', video] as const, ['audio', audio] as const]) {
      element.id = `${kind}${look.id}`;
      element.autoplay = true;
      // Without it iPhones show every video over the whole screen.
      element.setAttribute('playsinline', '');
      this.#box.appendChild(element);
    }
    // The sound is the other element's: a muted video may start without a gesture.
    video.muted = true;
    audio.muted = look.muted;
    audio.volume = look.volume;
    this.#elements = { audio, video };
    this.hide('video', look.hidden);
    place.appendChild(this.#box);
  }

  /** Plays a track, or none. Rejects with what keeps the browser from it. */
  async show(kind: Kind, track: MediaStreamTrack | undefined): Promise<void> {
    const element = this.#elements[kind];
    element.srcObject = track === undefined ? null : this.#media.streamOf(track);
    if (track !== undefined) await element.play();
  }

  /** Plays on what the browser had paused. */
  async resume(): Promise<void> {
    const waiting = Object.values(this.#elements).filter((element) => element.srcObject && element.paused);
    await Promise.all(waiting.map((element) => element.play()));
  }

  /** Whether a kind is kept from being seen or heard here. */
  hide(kind: Kind, hidden: boolean): void {
    if (kind === 'audio') this.#elements.audio.muted = hidden;
    else this.#elements.video.style.visibility = hidden ? 'hidden' : '';
  }

  set volume(volume: number) {
    this.#elements.audio.volume = volume;
  }

  remove(): void {
    for (const element of Object.values(this.#elements)) {
      element.pause();
      element.srcObject = null;
    }
    this.#box.remove();
  }
}

/** Why an element does not play. */
export function playError(error: unknown): PlayError {
  const { name, message } = error instanceof Error ? error : { name: '', message: String(error) };
  return { status: name === 'NotAllowedError' ? 'paused' : 'aborted', reason: message };
}

const boxStyle = {
  width: '100%',
  height: '100%',
  position: 'relative',
  backgroundColor: 'black',
  overflow: 'hidden',
};
const videoStyle = { width: '100%', height: '100%', position: 'absolute', left: '0', top: '0' };
const mirrorStyle = { transform: 'rotateY(180deg)' };
