/** The descriptor with which every VP8 packet begins (RFC 7741), as far as an SFU needs it. */
import type { Frame } from './frame.ts';
import type { Rtp } from './rtp.ts';

export function readVp8({ packet, payloadAt }: Rtp): Frame {
  const first = packet[payloadAt] ?? 0;
  const begins = (first & 0x10) !== 0 && (first & 0x0f) === 0;
  const extended = (first & 0x80) !== 0 ? (packet[payloadAt + 1] ?? 0) : 0;
  let at = payloadAt + (first & 0x80 ? 2 : 1);
  let picture: Frame['picture'] = null;
  if (extended & 0x80) {
    const bytes = (packet[at] ?? 0) & 0x80 ? 2 : 1;
    if (at + bytes > packet.length) return nothing;
    picture = { id: bytes === 2 ? packet.readUInt16BE(at) & 0x7fff : (packet[at] ?? 0), at, bytes };
    at += bytes;
  }
  if (extended & 0x40) at += 1;
  const layered = (extended & 0x20) !== 0 && at < packet.length;
  const layers = packet[at] ?? 0;
  if (extended & 0x30) at += 1;
  return {
    key: begins && at < packet.length && ((packet[at] ?? 1) & 1) === 0,
    picture,
    layer: layered ? layers >> 6 : null,
    sync: layered && (layers & 0x20) !== 0,
  };
}

/** Gives the frame another number, in a copy of the packet that begins its payload at `payloadAt`. */
export function renumber(
  out: Buffer,
  payloadAt: number,
  from: Rtp,
  picture: Frame['picture'],
  less: number,
): void {
  if (picture === null || less === 0) return;
  const at = payloadAt + picture.at - from.payloadAt;
  if (picture.bytes === 2) out.writeUInt16BE(0x8000 | ((picture.id - less) & 0x7fff), at);
  else out[at] = (picture.id - less) & 0x7f;
}

const nothing: Frame = { key: false, picture: null, layer: null, sync: false };
