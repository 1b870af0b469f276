/**
 * What the SFU needs of a WebRTC library, and all it may use of one: encrypted transports that carry RTP and RTCP
 * packets. Sections, codecs, SSRCs, feedback and who gets what are the SFU's own.
 */

/** One end of a transport, as an offer or an answer tells it. */
export interface TransportEnd {
  readonly ufrag: string;
  readonly password: string;
  /** `sha-256 AB:CD:…` */
  readonly fingerprint: string;
}

/** The end that a server opens; `candidates` are lines of SDP without `a=`. */
export interface OpenedEnd extends TransportEnd {
  readonly candidates: readonly string[];
}

export interface TransportEvents {
  /** An RTP or RTCP packet came, authenticated and decrypted. It is the receiver's to change. */
  packet(packet: Buffer): void;
  /** The transport has failed, or the other end has closed it. Told once; nothing comes after it. */
  closed(): void;
}

export interface Transport {
  readonly local: OpenedEnd;
  /** Whether what is sent leaves: both ends have proved who they are. */
  readonly open: boolean;
  /** Sends an RTP or RTCP packet, if the transport is open; the bytes may be used again when it returns. */
  send(packet: Buffer): void;
  close(): void;
}

export interface OfferedTransport extends Transport {
  /** The other end, once it has answered. */
  accept(remote: OpenedEnd): void;
}

export interface MediaEngine {
  /**
   * Opens a transport to a client that asks the server to answer: the client is ICE's controlling end and the one
   * that begins DTLS, so its first packet finds a server that listens.
   */
  open(remote: TransportEnd, events: TransportEvents): Promise<Transport>;
  /** Begins a transport to another media process, which answers as it does to a client. */
  offer(events: TransportEvents): Promise<OfferedTransport>;
}
