/** The line in which messages to the others are typed. */
import { byId } from './dom.ts';

export class SendForm {
  readonly #form = byId('send', HTMLFormElement);
  readonly #text = byId('text', HTMLInputElement);

  constructor(send: (text: string) => void) {
    this.#form.addEventListener('submit', (event) => {
      event.preventDefault();
      // With nothing to send, the button's shortcut leads to where it is typed.
      if (this.#text.value !== '') send(this.#text.value);
      this.#text.value = '';
      this.#text.focus();
    });
    // Letters are shortcuts again.
    this.#text.addEventListener('keydown', ({ key }) => {
      if (key === 'Escape') this.#text.blur();
    });
  }

  /** There is somebody to send to only inside a channel. */
  inside(joined: boolean): void {
    this.#form.hidden = !joined;
  }
}
