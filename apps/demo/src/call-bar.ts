/** The buttons of the call: mutes, a shared screen, devices. */
import type { Device, DeviceKind, Studio } from './client.ts';
import { byId, el } from './dom.ts';

export interface CallBarListener {
  muted(kind: DeviceKind, muted: boolean): void;
  did(text: string): void;
}

export class CallBar {
  readonly #place = byId('call-bar', HTMLElement);
  readonly #mutes: Readonly<Record<DeviceKind, HTMLButtonElement>> = {
    audio: byId('mute-audio', HTMLButtonElement),
    video: byId('mute', HTMLButtonElement),
  };
  readonly #share = byId('share', HTMLButtonElement);
  readonly #devices = byId('devices', HTMLElement);
  #studio: Studio | undefined;

  constructor(listener: CallBarListener) {
    for (const kind of ['audio', 'video'] as const) {
      this.#mutes[kind].addEventListener('click', () => {
        this.muted(kind, !isPressed(this.#mutes[kind]));
        listener.muted(kind, isPressed(this.#mutes[kind]));
      });
      this.#choiceOf(kind).addEventListener('change', (event) => {
        this.#studio?.use(kind, (event.target as HTMLSelectElement).value);
        listener.did(`you chose another ${kind === 'audio' ? 'microphone' : 'camera'}`);
      });
    }
    this.#share.addEventListener('click', () => this.#studio?.share(!isPressed(this.#share)));
  }

  /** @param studio what a dialect with pictures can do beside; undefined: it has none */
  joined(studio: Studio | undefined): void {
    this.#studio = studio;
    this.#place.hidden = false;
    this.#devices.hidden = true;
    this.#share.hidden = studio === undefined || !('getDisplayMedia' in (navigator.mediaDevices ?? {}));
    // The microphone of a dialect with sound begins muted: see the studio.
    this.muted('audio', studio !== undefined);
    this.muted('video', false);
    this.sharing(false);
  }

  left(): void {
    this.#place.hidden = true;
    this.#devices.hidden = true;
    this.#studio = undefined;
  }

  muted(kind: DeviceKind, muted: boolean): void {
    const button = this.#mutes[kind];
    button.ariaPressed = `${muted}`;
    say(button, `${muted ? 'Unmute' : 'Mute'} ${kind === 'audio' ? 'microphone' : 'camera'}`);
  }

  get mutes(): Readonly<Record<DeviceKind, boolean>> {
    return { audio: isPressed(this.#mutes.audio), video: isPressed(this.#mutes.video) };
  }

  sharing(on: boolean): void {
    this.#share.ariaPressed = `${on}`;
    say(this.#share, on ? 'Stop sharing' : 'Share a screen');
  }

  /** The page may know devices by name once it uses one. */
  async list(): Promise<void> {
    const all = (await this.#studio?.devices()) ?? [];
    for (const kind of ['audio', 'video'] as const) this.#fill(this.#choiceOf(kind), all, kind);
    this.#devices.hidden = all.length === 0;
  }

  #fill(choice: HTMLSelectElement, all: readonly Device[], kind: DeviceKind): void {
    const some = all.filter((device) => device.kind === kind);
    const options = some.map(({ id, label }, index) => el('option', { value: id }, label || `${index + 1}`));
    choice.replaceChildren(...options);
    const label = choice.parentElement;
    if (label) label.hidden = some.length === 0;
  }

  #choiceOf(kind: DeviceKind): HTMLSelectElement {
    return byId(kind === 'audio' ? 'microphone' : 'camera', HTMLSelectElement);
  }
}

function isPressed(button: HTMLButtonElement): boolean {
  return button.ariaPressed === 'true';
}

function say(button: HTMLButtonElement, text: string): void {
  const words = button.querySelector('span');
  if (words) words.textContent = text;
}
