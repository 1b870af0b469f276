export type { Role } from '../trace.ts';

import type { Callback, HistoryBounds, Platform, Profile, Role, RunLimits } from '../trace.ts';

/** What happened in a run, indexed by who it happened to. Everything here is a fact of the trace. */
export interface World {
  readonly limits: RunLimits;
  readonly history: HistoryBounds;
  readonly end: number;
  readonly servers: ReadonlyMap<string, Server>;
  /** Several servers over one store (C-50), as opposed to one that may be killed and started again. */
  readonly cluster: boolean;
  /** When no server ran at all, after one had. */
  readonly blackouts: readonly Interval[];
  /** When no server both ran and was not frozen: nobody can join, return or be thrown out. */
  readonly standstills: readonly Interval[];
  /** When servers could not reach their store (null: none could). */
  readonly storeTroubles: readonly StoreTrouble[];
  /** From when it was away until it was back without what it had been told last. */
  readonly storeLosses: readonly Interval[];
  /** All servers only ever stood still or died at the same moments: they are one process, which forgets as one. */
  readonly oneProcess: boolean;
  readonly clients: readonly Client[];
  readonly channels: ReadonlyMap<string, Channel>;
  readonly remains: readonly Remains[];
  readonly queues: readonly Queues[];
  readonly messages: ReadonlyMap<string, Message>;
}

/** Closed below, open above; `to` is Infinity while it lasts. */
export interface Interval {
  readonly from: number;
  to: number;
}

export interface StoreTrouble extends Interval {
  readonly server: string | null;
}

export interface Server {
  readonly name: string;
  readonly running: Interval[];
  readonly freezes: Interval[];
}

export interface Channel {
  readonly name: string;
  readonly users: Map<number, User>;
  readonly incarnations: Incarnation[];
  /** What servers heard of any of its users. */
  readonly heard: Packet[];
}

export interface Incarnation {
  readonly t: number;
  readonly position: number;
  readonly id: string;
  readonly event: 'created' | 'destroyed';
}

export interface User {
  readonly uid: number;
  readonly channel: Channel;
  /** In the order in which they called join. */
  readonly clients: Client[];
  /** What servers heard of the user, from whichever of its clients. */
  heard: Packet[];
}

export type ClientClass = 'native' | 'apple' | 'web';

export interface Client {
  readonly name: string;
  readonly uid: number;
  readonly user: User;
  readonly channel: Channel;
  readonly kind: ClientClass;
  readonly profile: Profile;
  readonly role: Role;
  readonly publish: boolean;
  readonly joinAt: number;
  readonly connections: Map<string, Connection>;
  readonly reads: Packet[];
  readonly heard: Packet[];
  readonly told: Told[];
  /** In the order in which its SDK took them. */
  readonly sent: Message[];
  readonly refused: Refused[];
  /** Messages and gaps that it was told of, by the sender's uid. */
  readonly received: Map<number, Received[]>;
  /** What it was told about others, by their uid. */
  readonly about: Map<number, Told[]>;
  readonly updates: { readonly t: number; readonly role: Role; readonly publish: boolean }[];
  readonly freezes: Interval[];
  readonly cuts: Cut[];
  readonly resets: number[];
  readonly path: PathSetting[];
  // Infinity when it never happened.
  firstHeardAt: number;
  /** Of the attempt that brought the success; of the first one if no other client came between or none succeeded. */
  enteredFrom: number;
  goodbyeAt: number;
  successAt: number;
  leaveAt: number;
  leftAt: number;
  killedAt: number;
  failedAt: number;
  /** Positions in the trace of the ends above. */
  readonly ends: { leave: number; left: number; killed: number; failed: number };
  /** The reason of the state callback before `failed`, or what its code says; null if neither does. */
  failedReason: number | null;
}

export interface Connection {
  readonly name: string;
  readonly client: Client;
  readonly server: string;
  firstHeardAt: number;
  heardCount: number;
  firstReadAt: number;
  lastReadAt: number;
  readCount: number;
}

/** A payload that a process read: one of the client by a server, or one of a server by the client. */
export interface Packet {
  readonly t: number;
  readonly arrived: number;
  /** Position in the trace: facts of the same time have an order. */
  readonly position: number;
  readonly connection: Connection;
  readonly goodbye: boolean;
  /** The first payload of its connection in this direction. */
  readonly first: boolean;
  /** Counts as a packet without doubt; settled in `packets.ts`. */
  sure: boolean;
}

export interface Told {
  readonly t: number;
  readonly position: number;
  readonly callback: Callback;
  /** The connection whose payload was read at this very time, so that it must have brought the callback. */
  readonly via: Connection | null;
  /** When the client had last read a payload. */
  readonly readAt: number;
}

/** A message that a sender's SDK took. */
export interface Message {
  readonly t: number;
  readonly name: string;
  readonly client: Client;
  /** Among the messages of its client. */
  readonly index: number;
  readonly stream: number;
  readonly bytes: number;
  /** When its sender read that the channel's log has it. */
  acknowledgedAt: number;
  /** When it was first told to anybody. */
  toldAt: number;
}

export interface Refused {
  readonly t: number;
  readonly bytes: number;
  readonly why: string;
}

export interface Received {
  readonly t: number;
  readonly position: number;
  readonly callback: Extract<Callback, { name: 'message' | 'gap' }>;
}

export interface Cut extends Interval {
  readonly server: string | null;
  /** Both directions: not even the end of a connection passes. */
  readonly whole: boolean;
}

export interface PathSetting {
  readonly from: number;
  /** The longest a payload takes that is not lost. */
  readonly transitMs: number;
  readonly delayMs: number;
  readonly loss: number;
}

export interface Remains {
  readonly t: number;
  readonly client: Client;
  readonly timers: number;
  readonly transports: number;
  readonly sessions: number;
}

export interface Queues {
  readonly t: number;
  readonly process: string;
  readonly entries: number;
  readonly bytes: number;
}

export function classOf(platform: Platform): ClientClass {
  if (platform === 'web') return 'web';
  return platform === 'ios' || platform === 'macos' ? 'apple' : 'native';
}

/** The time from which a client takes no further part: it left, failed or was killed. */
export function endOf(client: Client): number {
  return Math.min(client.leaveAt, client.failedAt, client.killedAt);
}
