/** A stage for tests of the SFU: an engine without a network, and packets made by hand. */
import type { MediaAnswer, MediaOffer } from '@holdfast/core';
import type { MediaEngine, OpenedEnd, TransportEnd, TransportEvents } from './engine.ts';
import type { MediaUser } from './port.ts';
import { isRtcp } from './rtp.ts';
import { Sfu, type Whisper } from './sfu.ts';

interface Made {
  sequence?: number;
  timestamp?: number;
  ssrc?: number;
  payload?: number[];
  extension?: { id: number; value: number };
}

/** An RTP packet of payload type 96. Its payload is a VP8 key frame, unless it says something else. */
export function rtp({ sequence = 0, timestamp = 0, ssrc = 1, payload = [0x10, 0], extension }: Made): Buffer {
  const head = Buffer.alloc(extension === undefined ? 12 : 20);
  head[0] = extension === undefined ? 0x80 : 0x90;
  head[1] = 96;
  head.writeUInt16BE(sequence & 0xffff, 2);
  head.writeUInt32BE(timestamp >>> 0, 4);
  head.writeUInt32BE(ssrc, 8);
  if (extension !== undefined) {
    head.writeUInt16BE(0xbede, 12);
    head.writeUInt16BE(1, 14);
    head[16] = (extension.id << 4) | 1;
    head.writeUInt16BE(extension.value, 17);
  }
  return Buffer.concat([head, Buffer.from(payload)]);
}

/** One end of a transport that leads nowhere: the test sends on it, and reads what was sent. */
export class TestTransport {
  readonly local: OpenedEnd = { ...end, candidates: ['candidate:1 1 UDP 1 127.0.0.1 7880 typ host'] };
  readonly sent: Buffer[] = [];
  open = true;
  /** It was begun here, to another media process. */
  offered = false;
  readonly events: TransportEvents;

  constructor(events: TransportEvents) {
    this.events = events;
  }

  send(packet: Buffer): void {
    this.sent.push(Buffer.from(packet));
  }

  close(): void {
    this.open = false;
  }

  /** RTP that was sent here. */
  get rtp(): Buffer[] {
    return this.sent.filter((packet) => !isRtcp(packet));
  }

  /** RTCP that was sent here, of one type. */
  rtcp(type: number): Buffer[] {
    return this.sent.filter((packet) => packet[1] === type);
  }
}

export class Stage implements MediaEngine {
  readonly transports: TestTransport[] = [];
  readonly sfu: Sfu;
  readonly refusals: [user: MediaUser, answer: MediaAnswer][] = [];
  readonly whispers: [server: string, whisper: Whisper][] = [];
  now = 1_000;
  #ssrc = 0;

  /** @param nack whether lost packets are asked for */
  constructor({ nack = true } = {}) {
    const random = () => {
      this.#ssrc += 1;
      return this.#ssrc / 100;
    };
    this.sfu = new Sfu({
      ...{ engine: this, nack, now: () => this.now, random },
      whisper: (server, whisper) => this.whispers.push([server, whisper]),
      tell: (about, answer) => this.refusals.push([about, answer]),
    });
  }

  async open(_: TransportEnd, events: TransportEvents): Promise<TestTransport> {
    const transport = new TestTransport(events);
    this.transports.push(transport);
    return transport;
  }

  async offer(events: TransportEvents) {
    const transport = new TestTransport(events);
    transport.offered = true;
    this.transports.push(transport);
    return Object.assign(transport, { accept: () => {} });
  }

  /** Lets time pass. */
  pass(ms: number): void {
    for (let at = 0; at < ms; at += 25) {
      this.now += 25;
      this.sfu.tick();
    }
  }
}

export function user(uid: number, join = 1): MediaUser {
  return { key: { appId: 'app', channel: 'room' }, uid, join };
}

export interface Wanted {
  connection?: number;
  revision?: number;
  /** An SSRC for each section that sends; its stream is 1. */
  sends?: { kind: 'audio' | 'video'; ssrc: number }[];
  receives?: { kind: 'audio' | 'video'; uid: number }[];
  codec?: string;
}

/** An offer as a browser writes it, as far as it is read. */
export function offer(wanted: Wanted = {}): MediaOffer {
  const { connection = 1, revision = 1, sends = [], receives = [], codec } = wanted;
  const section = (kind: 'audio' | 'video', mid: number, way: string, ssrc?: number) => [
    `m=${kind} 9 UDP/TLS/RTP/SAVPF 96 97`,
    'c=IN IP4 0.0.0.0',
    `a=ice-ufrag:${end.ufrag}`,
    `a=ice-pwd:${end.password}`,
    `a=fingerprint:${end.fingerprint}`,
    `a=mid:${mid}`,
    `a=${way}`,
    `a=rtpmap:96 ${codec ?? (kind === 'audio' ? 'opus/48000/2' : 'VP8/90000')}`,
    'a=extmap:3 http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01',
    ...(ssrc === undefined ? [] : [`a=ssrc:${ssrc} cname:x`]),
  ];
  const lines = [
    ...['v=0', 'o=- 1 1 IN IP4 127.0.0.1', 's=-', 't=0 0'],
    ...sends.flatMap(({ kind, ssrc }, index) => section(kind, index, 'sendonly', ssrc)),
    ...receives.flatMap(({ kind }, index) => section(kind, sends.length + index, 'recvonly')),
  ];
  return {
    type: 'media-offer',
    ...{ place: 'm1', connection, revision, sdp: `${lines.join('\r\n')}\r\n` },
    sends: sends.map((_, index) => ({ mid: `${index}`, stream: 1 })),
    receives: receives.map(({ uid }, index) => ({ mid: `${sends.length + index}`, uid, stream: 1 })),
  };
}

const end: TransportEnd = {
  ufrag: 'abcd',
  password: 'abcdefghijklmnopqrstuv',
  fingerprint: `sha-256 ${Array(32).fill('AB').join(':')}`,
};
