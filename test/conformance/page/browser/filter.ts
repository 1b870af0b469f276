import { counted } from '../drawing/words.ts';

const names = ['situation', 'a', 'b', 'result'] as const;

/** Shows the rows that match the controls. */
export class Filter {
  readonly #form: HTMLFormElement;
  readonly #rows: readonly HTMLElement[];
  readonly #shown: HTMLElement;

  constructor(form: HTMLFormElement, rows: readonly HTMLElement[], shown: HTMLElement) {
    this.#form = form;
    this.#rows = rows;
    this.#shown = shown;
    form.addEventListener('input', () => this.#apply());
    // The controls have their first values again only after this event.
    form.addEventListener('reset', () => setTimeout(() => this.#apply()));
    form.addEventListener('submit', (event) => event.preventDefault());
    // A page that is loaded again keeps what was chosen.
    this.#apply();
  }

  reset(): void {
    this.#form.reset();
    for (const row of this.#rows) row.hidden = false;
  }

  #apply(): void {
    const wanted = new FormData(this.#form);
    let shown = 0;
    for (const row of this.#rows) {
      row.hidden = names.some((name) => wanted.get(name) && wanted.get(name) !== row.dataset[name]);
      if (!row.hidden) shown++;
    }
    const all = this.#rows.length;
    this.#shown.textContent = shown === all ? counted(all, 'row') : `${shown} of ${counted(all, 'row')}`;
  }
}
