import {
  type MediaAnswer,
  type MediaFault,
  type MediaOffer,
  type MediaPlace,
  mediaWatch,
} from '@holdfast/core';
import type { Reports } from './figures.ts';
import { type Place, Sections } from './sections.ts';
import { type Kind, kinds, type VideoCodec, type Wishes } from './wishes.ts';

export interface LinkParts {
  readonly peer: RTCPeerConnection;
  /** Where it ends. */
  readonly place: MediaPlace;
  readonly connection: number;
  readonly wishes: Wishes;
  readonly codec: VideoCodec;
  now(): number;
  signal(frame: MediaOffer): void;
  /** The other end says that something will not come, or is passed on to nobody. */
  refused(place: Place, fault: MediaFault, text: string): void;
  /** Something has changed that may decide which connection counts. */
  moved(): void;
}

/**
 * - `asking`: an offer is on its way, since `since`
 * - `answered`: the first answer has come, and no packet yet
 * - `carrying`: packets have come
 * - `failed`: it is of no use any more
 */
type State =
  | { readonly name: 'asking' | 'answered' | 'carrying'; readonly since: number }
  | { readonly name: 'failed' };

/** One media connection of this user. It carries what is wanted, and says whether packets come. */
export class Link {
  readonly place: MediaPlace;
  readonly connection: number;
  readonly peer: RTCPeerConnection;
  readonly #parts: LinkParts;
  readonly #sections: Sections;
  #state: State;
  #revision = 0;
  /** The offer whose answer has not come. */
  #asked: { readonly frame: MediaOffer; readonly at: number } | null = null;
  #dirty = false;
  #describing = false;
  /** When the last packet came, and how many bytes there were then. */
  #heardAt: number;
  #bytes = 0;
  #measuring = false;
  #reports: Reports | null = null;
  /** The report that will be the older one next. */
  #turned: RTCStatsReport | null = null;
  #turnedAt = 0;

  constructor(parts: LinkParts) {
    this.#parts = parts;
    this.place = parts.place;
    this.connection = parts.connection;
    this.peer = parts.peer;
    this.#sections = new Sections(parts.peer, parts.codec);
    this.#heardAt = parts.now();
    this.#state = { name: 'asking', since: this.#heardAt };
    this.peer.onconnectionstatechange = () => this.#stateChanged();
    this.become();
  }

  get state(): State['name'] {
    return this.#state.name;
  }

  /** When something last came. */
  get heardAt(): number {
    return this.#heardAt;
  }

  /** Carries, and something came a moment ago. */
  get sound(): boolean {
    return this.#state.name === 'carrying' && this.#parts.now() - this.#heardAt < mediaWatch.silentMs;
  }

  /** What it says of itself; the older one is 2 s to 4 s older, once it has lived so long. */
  get reports(): Reports | null {
    return this.#reports;
  }

  /** The track on which a stream of somebody comes. */
  track(uid: number, stream: number, kind: Kind): MediaStreamTrack | undefined {
    return this.#sections.track(uid, stream, kind);
  }

  /** Carries what is wanted now. */
  become(): void {
    if (this.#state.name === 'failed') return;
    if (this.#sections.become(this.#parts.wishes) || this.#revision === 0) this.#dirty = true;
    this.#watchTracks();
    this.#describe();
  }

  /** Asks again what was asked: the way on which the answer would have come has changed. */
  askAgain(): void {
    if (this.#asked !== null) this.#parts.signal(this.#asked.frame);
  }

  answered(answer: MediaAnswer): void {
    if (this.#state.name !== 'failed') this.#refused(answer);
    const asked = this.#asked;
    if (asked === null || answer.revision !== asked.frame.revision || this.#state.name === 'failed') return;
    this.#asked = null;
    if (answer.sdp === '') return this.fail();
    this.peer.setRemoteDescription({ type: 'answer', sdp: answer.sdp }).then(
      () => {
        if (this.#state.name === 'asking') this.#state = { name: 'answered', since: this.#parts.now() };
        this.#describe();
        this.#parts.moved();
      },
      () => this.fail(),
    );
  }

  #refused({ fault, text, mids }: MediaAnswer): void {
    if (fault === null) return;
    for (const mid of mids) {
      const place = this.#sections.named(mid);
      if (place !== undefined) this.#parts.refused(place, fault, text);
    }
  }

  /** Every `mediaWatch.beatMs`. */
  tick(): void {
    const now = this.#parts.now();
    const state = this.#state;
    if (state.name === 'failed') return;
    const overdue = this.#asked !== null && now - this.#asked.at >= mediaWatch.answerMs;
    const idle = state.name === 'answered' && now - state.since >= mediaWatch.attemptMs;
    if ((overdue && state.name === 'asking') || idle) return this.fail();
    if (state.name !== 'asking') this.#measure();
  }

  fail(): void {
    if (this.#state.name === 'failed') return;
    this.close();
    this.#parts.moved();
  }

  close(): void {
    this.#state = { name: 'failed' };
    this.peer.onconnectionstatechange = null;
    this.peer.close();
  }

  /** Whether packets of everything that another connection carries have come here, too. */
  carriesAllOf(other: Link): boolean {
    for (const { uid, stream, kinds: some } of this.#parts.wishes.subscriptions) {
      for (const kind of some) {
        const there = other.#sections.track(uid, stream, kind);
        const here = this.#sections.track(uid, stream, kind);
        if (there !== undefined && !there.muted && here?.muted !== false) return false;
      }
    }
    return true;
  }

  /** One offer at a time: what changes meanwhile goes into the next one. */
  #describe(): void {
    if (!this.#dirty || this.#describing || this.#asked !== null || this.#state.name === 'failed') return;
    this.#dirty = false;
    this.#describing = true;
    this.peer.setLocalDescription().then(
      () => {
        this.#describing = false;
        this.#ask();
      },
      () => this.fail(),
    );
  }

  #ask(): void {
    if (this.#state.name === 'failed') return;
    this.#revision += 1;
    const sdp = this.peer.localDescription?.sdp ?? '';
    const frame: MediaOffer = {
      type: 'media-offer',
      ...{ place: this.place.id, connection: this.connection, revision: this.#revision, sdp },
      ...this.#sections.told(),
    };
    this.#asked = { frame, at: this.#parts.now() };
    this.#parts.signal(frame);
  }

  // ---- what comes ----

  /** A remote track is muted until its first packet. */
  #watchTracks(): void {
    for (const { uid, stream, kinds: some } of this.#parts.wishes.subscriptions) {
      for (const kind of some) {
        const track = this.#sections.track(uid, stream, kind);
        if (track === undefined) continue;
        track.onunmute = () => this.#flows(uid, stream);
      }
    }
  }

  #flows(uid: number, stream: number): void {
    this.#hear();
    this.handOver(uid, stream);
    this.#parts.moved();
  }

  /** Gives the tracks on which packets come to whoever wants them. */
  handOver(uid: number, stream: number): void {
    const subscription = this.#parts.wishes.find(uid, stream);
    for (const kind of kinds) {
      const track = this.#sections.track(uid, stream, kind);
      if (track !== undefined && !track.muted && subscription?.kinds.includes(kind))
        subscription.carry(kind, track);
    }
  }

  #stateChanged(): void {
    const { connectionState } = this.peer;
    if (connectionState === 'failed' || connectionState === 'closed') this.fail();
    else if (connectionState === 'connected') this.#measure();
  }

  #measure(): void {
    if (this.#measuring) return;
    this.#measuring = true;
    this.peer.getStats().then(
      (stats) => {
        this.#measuring = false;
        this.#keep(stats);
        const bytes = bytesReceived(stats);
        if (bytes > this.#bytes) this.#hear();
        this.#bytes = bytes;
        this.#parts.moved();
      },
      () => {
        this.#measuring = false;
      },
    );
  }

  #keep(latest: RTCStatsReport): void {
    const now = this.#parts.now();
    if (this.#reports === null || now - this.#turnedAt >= reportsTurnMs) {
      this.#reports = { latest, earlier: this.#turned };
      this.#turned = latest;
      this.#turnedAt = now;
    } else this.#reports = { latest, earlier: this.#reports.earlier };
  }

  #hear(): void {
    this.#heardAt = this.#parts.now();
    if (this.#state.name === 'answered') this.#state = { name: 'carrying', since: this.#heardAt };
  }
}

/** How often the older report is replaced. */
const reportsTurnMs = 2_000;

/** Of media and their reports; checks of the path alone are no packets. */
function bytesReceived(stats: RTCStatsReport): number {
  let bytes = 0;
  for (const entry of stats.values()) if (entry.type === 'transport') bytes += entry.bytesReceived ?? 0;
  return bytes;
}
