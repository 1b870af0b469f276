/** What is sent: text that says which message it is, and filling that shows whether all of it came. */

/** @param bytes of the whole; a shorter one than its name needs is as long as that */
export function encoded(id: string, bytes: number): Uint8Array {
  return new TextEncoder().encode(`${id} `.padEnd(bytes, filling(id)));
}

/** The name of a message; empty if these bytes are not what was sent under that name. */
export function idOf(data: Uint8Array): string {
  const [id = ''] = new TextDecoder().decode(data).split(' ', 1);
  return Buffer.compare(encoded(id, data.length), data) === 0 ? id : '';
}

function filling(id: string): string {
  return [...id].reverse().join('');
}
