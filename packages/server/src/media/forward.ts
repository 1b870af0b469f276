import { writeSenderReport } from './rtcp.ts';
import { ahead16, beginsKeyFrame, type Rtp, rewriteRtp } from './rtp.ts';
import { clockRates, isLater, type Kind, type Source } from './source.ts';

/** What a packet's numbers become on the way to one subscriber, while they come from one source. */
interface Mapping {
  readonly source: Source;
  readonly sequence: number;
  readonly timestamp: number;
  /** Of the source; what is older was never meant for this subscriber. */
  readonly first: number;
}

/** A source that was heard so lately gives way only to a later one, in milliseconds. */
const aliveMs = 1_000;

/** A subscription: packets of a stream, whichever source it has at the moment, as one unbroken stream to one subscriber. */
export class Forward {
  readonly kind: Kind;
  readonly ssrc: number;
  readonly payloadType: number;
  /** To another server's media process: it gets only what comes from users of this one. */
  readonly relays: boolean;
  readonly #send: (packet: Buffer) => void;
  #mapping: Mapping | null = null;
  #last: { sequence: number; timestamp: number; at: number } | null = null;
  #packets = 0;
  #bytes = 0;

  constructor(kind: Kind, ssrc: number, payloadType: number, send: (packet: Buffer) => void, relays = false) {
    this.kind = kind;
    this.ssrc = ssrc;
    this.payloadType = payloadType;
    this.#send = send;
    this.relays = relays;
  }

  /** A packet of the stream. Video begins with a key frame; until then one is asked for. */
  take(source: Source, rtp: Rtp, now: number): void {
    const before = this.#mapping?.source;
    if (before !== source) {
      if (before !== undefined && now - before.heardAt < aliveMs && !isLater(source.origin, before.origin))
        return;
      if (this.kind === 'video' && !beginsKeyFrame(rtp)) return source.wantKeyFrame(now);
      this.#mapping = this.#map(source, rtp, now);
    }
    const mapping = this.#mapping;
    if (mapping === null || ahead16(rtp.sequence, mapping.first) < 0) return;
    const sequence = (rtp.sequence + mapping.sequence) & 0xffff;
    const timestamp = (rtp.timestamp + mapping.timestamp) >>> 0;
    if (this.#last === null || ahead16(sequence, this.#last.sequence) > 0)
      this.#last = { sequence, timestamp, at: now };
    this.#packets += 1;
    this.#bytes += rtp.packet.length - rtp.payloadAt;
    this.#send(this.#rewritten(rtp, mapping));
  }

  /** What follows is not the continuation of what was. */
  interrupt(): void {
    this.#mapping = null;
  }

  /** The subscriber wants packets again that were lost on the way to it. */
  resend(sequences: readonly number[]): void {
    const mapping = this.#mapping;
    if (mapping === null) return;
    for (const sequence of sequences) {
      const rtp = mapping.source.reception.kept((sequence - mapping.sequence) & 0xffff);
      if (rtp !== undefined && ahead16(rtp.sequence, mapping.first) >= 0)
        this.#send(this.#rewritten(rtp, mapping));
    }
  }

  wantKeyFrame(now: number): void {
    this.#mapping?.source.wantKeyFrame(now);
  }

  /** Its source said which time is which timestamp: the subscriber keeps sound and picture together by it. */
  report(source: Source): void {
    const mapping = this.#mapping;
    if (mapping?.source !== source || source.report === null) return;
    const { ntp, timestamp } = source.report;
    this.#send(
      writeSenderReport({
        ...{ ssrc: this.ssrc, ntp, packets: this.#packets, bytes: this.#bytes },
        timestamp: (timestamp + mapping.timestamp) >>> 0,
      }),
    );
  }

  /** The new source's numbers go on where those of the one before ended, by as much time as has passed. */
  #map(source: Source, { sequence, timestamp }: Rtp, now: number): Mapping {
    const last = this.#last;
    if (last === null) return { source, sequence: 0, timestamp: 0, first: sequence };
    const passed = Math.max(1, Math.round(((now - last.at) * clockRates[this.kind]) / 1_000));
    return {
      source,
      sequence: (last.sequence + 1 - sequence) & 0xffff,
      timestamp: (last.timestamp + passed - timestamp) >>> 0,
      first: sequence,
    };
  }

  #rewritten(rtp: Rtp, { sequence, timestamp }: Mapping): Buffer {
    return rewriteRtp(rtp, {
      payloadType: this.payloadType,
      ssrc: this.ssrc,
      sequence: (rtp.sequence + sequence) & 0xffff,
      timestamp: (rtp.timestamp + timestamp) >>> 0,
    });
  }
}
