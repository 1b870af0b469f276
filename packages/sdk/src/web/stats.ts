import type { Kind } from '../media/wishes.ts';

/** Figures of a stream under the names of the public API, as texts; empty while nothing is known of it. */
export type StreamStats = Readonly<Record<string, string>>;

/** What a connection knows of one track. */
export function statsOf(report: RTCStatsReport, kind: Kind): StreamStats {
  const stats: Record<string, string> = {};
  const note = (name: string, value: unknown) => {
    if (value !== undefined && value !== null) stats[`${kind}${name}`] = `${value}`;
  };
  for (const entry of report.values()) {
    if (entry.kind !== kind) continue;
    if (entry.type === 'outbound-rtp') {
      note('SendBytes', entry.bytesSent);
      note('SendPackets', entry.packetsSent);
      note('SendFrameRate', entry.framesPerSecond);
      note('SendResolutionWidth', entry.frameWidth);
      note('SendResolutionHeight', entry.frameHeight);
    } else if (entry.type === 'remote-inbound-rtp') {
      note('SendPacketsLost', entry.packetsLost);
    } else if (entry.type === 'inbound-rtp') {
      note('ReceiveBytes', entry.bytesReceived);
      note('ReceivePackets', entry.packetsReceived);
      note('ReceivePacketsLost', entry.packetsLost);
      note('ReceiveFrameRate', entry.framesPerSecond);
      note('ReceiveFramesDecoded', entry.framesDecoded);
      note('ReceiveSamples', entry.totalSamplesReceived);
      note('ReceiveResolutionWidth', entry.frameWidth);
      note('ReceiveResolutionHeight', entry.frameHeight);
    }
  }
  return stats;
}
