import { deflateSync } from 'node:zlib';
import { text, uint16, uint32 } from './bytes.ts';
import {
  isCertificate,
  isWildcard,
  type Privilege,
  privilegeNumbers,
  rtcService,
  tokenTextMax,
  version,
} from './format.ts';
import { signatureOf } from './signature.ts';

/** A token to be issued. */
export interface TokenOrder {
  readonly appId: string;
  /** 32 hex digits. */
  readonly certificate: string;
  readonly channel: string;
  /** A uid from 1 to 4294967295, an account, or the number 0: whoever has the token may take any uid. */
  readonly uid: number | string;
  /** `host` may publish audio, video and data; `audience` may only join. */
  readonly role: 'host' | 'audience';
  /** Seconds since 1970. */
  readonly issuedAtS: number;
  /** Seconds from then, 1 to 4294967295. */
  readonly ttlS: number;
  /** Any whole number from 1 to 4294967295, drawn anew for every token. */
  readonly salt: number;
}

/** The order makes no token, or none that anybody could use. */
export class TokenOrderError extends Error {
  override readonly name = 'TokenOrderError';
}

/**
 * Issues an AccessToken2 (C-42); its privileges end with it. The package `agora-token` reads it, and builds the same one
 * from the same order. That package wants 32 hex digits as app id as well; here it may be any name.
 * @throws TokenOrderError
 */
export function issueToken(order: TokenOrder): string {
  const mistake = mistakeIn(order);
  if (mistake !== null) throw new TokenOrderError(mistake);
  const { appId, certificate, issuedAtS, ttlS, salt } = order;
  const service = serviceOf(order);
  const signed = Buffer.concat([
    text(appId),
    uint32(issuedAtS),
    uint32(ttlS),
    uint32(salt),
    uint16(1),
    service,
  ]);
  const body = Buffer.concat([text(signatureOf({ issuedAtS, salt, signed }, certificate)), signed]);
  const token = `${version}${deflateSync(body).toString('base64')}`;
  if (token.length > tokenTextMax) {
    throw new TokenOrderError('app id, channel and uid are too long for a token');
  }
  return token;
}

const granted: Readonly<Record<TokenOrder['role'], readonly Privilege[]>> = {
  host: ['join', 'publishAudio', 'publishVideo', 'publishData'],
  audience: ['join'],
};

function serviceOf({ channel, uid, role }: TokenOrder): Buffer {
  const privileges = granted[role].flatMap((privilege) => [
    uint16(privilegeNumbers[privilege]),
    // It ends with the token.
    uint32(0),
  ]);
  return Buffer.concat([
    uint16(rtcService),
    uint16(granted[role].length),
    ...privileges,
    text(channel),
    text(uid === 0 ? '' : `${uid}`),
  ]);
}

function mistakeIn({ appId, certificate, channel, uid, issuedAtS, ttlS, salt }: TokenOrder): string | null {
  if (!isName(appId)) return 'the app id must be a name';
  if (!isCertificate(certificate)) return 'the app certificate must be 32 hex digits';
  if (!isName(channel)) return 'the channel must have a name';
  if (typeof uid === 'string' && !isName(uid)) return 'an account must be a name: for any uid, say 0';
  if (typeof uid === 'string' && isWildcard(uid)) return 'an account cannot be called 0: for any uid, say 0';
  if (typeof uid === 'number' && !isUint32(uid)) return `a uid is a whole number from 0 to ${uint32Max}`;
  if (!isUint32(ttlS) || ttlS === 0) return `the ttl is a whole number of seconds from 1 to ${uint32Max}`;
  if (!isUint32(issuedAtS)) return 'the time of issue is a whole number of seconds since 1970';
  return isUint32(salt) && salt !== 0 ? null : `the salt is a whole number from 1 to ${uint32Max}`;
}

const uint32Max = 0xffff_ffff;

function isUint32(value: number): boolean {
  return Number.isInteger(value) && value >= 0 && value <= uint32Max;
}

/** Not empty, short enough to be tried, and still itself after UTF-8: half a surrogate pair is not. */
function isName(name: string): boolean {
  return name !== '' && name.length <= tokenTextMax && Buffer.from(name).toString() === name;
}
