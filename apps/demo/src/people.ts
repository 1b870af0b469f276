/** Who is present, as the app knows it from callbacks and nothing else: a tile each. */
import type { Person } from './client.ts';
import { Tile } from './tile.ts';

export class People {
  readonly #place: HTMLElement;
  readonly #nobody: HTMLElement;
  readonly #people = new Map<number | string, { person: Person; readonly tile: Tile }>();

  /** @param nobody shown while there is nobody else */
  constructor(place: HTMLElement, nobody: HTMLElement) {
    this.#place = place;
    this.#nobody = nobody;
  }

  present(change: Partial<Person> & Pick<Person, 'uid'>): void {
    const known = this.#people.get(change.uid);
    const person = { ...(known?.person ?? stranger), ...change };
    const tile = known?.tile ?? new Tile(`${change.uid}`);
    if (known === undefined) this.#place.append(tile.element);
    this.#people.set(change.uid, { person, tile });
    tile.show(person);
    this.#nobody.hidden = true;
  }

  absent(uid: number | string): void {
    this.#people.get(uid)?.tile.element.remove();
    this.#people.delete(uid);
    this.#nobody.hidden = this.#people.size > 0;
  }

  clear(): void {
    for (const uid of [...this.#people.keys()]) this.absent(uid);
  }
}

const stranger: Omit<Person, 'uid'> = {
  stream: undefined,
  name: '',
  muted: false,
  silent: false,
  still: false,
  play: undefined,
  unblock: undefined,
};
