import type { Codec, Kind } from './codecs.ts';
import type { Frame } from './frame.ts';
import type { Level } from './path-width.ts';
import { writeSenderReport } from './rtcp.ts';
import { ahead16, emptyRtp, type Rtp, rewriteRtp } from './rtp.ts';
import { aliveMs, clockRates, isLater, type Source } from './source.ts';
import { type Less, Thinning } from './thinning.ts';
import { readVp8, renumber } from './vp8.ts';

/** What a packet's numbers become on the way to one subscriber, while they come from one source. */
interface Mapping {
  readonly source: Source;
  readonly sequence: number;
  readonly timestamp: number;
  /** Of the source; what is older was never meant for this subscriber. */
  readonly first: number;
  readonly thinning: Thinning;
  /** What was left out before a packet that was sent, by its number. */
  readonly sent: (({ readonly sequence: number } & Less) | undefined)[];
}

/** A packet of a stream as it comes. */
export interface Arrival {
  readonly rtp: Rtp;
  readonly codec: Codec;
  /** Null: it is audio. */
  readonly frame: Frame | null;
  readonly now: number;
}

export interface ForwardParts {
  readonly kind: Kind;
  readonly ssrc: number;
  /** Of the codecs that the subscriber has. */
  readonly payloadTypes: ReadonlyMap<Codec, number>;
  /** The stream comes in a codec that the subscriber has not; told once for each. */
  readonly unable: (codec: Codec) => void;
  /** Whether what is sent leaves. */
  readonly open: () => boolean;
  /** How much video the path takes. */
  readonly level: () => Level;
  /** To another server's media process: it gets only what comes from users of this one. */
  readonly relays: boolean;
  readonly send: (packet: Buffer) => void;
}

/** A subscriber that gets less than everything asks for key frames, which go to everybody, at most this often. */
const thinnedKeyFrameMs: Readonly<Record<Level, number>> = { 3: 0, 2: 2_000, 1: 4_000, 0: 8_000 };
/** So many packets may be asked for again after some were left out; a power of two. */
const sentMax = 1_024;
const nothingLess: Less = { packets: 0, pictures: 0 };

/** A subscription: packets of a stream, whichever source it has at the moment, as one unbroken stream to one subscriber. */
export class Forward {
  readonly kind: Kind;
  readonly ssrc: number;
  readonly relays: boolean;
  readonly #parts: ForwardParts;
  #mapping: Mapping | null = null;
  #last: { sequence: number; timestamp: number; at: number } | null = null;
  readonly #unable = new Set<Codec>();
  #packets = 0;
  #bytes = 0;
  #keyFrameAskedAt = Number.NEGATIVE_INFINITY;

  constructor(parts: ForwardParts) {
    this.#parts = parts;
    this.kind = parts.kind;
    this.ssrc = parts.ssrc;
    this.relays = parts.relays;
  }

  /**
   * A packet of the stream. Video begins with a key frame; until then one is asked for. It is not asked for before the
   * subscriber can have it: the next one would come no sooner than key frames may be asked for.
   */
  take(source: Source, arrival: Arrival): void {
    const { rtp, codec, frame, now } = arrival;
    if (!this.#parts.payloadTypes.has(codec)) return this.#cannot(codec);
    const before = this.#mapping?.source;
    if (before !== source) {
      if (before === undefined && !this.#parts.open()) return;
      if (before !== undefined && now - before.heardAt < aliveMs && !isLater(source, before)) return;
      if (frame?.key === false) return source.wantKeyFrame(now);
      this.#mapping = this.#map(source, rtp, now);
    }
    const mapping = this.#mapping;
    if (mapping === null || ahead16(rtp.sequence, mapping.first) < 0) return;
    const level = this.#parts.level();
    if (frame === null || (level === 3 && mapping.thinning.idle)) this.#pass(mapping, arrival, nothingLess);
    else this.#thin(mapping, arrival, frame, level);
  }

  #cannot(codec: Codec): void {
    if (this.#unable.has(codec)) return;
    this.#unable.add(codec);
    this.#parts.unable(codec);
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
      const sent = mapping.sent[sequence & (sentMax - 1)];
      const known = sent?.sequence === sequence ? sent : mapping.thinning.idle ? nothingLess : null;
      if (known === null) continue;
      const rtp = mapping.source.reception.kept((sequence - mapping.sequence + known.packets) & 0xffff);
      if (rtp !== undefined && ahead16(rtp.sequence, mapping.first) >= 0)
        this.#parts.send(this.#rewritten(rtp, mapping, known));
    }
  }

  wantKeyFrame(now: number): void {
    if (now - this.#keyFrameAskedAt < thinnedKeyFrameMs[this.#parts.level()]) return;
    this.#keyFrameAskedAt = now;
    this.#mapping?.source.wantKeyFrame(now);
  }

  /** Its source said which time is which timestamp: the subscriber keeps sound and picture together by it. */
  report(source: Source): void {
    const mapping = this.#mapping;
    if (mapping?.source !== source || source.report === null) return;
    const { ntp, timestamp } = source.report;
    this.#parts.send(
      writeSenderReport({
        ...{ ssrc: this.ssrc, ntp, packets: this.#packets, bytes: this.#bytes },
        timestamp: (timestamp + mapping.timestamp) >>> 0,
      }),
    );
  }

  #thin(mapping: Mapping, arrival: Arrival, frame: Frame, level: Level): void {
    const passage = mapping.thinning.take(arrival.rtp, frame, level);
    if (mapping.thinning.broken) this.wantKeyFrame(arrival.now);
    if (passage?.type === 'pass') this.#pass(mapping, arrival, passage);
    else if (passage?.type === 'empty')
      this.#parts.send(emptyRtp(this.#numbers(arrival.rtp, mapping, passage.packets)));
  }

  #pass(mapping: Mapping, { rtp, now }: Arrival, less: Less): void {
    const { sequence, timestamp } = this.#numbers(rtp, mapping, less.packets);
    if (this.#last === null || ahead16(sequence, this.#last.sequence) > 0)
      this.#last = { sequence, timestamp, at: now };
    if (less !== nothingLess) mapping.sent[sequence & (sentMax - 1)] = { ...less, sequence };
    this.#packets += 1;
    this.#bytes += rtp.packet.length - rtp.payloadAt;
    this.#parts.send(this.#rewritten(rtp, mapping, less));
  }

  /** The new source's numbers go on where those of the one before ended, by as much time as has passed. */
  #map(source: Source, { sequence, timestamp }: Rtp, now: number): Mapping {
    const last = this.#last;
    const begin = { source, first: sequence, thinning: new Thinning(), sent: [] };
    if (last === null) return { ...begin, sequence: 0, timestamp: 0 };
    const passed = Math.max(1, Math.round(((now - last.at) * clockRates[this.kind]) / 1_000));
    return {
      ...begin,
      sequence: (last.sequence + 1 - sequence) & 0xffff,
      timestamp: (last.timestamp + passed - timestamp) >>> 0,
    };
  }

  #numbers(rtp: Rtp, { source, sequence, timestamp }: Mapping, less: number) {
    const codec = source.codecs.get(rtp.payloadType);
    return {
      payloadType: (codec && this.#parts.payloadTypes.get(codec)) ?? rtp.payloadType,
      ssrc: this.ssrc,
      sequence: (rtp.sequence + sequence - less) & 0xffff,
      timestamp: (rtp.timestamp + timestamp) >>> 0,
    };
  }

  #rewritten(rtp: Rtp, mapping: Mapping, { packets, pictures }: Less): Buffer {
    const out = rewriteRtp(rtp, this.#numbers(rtp, mapping, packets));
    if (pictures > 0) renumber(out, 12, rtp, readVp8(rtp).picture, pictures);
    return out;
  }
}
