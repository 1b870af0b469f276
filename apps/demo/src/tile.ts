/** Somebody in the call: a picture, or a face where there is none, and a plate with what is known of them. */
import type { Person } from './client.ts';
import { el } from './dom.ts';

export class Tile {
  readonly element: HTMLElement;
  readonly #picture: HTMLElement;
  readonly #face: HTMLElement;
  readonly #name = el('b');
  readonly #words = el('small');
  readonly #unblock: HTMLButtonElement;
  /** What is being shown. */
  #playing: Person['play'];

  constructor(uid: string) {
    this.#picture = el('div', { class: 'picture', id: `picture-${uid}` });
    this.#face = el('span', { class: 'face', 'aria-hidden': 'true' }, uid.slice(0, 4));
    this.#unblock = el('button', { type: 'button', class: 'unblock' }, 'Play the sound') as HTMLButtonElement;
    // Such events do not bubble.
    this.#picture.addEventListener('loadeddata', () => this.#came(true), true);
    const plate = el('p', { class: 'plate' }, this.#name, ' ', this.#words);
    this.element = el(
      'li',
      { class: 'tile', 'data-uid': uid },
      this.#face,
      this.#picture,
      this.#unblock,
      plate,
    );
  }

  show({ uid, name, stream, muted, silent, still, play, unblock }: Person): void {
    if (play !== this.#playing) {
      this.#playing = play;
      this.#picture.replaceChildren();
      this.#came(false);
      play?.(this.#picture.id);
    }
    const visible = play !== undefined && stream === true && !muted;
    this.element.classList.toggle('still', still && visible);
    this.#picture.hidden = !visible;
    this.#face.textContent = `${name || uid}`.slice(0, 4);
    this.#name.textContent = name || `user ${uid}`;
    const words = [
      stream === false ? 'no stream' : '',
      silent ? 'sound muted' : '',
      muted ? 'video muted' : '',
      still && visible ? 'stands still' : '',
    ].filter(Boolean);
    this.#words.textContent = words.join(', ') || 'present';
    this.#unblock.hidden = unblock === undefined;
    this.#unblock.onclick = () => unblock?.();
  }

  /** Until then there is the face: some platforms announce streams that carry nothing here. */
  #came(hasCome: boolean): void {
    this.element.classList.toggle('blank', !hasCome);
  }
}
