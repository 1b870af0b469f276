/** The button that mutes the own video; the others are told. */
import { byId } from './dom.ts';

export class MuteButton {
  readonly #button = byId('mute', HTMLButtonElement);

  constructor(mute: (muted: boolean) => void) {
    this.#button.addEventListener('click', () => {
      this.#show(!this.#muted);
      mute(this.#muted);
    });
  }

  /** Every stay of this page begins unmuted. */
  joined(): void {
    this.#show(false);
  }

  get #muted(): boolean {
    return this.#button.ariaPressed === 'true';
  }

  #show(muted: boolean): void {
    this.#button.ariaPressed = `${muted}`;
    const words = this.#button.querySelector('span');
    if (words) words.textContent = muted ? 'Unmute' : 'Mute';
  }
}
