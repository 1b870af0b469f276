import { type Entry, entries, perSecond, type Reports } from '../media/figures.ts';
import type { Kind } from '../media/wishes.ts';

/** Figures of a stream under the names of the public API, as texts; empty while nothing is known of it. */
export type StreamStats = Readonly<Record<string, string>>;

/** Figures of the connection: `RTT` in ms, `OutgoingAvailableBandwidth` in kbit/s. */
export type TransportStats = StreamStats;

/** Figures of one track: bit rates in kbit/s, delays in ms, durations in s, losses in per cent. */
export type FiguresOfTrack = StreamStats;

/** What a connection knows of one track. */
export function statsOf(report: RTCStatsReport, kind: Kind): StreamStats {
  const stats: Record<string, string> = {};
  for (const entry of report.values()) {
    if (entry.kind !== kind) continue;
    for (const [name, member] of streamNames[entry.type as string] ?? [])
      if (entry[member] !== undefined && entry[member] !== null) stats[`${kind}${name}`] = `${entry[member]}`;
  }
  return stats;
}

const streamNames: Readonly<Record<string, readonly (readonly [string, string])[]>> = {
  'outbound-rtp': [
    ['SendBytes', 'bytesSent'],
    ['SendPackets', 'packetsSent'],
    ['SendFrameRate', 'framesPerSecond'],
    ['SendResolutionWidth', 'frameWidth'],
    ['SendResolutionHeight', 'frameHeight'],
  ],
  'remote-inbound-rtp': [['SendPacketsLost', 'packetsLost']],
  'inbound-rtp': [
    ['ReceiveBytes', 'bytesReceived'],
    ['ReceivePackets', 'packetsReceived'],
    ['ReceivePacketsLost', 'packetsLost'],
    ['ReceiveFrameRate', 'framesPerSecond'],
    ['ReceiveFramesDecoded', 'framesDecoded'],
    ['ReceiveSamples', 'totalSamplesReceived'],
    ['ReceiveResolutionWidth', 'frameWidth'],
    ['ReceiveResolutionHeight', 'frameHeight'],
  ],
};

export function transportStats({ latest }: Reports): TransportStats {
  const pair = entries(latest, 'candidate-pair').find(
    ({ nominated, state }) => nominated && state === 'succeeded',
  );
  return texts({
    RTT: times(pair?.currentRoundTripTime, 1_000),
    OutgoingAvailableBandwidth: times(pair?.availableOutgoingBitrate, 1 / 1_000),
  });
}

/** @returns undefined: nothing is known of this track */
export function trackFigures(
  reports: Reports,
  track: MediaStreamTrack,
  { kind, of, muted }: { readonly kind: Kind; readonly of: 'local' | 'remote'; readonly muted: boolean },
): FiguresOfTrack | undefined {
  const isIts = of === 'remote' ? comesOn(track) : goesOutOf(track, reports.latest);
  const entry = entries(reports.latest, of === 'remote' ? 'inbound-rtp' : 'outbound-rtp').find(isIts);
  if (entry === undefined) return undefined;
  const figures = of === 'remote' ? received(reports, entry) : sent(reports, entry);
  const codec = reports.latest.get(String(entry.codecId))?.mimeType?.split('/')[1];
  const own = kind === 'video' ? seen(entry, of) : { CodecType: codec };
  return texts({ MuteState: muted ? '1' : '0', ...figures, ...own });
}

/** How loud a track is at this moment, 0 to 100; null: nothing is known of it. */
export function volumeOf({ latest }: Reports, track: MediaStreamTrack): number | null {
  const known = [...entries(latest, 'inbound-rtp'), ...entries(latest, 'media-source')];
  const level = known.find(comesOn(track))?.audioLevel;
  return typeof level === 'number' ? Math.round(100 * level) : null;
}

function comesOn(track: MediaStreamTrack) {
  return ({ trackIdentifier }: Entry) => trackIdentifier === track.id;
}

/** What goes out names its source, and the source its track. */
function goesOutOf(track: MediaStreamTrack, report: RTCStatsReport) {
  return ({ mediaSourceId }: Entry) => report.get(String(mediaSourceId))?.trackIdentifier === track.id;
}

function received(reports: Reports, entry: Entry): Record<string, unknown> {
  const lost = perSecond(reports, entry, 'packetsLost');
  const came = perSecond(reports, entry, 'packetsReceived');
  const all = (lost ?? 0) + (came ?? 0);
  return {
    RecvBitrate: times(perSecond(reports, entry, 'bytesReceived'), 8 / 1_000),
    PacketLossRate: lost === null || all <= 0 ? null : Math.max(0, (100 * lost) / all),
    TotalFreezeTime: times(entry.totalFreezesDuration, 1),
    End2EndDelay: ratio(entry.jitterBufferDelay, entry.jitterBufferEmittedCount, 1_000),
  };
}

function sent(reports: Reports, entry: Entry): Record<string, unknown> {
  return {
    SendBitrate: times(perSecond(reports, entry, 'bytesSent'), 8 / 1_000),
    TargetSendBitrate: times(entry.targetBitrate, 1 / 1_000),
    EncodeDelay: ratio(entry.totalEncodeTime, entry.framesEncoded, 1_000),
  };
}

function seen(
  { framesPerSecond, frameWidth, frameHeight }: Entry,
  of: 'local' | 'remote',
): Record<string, unknown> {
  const way = of === 'remote' ? 'Recv' : 'Send';
  return {
    [of === 'remote' ? 'RenderFrameRate' : 'SendFrameRate']: framesPerSecond,
    [`${way}ResolutionWidth`]: frameWidth,
    [`${way}ResolutionHeight`]: frameHeight,
  };
}

function times(value: unknown, factor: number): number | null {
  return typeof value === 'number' ? value * factor : null;
}

function ratio(sum: unknown, count: unknown, factor: number): number | null {
  return typeof sum === 'number' && typeof count === 'number' && count > 0 ? (sum * factor) / count : null;
}

/** Programs of this API compare and show texts; what is not known is left out. */
function texts(values: Readonly<Record<string, unknown>>): StreamStats {
  const known = Object.entries(values).filter(([, value]) => value !== null && value !== undefined);
  return Object.fromEntries(
    known.map(([name, value]) => [
      name,
      typeof value === 'number' ? `${Math.round(value * 10) / 10}` : `${value}`,
    ]),
  );
}
