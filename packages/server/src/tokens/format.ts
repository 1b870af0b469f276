/**
 * AccessToken2, the format of the npm package `agora-token`: "007", then base64 of a zlib stream of
 *
 *     signature        text
 *     app id           text     from here on it is signed
 *     issued at        uint32   seconds since 1970
 *     lifetime         uint32   seconds from then
 *     salt             uint32
 *     services         uint16 of them, each
 *       type           uint16
 *       privileges     uint16 of them, each uint16 number, uint32 seconds from the issue
 *       its own fields in the layout of its type: rtc has channel and uid, both text
 *
 * Integers are little-endian; a text is a uint16 of bytes, then the bytes. A service does not say how long it is, so
 * nothing behind a service of unknown layout can be read.
 */

export const version = '007';

/** Characters of a whole token. */
export const tokenTextMax = 4_096;

/** Bytes that a token may inflate to. Zlib can make a thousand of one. */
export const tokenBodyMax = 16_384;

/** HMAC-SHA256. */
export const signatureBytes = 32;

export const rtcService = 1;

/** Privileges of the rtc service. */
export const privilegeNumbers = {
  join: 1,
  publishAudio: 2,
  publishVideo: 3,
  publishData: 4,
} as const;

export type Privilege = keyof typeof privilegeNumbers;

/** The fields behind the privileges of the services that may stand beside rtc in a token, by type. */
export const otherServices: ReadonlyMap<number, readonly ('text' | 'uint16')[]> = new Map([
  [2, ['text']],
  [3, ['text', 'text']],
  [4, []],
  [5, ['text']],
  [6, ['text', 'text']],
  [7, ['text', 'text', 'uint16']],
  [9, []],
  [10, []],
]);

/** Does a uid in a token stand for every uid? Builders write nothing for the number 0; nobody can be user 0. */
export function isWildcard(uid: string): boolean {
  return uid === '' || uid === '0';
}

/** 32 hex digits. They are a text to the signature: `A` and `a` make different certificates. */
export function isCertificate(text: string): boolean {
  return /^[0-9a-fA-F]{32}$/.test(text);
}
