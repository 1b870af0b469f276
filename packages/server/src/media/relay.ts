import { type MediaAnswer, type MediaOffer, mediaWatch } from '@holdfast/core';
import { codecsOf, relayedTypes } from './codecs.ts';
import type { MediaEngine, OpenedEnd, TransportEnd } from './engine.ts';
import type { Room, Slot } from './room.ts';
import { readRtcp, writeNack, writeReport } from './rtcp.ts';
import { isRtcp, readRtp } from './rtp.ts';
import { readOffer, writeWish } from './sdp.ts';
import { Source } from './source.ts';

export interface RelayParts {
  readonly engine: MediaEngine;
  readonly room: Room;
  readonly now: () => number;
  readonly random: () => number;
  /** Says it to the other media process; it may be lost. */
  readonly ask: (offer: MediaOffer) => void;
}

/** One way to the other process. */
interface Way {
  readonly connection: number;
  readonly begunAt: number;
  local: TransportEnd | null;
  heardAt: number;
  answered: boolean;
  accept(remote: OpenedEnd): void;
  send(packet: Buffer): void;
  close(): void;
}

const relayedCodecs = new Map(
  [...codecsOf('audio'), ...codecsOf('video')].map((codec) => [relayedTypes[codec], codec]),
);

/** Which connection of its publisher it comes on is known to the other process. */
const origin = Object.freeze({ join: -1, connection: 0 });

/**
 * One room's subscriptions at the media process of another server: this process is that one's client. It wants
 * everything that somebody here wants, whoever may be there, so nothing has to be known of who is where.
 */
export class Relay {
  readonly #parts: RelayParts;
  #way: Way | null = null;
  #opening = false;
  #closed = false;
  #revision = 0;
  #wanted: readonly Slot[] = [];
  /** What is asked for at the moment, as a text to compare. */
  #asked = '';
  readonly #sources = new Map<number, { uid: number; source: Source }>();

  constructor(parts: RelayParts) {
    this.#parts = parts;
  }

  /** Every `mediaWatch.beatMs`: wants these, and sees to it that there is a way on which they may come. */
  want(slots: readonly Slot[]): void {
    const now = this.#parts.now();
    this.#wanted = slots;
    const way = this.#way;
    if (way !== null) {
      const since = way.answered ? Math.max(way.heardAt, way.begunAt) : way.begunAt;
      const patienceMs = way.heardAt > 0 ? mediaWatch.silentMs : mediaWatch.attemptMs;
      if (now - since >= patienceMs) this.#drop();
    }
    if (this.#way === null) return this.#open();
    const blocks = [...this.#sources.values()].flatMap(({ source }) => source.reception.report(now) ?? []);
    this.#way.send(writeReport(blocks));
    this.#ask(false);
  }

  /** Asks again for packets that have not come. */
  tick(now: number): void {
    for (const [ssrc, { source }] of this.#sources) {
      source.tick(now);
      const missing = source.reception.wanted(now);
      if (missing.length > 0) this.#way?.send(writeNack(ssrc, missing));
    }
  }

  answered({ connection, sdp }: MediaAnswer): void {
    const way = this.#way;
    if (way === null || way.connection !== connection || sdp === '') return;
    const read = readOffer(sdp, Number.POSITIVE_INFINITY);
    if (read === null) return;
    if (!way.answered) {
      const candidates = [...sdp.matchAll(/^a=(candidate:.+?)\s*$/gm)].map(([, line = '']) => line);
      way.answered = true;
      way.accept({ ...read.end, candidates: [...new Set(candidates)] });
    }
    const named = new Map(this.#wanted.map((slot) => [midOf(slot), slot]));
    for (const { mid, ssrc } of read.sections) {
      const slot = named.get(mid);
      if (slot !== undefined && ssrc !== null) this.#take(slot, ssrc);
    }
  }

  close(): void {
    this.#closed = true;
    this.#drop();
  }

  #take({ uid, stream, kind }: Slot, ssrc: number): void {
    if (this.#sources.has(ssrc)) return;
    const source = new Source({
      ...{ kind, stream, ssrc, origin, codecs: relayedCodecs, relayed: true },
      send: (packet) => this.#way?.send(packet),
    });
    this.#sources.set(ssrc, { uid, source });
    this.#parts.room.add(uid, source);
  }

  #open(): void {
    if (this.#opening) return;
    this.#opening = true;
    const { engine, now, random } = this.#parts;
    const way = { heardAt: 0, answered: false, connection: 1 + Math.floor(random() * 0x7fff_fff0) };
    engine.offer({ packet: (packet) => this.#packet(way, packet), closed: () => this.#ended(way) }).then(
      (transport) => {
        const { local, accept } = transport;
        const rest = { begunAt: now(), local, accept, send: transport.send.bind(transport) };
        this.#way = Object.assign(way, rest, { close: () => transport.close() });
        this.#opening = false;
        if (this.#closed) return this.#drop();
        this.#revision = 0;
        this.#ask(true);
      },
      () => {
        this.#opening = false;
      },
    );
  }

  /** @param anew whether it is to be said even if it has been */
  #ask(anew: boolean): void {
    const way = this.#way;
    if (way?.local == null) return;
    const asked = this.#wanted.map(midOf).sort().join(' ');
    if (asked === this.#asked && !anew) return;
    this.#asked = asked;
    this.#revision += 1;
    this.#parts.ask({
      type: 'media-offer',
      ...{ place: '', connection: way.connection, revision: this.#revision },
      sdp: writeWish(
        way.local,
        this.#wanted.map((slot) => ({ mid: midOf(slot), kind: slot.kind })),
      ),
      sends: [],
      receives: this.#wanted.map((slot) => ({ mid: midOf(slot), uid: slot.uid, stream: slot.stream })),
    });
  }

  #packet(way: { heardAt: number }, packet: Buffer): void {
    const now = this.#parts.now();
    way.heardAt = now;
    if (isRtcp(packet)) {
      for (const item of readRtcp(packet)) {
        const known = item.type === 'sender-report' ? this.#sources.get(item.ssrc) : undefined;
        if (known === undefined || item.type !== 'sender-report') continue;
        known.source.reception.reported(item.ntp, now);
        known.source.report = item;
        this.#parts.room.report(known.uid, known.source);
      }
      return;
    }
    const rtp = readRtp(packet);
    const known = rtp === null ? undefined : this.#sources.get(rtp.ssrc);
    if (rtp === null || known === undefined || !known.source.reception.take(rtp, now)) return;
    this.#parts.room.deliver(known.uid, known.source, rtp, now);
  }

  #ended(way: object): void {
    if (this.#way === way) this.#drop();
  }

  #drop(): void {
    const way = this.#way;
    this.#way = null;
    this.#asked = '';
    way?.close();
    for (const { uid, source } of this.#sources.values()) this.#parts.room.remove(uid, source);
    this.#sources.clear();
  }
}

function midOf({ uid, stream, kind }: Slot): string {
  return `${uid}-${stream}-${kind}`;
}
