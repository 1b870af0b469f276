/** The buttons that break things, and what the dev server says is broken. */
import type { DevServer, DevState, Direction } from './dev-server.ts';
import { byId } from './dom.ts';

export interface ControlsListener {
  changed(state: DevState): void;
  /** For the list of what happened. */
  did(text: string): void;
  failed(error: unknown): void;
}

export class Controls {
  readonly #dev: DevServer;
  readonly #listener: ControlsListener;
  readonly #place = byId('network-state', HTMLElement);
  readonly #cuts: Readonly<Record<Direction, HTMLButtonElement>> = {
    both: byId('cut', HTMLButtonElement),
    up: byId('cut-up', HTMLButtonElement),
    down: byId('cut-down', HTMLButtonElement),
  };
  readonly #servers = [byId('server-1', HTMLButtonElement), byId('server-2', HTMLButtonElement)];
  #state: DevState | null = null;

  constructor(dev: DevServer, listener: ControlsListener) {
    this.#dev = dev;
    this.#listener = listener;
    for (const [direction, button] of Object.entries(this.#cuts))
      button.addEventListener('click', () => this.#pressCut(direction as Direction));
    for (const [index, button] of this.#servers.entries())
      button.addEventListener('click', () => this.#pressServer(index + 1));
  }

  show(state: DevState): void {
    this.#state = state;
    const dark = state.network?.dark ?? null;
    this.#place.textContent = networkWords(state);
    this.#place.dataset.dark = `${dark !== null}`;
    for (const [direction, button] of Object.entries(this.#cuts)) {
      const isCut = dark === direction;
      say(button, isCut ? 'Heal' : cutWords[direction as Direction], isCut);
    }
    for (const { number, running } of state.servers) {
      const button = this.#servers[number - 1];
      if (button) say(button, `${running ? 'Kill' : 'Start'} server ${number}`, !running);
    }
  }

  #pressCut(direction: Direction): void {
    const healing = this.#state?.network?.dark === direction;
    this.#do(
      healing ? 'healed this tab’s network' : doneWords[direction],
      healing ? this.#dev.heal() : this.#dev.cut(direction),
    );
  }

  #pressServer(number: number): void {
    const running = this.#state?.servers.find((server) => server.number === number)?.running ?? true;
    this.#do(
      running ? `killed server ${number}` : `started server ${number}`,
      this.#dev.server(number, running ? 'kill' : 'start'),
    );
  }

  #do(what: string, answer: Promise<DevState>): void {
    answer.then(
      (state) => {
        this.#listener.did(`you ${what}`);
        this.#listener.changed(state);
      },
      (error) => this.#listener.failed(error),
    );
  }
}

const cutWords: Readonly<Record<Direction, string>> = {
  both: 'Cut my network',
  up: 'Cut upwards only',
  down: 'Cut downwards only',
};

const doneWords: Readonly<Record<Direction, string>> = {
  both: 'cut this tab’s network',
  up: 'cut this tab’s network upwards',
  down: 'cut this tab’s network downwards',
};

function networkWords({ network, servers }: DevState): string {
  if (network === null) return '';
  if (network.dark === 'both') return 'Dark: nothing comes through.';
  if (network.dark === 'up') return 'Half dark: nothing reaches the servers.';
  if (network.dark === 'down') return 'Half dark: nothing reaches this tab.';
  if (!servers.some(({ running }) => running)) return 'Lit, but no server is running.';
  return network.server === null ? 'Lit: nothing is cut.' : `Lit; this tab is at server ${network.server}.`;
}

function say(button: HTMLButtonElement, text: string, isOn: boolean): void {
  const words = button.querySelector('span');
  if (words && words.textContent !== text) words.textContent = text;
  button.classList.toggle('on', isOn);
}
