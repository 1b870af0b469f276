/**
 * The engine over libdatachannel. It is told of one section, whatever the client's offer has: with a single section
 * it hands over every packet of the transport and sends whatever it is given, so nothing is ever renegotiated with it.
 */
import ndc, { type PeerConnection, type RtcConfig, type Track } from 'node-datachannel';
import type {
  MediaEngine,
  OfferedTransport,
  OpenedEnd,
  Transport,
  TransportEnd,
  TransportEvents,
} from './engine.ts';

export interface DatachannelOptions {
  /** The address of the interface to listen on; null: every interface. */
  readonly host: string | null;
  /** The one UDP port of all transports. */
  readonly port: number;
  /** An address that clients are told beside the interface's own; null: none. */
  readonly publicAddress: string | null;
  readonly report: (error: unknown) => void;
}

/** Nothing within a transport's lifetime takes longer than this to be gathered, in milliseconds. */
const gatherMs = 2_000;

export class DatachannelEngine implements MediaEngine {
  readonly #options: DatachannelOptions;
  #opened = 0;

  constructor(options: DatachannelOptions) {
    this.#options = options;
  }

  async open(remote: TransportEnd, events: TransportEvents): Promise<Transport> {
    const { port } = this.#options;
    const shared = { enableIceUdpMux: true, portRangeBegin: port, portRangeEnd: port };
    return this.#make(events, shared, (peer) => {
      peer.setRemoteDescription(describe(remote, 'setup:active', []), 'offer' as never);
      peer.setLocalDescription('answer');
    });
  }

  async offer(events: TransportEvents): Promise<OfferedTransport> {
    // On a port of its own: the engine knows the transports of one port by where their packets come from, and all that
    // lead to another process come from its one port.
    return this.#make(events, {}, (peer) => peer.setLocalDescription('offer'));
  }

  async #make(
    events: TransportEvents,
    ports: Pick<RtcConfig, 'enableIceUdpMux' | 'portRangeBegin' | 'portRangeEnd'>,
    begin: (peer: PeerConnection) => void,
  ): Promise<DatachannelTransport> {
    const { host } = this.#options;
    this.#opened += 1;
    const peer = new ndc.PeerConnection(`${this.#opened}`, {
      iceServers: [],
      ...(host === null ? {} : { bindAddress: host }),
      ...ports,
      disableAutoNegotiation: true,
    });
    try {
      return await this.#negotiate(peer, events, begin);
    } catch (error) {
      peer.close();
      throw error;
    }
  }

  async #negotiate(
    peer: PeerConnection,
    events: TransportEvents,
    begin: (peer: PeerConnection) => void,
  ): Promise<DatachannelTransport> {
    const section = new ndc.Video('0', 'SendRecv');
    section.addVP8Codec(payloadType);
    const gathered = new Promise<void>((resolve, reject) => {
      const timeout = setTimeout(
        () => reject(new Error('the engine finds no address to listen on')),
        gatherMs,
      );
      this.#on(peer.onGatheringStateChange.bind(peer), (state: string) => {
        if (state !== 'complete') return;
        clearTimeout(timeout);
        resolve();
      });
    });
    const track = peer.addTrack(section);
    let open = true;
    this.#on(track.onMessage.bind(track), (packet: Buffer) => {
      if (open) events.packet(packet);
    });
    this.#on(peer.onStateChange.bind(peer), (state: string) => {
      if (!open || (state !== 'failed' && state !== 'closed' && state !== 'disconnected')) return;
      open = false;
      events.closed();
    });
    begin(peer);
    await gathered;
    const local = endOf(peer.localDescription()?.sdp ?? '', this.#options);
    return new DatachannelTransport(peer, track, local, () => {
      open = false;
    });
  }

  /** What is thrown inside one of the engine's callbacks ends the process: nothing is. */
  #on<Argument>(
    register: (callback: (argument: Argument) => void) => void,
    run: (argument: Argument) => void,
  ) {
    register((argument) => {
      try {
        run(argument);
      } catch (error) {
        this.#options.report(error);
      }
    });
  }
}

class DatachannelTransport implements OfferedTransport {
  readonly local: OpenedEnd;
  readonly #peer: PeerConnection;
  /** The engine closes a track to which nobody holds a reference any more. */
  readonly #track: Track;
  readonly #closing: () => void;
  #open = true;

  constructor(peer: PeerConnection, track: Track, local: OpenedEnd, closing: () => void) {
    this.#peer = peer;
    this.#track = track;
    this.local = local;
    this.#closing = closing;
  }

  get open(): boolean {
    return this.#open && this.#track.isOpen();
  }

  send(packet: Buffer): void {
    if (!this.open) return;
    try {
      this.#track.sendMessageBinary(packet);
    } catch {
      // It closed between the two calls: `closed` is on its way.
    }
  }

  readonly accept = (remote: OpenedEnd): void => {
    this.#peer.setRemoteDescription(describe(remote, 'setup:passive', remote.candidates), 'answer' as never);
  };

  close(): void {
    if (!this.#open) return;
    this.#open = false;
    this.#closing();
    this.#track.close();
    this.#peer.close();
  }
}

/** Any that the engine knows: packets of every type pass. */
const payloadType = 96;

/** `setup:active`: the client begins DTLS, and repeats what is lost after 50 ms; the engine would after a second. */
function describe(
  { ufrag, password, fingerprint }: TransportEnd,
  setup: 'setup:active' | 'setup:passive',
  candidates: readonly string[],
): string {
  return [
    'v=0',
    'o=- 1 1 IN IP4 127.0.0.1',
    's=-',
    't=0 0',
    'a=group:BUNDLE 0',
    `m=video 9 UDP/TLS/RTP/SAVPF ${payloadType}`,
    'c=IN IP4 0.0.0.0',
    'a=rtcp-mux',
    `a=ice-ufrag:${ufrag}`,
    `a=ice-pwd:${password}`,
    `a=fingerprint:${fingerprint}`,
    `a=${setup}`,
    'a=mid:0',
    'a=sendrecv',
    `a=rtpmap:${payloadType} VP8/90000`,
    ...candidates.map((line) => `a=${line}`),
    '',
  ].join('\r\n');
}

function endOf(sdp: string, { publicAddress, port }: DatachannelOptions): OpenedEnd {
  const find = (name: string) => new RegExp(`^a=${name}:(.+?)\\s*$`, 'm').exec(sdp)?.[1] ?? '';
  const candidates = [...sdp.matchAll(/^a=(candidate:.+?)\s*$/gm)].map(([, line = '']) => line);
  if (publicAddress !== null)
    candidates.unshift(`candidate:0 1 UDP 2130706431 ${publicAddress} ${port} typ host`);
  const end = {
    ufrag: find('ice-ufrag'),
    password: find('ice-pwd'),
    fingerprint: find('fingerprint'),
    candidates,
  };
  if (end.ufrag === '' || end.password === '' || candidates.length === 0)
    throw new Error('the engine opened no transport');
  return end;
}
