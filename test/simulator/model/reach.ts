import { earliestIndex } from './order.ts';
import { lateMaxMs, storeSettlesMs } from './silence.ts';
import type { Client, Interval, Packet, PathSetting, World } from './world.ts';

/** A stretch in which what is sent to or from a client may be held up or lost. */
export interface Trouble extends Interval {
  /** `pause`: a process stood still, nothing was lost. `loss`: bytes were lost, or the connections. */
  readonly kind: 'pause' | 'loss';
}

/** Where a server was frozen or killed in a cluster, its clients are elsewhere within this (C-51). */
const elsewhereMs = 4_000;
/** The longest first retransmission timeout of TCP; each further one at most doubles the time spent so far. */
const retransmissionMs = 1_000;
/** Round trips of TCP, WebSocket and resume after the first payload of a connection was read. */
const resumeRoundTrips = 3;
/**
 * With loss, a payload sent before a moment can be read after n later arrivals only if n payloads were lost
 * one by one; chains less likely than this are not considered.
 */
const chainOdds = 1e-4;

/**
 * By when one side must have read what the other side sent or knew at a time, from the facts about the path
 * between a client and its servers and from what the receiving side did read.
 */
export class Reach {
  private readonly client: Client;
  private readonly path: readonly PathSetting[];
  private readonly troubles: readonly Trouble[];
  private readonly reads: readonly Packet[];
  private readonly settled: number[] = [];

  constructor(client: Client, reads: readonly Packet[], troubles: readonly Trouble[]) {
    this.client = client;
    this.path = client.path;
    this.troubles = troubles;
    this.reads = reads;
  }

  by(sent: number): number {
    const direct = this.direct(sent);
    let t = this.pastTroubles(sent, direct);
    const loss = this.lossDuring(sent, t);
    if (loss > 0) {
      t = this.afterArrivals(t, loss);
      t = this.pastTroubles(sent, t);
    }
    return t;
  }

  /** Nothing held up what was sent at that time. */
  calm(sent: number): boolean {
    const direct = this.direct(sent);
    return this.pastTroubles(sent, direct) === direct && this.lossDuring(sent, direct) === 0;
  }

  /** When a payload arrives that is not lost; one sent later never overtakes. */
  direct(sent: number): number {
    let t = sent;
    for (let i = 0; i < this.path.length; i++) {
      const setting = this.path[i];
      if (setting === undefined || (i > 0 && setting.from > t)) break;
      const until = this.path[i + 1]?.from ?? Number.POSITIVE_INFINITY;
      t = Math.max(t, Math.min(sent, until) + setting.transitMs);
    }
    return t;
  }

  setting(t: number): PathSetting | null {
    let found: PathSetting | null = this.path[0] ?? null;
    for (const setting of this.path) {
      if (setting.from > t) break;
      found = setting;
    }
    return found;
  }

  private pastTroubles(sent: number, direct: number): number {
    let t = direct;
    for (let i = 0; i < this.troubles.length; i++) {
      const trouble = this.troubles[i];
      if (trouble === undefined || trouble.from > t) break;
      const settled = this.settledAt(i, trouble);
      if (settled > sent) t = Math.max(t, settled);
    }
    return t;
  }

  /** When the receiving side is known to be in step again after a trouble. */
  private settledAt(index: number, trouble: Trouble): number {
    const known = this.settled[index];
    if (known !== undefined) return known;
    const settled = this.settle(trouble);
    this.settled[index] = settled;
    return settled;
  }

  private settle(trouble: Trouble): number {
    if (trouble.to === Number.POSITIVE_INFINITY) return trouble.to;
    let i = earliestIndex(this.reads, trouble.to);
    while (i < this.reads.length && (this.reads[i]?.arrived ?? 0) < trouble.to) i++;
    const read = this.reads[i];
    if (read === undefined) return Number.POSITIVE_INFINITY;
    const roundTripMs = 2 * (this.setting(read.t)?.transitMs ?? 0);
    const { connection } = read;
    const resumed = this.takenOver(read, roundTripMs);
    const old = Math.min(connection.firstReadAt, connection.firstHeardAt) < trouble.from;
    if (trouble.kind === 'pause' || !old) return resumed;
    // On the old connection, what was sent first gets through first, each retry at most doubling its age.
    const backlogMs = Math.min(trouble.to - trouble.from, elsewhereMs) + retransmissionMs;
    return Math.max(resumed, read.t + backlogMs);
  }

  /** A return ends with the answer to the takeover; a standby says first that it is ready (C-10). */
  private takenOver(read: Packet, roundTripMs: number): number {
    const resumed = read.t + resumeRoundTrips * roundTripMs + lateMaxMs;
    let t = resumed;
    for (const { firstReadAt } of this.client.connections.values()) {
      if (firstReadAt > read.t && firstReadAt <= resumed)
        t = Math.max(t, firstReadAt + roundTripMs + lateMaxMs);
    }
    return t;
  }

  private lossDuring(from: number, to: number): number {
    let loss = 0;
    for (let i = 0; i < this.path.length; i++) {
      const setting = this.path[i];
      if (setting === undefined || setting.from > to) break;
      const until = this.path[i + 1]?.from ?? Number.POSITIVE_INFINITY;
      // What was lost before the path got better is still being sent again.
      if (until + elsewhereMs >= from) loss = Math.max(loss, setting.loss);
    }
    return loss;
  }

  private afterArrivals(after: number, loss: number): number {
    let missing = Math.ceil(Math.log(chainOdds) / Math.log(Math.min(loss, 0.9)));
    let last = after;
    for (let i = earliestIndex(this.reads, after); i < this.reads.length; i++) {
      const read = this.reads[i];
      if (read === undefined || read.t <= last || read.arrived <= after) continue;
      last = read.t;
      missing -= 1;
      if (missing <= 0) return last;
    }
    return Number.POSITIVE_INFINITY;
  }
}

/** Everything that may have disturbed a client's connections, by the time it began. */
export function troublesOf(client: Client, world: World): Trouble[] {
  const troubles: Trouble[] = [];
  const capped = (interval: Interval, cap: boolean): number =>
    cap ? Math.min(interval.to, interval.from + elsewhereMs) : interval.to;
  for (const cut of client.cuts) {
    const partial = cut.server !== null && world.cluster;
    if (partial && !usedServer(client, cut.server, cut.from)) continue;
    troubles.push({ from: cut.from, to: capped(cut, partial), kind: 'loss' });
  }
  for (const t of client.resets) troubles.push({ from: t, to: t, kind: 'loss' });
  for (const freeze of client.freezes) troubles.push({ ...freeze, kind: 'pause' });
  for (const server of world.servers.values()) {
    for (const freeze of server.freezes) {
      if (world.cluster && !usedServer(client, server.name, freeze.from)) continue;
      troubles.push({ from: freeze.from, to: capped(freeze, world.cluster), kind: 'pause' });
    }
    for (let i = 0; i < server.running.length; i++) {
      const stop = server.running[i]?.to ?? Number.POSITIVE_INFINITY;
      if (stop === Number.POSITIVE_INFINITY) continue;
      if (world.cluster && !usedServer(client, server.name, stop)) continue;
      const down = { from: stop, to: server.running[i + 1]?.from ?? Number.POSITIVE_INFINITY };
      troubles.push({ from: stop, to: capped(down, world.cluster), kind: 'loss' });
    }
  }
  // Leaves, edges and messages wait for the store, and for the time in which nobody is judged after it (C-54).
  for (const { from, to } of world.storeTroubles)
    troubles.push({ from, to: to + storeSettlesMs, kind: 'pause' });
  // Elsewhere is nowhere while no server is alive and thawed.
  for (const still of world.cluster ? world.standstills : []) {
    const died = world.blackouts.some((dark) => dark.from < still.to && dark.to > still.from);
    troubles.push({ ...still, kind: died ? 'loss' : 'pause' });
  }
  return troubles.sort((a, b) => a.from - b.from);
}

/** Whether the client may have had a connection to the server at that time. */
export function usedServer(client: Client, server: string | null, t: number): boolean {
  for (const connection of client.connections.values()) {
    if (connection.server !== server) continue;
    const first = Math.min(connection.firstReadAt, connection.firstHeardAt);
    if (first <= t + elsewhereMs && connection.lastReadAt >= t - elsewhereMs) return true;
  }
  return false;
}
