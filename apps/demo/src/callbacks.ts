/** The list of callbacks, newest first. */
import type { Callback } from './client.ts';
import { el, seconds } from './dom.ts';

/** What is older is not worth the memory. */
const shownMax = 300;

export class Callbacks {
  readonly #place: HTMLElement;
  readonly #empty: HTMLElement;
  #joinedAt = 0;

  constructor(place: HTMLElement, empty: HTMLElement) {
    this.#place = place;
    this.#empty = empty;
    place.tabIndex = 0;
  }

  /** Times count from here. */
  joined(platform: string): void {
    this.#joinedAt = performance.now();
    this.note(`joining as ${platform}`);
  }

  add({ name, args, kind, meaning }: Callback): void {
    const words = args.map(plain).join(', ');
    const short = args.map((each) => (isConnection(each) ? 'connection' : plain(each))).join(', ');
    this.#put(
      el(
        'li',
        { class: kind, 'data-callback': name },
        this.#time(),
        el(
          'span',
          {},
          el('b', {}, name),
          el('wbr'),
          el('code', { title: `${name}(${words})` }, `(${shorten(short)})`),
        ),
        el('em', {}, meaning),
      ),
    );
  }

  /** Something that is no callback: what the user of the page did. */
  note(text: string): void {
    this.#put(el('li', { class: 'note' }, this.#time(), el('span', {}, text)));
  }

  clear(): void {
    this.#place.replaceChildren();
    this.#empty.hidden = false;
  }

  #time(): HTMLElement {
    const since = this.#joinedAt === 0 ? '' : seconds(performance.now() - this.#joinedAt, 3);
    return el('time', {}, since);
  }

  #put(line: HTMLElement): void {
    this.#place.prepend(line);
    this.#empty.hidden = true;
    if (this.#place.childElementCount > shownMax) this.#place.lastElementChild?.remove();
  }
}

/** Which channel a callback of the native dialect is about: the same in every line. */
function isConnection(value: unknown): boolean {
  return typeof value === 'object' && value !== null && 'channelId' in value && 'localUid' in value;
}

/** As one would write it in code. A record of an outage is drawn elsewhere. */
function plain(value: unknown): string {
  if (typeof value === 'string') return `'${value}'`;
  if (typeof value !== 'object' || value === null) return String(value);
  if (value instanceof Uint8Array) return `utf8('${new TextDecoder().decode(value)}')`;
  if ('attempts' in value && 'noticed' in value) return '{ … }';
  const members = Object.entries(value).map(([name, member]) => `${name}: ${plain(member)}`);
  return `{ ${members.join(', ')} }`;
}

const shownCharacters = 160;

function shorten(text: string): string {
  return text.length > shownCharacters ? `${text.slice(0, shownCharacters)}…` : text;
}
