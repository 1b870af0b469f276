import { earliestIndex } from './order.ts';
import type { Interval, Packet, World } from './world.ts';

/** C-2: how late a limit may fire on an idle machine. */
export const lateMaxMs = 250;
/** C-3: a gap between a process's own ticks that is longer than this is not a silence of the other side. */
const stallMs = 500;
/** How far a process's gap between ticks may exceed the freeze inside it: a tick before and after. */
export const tickMs = 100;
/** C-58: what a server's death or freeze may add in a cluster: last renewal + lease validity. */
export const leaseMs = 1_500;
/** C-58 allows one store round trip, which the trace does not tell; a simulated store answers within this. */
export const storeRoundTripMs = 100;
/** C-54: nobody is judged until the store has been back for two lease periods; a renewal passes until it is noticed. */
export const storeSettlesMs = 2 * leaseMs + 1_000;
/** A connection may have moved to another server this long before its holder's last packet. */
const holderMemoryMs = 4_000;

/**
 * The earliest time at which a process may find a limit reached: never before `limitMs` of silence, of which the
 * time that the process surely has to subtract (C-3) is no part.
 */
export function earliest(since: number, limitMs: number, freezes: readonly Interval[]): number {
  let t = since + limitMs;
  for (const freeze of freezes) {
    if (freeze.from >= t) break;
    if (freeze.to <= since) continue;
    if (freeze.to - freeze.from > stallMs) t += freeze.to - Math.max(freeze.from, since);
  }
  return t;
}

/** The latest time, with the whole of every freeze subtracted and the measurer's ticks around it. */
export function latest(since: number, limitMs: number, freezes: readonly Interval[]): number {
  let t = since + limitMs + lateMaxMs;
  for (const freeze of freezes) {
    if (freeze.from >= t) break;
    if (freeze.to > since) t += freeze.to - Math.max(freeze.from, since) + tickMs;
  }
  return t;
}

/** C-59: what those who return after a blackout can say of somebody who does not. */
export interface Contact {
  /** Whoever is in their pictures is quiet since then, or since later. */
  readonly since: number;
  /** When the first of them was heard: from then on the server measures for itself. */
  readonly backAt: number;
}

/** To be asked for each blackout; null if nobody returns. */
export type ContactOf = (blackout: Interval) => Contact | null;

/** A silence of a user as its servers measure it. */
export class ServerSilence {
  private readonly world: World;
  private readonly oldContacts = new Map<number, number>();

  constructor(world: World) {
    this.world = world;
  }

  /** A blackout may shorten what a silence needs to reach a limit (C-59). */
  get hasBlackouts(): boolean {
    return this.world.blackouts.length > 0;
  }

  earliest(last: Packet, limitMs: number, contactOf: ContactOf): number {
    const { cluster, blackouts, oneProcess } = this.world;
    // In a cluster another server may take over from a frozen one, whose freeze is then no freeze of the measurer.
    let t = cluster
      ? last.arrived + limitMs
      : earliest(last.arrived, limitMs, this.freezes(last.connection.server));
    let since = Number.POSITIVE_INFINITY;
    for (const dark of blackouts) {
      if (dark.from < last.t || dark.from >= t) continue;
      // Servers that die one by one leave what they knew in their store.
      const contact = oneProcess ? contactOf(dark) : null;
      // What the new server's stall took of a silence that others told it of is no stall of the measurer (C-3).
      const own = this.freezes(last.connection.server).filter(({ from }) => from >= (contact?.backAt ?? 0));
      // A server that dies before it lets the returners in leaves them with what they knew.
      since = Math.min(since, contact?.since ?? last.arrived);
      const counted = earliest(since, limitMs, cluster ? [] : own);
      // Returners who know nothing of the server that heard the last packet count from before it.
      t = Math.max(dark.to, Math.min(last.arrived, since) + limitMs, counted);
    }
    return t;
  }

  /** `heard[index]` is the last packet; a server of those shortly before it may be the holder. */
  latest(heard: readonly Packet[], index: number, limitMs: number): number {
    const last = heard[index];
    if (last === undefined) return Number.POSITIVE_INFINITY;
    const { cluster, blackouts } = this.world;
    let t = latest(last.t, limitMs, this.freezes(last.connection.server));
    if (cluster) t = this.afterHolder(heard, index, limitMs, t) + storeRoundTripMs;
    for (const dark of blackouts) {
      if (dark.from >= last.t && dark.from < t) t = Math.max(t, this.afterRestart(dark.to, limitMs));
    }
    return this.afterStore(last.t, t, limitMs);
  }

  /** C-54, C-58: edges wait for the store; whose holder died meanwhile may have been heard by it until its lease is over. */
  private afterStore(since: number, normal: number, limitMs: number): number {
    let t = normal;
    for (const { from, to } of this.world.storeTroubles) {
      if (from > t || to + storeSettlesMs <= since) continue;
      t = Math.max(t, to + storeSettlesMs + leaseMs + limitMs + lateMaxMs);
    }
    return t;
  }

  /** By when a server that started again must find a limit reached for who does not come back (C-59). */
  afterRestart(restartAt: number, limitMs: number): number {
    const since = this.lastOldContact(restartAt);
    let t = since;
    for (const { freezes } of this.world.servers.values()) t = Math.max(t, latest(since, limitMs, freezes));
    return t;
  }

  /** A client that stood still may read what the dead server had sent after the new one is there. */
  private lastOldContact(restartAt: number): number {
    const known = this.oldContacts.get(restartAt);
    if (known !== undefined) return known;
    let t = restartAt;
    for (const { reads } of this.world.clients) {
      for (let i = earliestIndex(reads, restartAt); i < reads.length; i++) {
        const read = reads[i];
        if (read !== undefined && read.connection.firstReadAt < restartAt) t = Math.max(t, read.t);
      }
    }
    this.oldContacts.set(restartAt, t);
    return t;
  }

  /** How much later a packet is known everywhere than where it was read (C-58). */
  relayMs(from: Packet, to: Packet): number {
    return this.world.cluster && from.connection.server !== to.connection.server ? storeRoundTripMs : 0;
  }

  private freezes(server: string): readonly Interval[] {
    return this.world.servers.get(server)?.freezes ?? [];
  }

  /** C-58: a dead or frozen holder can have heard the user until its lease ran out. */
  private afterHolder(heard: readonly Packet[], index: number, limitMs: number, normal: number): number {
    const lastAt = heard[index]?.t ?? 0;
    const holders = new Set<string>();
    for (let i = index; i >= 0; i--) {
      const packet = heard[i];
      if (packet === undefined || packet.t < lastAt - holderMemoryMs) break;
      holders.add(packet.connection.server);
    }
    const servers = [...this.world.servers.values()];
    const stops = servers.flatMap(({ name, running, freezes }) =>
      [...running.map((run) => run.to), ...freezes.map((freeze) => freeze.from)].map((t) => ({ name, t })),
    );
    let t = normal;
    for (const stop of stops) {
      if (!holders.has(stop.name) || stop.t < lastAt - leaseMs || stop.t >= normal) continue;
      // Any survivor may be the one that counts on, and its own stalls are no silence either.
      for (const { freezes } of servers) t = Math.max(t, latest(stop.t + leaseMs, limitMs, freezes));
    }
    // Whatever a server was to do when it stopped, another does once the lease has run out.
    for (const stop of stops) if (stop.t < t) t = Math.max(t, stop.t + leaseMs + lateMaxMs);
    return t;
  }
}
