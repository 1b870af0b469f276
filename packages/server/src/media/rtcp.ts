/** RTCP packets (RFC 3550, RFC 4585) as far as an SFU reads and writes them. */

export type Rtcp =
  | {
      readonly type: 'sender-report';
      readonly ssrc: number;
      readonly ntp: { readonly seconds: number; readonly fraction: number };
      readonly timestamp: number;
    }
  /** Packets that the sender of this wants again. */
  | { readonly type: 'nack'; readonly ssrc: number; readonly sequences: readonly number[] }
  | { readonly type: 'key-frame-request'; readonly ssrc: number }
  /** What the other end got of an SSRC. */
  | {
      readonly type: 'report';
      readonly ssrc: number;
      readonly lostShare: number;
      /** As in `ReportBlock`. */
      readonly lastReport: number;
      readonly sinceLastReport: number;
    };

/** Who the server is in RTCP: it sends no media of its own. */
const ownSsrc = 1;

/** What is understood of a compound packet; the rest says nothing. */
export function readRtcp(packet: Buffer): Rtcp[] {
  const found: Rtcp[] = [];
  for (let at = 0; at + 8 <= packet.length; ) {
    const end = at + 4 * (packet.readUInt16BE(at + 2) + 1);
    if ((packet[at] ?? 0) >> 6 !== 2 || end > packet.length) break;
    found.push(...readOne(packet.subarray(at, end)));
    at = end;
  }
  return found;
}

function readOne(packet: Buffer): Rtcp[] {
  const count = (packet[0] ?? 0) & 0x1f;
  switch (packet[1]) {
    case senderReport: {
      if (packet.length < 28) return [];
      const ntp = { seconds: packet.readUInt32BE(8), fraction: packet.readUInt32BE(12) };
      const report = { ssrc: packet.readUInt32BE(4), ntp, timestamp: packet.readUInt32BE(16) };
      return [{ type: 'sender-report', ...report }, ...readReports(packet, 28, count)];
    }
    case receiverReport:
      return readReports(packet, 8, count);
    case transportFeedback:
      return count === 1 && packet.length >= 16 ? [readNack(packet)] : [];
    case payloadFeedback:
      if (packet.length < 12) return [];
      if (count === 1) return [{ type: 'key-frame-request', ssrc: packet.readUInt32BE(8) }];
      return count === 4 && packet.length >= 20
        ? [{ type: 'key-frame-request', ssrc: packet.readUInt32BE(12) }]
        : [];
    default:
      return [];
  }
}

function readReports(packet: Buffer, from: number, count: number): Rtcp[] {
  const reports: Rtcp[] = [];
  for (let at = from; reports.length < count && at + 24 <= packet.length; at += 24) {
    const lostShare = (packet[at + 4] ?? 0) / 256;
    const about = { ssrc: packet.readUInt32BE(at), lostShare };
    const lastReport = packet.readUInt32BE(at + 16);
    reports.push({ type: 'report', ...about, lastReport, sinceLastReport: packet.readUInt32BE(at + 20) });
  }
  return reports;
}

function readNack(packet: Buffer): Rtcp {
  const sequences: number[] = [];
  for (let at = 12; at + 4 <= packet.length; at += 4) {
    const first = packet.readUInt16BE(at);
    const following = packet.readUInt16BE(at + 2);
    sequences.push(first);
    for (let bit = 0; bit < 16; bit += 1)
      if (following & (1 << bit)) sequences.push((first + bit + 1) & 0xffff);
  }
  return { type: 'nack', ssrc: packet.readUInt32BE(8), sequences };
}

/** What this end got of one SSRC. */
export interface ReportBlock {
  readonly ssrc: number;
  /** 0 to 1, since the last report. */
  readonly lostShare: number;
  readonly lost: number;
  readonly highestSequence: number;
  /** In units of the RTP clock. */
  readonly jitter: number;
  /** Middle 32 bits of the NTP time of the last sender report, 0: there was none; and its age in 1/65536 s. */
  readonly lastReport: number;
  readonly sinceLastReport: number;
}

export function writeReport(blocks: readonly ReportBlock[]): Buffer {
  const out = begin(receiverReport, Math.min(31, blocks.length), 8 + 24 * Math.min(31, blocks.length));
  for (const [index, block] of blocks.slice(0, 31).entries()) {
    const at = 8 + 24 * index;
    out.writeUInt32BE(block.ssrc, at);
    out[at + 4] = Math.min(255, Math.floor(block.lostShare * 256));
    out.writeUIntBE(Math.min(0x7f_ffff, Math.max(0, block.lost)), at + 5, 3);
    out.writeUInt32BE(block.highestSequence >>> 0, at + 8);
    out.writeUInt32BE(Math.max(0, Math.round(block.jitter)) >>> 0, at + 12);
    out.writeUInt32BE(block.lastReport >>> 0, at + 16);
    out.writeUInt32BE(block.sinceLastReport >>> 0, at + 20);
  }
  return out;
}

export interface SentSoFar {
  readonly ssrc: number;
  readonly ntp: { readonly seconds: number; readonly fraction: number };
  readonly timestamp: number;
  readonly packets: number;
  readonly bytes: number;
}

export function writeSenderReport({ ssrc, ntp, timestamp, packets, bytes }: SentSoFar): Buffer {
  const out = begin(senderReport, 0, 28);
  out.writeUInt32BE(ssrc, 4);
  out.writeUInt32BE(ntp.seconds, 8);
  out.writeUInt32BE(ntp.fraction, 12);
  out.writeUInt32BE(timestamp >>> 0, 16);
  out.writeUInt32BE(packets >>> 0, 20);
  out.writeUInt32BE(bytes >>> 0, 24);
  return out;
}

export function writeKeyFrameRequest(ssrc: number): Buffer {
  const out = begin(payloadFeedback, 1, 12);
  out.writeUInt32BE(ssrc, 8);
  return out;
}

/** @param sequences in the order of the circle, not empty */
export function writeNack(ssrc: number, sequences: readonly number[]): Buffer {
  const items: { first: number; following: number }[] = [];
  for (const sequence of sequences) {
    const last = items.at(-1);
    const gap = last === undefined ? 0 : (sequence - last.first) & 0xffff;
    if (last !== undefined && gap >= 1 && gap <= 16) last.following |= 1 << (gap - 1);
    else items.push({ first: sequence, following: 0 });
  }
  const out = begin(transportFeedback, 1, 12 + 4 * items.length);
  out.writeUInt32BE(ssrc, 8);
  for (const [index, { first, following }] of items.entries()) {
    out.writeUInt16BE(first, 12 + 4 * index);
    out.writeUInt16BE(following, 14 + 4 * index);
  }
  return out;
}

function begin(type: number, count: number, length: number): Buffer {
  const out = Buffer.alloc(length);
  out[0] = 0x80 | count;
  out[1] = type;
  out.writeUInt16BE(length / 4 - 1, 2);
  out.writeUInt32BE(ownSsrc, 4);
  return out;
}

const senderReport = 200;
const receiverReport = 201;
const transportFeedback = 205;
const payloadFeedback = 206;
