/** Session descriptions (RFC 8866, RFC 8829): what a browser's offer says, and the answer. */
import { type Codec, codecs, codecsOf, type Kind, relayedTypes } from './codecs.ts';
import type { OpenedEnd, TransportEnd } from './engine.ts';

export interface Offer {
  readonly end: TransportEnd;
  readonly sections: readonly Section[];
}

export interface Section {
  /** What is no audio or video is answered as rejected. */
  readonly kind: Kind | 'other';
  /** The first line without `m=`. */
  readonly media: string;
  readonly mid: string;
  /** What the offering end would do with it. */
  readonly sends: boolean;
  readonly receives: boolean;
  /** Of the codecs of its kind that are forwarded; those that the offering end prefers come first. */
  readonly payloadTypes: ReadonlyMap<Codec, number>;
  /** The id of the header extension with the transport's sequence numbers; null: there is none. */
  readonly arrivalsId: number | null;
  /** The first one: of a section's others the media are not asked for. */
  readonly ssrc: number | null;
}

const arrivalsUri = 'http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01';

/** Null: it is no offer of a bundle. */
export function readOffer(sdp: string, sectionsMax: number): Offer | null {
  const [session = '', ...parts] = sdp.split(/\r?\nm=/);
  if (!session.startsWith('v=0') || parts.length === 0 || parts.length > sectionsMax) return null;
  const sections = parts.map(readSection);
  const mids = new Set(sections.map(({ mid }) => mid));
  if (mids.size < sections.length || mids.has('')) return null;
  const whole = `${session}\n${parts[0]}`;
  const end = {
    ufrag: attribute(whole, 'ice-ufrag') ?? '',
    password: attribute(whole, 'ice-pwd') ?? '',
    fingerprint: attribute(whole, 'fingerprint') ?? '',
  };
  return isEnd(end) ? { end, sections } : null;
}

function readSection(text: string): Section {
  const media = text.slice(0, text.search(/\r?\n|$/));
  const name = media.split(' ', 1)[0];
  const kind = name === 'audio' || name === 'video' ? name : 'other';
  const direction = /^a=(sendrecv|sendonly|recvonly|inactive)\s*$/m.exec(text)?.[1] ?? 'sendrecv';
  const arrivals = attributes(text, 'extmap').find((line) => line.split(' ')[1] === arrivalsUri);
  const arrivalsId = Number.parseInt(arrivals ?? '', 10);
  const ssrc = Number.parseInt(attribute(text, 'ssrc') ?? '', 10);
  return {
    ...{ kind, media },
    mid: attribute(text, 'mid') ?? '',
    sends: direction === 'sendrecv' || direction === 'sendonly',
    receives: direction === 'sendrecv' || direction === 'recvonly',
    payloadTypes: kind === 'other' ? new Map() : payloadTypesOf(text, kind, media),
    arrivalsId: arrivalsId >= 1 && arrivalsId <= 14 ? arrivalsId : null,
    ssrc: Number.isInteger(ssrc) && ssrc > 0 && ssrc <= 0xffff_ffff ? ssrc : null,
  };
}

function payloadTypesOf(text: string, kind: Kind, media: string): ReadonlyMap<Codec, number> {
  const named = new Map(attributes(text, 'rtpmap').map(pairOf));
  const parameters = new Map(attributes(text, 'fmtp').map(pairOf));
  const found = new Map<Codec, number>();
  for (const format of media.split(' ').slice(3)) {
    const type = Number(format);
    const codec = codecsOf(kind).find(
      (each) =>
        codecs[each].name.toLowerCase() === named.get(type)?.toLowerCase() &&
        codecs[each].demands.every((demand) => demand.test(parameters.get(type) ?? '')),
    );
    if (codec !== undefined && !found.has(codec) && type >= 0 && type <= 127) found.set(codec, type);
  }
  return found;
}

/** `96 VP8/90000` */
function pairOf(line: string): [number, string] {
  const at = line.indexOf(' ');
  return [Number(line.slice(0, at)), line.slice(at + 1).trim()];
}

function attribute(text: string, name: string): string | undefined {
  return attributes(text, name)[0];
}

function attributes(text: string, name: string): string[] {
  return [...text.matchAll(new RegExp(`^a=${name}:([^\\r\\n]*)`, 'gm'))].map(([, value = '']) =>
    value.trim(),
  );
}

/** What the engine is given is as RFC 8839 and RFC 8122 write it. */
function isEnd({ ufrag, password, fingerprint }: TransportEnd): boolean {
  return (
    /^[\w+/]{4,256}$/.test(ufrag) &&
    /^[\w+/]{22,256}$/.test(password) &&
    /^sha-256 ([0-9A-F]{2}:){31}[0-9A-F]{2}$/i.test(fingerprint)
  );
}

/** What becomes of a section. */
export type Use =
  | { readonly type: 'nothing' }
  /** The client's packets are taken. */
  | { readonly type: 'take' }
  /** The client gets packets; those of one `group` are played together. */
  | { readonly type: 'give'; readonly ssrc: number; readonly group: string };

export interface AnswerParts {
  readonly local: OpenedEnd;
  readonly revision: number;
  /** Whether lost packets may be asked for. */
  readonly nack: boolean;
  readonly uses: readonly { readonly section: Section; readonly use: Use }[];
}

export function writeAnswer(parts: AnswerParts): string {
  const { revision, uses } = parts;
  const bundled = uses.filter(({ section }) => section.kind !== 'other').map(({ section }) => section.mid);
  const lines = [
    'v=0',
    `o=- 1 ${revision} IN IP4 0.0.0.0`,
    's=-',
    't=0 0',
    `a=group:BUNDLE ${bundled.join(' ')}`,
  ];
  for (const { section, use } of uses) lines.push(...answerSection(section, use, parts));
  return `${lines.join('\r\n')}\r\n`;
}

function answerSection(section: Section, use: Use, { local, nack }: AnswerParts): string[] {
  const { kind, mid, payloadTypes, media } = section;
  if (kind === 'other' || payloadTypes.size === 0) return rejected(media, mid);
  // What comes does so in one codec; what is given, in whichever it comes.
  const used = [...payloadTypes].slice(0, use.type === 'take' ? 1 : undefined);
  const direction = { nothing: 'inactive', take: 'recvonly', give: 'sendonly' }[use.type];
  const lines = [
    `m=${kind} 9 UDP/TLS/RTP/SAVPF ${used.map(([, type]) => type).join(' ')}`,
    'c=IN IP4 0.0.0.0',
    'a=rtcp-mux',
    'a=rtcp-rsize',
    `a=ice-ufrag:${local.ufrag}`,
    `a=ice-pwd:${local.password}`,
    `a=fingerprint:${local.fingerprint}`,
    'a=setup:passive',
    `a=mid:${mid}`,
    `a=${direction}`,
    ...used.flatMap(([codec, type]) => formatOf(codec, type, nack)),
  ];
  if (use.type === 'take' && section.arrivalsId !== null)
    lines.push(`a=rtcp-fb:${used[0]?.[1]} transport-cc`, `a=extmap:${section.arrivalsId} ${arrivalsUri}`);
  if (use.type === 'give')
    lines.push(
      `a=msid:${use.group} ${use.group}-${kind}`,
      `a=ssrc:${use.ssrc} cname:${use.group}`,
      `a=ssrc:${use.ssrc} msid:${use.group} ${use.group}-${kind}`,
    );
  return [...lines, ...local.candidates.map((line) => `a=${line}`), 'a=end-of-candidates'];
}

function formatOf(codec: Codec, type: number, nack: boolean): string[] {
  const { name, parameters, feedback } = codecs[codec];
  return [
    `a=rtpmap:${type} ${name}`,
    ...feedback.filter((each) => nack || each !== 'nack').map((each) => `a=rtcp-fb:${type} ${each}`),
    ...(parameters === null ? [] : [`a=fmtp:${type} ${parameters}`]),
  ];
}

/** What a media process asks another one for: sections of which it wants the media. */
export function writeWish(
  { ufrag, password, fingerprint }: TransportEnd,
  sections: readonly { readonly mid: string; readonly kind: Kind }[],
): string {
  const lines = ['v=0', 'o=- 1 1 IN IP4 0.0.0.0', 's=-', 't=0 0'];
  lines.push(`a=ice-ufrag:${ufrag}`, `a=ice-pwd:${password}`, `a=fingerprint:${fingerprint}`);
  for (const { mid, kind } of sections) {
    const types = codecsOf(kind).map((codec) => relayedTypes[codec]);
    lines.push(`m=${kind} 9 UDP/TLS/RTP/SAVPF ${types.join(' ')}`, `a=mid:${mid}`, 'a=recvonly');
    for (const codec of codecsOf(kind)) lines.push(...formatOf(codec, relayedTypes[codec], true));
  }
  return `${lines.join('\r\n')}\r\n`;
}

function rejected(media: string, mid: string): string[] {
  const [kind = 'application', , protocol = 'UDP/TLS/RTP/SAVPF', format = '0'] = media.split(' ');
  return [`m=${kind} 0 ${protocol} ${format}`, 'c=IN IP4 0.0.0.0', `a=mid:${mid}`, 'a=inactive'];
}
