/** The page's devices, screens and elements, behind one interface: tests bring their own. */

export interface Media {
  /** Opens a camera, a microphone or both. Rejects with what the browser says, or `MEDIA_NOT_SUPPORT`. */
  capture(constraints: MediaStreamConstraints): Promise<readonly MediaStreamTrack[]>;
  /** Lets the user choose what of the screen is shared. */
  captureScreen(options: DisplayMediaStreamOptions): Promise<readonly MediaStreamTrack[]>;
  devices(): Promise<MediaDeviceInfo[]>;
  /** A connection for audio and video; missing where there are none. */
  readonly makePeer?: (configuration: RTCConfiguration) => RTCPeerConnection;
  /** What an element plays. */
  streamOf(track: MediaStreamTrack): MediaStream;
  /** Measures how loud a track is, 0 to 1, until it is stopped. Null: it cannot be measured. */
  meter(track: MediaStreamTrack): Meter | null;
  readonly page: Pick<Document, 'getElementById' | 'createElement'> | undefined;
  /** Whether there is everything that sending and receiving needs. */
  readonly complete: boolean;
  /** What this browser can encode; MIME types. */
  codecs(kind: 'audio' | 'video'): string[];
}

export interface Meter {
  level(): number;
  stop(): void;
}

/** The error of pages that the browser keeps from devices. */
export const mediaNotSupported = 'MEDIA_NOT_SUPPORT';

/** Media of the browser. What is missing is missed when it is used. */
export function browserMedia(): Media {
  return {
    capture: async (constraints) => (await devices().getUserMedia(constraints)).getTracks(),
    captureScreen: async (options) => (await devices().getDisplayMedia(options)).getTracks(),
    devices: async () => devices().enumerateDevices(),
    ...(typeof RTCPeerConnection === 'function' && {
      makePeer: (configuration: RTCConfiguration) => new RTCPeerConnection(configuration),
    }),
    streamOf: (track) => new MediaStream([track]),
    meter: meterOf,
    get page() {
      return globalThis.document;
    },
    get complete() {
      const mayCapture = typeof globalThis.navigator?.mediaDevices?.getUserMedia === 'function';
      return mayCapture && typeof RTCPeerConnection === 'function' && typeof WebSocket === 'function';
    },
    codecs: (kind) =>
      typeof RTCRtpSender === 'function'
        ? (RTCRtpSender.getCapabilities(kind)?.codecs ?? []).map(({ mimeType }) => mimeType)
        : [],
  };
}

function devices(): MediaDevices {
  const found = globalThis.navigator?.mediaDevices;
  if (found !== undefined) return found;
  const error = new Error('this page may not use devices: open it by https, or from localhost');
  error.name = mediaNotSupported;
  throw error;
}

function meterOf(track: MediaStreamTrack): Meter | null {
  if (typeof AudioContext !== 'function') return null;
  const context = new AudioContext();
  const analyser = context.createAnalyser();
  context.createMediaStreamSource(new MediaStream([track])).connect(analyser);
  const samples = new Float32Array(analyser.fftSize);
  return {
    level() {
      analyser.getFloatTimeDomainData(samples);
      return Math.min(1, Math.max(...samples.map(Math.abs)));
    },
    stop: () => void context.close().catch(() => {}),
  };
}
