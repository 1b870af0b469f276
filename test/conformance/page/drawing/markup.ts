/** Text that becomes HTML or SVG: everything that is not markup is escaped on its way in. */

/** Text that is already markup. */
export type Markup = { readonly markup: string };
type Child = Markup | string | readonly Child[];
type Attributes = Readonly<Record<string, string | number | boolean | undefined>>;

/** Attributes that are undefined or false are left out, those that are true have no value. */
export function tag(name: string, attributes: Attributes = {}, ...children: readonly Child[]): Markup {
  const all = Object.entries(attributes).map(([key, value]) => {
    if (value === undefined || value === false) return '';
    return value === true ? ` ${key}` : ` ${key}="${escaped(written(value))}"`;
  });
  const open = `<${name}${all.join('')}`;
  if (voidTags.has(name)) return { markup: `${open}>` };
  return { markup: `${open}>${children.map(textOf).join('')}</${name}>` };
}

export function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (letter) => `&#${letter.charCodeAt(0)};`);
}

/** JSON that may stand inside a `<script>`: no text in it can end the element. */
export function scriptJson(value: unknown): Markup {
  return { markup: JSON.stringify(value).replace(/</g, '\\u003c') };
}

const voidTags = new Set(['meta', 'input', 'br', 'link']);

function textOf(child: Child): string {
  if (typeof child === 'string') return escaped(child);
  return 'markup' in child ? child.markup : child.map(textOf).join('');
}

// Half a pixel's tenth is not seen, and a thousand drawings are shorter for it.
function written(value: string | number | true): string {
  return typeof value === 'number' ? `${Math.round(value * 10) / 10}` : `${value}`;
}
