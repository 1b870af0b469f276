import { type MediaAnswer, type MediaFault, type MediaOffer, mediaBounds } from '@holdfast/core';
import { Arrivals } from './arrivals.ts';
import { type Codec, codecs, type Kind } from './codecs.ts';
import type { MediaEngine, Transport } from './engine.ts';
import { Forward } from './forward.ts';
import { PathWidth } from './path-width.ts';
import type { Room } from './room.ts';
import { RoundTrips } from './round-trips.ts';
import { type Rtcp, readRtcp, writeNack, writeReport } from './rtcp.ts';
import { extension16, isRtcp, readRtp } from './rtp.ts';
import { readOffer, type Section, type Use, writeAnswer } from './sdp.ts';
import { Source } from './source.ts';

/** Whose connection it is. */
export interface LinkOwner {
  readonly room: Room;
  readonly uid: number;
  readonly join: number;
  readonly connection: number;
}

/** What a link needs of the SFU. */
export interface LinkSurroundings {
  readonly engine: MediaEngine;
  /** Whether clients and this server ask each other for packets that were lost. */
  readonly nack: boolean;
  now(): number;
  /** A name for what is sent to a subscriber, unused in its connection. */
  ssrc(): number;
  /** Something of what it asked for turns out to be impossible. */
  refused(link: Link, answer: MediaAnswer): void;
  /** The transport has ended by itself. */
  closed(link: Link): void;
}

/** The uid of other servers' media processes: no user has it. */
export const relayUid = 0;

interface Used {
  readonly section: Section;
  readonly use: Use;
}

interface Given {
  readonly uid: number;
  readonly stream: number;
  readonly forward: Forward;
}

/** One media connection of a client: what comes on it becomes sources, what it wants becomes forwards. */
export class Link {
  readonly owner: LinkOwner;
  /** When the last packet came, and whether one did since that was asked. */
  heardAt: number;
  heard = false;
  readonly #around: LinkSurroundings;
  #transport: Promise<Transport> | null = null;
  #open: Transport | null = null;
  #ufrag = '';
  /** What is sent leaves. */
  #begun = false;
  /** What was answered last. */
  #revision = 0;
  #closed = false;
  /** By section. */
  readonly #taken = new Map<string, Source>();
  readonly #given = new Map<string, Given>();
  /** By SSRC, for packets that come. */
  readonly #sources = new Map<number, Source>();
  readonly #forwards = new Map<number, Forward>();
  readonly #arrivals = new Arrivals();
  #arrivalsId: number | null = null;
  readonly #width = new PathWidth();
  #second = { from: 0, packets: 0 };
  readonly #roundTrips = new RoundTrips();

  constructor(owner: LinkOwner, around: LinkSurroundings) {
    this.owner = owner;
    this.#around = around;
    this.heardAt = around.now();
  }

  // ---- what it is to carry ----

  async negotiate(offer: MediaOffer): Promise<MediaAnswer> {
    const sectionsMax = this.owner.uid === relayUid ? Number.POSITIVE_INFINITY : mediaBounds.sections;
    const read = readOffer(offer.sdp, sectionsMax);
    if (read === null)
      return refusal(offer, 'malformed', 'the SDP is no offer of a bundle of at most 128 sections');
    if (this.#ufrag !== '' && read.end.ufrag !== this.#ufrag)
      return refusal(offer, 'stale', 'a connection is not moved: open another one');
    this.#ufrag = read.end.ufrag;
    this.#transport ??= this.#around.engine.open(read.end, {
      packet: (packet) => this.#packet(packet),
      closed: () => this.#around.closed(this),
    });
    const transport = await this.#transport;
    if (this.#closed) {
      transport.close();
      return refusal(offer, 'stale', 'the connection was closed meanwhile');
    }
    this.#open = transport;
    const uses = read.sections.map((section) => ({ section, use: this.#use(section, offer) }));
    this.#keepOnly(new Set(read.sections.map(({ mid }) => mid)));
    const { nack } = this.#around;
    const sdp = writeAnswer({ local: transport.local, revision: offer.revision, uses, nack });
    const { connection, revision } = offer;
    this.#revision = revision;
    return { type: 'media-answer', connection, revision, sdp, ...this.#fault(uses, offer) };
  }

  /** The first fault that there is, and all sections that have it. */
  #fault(uses: readonly Used[], offer: MediaOffer): Pick<MediaAnswer, 'fault' | 'text' | 'mids'> {
    const faults = [...offer.sends, ...offer.receives].map(({ mid }) => ({
      mid,
      fault: this.#faultOf(
        uses.find(({ section }) => section.mid === mid),
        offer,
      ),
    }));
    const fault = faults.find((each) => each.fault !== null)?.fault ?? null;
    const mids = fault === null ? [] : faults.filter((each) => each.fault === fault).map(({ mid }) => mid);
    return { fault, text: fault === null ? '' : (texts[fault] ?? ''), mids };
  }

  #faultOf(used: Used | undefined, { sends }: MediaOffer): MediaFault | null {
    if (used === undefined) return 'malformed';
    const { mid, kind, payloadTypes } = used.section;
    if (kind === 'other' || payloadTypes.size === 0) return 'noCodec';
    if (used.use.type === 'nothing') return 'malformed';
    const sending = sends.find((each) => each.mid === mid);
    // It is taken all the same, and passed on as soon as it may be.
    const may = sending === undefined || this.owner.room.has(this.owner.uid, sending.stream, kind);
    return may ? null : 'notAllowed';
  }

  #use(section: Section, { sends, receives }: MediaOffer): Use {
    const { mid, kind, payloadTypes, ssrc } = section;
    const nothing: Use = { type: 'nothing' };
    if (kind === 'other' || payloadTypes.size === 0) return nothing;
    const sending = sends.find((each) => each.mid === mid);
    const receiving = receives.find((each) => each.mid === mid);
    if (sending !== undefined && section.sends && ssrc !== null) {
      this.#take(section, kind, sending.stream, ssrc);
      return { type: 'take' };
    }
    this.#takeNothing(mid);
    if (receiving === undefined || !section.receives) {
      this.#giveNothing(mid);
      return nothing;
    }
    const { uid, stream } = receiving;
    const forward = this.#give(section, kind, uid, stream);
    return { type: 'give', ssrc: forward.ssrc, group: `${uid}-${stream}` };
  }

  #take({ mid, arrivalsId, payloadTypes }: Section, kind: Kind, stream: number, ssrc: number): void {
    this.#giveNothing(mid);
    const { room, uid, join, connection } = this.owner;
    const before = this.#taken.get(mid);
    if (before?.stream === stream && before.reception.ssrc === ssrc) return;
    this.#takeNothing(mid);
    if (arrivalsId !== null) this.#arrivalsId = arrivalsId;
    const agreed = [...payloadTypes].slice(0, 1).map(([codec, type]) => [type, codec] as const);
    const source = new Source({
      ...{ kind, stream, ssrc, codecs: new Map(agreed), origin: { join, connection } },
      send: (packet) => this.#open?.send(packet),
    });
    this.#taken.set(mid, source);
    this.#sources.set(ssrc, source);
    room.add(uid, source);
  }

  #takeNothing(mid: string): void {
    const source = this.#taken.get(mid);
    if (source === undefined) return;
    this.#taken.delete(mid);
    this.#sources.delete(source.reception.ssrc);
    this.owner.room.remove(this.owner.uid, source);
  }

  #give({ mid, payloadTypes }: Section, kind: Kind, uid: number, stream: number): Forward {
    const before = this.#given.get(mid);
    if (before?.uid === uid && before.stream === stream) return before.forward;
    this.#giveNothing(mid);
    const relays = this.owner.uid === relayUid;
    const forward = new Forward({
      ...{ kind, payloadTypes, relays, ssrc: this.#around.ssrc() },
      unable: (codec) => this.#cannot(mid, codec),
      open: () => this.#begun || (this.#open?.open ?? false),
      level: () => (relays ? 3 : this.#width.level),
      send: (packet) => this.#send(packet),
    });
    this.#given.set(mid, { uid, stream, forward });
    this.#forwards.set(forward.ssrc, forward);
    this.owner.room.subscribe(uid, stream, forward);
    if (this.#begun) this.owner.room.wantKeyFrame(uid, stream, this.#around.now());
    return forward;
  }

  /** C-80: a stream comes in a codec that this client has not. */
  #cannot(mid: string, codec: Codec): void {
    const { connection } = this.owner;
    const text = `the stream comes in ${codecs[codec].name}, which the offer has not`;
    const answer = refusal({ connection, revision: this.#revision }, 'noCodec', text);
    this.#around.refused(this, { ...answer, mids: [mid] });
  }

  #giveNothing(mid: string): void {
    const given = this.#given.get(mid);
    if (given === undefined) return;
    this.#given.delete(mid);
    this.#forwards.delete(given.forward.ssrc);
    this.owner.room.unsubscribe(given.uid, given.stream, given.forward);
  }

  /** A browser's sections stay for ever; another media process leaves out what it does not want any more. */
  #keepOnly(mids: ReadonlySet<string>): void {
    for (const mid of [...this.#taken.keys()]) if (!mids.has(mid)) this.#takeNothing(mid);
    for (const mid of [...this.#given.keys()]) if (!mids.has(mid)) this.#giveNothing(mid);
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    for (const mid of [...this.#taken.keys()]) this.#takeNothing(mid);
    for (const mid of [...this.#given.keys()]) this.#giveNothing(mid);
    this.#open?.close();
  }

  // ---- packets ----

  #packet(packet: Buffer): void {
    const now = this.#around.now();
    this.heardAt = now;
    this.heard = true;
    if (this.#floods(now)) return;
    if (isRtcp(packet)) return this.#rtcp(packet, now);
    const rtp = readRtp(packet);
    if (rtp === null) return;
    if (this.#arrivalsId !== null) {
      const sequence = extension16(rtp, this.#arrivalsId);
      if (sequence !== null) this.#arrivals.came(sequence, now);
    }
    const source = this.#sources.get(rtp.ssrc);
    if (source === undefined || !source.codecs.has(rtp.payloadType) || !source.reception.take(rtp, now))
      return;
    this.owner.room.deliver(this.owner.uid, source, rtp, now);
  }

  /** C-80: one client takes no more of the process than a camera needs. Other servers bring as much as they like. */
  #floods(now: number): boolean {
    if (this.owner.uid === relayUid) return false;
    if (now - this.#second.from >= 1_000) this.#second = { from: now, packets: 0 };
    this.#second.packets += 1;
    return this.#second.packets > mediaBounds.packetsPerSecond;
  }

  #rtcp(packet: Buffer, now: number): void {
    for (const item of readRtcp(packet)) {
      switch (item.type) {
        case 'sender-report': {
          const source = this.#sources.get(item.ssrc);
          if (source === undefined) break;
          source.reception.reported(item.ntp, now);
          source.report = item;
          this.owner.room.report(this.owner.uid, source);
          break;
        }
        case 'nack':
          if (this.#around.nack) this.#forwards.get(item.ssrc)?.resend(item.sequences);
          else this.#forwards.get(item.ssrc)?.wantKeyFrame(now);
          break;
        case 'key-frame-request':
          this.#forwards.get(item.ssrc)?.wantKeyFrame(now);
          break;
        case 'report':
          this.#reported(item, now);
          break;
      }
    }
  }

  #send(packet: Buffer): void {
    if (isRtcp(packet)) this.#roundTrips.sent(packet, this.#around.now());
    this.#open?.send(packet);
  }

  /** The subscriber has told what it got: what is too much for its path is left out. */
  #reported(report: Extract<Rtcp, { type: 'report' }>, now: number): void {
    if (!this.#forwards.has(report.ssrc)) return;
    const { lostShare } = report;
    this.#width.reported({ lostShare, roundTripMs: this.#roundTrips.read(report, now) }, now);
  }

  // ---- time ----

  /** Every few milliseconds: what is missing is asked for, and what came is told. */
  tick(now: number): void {
    if (!this.#begun && this.#open?.open) this.#begin(now);
    for (const [ssrc, source] of this.#sources) {
      source.tick(now);
      const wanted = this.#around.nack ? source.reception.wanted(now) : [];
      if (wanted.length > 0) this.#open?.send(writeNack(ssrc, wanted));
    }
    const [source] = this.#sources.keys();
    const feedback = this.#arrivals.feedback(source ?? 0);
    if (feedback !== null) this.#open?.send(feedback);
  }

  #begin(now: number): void {
    this.#begun = true;
    for (const { uid, stream } of this.#given.values()) this.owner.room.wantKeyFrame(uid, stream, now);
  }

  /** Tells the client what came; with nothing to tell it is the sign of life that a client listens for (C-72). */
  beat(now: number): void {
    const blocks = [...this.#sources.values()].flatMap(({ reception }) => reception.report(now) ?? []);
    this.#open?.send(writeReport(blocks));
  }
}

export function refusal(
  { connection, revision }: Pick<MediaOffer, 'connection' | 'revision'>,
  fault: MediaFault,
  text: string,
): MediaAnswer {
  return { type: 'media-answer', connection, revision, sdp: '', fault, text, mids: [] };
}

const texts: Partial<Record<MediaFault, string>> = {
  noCodec: 'none of the codecs of these sections is forwarded',
  notAllowed: 'the user does not publish this, or may not',
  malformed: 'these sections do not say what is wanted of them',
};
