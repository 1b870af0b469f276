/** The same row in words: what each observer was told, what was promised, and how late it was. */
import { type Markup, tag } from './markup.ts';
import type { Recorded, Told } from './recorded.ts';
import { clock, latenessInWords, promiseInWords } from './words.ts';

export function promiseTable({ observers }: Recorded): string {
  const lines = observers.flatMap(({ role, told }) => told.map((each) => line(role, each)));
  if (lines.length === 0) return '';
  const head = ['at', 'who', 'callback', 'promised', 'measured'].map((name) =>
    tag('th', { scope: 'col' }, name),
  );
  const { markup } = tag(
    'table',
    { class: 'promised' },
    tag('thead', {}, tag('tr', {}, ...head)),
    tag('tbody', {}, ...lines),
  );
  return markup;
}

function line(role: string, told: Told): Markup {
  const { at, call, due, promise, broke } = told;
  const promised = due ? promiseInWords(due) : broke === 'extra' ? 'nothing' : 'in this order';
  return tag(
    'tr',
    { class: broke ? 'broke' : '' },
    tag('td', {}, at === undefined ? '' : clock(at)),
    tag('td', {}, role),
    tag('td', {}, tag('code', {}, call)),
    tag('td', {}, promised, ...(promise ? [' ', tag('small', {}, promise)] : [])),
    tag('td', {}, due || broke ? latenessInWords(told) : ''),
  );
}
