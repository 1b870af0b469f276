/**
 * Texts that may be a token (C-42, C-80): answered, never thrown, and good only if they were signed. A seal makes the
 * reader go on behind compression and signature, where a fuzzer would never get by itself.
 */
import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { deflateSync } from 'node:zlib';
import { readToken, type TokenClaim, verifyToken } from '@holdfast/server/internals';
import { Choices } from '../choices.ts';

const certificate = 'c'.repeat(32);
const claim: TokenClaim = {
  ...{ appId: 'a', certificates: [certificate], channel: 'b', uid: 1, nowS: 1_000 },
};

export function fuzz(bytes: Uint8Array): void {
  const choices = new Choices(bytes);
  const how = choices.pick(['text', 'packed', 'sealed']);
  const rest = Buffer.from(choices.rest());
  const text = how === 'text' ? rest.toString('latin1') : pack(how === 'sealed' ? seal(rest) : rest);
  const reading = readToken(text);
  if (!reading.ok) assert(rest.length < 12 || !reading.text.includes(rest.toString('latin1')));
  const verdict = verifyToken(text, claim);
  if (!verdict.ok) return;
  assert.equal(how, 'sealed', 'a token is good that nobody signed');
  assert(verdict.privileges.joinUntil > claim.nowS && verdict.privileges.joinUntil <= verdict.expiresAt);
  assert(!verifyToken(text, { ...claim, certificates: ['d'.repeat(32)] }).ok);
  assert(!verifyToken(text, { ...claim, channel: 'other' }).ok || rest.includes('other'));
}

function pack(body: Buffer): string {
  return `007${deflateSync(body).toString('base64')}`;
}

/** Signs what follows an app id and three numbers, as an issuer would. */
function seal(rest: Buffer): Buffer {
  const [issuedAt, lifetime, salt] = [900, 3_600, 7];
  const numbers = [issuedAt, lifetime, salt].map(uint32);
  const signed = Buffer.concat([Buffer.from([1, 0]), Buffer.from('a'), ...numbers, rest]);
  const inner = hmac(uint32(issuedAt), Buffer.from(certificate));
  const signature = hmac(hmac(uint32(salt), inner), signed);
  return Buffer.concat([Buffer.from([signature.length, 0]), signature, signed]);
}

function hmac(key: Buffer, message: Buffer): Buffer {
  return createHmac('sha256', key).update(message).digest();
}

function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
}
