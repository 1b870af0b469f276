/** What the page does by itself: it draws the rows that are looked at, and shows those that are asked for. */
import type { Recorded } from '../drawing/recorded.ts';
import { startDrawing } from './drawings.ts';
import { Filter } from './filter.ts';
import { listenToKeys } from './keys.ts';

const form = element('filter', HTMLFormElement);
const list = element('rows', HTMLElement);
const recorded: readonly (Recorded | null)[] = JSON.parse(
  element('recorded', HTMLScriptElement).textContent ?? '[]',
);

const rows = [...list.querySelectorAll<HTMLDetailsElement>('.row')];
const filter = new Filter(form, rows, element('shown', HTMLElement));
startDrawing(rows, recorded);
listenToKeys(form, rows);
addEventListener('hashchange', openAddressed);
openAddressed();

/** A link to a row opens it, also when it was filtered away. */
function openAddressed(): void {
  const row = rows.find(({ id }) => id === decodeURIComponent(location.hash.slice(1)));
  if (!row) return;
  if (row.hidden) filter.reset();
  row.open = true;
  row.scrollIntoView({ block: 'start' });
  row.querySelector('summary')?.focus({ preventScroll: true });
}

function element<Type extends HTMLElement>(id: string, type: new () => Type): Type {
  const found = document.getElementById(id);
  if (!(found instanceof type)) throw new Error(`the page has no ${type.name} called ${id}`);
  return found;
}
