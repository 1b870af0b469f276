/** The integers and texts of a token's body. */

/** The body ends before its own lengths say so, or a text in it is no UTF-8. */
export class BodyError extends Error {
  override readonly name = 'BodyError';
}

/** Takes values off the front of a body. Every method throws BodyError where the body is too short. */
export class BodyReader {
  readonly #body: Buffer;
  #at = 0;

  constructor(body: Buffer) {
    this.#body = body;
  }

  uint16(): number {
    return this.#take(2).readUInt16LE();
  }

  uint32(): number {
    return this.#take(4).readUInt32LE();
  }

  /** Length and bytes of a text that need not be UTF-8. */
  bytes(): Buffer {
    return this.#take(this.uint16());
  }

  text(): string {
    const bytes = this.bytes();
    try {
      return utf8.decode(bytes);
    } catch {
      throw new BodyError('a text is not UTF-8');
    }
  }

  /** What has not been taken; it stays there. */
  rest(): Buffer {
    return this.#body.subarray(this.#at);
  }

  #take(length: number): Buffer {
    const end = this.#at + length;
    if (end > this.#body.length) throw new BodyError('the body is too short');
    const taken = this.#body.subarray(this.#at, end);
    this.#at = end;
    return taken;
  }
}

/** Replacing bytes, or dropping a byte order mark, would make one name out of two. */
const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

export function uint16(value: number): Buffer {
  const bytes = Buffer.alloc(2);
  bytes.writeUInt16LE(value);
  return bytes;
}

export function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
}

export function text(value: string | Buffer): Buffer {
  const bytes = Buffer.from(value);
  return Buffer.concat([uint16(bytes.length), bytes]);
}
