/** What came of one SSRC: what is missing and asked for again, what its sender is told of it, and what is kept. */
import type { ReportBlock } from './rtcp.ts';
import { ahead16, type Rtp } from './rtp.ts';

/** How a missing packet is asked for again; times are milliseconds. */
const nack = Object.freeze({
  /** It may only be late. */
  firstMs: 15,
  againMs: 60,
  times: 8,
  /** More missing at once are not asked for: a key frame helps sooner. */
  missingMax: 200,
});

interface Missing {
  askAt: number;
  asked: number;
}

export class Reception {
  readonly ssrc: number;
  readonly #clockRate: number;
  readonly #kept: (Rtp | undefined)[];
  readonly #missing = new Map<number, Missing>();
  /** Counted without end; null: nothing came yet. */
  #highest: number | null = null;
  #first = 0;
  #received = 0;
  #told = { expected: 0, received: 0 };
  #transit = 0;
  #jitter = 0;
  #senderReport: { middle: number; at: number } | null = null;

  /** @param keep how many of its newest packets may be asked for again by who got them from here; a power of two */
  constructor(ssrc: number, clockRate: number, keep: number) {
    this.ssrc = ssrc;
    this.#clockRate = clockRate;
    this.#kept = Array.from({ length: keep });
  }

  /** False: it came before, or is so late that nobody waits for it. */
  take(rtp: Rtp, now: number): boolean {
    const { sequence } = rtp;
    const ahead = this.#highest === null ? 1 : ahead16(sequence, this.#highest & 0xffff);
    if (ahead <= -this.#kept.length || this.#kept[this.#place(sequence)]?.sequence === sequence) return false;
    if (this.#highest === null) this.#begin(sequence);
    else if (ahead > 0) this.#advance(this.#highest, ahead, now);
    this.#missing.delete(sequence);
    this.#kept[this.#place(sequence)] = rtp;
    this.#received += 1;
    this.#timed(rtp, now);
    return true;
  }

  /** A packet that came a short while ago. */
  kept(sequence: number): Rtp | undefined {
    const rtp = this.#kept[this.#place(sequence)];
    return rtp?.sequence === sequence ? rtp : undefined;
  }

  /** What is to be asked for again at this moment. */
  wanted(now: number): number[] {
    const wanted: number[] = [];
    for (const [sequence, missing] of this.#missing) {
      if (missing.askAt > now) continue;
      if (missing.asked === nack.times) this.#missing.delete(sequence);
      else wanted.push(sequence);
      missing.asked += 1;
      missing.askAt = now + nack.againMs;
    }
    return wanted;
  }

  reported(ntp: { readonly seconds: number; readonly fraction: number }, now: number): void {
    this.#senderReport = { middle: ((ntp.seconds & 0xffff) << 16) | (ntp.fraction >>> 16), at: now };
  }

  /** What its sender is told; counts from the last time. */
  report(now: number): ReportBlock | null {
    if (this.#highest === null) return null;
    const expected = this.#highest - this.#first + 1;
    const expectedSince = expected - this.#told.expected;
    const receivedSince = this.#received - this.#told.received;
    this.#told = { expected, received: this.#received };
    const lostShare = expectedSince <= 0 ? 0 : Math.max(0, (expectedSince - receivedSince) / expectedSince);
    const report = this.#senderReport;
    return {
      ssrc: this.ssrc,
      lostShare,
      lost: expected - this.#received,
      highestSequence: this.#highest,
      jitter: this.#jitter,
      lastReport: report?.middle ?? 0,
      sinceLastReport: report === null ? 0 : Math.round(((now - report.at) * 65_536) / 1_000),
    };
  }

  #begin(sequence: number): void {
    this.#first = sequence;
    this.#highest = sequence;
  }

  #advance(highest: number, ahead: number, now: number): void {
    this.#highest = highest + ahead;
    if (this.#missing.size + ahead > nack.missingMax) this.#missing.clear();
    else
      for (let step = 1; step < ahead; step += 1)
        this.#missing.set((highest + step) & 0xffff, { askAt: now + nack.firstMs, asked: 0 });
  }

  #timed({ timestamp }: Rtp, now: number): void {
    const transit = (now * this.#clockRate) / 1_000 - timestamp;
    const difference = Math.abs(transit - this.#transit);
    this.#transit = transit;
    // Larger ones are no jitter: the first packet, or a clock that went round.
    if (difference < this.#clockRate) this.#jitter += (difference - this.#jitter) / 16;
  }

  #place(sequence: number): number {
    return sequence & (this.#kept.length - 1);
  }
}
