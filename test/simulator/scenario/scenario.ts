import type { HistoryBounds, Platform, Profile, Role, RunLimits } from '../trace.ts';
import type { Quality } from '../world/path.ts';

/**
 * A run as plain data: who there is and what happens to them. Every subset of the actions is a scenario too
 * (an action that makes no sense at its time is skipped), so that a failing one can be made smaller.
 */
export interface Scenario {
  /** Of everything random in the world and the product; the script itself has no dice left. */
  readonly seed: number;
  readonly endMs: number;
  readonly limits: Partial<RunLimits>;
  readonly history: Partial<HistoryBounds>;
  readonly servers: readonly string[];
  /**
   * `process`: all servers share one process, and its memory store dies with it.
   * `service`: each server is a process; the store lives elsewhere and survives them.
   * `redis`: so does a Redis, on the other side of a network, which may die and forget.
   */
  readonly store: 'process' | 'service' | 'redis';
  /** With a `service`: the others find out this long after a server's death (C-58). */
  readonly leaseMs: number;
  /** Every process is busy for a moment now and then. */
  readonly lags: boolean;
  readonly devices: readonly Device[];
  readonly actions: readonly Action[];
}

/** Where a user's app runs. It has one process at most; a restarted app is a new client on the same device. */
export interface Device {
  readonly name: string;
  readonly uid: number;
  readonly channel: string;
  readonly platform: Platform;
  readonly profile: Profile;
  readonly quality: Quality;
}

export type Action = { readonly at: number } & (
  | {
      readonly type: 'join';
      readonly device: string;
      readonly role: Role;
      readonly publish: boolean;
      /** The server it tries first. */
      readonly first: number;
    }
  | { readonly type: 'leave'; readonly device: string }
  | { readonly type: 'update'; readonly device: string; readonly role: Role; readonly publish: boolean }
  | { readonly type: 'kill'; readonly device: string }
  | {
      readonly type: 'outage';
      readonly devices: readonly string[];
      readonly forMs: number;
      readonly up: boolean;
      readonly down: boolean;
      readonly stuck: boolean;
      readonly server: string | null;
    }
  | { readonly type: 'reset'; readonly device: string }
  /** The app sends so many messages, one after the other. */
  | {
      readonly type: 'talk';
      readonly device: string;
      readonly stream: number;
      readonly count: number;
      readonly everyMs: number;
      readonly bytes: number;
    }
  | { readonly type: 'path'; readonly device: string; readonly quality: Quality }
  /** A device or a server. */
  | { readonly type: 'freeze'; readonly process: string; readonly forMs: number }
  | { readonly type: 'clock-jump'; readonly process: string; readonly ms: number }
  | { readonly type: 'hint'; readonly device: string; readonly hint: HintName }
  | { readonly type: 'server-kill'; readonly server: string; readonly restartMs: number | null }
  /** Nothing passes between these servers and Redis. */
  | { readonly type: 'store-cut'; readonly servers: readonly string[]; readonly forMs: number }
  /** Redis dies and comes back: as it was, or empty. */
  | { readonly type: 'store-restart'; readonly downMs: number; readonly kept: boolean }
  /** `lostMs` later Redis dies, and a replica takes its place that has heard of nothing since now. */
  | { readonly type: 'store-failover'; readonly lostMs: number; readonly downMs: number }
);

export type HintName = 'offline' | 'online' | 'focus' | 'address-changed';
