import type { MediaNews, MediaSignal } from '@holdfast/core';
import type { Host } from '../driver/host.ts';
import type { MediaPath } from '../driver/quality.ts';
import { Exchange, type Refused } from '../media/exchange.ts';
import { pathsOf } from '../media/figures.ts';
import { type Kind, kinds, type VideoCodec } from '../media/wishes.ts';
import { type Failure, failure } from './errors.ts';
import type { LocalStream } from './local-stream.ts';
import type { Media } from './media.ts';
import type { RemoteStream } from './remote-stream.ts';
import { Standstill } from './standstill.ts';
import {
  type FiguresOfTrack,
  type StreamStats,
  statsOf,
  type TransportStats,
  trackFigures,
  transportStats,
  volumeOf,
} from './stats.ts';

export interface TrafficParts {
  readonly host: Host;
  readonly makePeer: NonNullable<Media['makePeer']>;
  readonly signal: (frame: MediaSignal) => void;
  readonly heard: () => void;
  readonly flowing: (flows: boolean | null) => void;
  readonly codec: VideoCodec;
  /** What was asked for does not come, or is passed on to nobody. @param onFailure what the application gave */
  readonly refused: (method: 'publish' | 'subscribe', why: Failure, onFailure: unknown) => void;
  /** An `exception` event. */
  readonly exception: (code: number, msg: string, uid: number | string) => void;
}

/** Where a remote stream comes from, and what has been told of it. */
interface Subscribed {
  readonly uid: number;
  readonly id: number;
  readonly wanted: readonly Kind[];
  readonly still: Readonly<Record<Kind, Standstill>>;
  /** Of the call; it is called once. */
  onFailure: unknown;
}

/** The streams of one stay and the packets that they are made of. */
export class Traffic {
  readonly #parts: TrafficParts;
  readonly #exchange: Exchange;
  readonly #subscribed = new Map<RemoteStream, Subscribed>();
  #published: { readonly stream: LocalStream; onFailure: unknown } | null = null;

  constructor(parts: TrafficParts) {
    this.#parts = parts;
    this.#exchange = new Exchange({
      ...parts,
      beat: () => this.#look(),
      refused: (what) => this.#refused(what),
    });
  }

  news(frame: MediaNews): void {
    this.#exchange.news(frame);
  }

  /** Sends a stream's present tracks. */
  publish(stream: LocalStream, onFailure?: unknown): void {
    this.#published = { stream, onFailure };
    const audio = stream.getAudioTrack();
    const video = stream.getVideoTrack();
    stream.measuredBy((track) => this.stats(track));
    this.#exchange.publish(stream.describe().id, { ...(audio && { audio }), ...(video && { video }) });
  }

  unpublish(stream: LocalStream): void {
    this.#published = null;
    stream.measuredBy(null);
    this.#exchange.unpublish(stream.describe().id);
  }

  subscribe(
    stream: RemoteStream,
    { uid, id }: Pick<Subscribed, 'uid' | 'id'>,
    wanted: readonly Kind[],
    onFailure?: unknown,
  ): void {
    const still = { audio: new Standstill('audio'), video: new Standstill('video') };
    this.#subscribed.set(stream, { uid, id, wanted, still, onFailure });
    stream.measuredBy((track) => this.stats(track));
    const carry = (kind: Kind, track: MediaStreamTrack) => stream.receive(kind, track);
    this.#exchange.subscribe({ uid, stream: id, kinds: wanted, carry });
    for (const kind of kinds) if (!wanted.includes(kind)) stream.receive(kind, undefined);
  }

  unsubscribe(stream: RemoteStream): void {
    const place = this.#subscribed.get(stream);
    if (place === undefined) return;
    this.#subscribed.delete(stream);
    this.#exchange.unsubscribe(place.uid, place.id);
    stream.measuredBy(null);
    for (const kind of kinds) stream.receive(kind, undefined);
  }

  #refused({ uid, stream, fault, text }: Refused): void {
    const asked =
      uid === null
        ? this.#published
        : [...this.#subscribed.values()].find((each) => each.uid === uid && each.id === stream);
    if (asked == null) return;
    const { onFailure } = asked;
    asked.onFailure = undefined;
    this.#parts.refused(uid === null ? 'publish' : 'subscribe', failure(refusals[fault], text), onFailure);
  }

  // ---- figures -------------------------------------------------------------------------------------

  async stats(track: MediaStreamTrack): Promise<StreamStats> {
    const report = await this.#exchange.peer?.getStats(track).catch(() => undefined);
    return report === undefined ? {} : statsOf(report, track.kind as Kind);
  }

  /** Of all streams; null while nothing is known. */
  get transport(): TransportStats | null {
    const { reports } = this.#exchange;
    return reports === null ? null : transportStats(reports);
  }

  /** Of the tracks of one kind that go out, or come in, by user. */
  figures(kind: Kind, of: 'local' | 'remote'): { uid: number | string; figures: FiguresOfTrack }[] {
    const { reports } = this.#exchange;
    const own = this.#published === null ? [] : [this.#published.stream];
    if (reports === null) return [];
    return (of === 'local' ? own : [...this.#subscribed.keys()]).flatMap((stream) => {
      const track = kind === 'audio' ? stream.getAudioTrack() : stream.getVideoTrack();
      const muted = !(kind === 'audio' ? stream.isAudioOn() : stream.isVideoOn());
      const figures = track && trackFigures(reports, track, { kind, of, muted });
      return figures === undefined ? [] : [{ uid: stream.getId(), figures }];
    });
  }

  /** How loud everybody is whose sound flows, 0 to 100; the loudest first. */
  volumes(): { uid: number | string; level: number }[] {
    const { reports } = this.#exchange;
    const own = this.#published === null ? [] : [this.#published.stream];
    if (reports === null) return [];
    const all = [...own, ...this.#subscribed.keys()].flatMap((stream) => {
      const track = stream.getAudioTrack();
      const level = track === undefined || !stream.isAudioOn() ? null : volumeOf(reports, track);
      return level === null ? [] : [{ uid: stream.getId(), level }];
    });
    return all.sort((one, other) => other.level - one.level);
  }

  /** How the packets travel; null where no media are wanted, or nothing is known yet. */
  path(): MediaPath | null {
    const { flows, reports } = this.#exchange;
    if (flows === null || reports === null) return null;
    return { flows, ...pathsOf(reports) };
  }

  #look(): void {
    const now = this.#parts.host.now();
    for (const [stream, { uid, id, wanted, still }] of this.#subscribed) {
      for (const kind of wanted) {
        const on = kind === 'audio' ? stream.isAudioOn() : stream.isVideoOn();
        const arrived = this.#exchange.arrived(uid, id, kind);
        const facts = { present: true, published: true, muted: !on, wanted: true, arrived };
        const exception = still[kind].look(facts, now);
        if (exception !== null) this.#parts.exception(exception.code, exception.msg, stream.getId());
      }
    }
  }

  close(): void {
    this.#exchange.close();
    for (const stream of [...this.#subscribed.keys()]) this.unsubscribe(stream);
  }
}

const refusals = { noCodec: 'NO_COMMON_CODEC', notAllowed: 'NO_MEDIA_PRIVILEGE' } as const;
