import { createHmac, timingSafeEqual } from 'node:crypto';
import { uint32 } from './bytes.ts';
import { isCertificate } from './format.ts';

/** What goes into a signature beside the certificate. */
export interface Signed {
  readonly issuedAtS: number;
  readonly salt: number;
  /** The body behind its signature, byte for byte. */
  readonly signed: Buffer;
}

/** The signature of a body by an app certificate, whose hex digits are used as text. */
export function signatureOf({ issuedAtS, salt, signed }: Signed, certificate: string): Buffer {
  const key = hmac(uint32(salt), hmac(uint32(issuedAtS), certificate));
  return hmac(key, signed);
}

/** Has one of the certificates signed it? It takes equally long whatever the answer, and whichever it was. */
export function isSignedByOneOf(
  token: Signed & { readonly signature: Buffer },
  certificates: readonly string[],
): boolean {
  // Without this, a token signed with the empty text would pass where a certificate was left empty.
  const proper = certificates.filter(isCertificate);
  const matches = proper.map((certificate) =>
    timingSafeEqual(signatureOf(token, certificate), token.signature),
  );
  return matches.includes(true);
}

function hmac(key: Buffer, message: string | Buffer): Buffer {
  return createHmac('sha256', key).update(message).digest();
}
