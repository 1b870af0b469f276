import type { MediaNews, MediaSignal } from '@holdfast/core';
import type { Host } from '../driver/host.ts';
import { Exchange } from '../media/exchange.ts';
import { type Kind, kinds } from '../media/wishes.ts';
import type { LocalStream } from './local-stream.ts';
import type { Media } from './media.ts';
import type { RemoteStream } from './remote-stream.ts';
import { type StreamStats, statsOf } from './stats.ts';

export interface TrafficParts {
  readonly host: Host;
  readonly makePeer: NonNullable<Media['makePeer']>;
  readonly signal: (frame: MediaSignal) => void;
  readonly heard: () => void;
  readonly flowing: (flows: boolean | null) => void;
}

/** Where a remote stream comes from. */
interface Place {
  readonly uid: number;
  readonly id: number;
}

/** The streams of one stay and the packets that they are made of. */
export class Traffic {
  readonly #exchange: Exchange;
  readonly #subscribed = new Map<RemoteStream, Place>();

  constructor(parts: TrafficParts) {
    this.#exchange = new Exchange(parts);
  }

  news(frame: MediaNews): void {
    this.#exchange.news(frame);
  }

  /** Sends a stream's present tracks. */
  publish(stream: LocalStream): void {
    const audio = stream.getAudioTrack();
    const video = stream.getVideoTrack();
    stream.measuredBy((track) => this.stats(track));
    this.#exchange.publish(stream.describe().id, { ...(audio && { audio }), ...(video && { video }) });
  }

  unpublish(stream: LocalStream): void {
    stream.measuredBy(null);
    this.#exchange.unpublish(stream.describe().id);
  }

  subscribe(stream: RemoteStream, { uid, id }: Place, wanted: readonly Kind[]): void {
    this.#subscribed.set(stream, { uid, id });
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

  async stats(track: MediaStreamTrack): Promise<StreamStats> {
    const report = await this.#exchange.peer?.getStats(track).catch(() => undefined);
    return report === undefined ? {} : statsOf(report, track.kind as Kind);
  }

  close(): void {
    this.#exchange.close();
    for (const stream of [...this.#subscribed.keys()]) this.unsubscribe(stream);
  }
}
