/** How long packets to a subscriber and back take, from its reports on the sender reports that it got (RFC 3550). */

/** Sender reports that may still be answered. */
const keptMax = 64;

export class RoundTrips {
  /** When a sender report went out, by the middle of its time. */
  readonly #sent = new Map<number, number>();

  /** @param packet a sender report, alone or first */
  sent(packet: Buffer, now: number): void {
    if (packet[1] !== 200 || packet.length < 16) return;
    const middle = ((packet.readUInt32BE(8) << 16) | (packet.readUInt32BE(12) >>> 16)) >>> 0;
    this.#sent.delete(middle);
    this.#sent.set(middle, now);
    const [oldest] = this.#sent.keys();
    if (this.#sent.size > keptMax && oldest !== undefined) this.#sent.delete(oldest);
  }

  /** @returns milliseconds; null: the report answers nothing that is known */
  read(
    report: { readonly lastReport: number; readonly sinceLastReport: number },
    now: number,
  ): number | null {
    const sentAt = report.lastReport === 0 ? undefined : this.#sent.get(report.lastReport);
    if (sentAt === undefined) return null;
    return Math.max(0, now - sentAt - (report.sinceLastReport * 1_000) / 65_536);
  }
}
