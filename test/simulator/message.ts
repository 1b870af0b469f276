/**
 * What simulated apps say to each other. Every message tells who it is from and which one it is, so that it is
 * judged by its content and not by the numbers that the product gives it.
 */

/** The longest name of a message, and with it the shortest message. */
export const messageBytesMin = 24;

const encoder = new TextEncoder();
const decoder = new TextDecoder();
const end = '|'.charCodeAt(0);

/** A message of that many bytes with this name. */
export function writeMessage(id: string, bytes: number): Uint8Array {
  const data = new Uint8Array(Math.max(bytes, messageBytesMin)).fill(filler(id));
  data.set(encoder.encode(`${id}|`));
  return data;
}

/** The name of the message, or what it is where it is nobody's. */
export function readMessage(data: Uint8Array): string {
  const length = data.indexOf(end);
  if (length < 1 || length >= messageBytesMin) return `${data.length} bytes that nobody sent`;
  const id = decoder.decode(data.subarray(0, length));
  const rest = data.subarray(length + 1);
  const wanted = filler(id);
  const whole = rest.at(0) === wanted && rest.at(rest.length >> 1) === wanted && rest.at(-1) === wanted;
  return rest.length === 0 || whole ? id : `${id}, damaged`;
}

/** Not the same in neighbouring messages. */
function filler(id: string): number {
  return 128 + (id.charCodeAt(id.length - 1) & 127);
}
