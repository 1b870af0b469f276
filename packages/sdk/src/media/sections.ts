import type { MediaReceiving, MediaSending } from '@holdfast/core';
import { type Kind, kinds, type VideoCodec, type Wishes } from './wishes.ts';

interface Sending {
  readonly transceiver: RTCRtpTransceiver;
  readonly stream: number;
}

interface Receiving {
  readonly transceiver: RTCRtpTransceiver;
  readonly uid: number;
  readonly stream: number;
}

/** Sound or picture of a stream. */
export interface Place {
  /** Null: it is an own one. */
  readonly uid: number | null;
  readonly stream: number;
  readonly kind: Kind;
}

/** Which section of a connection carries what. A section that is not needed any more waits for its next use. */
export class Sections {
  readonly #peer: RTCPeerConnection;
  readonly #codec: VideoCodec;
  readonly #sending = new Map<string, Sending>();
  readonly #receiving = new Map<string, Receiving>();
  readonly #idle: Record<'send' | 'receive', Record<Kind, RTCRtpTransceiver[]>> = {
    send: { audio: [], video: [] },
    receive: { audio: [], video: [] },
  };

  /** @param codec the one in which own video is to go out, if this end has it */
  constructor(peer: RTCPeerConnection, codec: VideoCodec) {
    this.#peer = peer;
    this.#codec = codec;
  }

  /** Makes the sections what is wanted. True: the other end has to be told. */
  become(wishes: Wishes): boolean {
    const sends = this.#send(wishes);
    return this.#receive(wishes) || sends;
  }

  /** After the local description has given every section its name. */
  told(): { sends: MediaSending[]; receives: MediaReceiving[] } {
    const sends = [...this.#sending.values()].map(({ transceiver, stream }) => ({
      mid: transceiver.mid ?? '',
      stream,
    }));
    const receives = [...this.#receiving.values()].map(({ transceiver, uid, stream }) => ({
      mid: transceiver.mid ?? '',
      uid,
      stream,
    }));
    return { sends, receives };
  }

  /** What a section is for; undefined: nothing, any more. */
  named(mid: string): Place | undefined {
    for (const [name, { transceiver, stream }] of this.#sending)
      if (transceiver.mid === mid) return { uid: null, stream, kind: kindOf(name) };
    for (const [name, { transceiver, uid, stream }] of this.#receiving)
      if (transceiver.mid === mid) return { uid, stream, kind: kindOf(name) };
    return undefined;
  }

  /** The track on which a stream of somebody comes. */
  track(uid: number, stream: number, kind: Kind): MediaStreamTrack | undefined {
    return this.#receiving.get(`${uid}/${stream}/${kind}`)?.transceiver.receiver.track;
  }

  #send(wishes: Wishes): boolean {
    let changed = false;
    const wanted = new Set<string>();
    for (const [stream, tracks] of wishes.published) {
      for (const kind of kinds) {
        const track = tracks[kind];
        if (track === undefined) continue;
        const name = `${stream}/${kind}`;
        wanted.add(name);
        const known = this.#sending.get(name);
        if (known === undefined) {
          this.#sending.set(name, { transceiver: this.#sender(kind, track), stream });
          changed = true;
        } else if (known.transceiver.sender.track !== track) {
          // Another device of the same kind: the other end need not be told.
          void known.transceiver.sender.replaceTrack(track).catch(() => {});
        }
      }
    }
    for (const [name, { transceiver }] of this.#sending) {
      if (wanted.has(name)) continue;
      this.#sending.delete(name);
      void transceiver.sender.replaceTrack(null).catch(() => {});
      this.#rest(transceiver, 'send', name);
      changed = true;
    }
    return changed;
  }

  #receive(wishes: Wishes): boolean {
    let changed = false;
    const wanted = new Set<string>();
    for (const { uid, stream, kinds: some } of wishes.subscriptions) {
      for (const kind of some) {
        const name = `${uid}/${stream}/${kind}`;
        wanted.add(name);
        if (this.#receiving.has(name)) continue;
        this.#receiving.set(name, { transceiver: this.#receiver(kind), uid, stream });
        changed = true;
      }
    }
    for (const [name, { transceiver }] of this.#receiving) {
      if (wanted.has(name)) continue;
      this.#receiving.delete(name);
      this.#rest(transceiver, 'receive', name);
      changed = true;
    }
    return changed;
  }

  #sender(kind: Kind, track: MediaStreamTrack): RTCRtpTransceiver {
    const idle = this.#idle.send[kind].pop();
    if (idle === undefined) return this.#open(track, kind, 'sendonly');
    idle.direction = 'sendonly';
    void idle.sender.replaceTrack(track).catch(() => {});
    return idle;
  }

  #receiver(kind: Kind): RTCRtpTransceiver {
    const idle = this.#idle.receive[kind].pop();
    if (idle === undefined) return this.#open(kind, kind, 'recvonly');
    idle.direction = 'recvonly';
    return idle;
  }

  #rest(transceiver: RTCRtpTransceiver, way: 'send' | 'receive', name: string): void {
    transceiver.direction = 'inactive';
    this.#idle[way][kindOf(name)].push(transceiver);
  }

  /** Only codecs that servers forward are offered: a description stays small, and no retransmission is agreed on. */
  #open(what: MediaStreamTrack | Kind, kind: Kind, direction: RTCRtpTransceiverDirection): RTCRtpTransceiver {
    const transceiver = this.#add(what, kind, direction);
    const known = globalThis.RTCRtpSender?.getCapabilities?.(kind)?.codecs ?? [];
    const wanted = codecsOf(kind, this.#codec).flatMap((is) => known.filter(is));
    if (wanted.length > 0) transceiver.setCodecPreferences?.(wanted);
    return transceiver;
  }

  /** Own video goes out in layers, so that a server may leave some out for who cannot take all. */
  #add(what: MediaStreamTrack | Kind, kind: Kind, direction: RTCRtpTransceiverDirection): RTCRtpTransceiver {
    if (direction === 'sendonly' && kind === 'video') {
      try {
        const sendEncodings = [{ scalabilityMode: 'L1T3' } as RTCRtpEncodingParameters];
        return this.#peer.addTransceiver(what, { direction, sendEncodings });
      } catch {
        // A browser that knows no layers.
      }
    }
    return this.#peer.addTransceiver(what, { direction });
  }
}

type IsCodec = (codec: Pick<RTCRtpCodec, 'mimeType' | 'sdpFmtpLine'>) => boolean;

const isOpus: IsCodec = ({ mimeType }) => mimeType.toLowerCase() === 'audio/opus';

const isVideo: Readonly<Record<VideoCodec, IsCodec>> = {
  vp8: ({ mimeType }) => mimeType.toLowerCase() === 'video/vp8',
  // It is many codecs; this one every browser has that has any.
  h264: ({ mimeType, sdpFmtpLine = '' }) =>
    mimeType.toLowerCase() === 'video/h264' &&
    /packetization-mode=1/.test(sdpFmtpLine) &&
    /profile-level-id=42e0/i.test(sdpFmtpLine),
};

/** In the order in which they are preferred. */
function codecsOf(kind: Kind, first: VideoCodec): IsCodec[] {
  if (kind === 'audio') return [isOpus];
  return first === 'h264' ? [isVideo.h264, isVideo.vp8] : [isVideo.vp8, isVideo.h264];
}

function kindOf(name: string): Kind {
  return name.endsWith('audio') ? 'audio' : 'video';
}
