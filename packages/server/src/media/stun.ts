/**
 * As much of STUN (RFC 8489) and ICE (RFC 8445) as it takes to give a check the tie-breaker that it lacks. Chromium sends
 * 0 through TURN servers that it reaches by TCP or TLS, which is allowed, and which the engine refuses.
 */
import { createHmac, timingSafeEqual } from 'node:crypto';
import { crc32 } from 'node:zlib';

const bindingRequest = 0x0001;
const cookie = 0x2112_a442;
const headerBytes = 20;
const attributes = {
  username: 0x0006,
  integrity: 0x0008,
  controlled: 0x8029,
  controlling: 0x802a,
  fingerprint: 0x8028,
} as const;
const integrityBytes = 20;
const fingerprintMask = 0x5354_554e;

/**
 * A check with another tie-breaker, signed again; null: it is none, it has a tie-breaker, or nobody knows who signed it.
 * @param passwordOf the password behind the receiver's fragment of the user's name
 * @param tieBreaker 8 bytes, not all 0
 */
export function withTieBreaker(
  packet: Buffer,
  passwordOf: (fragment: string) => string | undefined,
  tieBreaker: Buffer,
): Buffer | null {
  const places = isCheck(packet) ? read(packet) : null;
  const tieAt = places?.get(attributes.controlling) ?? places?.get(attributes.controlled);
  const integrityAt = places?.get(attributes.integrity);
  const userAt = places?.get(attributes.username);
  if (tieAt === undefined || integrityAt === undefined || userAt === undefined) return null;
  if (lengthAt(packet, tieAt) !== 8 || lengthAt(packet, integrityAt) !== integrityBytes) return null;
  if (packet.readBigUInt64BE(tieAt + 4) !== 0n) return null;
  const user = packet.toString('utf8', userAt + 4, userAt + 4 + lengthAt(packet, userAt));
  const password = passwordOf(user.split(':', 1)[0] ?? '');
  if (password === undefined) return null;
  const end = integrityAt + 4 + integrityBytes;
  const signed = packet.subarray(integrityAt + 4, end);
  if (!timingSafeEqual(signed, sign(packet, integrityAt, password))) return null;
  const out = Buffer.alloc(end + 8);
  packet.copy(out, 0, 0, end);
  tieBreaker.copy(out, tieAt + 4);
  sign(out, integrityAt, password).copy(out, integrityAt + 4);
  out.writeUInt16BE(out.length - headerBytes, 2);
  out.writeUInt16BE(attributes.fingerprint, end);
  out.writeUInt16BE(4, end + 2);
  out.writeUInt32BE((crc32(out.subarray(0, end)) ^ fingerprintMask) >>> 0, end + 4);
  return out;
}

function isCheck(packet: Buffer): boolean {
  return (
    packet.length >= headerBytes &&
    packet.readUInt16BE(0) === bindingRequest &&
    packet.readUInt32BE(4) === cookie &&
    packet.readUInt16BE(2) === packet.length - headerBytes
  );
}

/** Where each attribute begins; what comes after the signature is nobody's. Null: they do not fit. */
function read(packet: Buffer): Map<number, number> | null {
  const places = new Map<number, number>();
  let at = headerBytes;
  while (at + 4 <= packet.length) {
    const type = packet.readUInt16BE(at);
    if (!places.has(attributes.integrity) && !places.has(type)) places.set(type, at);
    at += 4 + lengthAt(packet, at) + (-lengthAt(packet, at) & 3);
  }
  return at === packet.length ? places : null;
}

function lengthAt(packet: Buffer, at: number): number {
  return packet.readUInt16BE(at + 2);
}

/** Of everything before the signature, as if nothing came after it. */
function sign(packet: Buffer, integrityAt: number, password: string): Buffer {
  const head = Buffer.from(packet.subarray(0, integrityAt));
  head.writeUInt16BE(integrityAt + 4 + integrityBytes - headerBytes, 2);
  return createHmac('sha1', password).update(head).digest();
}
