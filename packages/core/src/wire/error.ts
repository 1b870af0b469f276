/** Bytes that break the protocol; the connection they came on is closed with `protocol` (C-80). */
export class WireError extends Error {
  override readonly name = 'WireError';
  readonly close = 'protocol' as const;
}
