/** Bytes that may be a frame: a frame that means the same when it is written again, or a typed error (C-80). */
import assert from 'node:assert/strict';
import {
  decodeClientFrame,
  decodeServerFrame,
  encodeClientFrame,
  encodeServerFrame,
  WireError,
} from '@holdfast/core';

export function fuzz(bytes: Uint8Array): void {
  const frame = bytes.subarray(1);
  if ((bytes[0] ?? 0) % 2 === 0) check(frame, decodeClientFrame, encodeClientFrame);
  else check(frame, decodeServerFrame, encodeServerFrame);
}

function check<T>(
  bytes: Uint8Array,
  decode: (bytes: Uint8Array) => T,
  encode: (frame: T) => Uint8Array,
): void {
  let frame: T;
  try {
    frame = decode(bytes);
  } catch (error) {
    assert(error instanceof WireError, error as Error);
    return;
  }
  assert.deepEqual(decode(encode(frame)), frame);
}
