import { type InflateRaw, inflateSync } from 'node:zlib';
import { BodyError, BodyReader } from './bytes.ts';
import { otherServices, rtcService, signatureBytes, tokenBodyMax, tokenTextMax, version } from './format.ts';

/** What a token says. Nothing of it is true before its signature has been verified. */
export interface Token {
  readonly appId: string;
  /** Seconds since 1970, by the issuer's clock. */
  readonly issuedAtS: number;
  /** Seconds from `issuedAtS` to the end of everything that the token grants. */
  readonly lifetimeS: number;
  readonly salt: number;
  /** One or more. */
  readonly services: readonly RtcService[];
  readonly signature: Buffer;
  readonly signed: Buffer;
}

/** What may be done in one channel, by one user or by all (`isWildcard`). */
export interface RtcService {
  readonly channel: string;
  /** A uid in decimal digits, an account, or a wildcard. */
  readonly uid: string;
  /** By number: seconds from the issue to the end of the privilege; 0: it ends with the token. */
  readonly privileges: ReadonlyMap<number, number>;
}

/**
 * Why a token cannot be read. `missing`: it is empty · `version`: it is no AccessToken2 · `tooLong`: it passes a bound,
 * as it is or inflated · `malformed`: it is not what an issuer wrote · `noRtcService`: it is for something else.
 */
export type TokenFault = 'missing' | 'version' | 'tooLong' | 'malformed' | 'noRtcService';

export type TokenReading =
  | { readonly ok: true; readonly token: Token }
  | { readonly ok: false; readonly kind: TokenFault; readonly text: string };

/**
 * Reads an AccessToken2 without believing it (C-42). Any text is answered, nothing is thrown, and its cost is bounded
 * before it is looked at: at most 4 096 characters are decoded, at most 16 384 bytes inflated (C-80, C-81). The answer's
 * text never holds a part of the token (C-91).
 */
export function readToken(text: string): TokenReading {
  if (text === '') return fault('missing');
  if (text.length > tokenTextMax) return fault('tooLong');
  if (!text.startsWith(version)) return fault('version');
  const compressed = decoded(text.slice(version.length));
  if (compressed === null) return fault('malformed');
  try {
    const body = inflated(compressed);
    return typeof body === 'string' ? fault(body) : readBody(body);
  } catch (error) {
    if (error instanceof BodyError) return fault('malformed');
    throw error;
  }
}

const advice: Readonly<Record<TokenFault, string>> = {
  missing: 'no token was given: get one from your token server, or from `holdfast token`',
  version: `the token does not begin with ${version}: build it with the RtcTokenBuilder of agora-token 2, or with \`holdfast token\``,
  tooLong: `the token is longer than ${tokenTextMax} characters or holds more than ${tokenBodyMax} bytes: issue it for the rtc service alone`,
  malformed: 'the token is damaged: hand it on exactly as it was issued, whole and without blanks',
  noRtcService: 'the token is for no channel: build it with the RtcTokenBuilder of agora-token 2',
};

function fault(kind: TokenFault): TokenReading {
  return { ok: false, kind, text: advice[kind] };
}

/** Node decodes whatever it finds in a text; only what it would encode alike is base64. */
function decoded(base64: string): Buffer | null {
  const bytes = Buffer.from(base64, 'base64');
  return bytes.toString('base64') === base64 ? bytes : null;
}

function inflated(compressed: Buffer): Buffer | TokenFault {
  try {
    const { buffer, engine } = inflateSync(compressed, {
      maxOutputLength: tokenBodyMax,
      chunkSize: 1_024,
      info: true,
    }) as unknown as { buffer: Buffer; engine: InflateRaw };
    // Zlib stops at the end of its stream and lets anything follow.
    return engine.bytesWritten === compressed.length ? buffer : 'malformed';
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE' ? 'tooLong' : 'malformed';
  }
}

function readBody(body: Buffer): TokenReading {
  const reader = new BodyReader(body);
  const signature = reader.bytes();
  if (signature.length !== signatureBytes) return fault('malformed');
  const signed = reader.rest();
  const head = {
    appId: reader.text(),
    issuedAtS: reader.uint32(),
    lifetimeS: reader.uint32(),
    salt: reader.uint32(),
  };
  const services = readServices(reader);
  if (services.length === 0) return fault('noRtcService');
  return { ok: true, token: { ...head, services, signature, signed } };
}

/** The rtc services up to the end, or up to a service of unknown layout: builders put rtc first. */
function readServices(reader: BodyReader): RtcService[] {
  const services: RtcService[] = [];
  for (let left = reader.uint16(); left > 0; left -= 1) {
    const type = reader.uint16();
    const fields = otherServices.get(type);
    if (type !== rtcService && fields === undefined) return services;
    const privileges = readPrivileges(reader);
    if (type === rtcService) services.push({ channel: reader.text(), uid: reader.text(), privileges });
    for (const field of fields ?? []) {
      if (field === 'text') reader.bytes();
      else reader.uint16();
    }
  }
  if (reader.rest().length > 0) throw new BodyError('something follows the last service');
  return services;
}

function readPrivileges(reader: BodyReader): Map<number, number> {
  const privileges = new Map<number, number>();
  for (let left = reader.uint16(); left > 0; left -= 1) privileges.set(reader.uint16(), reader.uint32());
  return privileges;
}
