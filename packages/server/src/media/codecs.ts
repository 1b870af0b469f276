/** The codecs that are forwarded. */
import type { Frame } from './frame.ts';
import { readH264 } from './h264.ts';
import type { Rtp } from './rtp.ts';
import { readVp8 } from './vp8.ts';

export type Kind = 'audio' | 'video';
export type Codec = 'opus' | 'vp8' | 'h264';

interface CodecParts {
  readonly kind: Kind;
  /** As `a=rtpmap` has it. */
  readonly name: string;
  /** What `a=fmtp` says in an answer. */
  readonly parameters: string | null;
  /** What an offer's `a=fmtp` must say of it; H.264 is many codecs, of which every browser has this one. */
  readonly demands: readonly RegExp[];
  readonly feedback: readonly string[];
}

const pictures = ['nack', 'nack pli', 'ccm fir'];

export const codecs: Readonly<Record<Codec, CodecParts>> = {
  opus: {
    kind: 'audio',
    name: 'opus/48000/2',
    parameters: 'minptime=10;useinbandfec=1',
    demands: [],
    feedback: [],
  },
  vp8: { kind: 'video', name: 'VP8/90000', parameters: null, demands: [], feedback: pictures },
  h264: {
    kind: 'video',
    name: 'H264/90000',
    parameters: 'level-asymmetry-allowed=1;packetization-mode=1;profile-level-id=42e01f',
    demands: [/packetization-mode=1/, /profile-level-id=42e0/i],
    feedback: pictures,
  },
};

/** Payload types between media processes. */
export const relayedTypes: Readonly<Record<Codec, number>> = { opus: 111, vp8: 96, h264: 102 };

export function codecsOf(kind: Kind): Codec[] {
  return (Object.keys(codecs) as Codec[]).filter((codec) => codecs[codec].kind === kind);
}

/** Null: of sound every packet is a beginning. */
export function frameOf(codec: Codec, rtp: Rtp): Frame | null {
  if (codec === 'opus') return null;
  return codec === 'vp8' ? readVp8(rtp) : readH264(rtp);
}
