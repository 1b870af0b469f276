/** The section of the page that shows the last outage. */
import { duration, el, seconds } from '../dom.ts';
import { type Drawn, drawOutage } from './draw.ts';
import { endWords } from './layout.ts';
import { wordsOf } from './words.ts';

export class TimelineView {
  readonly #section: HTMLElement;
  readonly #place: HTMLElement;
  #drawn: Drawn | null = null;

  /** @param place where the drawing goes; its width is the drawing's */
  constructor(section: HTMLElement, place: HTMLElement) {
    this.#section = section;
    this.#place = place;
    // It scrolls sideways on a narrow screen, also by keys.
    place.tabIndex = 0;
    new ResizeObserver(() => this.#draw()).observe(place);
  }

  show(drawn: Drawn): void {
    this.#drawn = drawn;
    this.#section.hidden = false;
    this.#draw();
    this.#tellInWords(drawn);
  }

  #draw(): void {
    if (this.#drawn === null) return;
    const wide = Math.floor(this.#place.clientWidth);
    const before = this.#place.querySelector('svg');
    const now = drawOutage(this.#drawn, wide);
    if (
      before?.getAttribute('width') !== now.getAttribute('width') ||
      before?.textContent !== now.textContent
    )
      this.#place.replaceChildren(now);
  }

  #tellInWords(drawn: Drawn): void {
    const { record } = drawn;
    const untold = record.attempts.filter(({ openedMs }) => openedMs === null).length;
    const lines = wordsOf(drawn).map(({ atMs, who, what }) =>
      el('tr', {}, el('td', {}, seconds(atMs, 3)), el('td', {}, who), el('td', {}, what)),
    );
    const more = untold === 0 ? [] : [el('p', {}, `${untold} attempts found nobody.`)];
    this.#section.querySelector('.words')?.replaceChildren(el('table', {}, ...lines), ...more);
    const began = new Date(record.startedAt).toLocaleTimeString();
    const about = this.#section.querySelector('.about');
    if (about) about.textContent = `${began}, ${duration(record.endedMs)}, ${endWords[record.end]}`;
  }
}
