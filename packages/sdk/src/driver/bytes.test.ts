import { runInNewContext } from 'node:vm';
import { expect, test } from 'vitest';
import { copyOf, isBytes } from './bytes.ts';

test('bytes are bytes, of whichever realm and with whichever methods', () => {
  expect(isBytes(new Uint8Array(2))).toBe(true);
  expect(isBytes(Buffer.from('a'))).toBe(true);
  expect(isBytes(runInNewContext('new Uint8Array(2)'))).toBe(true);
  for (const other of [null, [1], 'a', new Uint8ClampedArray(1), new DataView(new ArrayBuffer(1))])
    expect(isBytes(other)).toBe(false);
});

test('a copy shares memory with nobody and is a plain array, also of a Buffer in a pool', () => {
  const pooled = Buffer.from('hello');
  const copy = copyOf(pooled);
  pooled.fill(0);
  expect(copy).toEqual(new TextEncoder().encode('hello'));
  expect(copy.buffer.byteLength).toBe(5);
});
