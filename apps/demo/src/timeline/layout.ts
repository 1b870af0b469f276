/** Where things go in the drawing of an outage: pure arithmetic. */
import type { DatedOutage } from '@holdfast/sdk/native';
import type { TroubleNames } from '../client.ts';
import type { Limits } from '../dev-server.ts';

export interface Scale {
  readonly left: number;
  readonly width: number;
  readonly shownMs: number;
  x(ms: number): number;
}

/** A short outage is drawn as long as the first limit, to show that it was not reached. */
export function scaleOf(width: number, left: number, endedMs: number, limits: Limits): Scale {
  const shownMs = Math.max(endedMs * 1.04, limits.interruptedMs * 1.15);
  const right = 16;
  return { left, width, shownMs, x: (ms) => left + (Math.max(0, ms) / shownMs) * (width - left - right) };
}

/** Round distances between the marks of the axis, at most a dozen of them. */
export function tickMs(shownMs: number): number {
  const steps = [500, 1_000, 2_000, 5_000, 10_000, 30_000, 60_000, 300_000, 600_000];
  return steps.find((step) => shownMs / step <= 12) ?? 3_600_000;
}

/** Puts each item into the first lane where it touches nobody; the items are in the order of their beginning. */
export function inLanes<Item>(
  items: readonly Item[],
  extent: (item: Item) => readonly [from: number, to: number],
): { item: Item; lane: number }[] {
  const ends: number[] = [];
  return items.map((item) => {
    const [from, to] = extent(item);
    const free = ends.findIndex((end) => end <= from);
    const lane = free < 0 ? ends.length : free;
    ends[lane] = to;
    return { item, lane };
  });
}

export interface Note {
  readonly atMs: number;
  readonly text: string;
  readonly isGood?: boolean;
}

/** How it ended. */
export const endWords: Readonly<Record<DatedOutage['end'], string>> = {
  resumed: 'resumed over a new connection',
  revived: 'the old connection came back',
  left: 'left',
  failed: 'failed',
};

/** What the app was told, under the names of its dialect. */
export function toldNotes({ told }: DatedOutage, names: TroubleNames): Note[] {
  const known: Readonly<Record<string, string | undefined>> = { ...names };
  return told.flatMap(({ atMs, notice }) => {
    const text = notice in known ? known[notice] : notice;
    return text === undefined ? [] : [{ atMs, text, isGood: notice === 'rejoined' }];
  });
}

/** The server's half. It counts from another packet, the last that it received: both halves end together. */
export function serverNotes({ server, endedMs }: DatedOutage): Note[] {
  if (server === null) return [];
  const beganMs = endedMs - server.silentMs;
  const marks = server.marks.map(({ atMs, what }) => ({
    atMs: beganMs + atMs,
    text: serverWords[what] ?? what,
  }));
  return [...marks, { atMs: endedMs, text: `${serverName(server.server)}: it is back` }];
}

/** `server1-09ab…` is `server 1`. */
export function serverName(id: string): string {
  return id.replace(/^server(\d+)-.*$/, 'server $1');
}

/** An address of this tab's network leads to a server. */
export function nameOfAddress(url: string, urls: readonly string[]): string {
  const index = urls.indexOf(url.replace(/\/$/, ''));
  return index < 0 ? url.replace(/^wss?:\/\//, '') : `to server ${index + 1}`;
}

const serverWords: Readonly<Record<string, string>> = {
  'streamRemovedMs passed': 'web others: stream-removed',
  'peerOfflineMs passed': 'others: offline',
  'peerLeaveMs passed': 'web others: peer-leave',
  'channelDestroyMs passed': 'no longer keeps the channel alive',
};
