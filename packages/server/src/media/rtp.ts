/** RTP packets (RFC 3550, RFC 8285) as far as an SFU reads and writes them. */

export interface Rtp {
  readonly payloadType: number;
  readonly marker: boolean;
  readonly sequence: number;
  readonly timestamp: number;
  readonly ssrc: number;
  /** Where the payload begins. */
  readonly payloadAt: number;
  /** The header extensions' block, one-byte headers only; empty where `from` is `to`. */
  readonly extensions: { readonly from: number; readonly to: number };
  readonly packet: Buffer;
}

/** Whether a packet that came is RTCP (RFC 5761). */
export function isRtcp(packet: Buffer): boolean {
  const type = packet[1] ?? 0;
  return type >= 192 && type <= 223;
}

/** Null: it is no RTP packet. */
export function readRtp(packet: Buffer): Rtp | null {
  if (packet.length < 12 || (packet[0] ?? 0) >> 6 !== 2) return null;
  const first = packet[0] ?? 0;
  const second = packet[1] ?? 0;
  let at = 12 + 4 * (first & 0x0f);
  let extensions = { from: at, to: at };
  if (first & 0x10) {
    if (at + 4 > packet.length) return null;
    const length = 4 * packet.readUInt16BE(at + 2);
    if (packet.readUInt16BE(at) === oneByteHeaders) extensions = { from: at + 4, to: at + 4 + length };
    at += 4 + length;
  }
  if (at > packet.length) return null;
  return {
    payloadType: second & 0x7f,
    marker: (second & 0x80) !== 0,
    sequence: packet.readUInt16BE(2),
    timestamp: packet.readUInt32BE(4),
    ssrc: packet.readUInt32BE(8),
    payloadAt: at,
    extensions,
    packet,
  };
}

/** The 16 bits of a header extension of that length; null: the packet has none. */
export function extension16({ packet, extensions: { from, to } }: Rtp, id: number): number | null {
  for (let at = from; at < to; ) {
    const head = packet[at] ?? 0;
    if (head === 0) at += 1;
    else if (head >> 4 === 15) return null;
    else if (head >> 4 === id) return at + 3 <= to ? packet.readUInt16BE(at + 1) : null;
    else at += 2 + (head & 0x0f);
  }
  return null;
}

export interface Rewritten {
  readonly payloadType: number;
  readonly sequence: number;
  readonly timestamp: number;
  readonly ssrc: number;
}

/** The packet with another header and no extensions: those were agreed with its sender. Bytes belong to the caller. */
export function rewriteRtp({ packet, payloadAt, marker }: Rtp, as: Rewritten): Buffer {
  const padded = (packet[0] ?? 0) & 0x20;
  const out = Buffer.allocUnsafe(12 + packet.length - payloadAt);
  out[0] = 0x80 | padded;
  out[1] = (marker ? 0x80 : 0) | as.payloadType;
  out.writeUInt16BE(as.sequence, 2);
  out.writeUInt32BE(as.timestamp, 4);
  out.writeUInt32BE(as.ssrc, 8);
  packet.copy(out, 12, payloadAt);
  return out;
}

/** A packet without media: it only takes its place among the others. */
export function emptyRtp({ payloadType, sequence, timestamp, ssrc }: Rewritten): Buffer {
  const out = Buffer.alloc(12 + paddingBytes, 0);
  out[0] = 0xa0;
  out[1] = payloadType;
  out.writeUInt16BE(sequence, 2);
  out.writeUInt32BE(timestamp, 4);
  out.writeUInt32BE(ssrc, 8);
  out[out.length - 1] = paddingBytes;
  return out;
}

/** How far `sequence` is ahead of `from` on the circle of 16 bits; negative: behind. */
export function ahead16(sequence: number, from: number): number {
  return ((sequence - from + 0x8000) & 0xffff) - 0x8000;
}

/** Padding alone is no media. */
const paddingBytes = 4;
const oneByteHeaders = 0xbede;
