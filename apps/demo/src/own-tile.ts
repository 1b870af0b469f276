/** The tile of this tab itself: what it sends, and how good its network is. */
import type { PictureOf } from './client.ts';
import { byId } from './dom.ts';

const qualityWords = ['not known', 'excellent', 'good', 'poor', 'bad', 'very bad', 'down'];

export class OwnTile {
  readonly #place = byId('me', HTMLElement);
  readonly #empty = byId('no-call', HTMLElement);
  readonly #picture = byId('my-picture', HTMLElement);
  readonly #face = byId('my-face', HTMLElement);
  readonly #words = byId('my-words', HTMLElement);
  readonly #quality = byId('quality', HTMLElement);

  joined(uid: number): void {
    this.#place.hidden = false;
    this.#empty.hidden = true;
    this.#face.textContent = `${uid}`.slice(0, 4);
    this.muted({ audio: false, video: false });
    this.quality(0, 0);
  }

  left(): void {
    this.#place.hidden = true;
    this.#empty.hidden = false;
    this.#picture.replaceChildren();
    this.#picture.hidden = true;
  }

  show(play: (elementId: string) => void, of: PictureOf): void {
    this.#picture.hidden = false;
    this.#place.classList.toggle('mirrored', of === 'camera');
    play(this.#picture.id);
  }

  muted({ audio, video }: { readonly audio: boolean; readonly video: boolean }): void {
    const words = [audio ? 'sound muted' : '', video ? 'video muted' : ''].filter(Boolean);
    this.#words.textContent = words.join(', ');
    this.#place.classList.toggle('dim', video);
  }

  /** See `Listener.quality`. */
  quality(up: number, down: number): void {
    this.#quality.dataset.quality = `${Math.max(up, down)}`;
    const words = `this tab’s network: up ${qualityWords[up]}, down ${qualityWords[down]}`;
    this.#quality.title = words;
    this.#quality.ariaLabel = words;
  }
}
