/** `@roamhq/wrtc` as a browser would be: what it lacks is here, and nowhere else. */
import type { Size, Sound, Still } from './medium.ts';
import type { Kind } from './wishes.ts';

/** As far as it is used. Its own types are those of browsers, which it does not keep to everywhere. */
export interface Library {
  readonly RTCPeerConnection: typeof RTCPeerConnection;
  readonly nonstandard: {
    readonly RTCVideoSource: new () => { createTrack(): MediaStreamTrack; onFrame(frame: Frame): void };
    readonly RTCAudioSource: new () => { createTrack(): MediaStreamTrack; onData(data: Samples): void };
    readonly RTCVideoSink: new (
      track: MediaStreamTrack,
    ) => Sink & {
      onframe: ((event: { frame: Frame }) => void) | null;
    };
    readonly RTCAudioSink: new (
      track: MediaStreamTrack,
    ) => Sink & {
      ondata: ((data: Samples) => void) | null;
    };
  };
}

interface Frame {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8Array | Uint8ClampedArray;
}

interface Samples {
  readonly samples: Int16Array;
  readonly sampleRate: number;
  readonly bitsPerSample: number;
  readonly channelCount: number;
  readonly numberOfFrames: number;
}

interface Sink {
  stop(): void;
}

type Listener = (what: { still: Still } | { sound: Sound }) => void;

/** A track that comes: what is known of it, and who listens. */
interface Coming {
  readonly track: MediaStreamTrack;
  readonly sink: Sink;
  readonly receiver: RTCRtpReceiver;
  muted: boolean;
  size: Size | null;
  listener: Listener | null;
}

/** Own tracks, and peer connections whose tracks that come are muted until their first packet, as in browsers. */
export class Wrtc {
  readonly #library: Library;
  readonly #camera: InstanceType<Library['nonstandard']['RTCVideoSource']>;
  readonly #microphone: InstanceType<Library['nonstandard']['RTCAudioSource']>;
  readonly #own: Readonly<Record<Kind, MediaStreamTrack>>;
  readonly #coming = new Map<string, Coming>();
  /** What is left of a sound that is no multiple of 10 ms: the library takes nothing else. */
  #rest: Sound | null = null;

  constructor(library: Library) {
    this.#library = library;
    const { RTCVideoSource, RTCAudioSource } = library.nonstandard;
    this.#camera = new RTCVideoSource();
    this.#microphone = new RTCAudioSource();
    this.#own = { video: this.#camera.createTrack(), audio: this.#microphone.createTrack() };
  }

  /** The own track of a kind: what is shown or played goes out on it. */
  track(kind: Kind): MediaStreamTrack {
    return this.#own[kind];
  }

  show({ width, height, data }: Still): void {
    // The library looks at the whole memory of an array.
    this.#camera.onFrame({ width, height, data: new Uint8ClampedArray(data) });
  }

  play(sound: Sound): void {
    const { samplesPerSecond, channels } = sound;
    const rest = this.#rest;
    const goesOn = rest?.samplesPerSecond === samplesPerSecond && rest.channels === channels;
    const samples = goesOn ? joined(rest.samples, sound.samples) : sound.samples;
    const numberOfFrames = samplesPerSecond / 100;
    const step = numberOfFrames * channels;
    let at = 0;
    for (; at + step <= samples.length; at += step)
      this.#microphone.onData({
        samples: samples.slice(at, at + step),
        ...{ sampleRate: samplesPerSecond, bitsPerSample: 16, channelCount: channels, numberOfFrames },
      });
    this.#rest = { samplesPerSecond, channels, samples: samples.slice(at) };
  }

  peer(configuration: RTCConfiguration): RTCPeerConnection {
    const peer = new this.#library.RTCPeerConnection(configuration);
    const ids: string[] = [];
    const { addTransceiver, setLocalDescription, close } = peer;
    return Object.assign(peer, {
      setLocalDescription: async () =>
        setLocalDescription.call<RTCPeerConnection, [RTCLocalSessionDescriptionInit], Promise<void>>(
          peer,
          await peer.createOffer(),
        ),
      addTransceiver: (what: MediaStreamTrack | Kind, init: RTCRtpTransceiverInit) => {
        const transceiver = addTransceiver.call(peer, what, init);
        if (init.direction === 'recvonly') ids.push(this.#comes(transceiver.receiver));
        return transceiver;
      },
      close: () => {
        for (const id of ids) this.#gone(id);
        close.call(peer);
      },
    });
  }

  /** Who takes what comes on a track; null: nobody. */
  listen(track: MediaStreamTrack, listener: Listener | null): void {
    const coming = this.#coming.get(track.id);
    if (coming !== undefined) coming.listener = listener;
  }

  sizeOf(track: MediaStreamTrack): Size | null {
    return this.#coming.get(track.id)?.size ?? null;
  }

  #comes(receiver: RTCRtpReceiver): string {
    const { track } = receiver;
    const { RTCVideoSink, RTCAudioSink } = this.#library.nonstandard;
    const rest = { track, receiver, muted: true, size: null, listener: null };
    let coming: Coming;
    if (track.kind === 'video') {
      const sink = new RTCVideoSink(track);
      sink.onframe = ({ frame: { width, height, data } }) => {
        coming.size = { width, height };
        this.#flows(coming);
        const bytes = new Uint8Array(data.buffer, data.byteOffset, data.length);
        coming.listener?.({ still: { width, height, data: bytes } });
      };
      coming = { ...rest, sink };
    } else {
      const sink = new RTCAudioSink(track);
      sink.ondata = ({ samples, sampleRate, channelCount }) => {
        // Sound is made up from the beginning: it flows when somebody has sent it.
        if (coming.muted && receiver.getSynchronizationSources().length === 0) return;
        this.#flows(coming);
        coming.listener?.({ sound: { samplesPerSecond: sampleRate, channels: channelCount, samples } });
      };
      coming = { ...rest, sink };
    }
    Object.defineProperty(track, 'muted', { get: () => coming.muted, configurable: true });
    this.#coming.set(track.id, coming);
    return track.id;
  }

  #flows(coming: Coming): void {
    if (!coming.muted) return;
    coming.muted = false;
    coming.track.onunmute?.call(coming.track, new Event('unmute'));
  }

  #gone(id: string): void {
    this.#coming.get(id)?.sink.stop();
    this.#coming.delete(id);
  }
}

function joined(one: Int16Array, other: Int16Array): Int16Array {
  const both = new Int16Array(one.length + other.length);
  both.set(one);
  both.set(other, one.length);
  return both;
}
