/** Bytes of applications: any type may come (C-80), and what is given may be changed by its owner at any time. */

import { looked } from './looked.ts';

/** Whether something is a `Uint8Array`, also of another realm: a frame, a test runner. A `Buffer` is one. */
export function isBytes(value: unknown): value is Uint8Array {
  const kind = () => Object.prototype.toString.call(value);
  return ArrayBuffer.isView(value) && looked(kind, '') === '[object Uint8Array]';
}

/** A copy that shares memory with nobody, and is a plain `Uint8Array`. */
export function copyOf(bytes: Uint8Array): Uint8Array {
  // The memory of an empty one may have been transferred away; such a one cannot be read at all.
  return bytes.length === 0 ? new Uint8Array() : new Uint8Array(bytes);
}
