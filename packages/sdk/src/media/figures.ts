/** What a peer connection's own reports say, read with two of them: the newest, and one some seconds older. */
import type { PathFigures } from '@holdfast/core';

/** An entry of a report; which members it has depends on its type and on the browser. */
export type Entry = Readonly<Record<string, unknown>>;

/** Two reports of one connection. `earlier` is null while there is but one. */
export interface Reports {
  readonly latest: RTCStatsReport;
  readonly earlier: RTCStatsReport | null;
}

/** How the packets of both directions travel; null for a direction in which there are none. */
export function pathsOf(reports: Reports): {
  readonly up: PathFigures | null;
  readonly down: PathFigures | null;
} {
  const roundTripMs = inMs(entries(reports.latest, 'candidate-pair').find(inUse)?.currentRoundTripTime);
  const sent = entries(reports.latest, 'remote-inbound-rtp');
  const received = entries(reports.latest, 'inbound-rtp');
  const up =
    sent.length === 0 ? null : { roundTripMs, jitterMs: jitterOf(sent), lossShare: lossToldOf(sent) };
  const down =
    received.length === 0
      ? null
      : { roundTripMs, jitterMs: jitterOf(received), lossShare: lossSeenOf(received, reports.earlier) };
  return { up, down };
}

/** How much a counter of an entry has grown in a second; null while there is nothing to compare with. */
export function perSecond(reports: Reports, entry: Entry, counter: string): number | null {
  const before = reports.earlier?.get(String(entry.id)) as Entry | undefined;
  const ms = numberOf(entry.timestamp) - numberOf(before?.timestamp);
  const grown = numberOf(entry[counter]) - numberOf(before?.[counter]);
  return Number.isFinite(grown) && ms > 0 ? (grown * 1_000) / ms : null;
}

/** How much has come of a track: frames of a picture, packets of a sound; null: nothing is known of it. */
export function arrivedOf(report: RTCStatsReport, track: MediaStreamTrack): number | null {
  const entry = entries(report, 'inbound-rtp').find(({ trackIdentifier }) => trackIdentifier === track.id);
  const counted = track.kind === 'video' ? entry?.framesDecoded : entry?.packetsReceived;
  return typeof counted === 'number' ? counted : null;
}

/** All of one type, in the report's order. */
export function entries(report: RTCStatsReport, type: string): Entry[] {
  return [...report.values()].filter((entry: Entry) => entry.type === type);
}

/** Chromium nominates one pair; others that have answered are kept in reserve. */
function inUse(pair: Entry): boolean {
  return pair.nominated === true && pair.state === 'succeeded';
}

function jitterOf(list: readonly Entry[]): number | null {
  return most(list.map(({ jitter }) => inMs(jitter)));
}

/** The other end reports what share it has missed since its report before. */
function lossToldOf(list: readonly Entry[]): number | null {
  return most(list.map(({ fractionLost }) => (typeof fractionLost === 'number' ? fractionLost : null)));
}

/** Of all streams together: one that stands still has lost nothing. */
function lossSeenOf(list: readonly Entry[], earlier: RTCStatsReport | null): number | null {
  let lost = 0;
  let came = 0;
  for (const entry of list) {
    const before = earlier?.get(String(entry.id)) as Entry | undefined;
    if (before === undefined) continue;
    lost += Math.max(0, numberOf(entry.packetsLost) - numberOf(before.packetsLost)) || 0;
    came += Math.max(0, numberOf(entry.packetsReceived) - numberOf(before.packetsReceived)) || 0;
  }
  return lost + came === 0 ? null : lost / (lost + came);
}

function most(values: readonly (number | null)[]): number | null {
  const known = values.filter((value) => value !== null);
  return known.length === 0 ? null : Math.max(...known);
}

function inMs(seconds: unknown): number | null {
  return typeof seconds === 'number' ? seconds * 1_000 : null;
}

function numberOf(value: unknown): number {
  return typeof value === 'number' ? value : Number.NaN;
}
