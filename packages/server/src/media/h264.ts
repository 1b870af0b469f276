/** What packets of H.264 begin with (RFC 6184), as far as an SFU needs it: which of them a viewer may begin with. */
import type { Frame } from './frame.ts';
import type { Rtp } from './rtp.ts';

/** Types of units: of a picture that needs no other, and of the parameters that come before it. */
const idr = 5;
const parameters = 7;
const several = 24;
const fragment = 28;

export function readH264({ packet, payloadAt }: Rtp): Frame {
  return packet.length > payloadAt && begins(packet, payloadAt) ? keyFrame : otherFrame;
}

function begins(packet: Buffer, at: number): boolean {
  const type = typeOf(packet[at]);
  if (type === fragment) return ((packet[at + 1] ?? 0) & 0x80) !== 0 && isKey(typeOf(packet[at + 1]));
  if (type !== several) return isKey(type);
  for (let unit = at + 1; unit + 2 < packet.length; unit += 2 + packet.readUInt16BE(unit))
    if (isKey(typeOf(packet[unit + 2]))) return true;
  return false;
}

function isKey(type: number): boolean {
  return type === idr || type === parameters;
}

function typeOf(byte: number | undefined): number {
  return (byte ?? 0) & 0x1f;
}

const keyFrame: Frame = { key: true, picture: null, layer: null, sync: false };
const otherFrame: Frame = { ...keyFrame, key: false };
