/** Making elements, and finding those of the page. */

type Child = Node | string;

export function el(tag: string, attributes: Readonly<Record<string, string>> = {}, ...children: Child[]) {
  return filled(document.createElement(tag), attributes, children);
}

export function svg(
  tag: string,
  attributes: Readonly<Record<string, string | number>> = {},
  ...children: Child[]
): SVGElement {
  return filled(document.createElementNS('http://www.w3.org/2000/svg', tag), attributes, children);
}

/** @throws Error if the page has no such element */
export function byId<Type extends HTMLElement>(id: string, type: new () => Type): Type {
  const found = document.getElementById(id);
  if (!(found instanceof type)) throw new Error(`the page has no ${type.name} called ${id}`);
  return found;
}

/** `4.2 s`, or with more digits. */
export function seconds(ms: number, digits = 1): string {
  return `${(ms / 1_000).toFixed(digits)} s`;
}

/** How long something took: below a second in milliseconds. */
export function duration(ms: number): string {
  return ms < 1_000 ? `${Math.round(ms)} ms` : seconds(ms);
}

function filled<Type extends Element>(
  element: Type,
  attributes: Readonly<Record<string, string | number>>,
  children: readonly Child[],
): Type {
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, `${value}`);
  element.append(...children);
  return element;
}
