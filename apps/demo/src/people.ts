/** Who is present, as the app knows it from callbacks and nothing else. */
import type { Person } from './client.ts';
import { el } from './dom.ts';

export class People {
  readonly #place: HTMLElement;
  readonly #nobody: HTMLElement;
  readonly #people = new Map<number | string, Person>();

  /** @param nobody shown while there is nobody else */
  constructor(place: HTMLElement, nobody: HTMLElement) {
    this.#place = place;
    this.#nobody = nobody;
  }

  present(change: Partial<Person> & Pick<Person, 'uid'>): void {
    const before = this.#people.get(change.uid) ?? { stream: undefined, name: '', muted: false };
    this.#people.set(change.uid, { ...before, ...change });
    this.#draw();
  }

  absent(uid: number | string): void {
    this.#people.delete(uid);
    this.#draw();
  }

  clear(): void {
    this.#people.clear();
    this.#draw();
  }

  #draw(): void {
    this.#place.replaceChildren(...[...this.#people.values()].map(card));
    this.#nobody.hidden = this.#people.size > 0;
  }
}

function card({ uid, stream, name, muted }: Person): HTMLElement {
  const published = stream === undefined ? '' : stream ? ', with a stream' : ', no stream';
  const words = `present${published}${muted ? ', video muted' : ''}`;
  return el(
    'li',
    { class: 'card', 'data-uid': `${uid}` },
    el('span', { class: 'face', 'aria-hidden': 'true' }, `${name || uid}`.slice(0, 4)),
    el('span', {}, el('b', {}, name || `user ${uid}`), el('small', {}, words)),
  );
}
