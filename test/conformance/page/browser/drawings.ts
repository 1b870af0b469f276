import { rowSvg } from '../drawing/draw.ts';
import type { Recorded } from '../drawing/recorded.ts';
import { promiseTable } from '../drawing/table.ts';

/** Draws a row when it is open and comes into sight, and again when its width changes. */
export function startDrawing(rows: readonly HTMLElement[], recorded: readonly (Recorded | null)[]): void {
  const dataOf = new Map<Element, Recorded>();
  const widths = new ResizeObserver((entries) => {
    for (const { target } of entries) draw(target, dataOf.get(target));
  });
  const sight = new IntersectionObserver(
    (entries) => {
      for (const { target, isIntersecting } of entries) {
        if (!isIntersecting) continue;
        sight.unobserve(target);
        widths.observe(target);
      }
    },
    { rootMargin: '600px' },
  );
  for (const [i, row] of rows.entries()) {
    const place = row.querySelector('.drawing');
    const data = recorded[i];
    if (!place || !data) continue;
    dataOf.set(place, data);
    sight.observe(place);
  }
}

function draw(place: Element, data: Recorded | undefined): void {
  const width = Math.floor(place.clientWidth);
  // A closed row has no width; it keeps what it shows.
  if (!data || width === 0 || place.getAttribute('data-width') === `${width}`) return;
  place.setAttribute('data-width', `${width}`);
  const svg = rowSvg(data, width);
  const before = place.querySelector('svg');
  if (before) before.outerHTML = svg;
  else place.innerHTML = svg + promiseTable(data);
  place.removeAttribute('style');
}
