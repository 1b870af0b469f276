/** A host for tests: its time, its network and its hints are in the hands of the test. */
import {
  allRights,
  type ClientFrame,
  decodeClientFrame,
  encodeServerFrame,
  type Hint,
  noMedia,
  type Platform,
  type ServerFrame,
} from '@holdfast/core';
import type { Alarm } from './alarm.ts';
import type { AppState, Cancel, Host, Transport, TransportEvents } from './host.ts';
import type { NetworkType } from './network-type.ts';

interface VirtualAlarm {
  /** Infinity: it is not set. */
  at: number;
  readonly ring: () => void;
}

/** One connection that the driver has opened, seen from the server's end. */
export class VirtualConnection implements Transport {
  readonly url: string;
  readonly subprotocol: string;
  /** What a server has read. */
  readonly frames: ClientFrame[] = [];
  readonly bufferedBytes = 0;
  /** The code with which the driver closed it; null while it has not. */
  closedWith: number | null = null;
  readonly #events: TransportEvents;

  constructor(url: string, subprotocol: string, events: TransportEvents) {
    this.url = url;
    this.subprotocol = subprotocol;
    this.#events = events;
  }

  send(bytes: Uint8Array): void {
    this.frames.push(decodeClientFrame(bytes));
  }

  close(code: number): void {
    this.closedWith = code;
  }

  /** The connection is open. */
  open(): this {
    this.#events.opened();
    return this;
  }

  /** The server sends a frame. */
  answer(frame: ServerFrame): this {
    this.#events.received(encodeServerFrame(frame));
    return this;
  }

  /** The server sends anything else; `null` is a text message. */
  receive(bytes: Uint8Array | null): void {
    this.#events.received(bytes);
  }

  /** The connection breaks, or the server closes it. */
  break(code = 1_006, text = ''): void {
    this.#events.closed(code, text);
  }

  /** The frames of one type, in order. */
  sent<Type extends ClientFrame['type']>(type: Type): Extract<ClientFrame, { type: Type }>[] {
    return this.frames.filter((frame) => frame.type === type) as Extract<ClientFrame, { type: Type }>[];
  }
}

/** The world of a test. Time passes only in `pass`; a stall is time without alarms. */
export class VirtualHost implements Host {
  readonly platform: Platform;
  readonly queuesDials = false;
  readonly connections: VirtualConnection[] = [];
  readonly reported: unknown[] = [];
  #now = 1_000;
  #ids = 0;
  #alarms: VirtualAlarm[] = [];
  #later: (() => void)[] = [];
  #hints: ((hint: Hint) => void)[] = [];
  #appListeners: ((state: AppState) => void)[] = [];

  constructor(platform: Platform = 'linux') {
    this.platform = platform;
  }

  connect(url: string, subprotocol: string, events: TransportEvents): Transport {
    const connection = new VirtualConnection(url, subprotocol, events);
    this.connections.push(connection);
    return connection;
  }

  now = (): number => this.#now;
  wallClock = (): number => 1_700_000_000_000 + this.#now;
  random = (): number => 0.5;

  id(): string {
    this.#ids += 1;
    return `id-${this.#ids}`;
  }

  alarm(ring: () => void): Alarm {
    const alarm = { at: Number.POSITIVE_INFINITY, ring };
    this.#alarms.push(alarm);
    return {
      set: (ms) => {
        alarm.at = this.#now + ms;
      },
      close: () => {
        this.#alarms = this.#alarms.filter((other) => other !== alarm);
      },
    };
  }

  afterReads(run: () => void): Cancel {
    this.#later.push(run);
    return () => {
      this.#later = this.#later.filter((other) => other !== run);
    };
  }

  hints(listener: (hint: Hint) => void): Cancel {
    this.#hints.push(listener);
    return () => {
      this.#hints = this.#hints.filter((other) => other !== listener);
    };
  }

  network: NetworkType = 'unknown';
  networkType = (): NetworkType => this.network;

  appState(listener: (state: AppState) => void): Cancel {
    this.#appListeners.push(listener);
    return () => {
      this.#appListeners = this.#appListeners.filter((other) => other !== listener);
    };
  }

  report = (error: unknown): void => {
    this.reported.push(error);
  };

  // ---- what the test does --------------------------------------------------------------------------

  /** The newest connection. */
  get latest(): VirtualConnection {
    const latest = this.connections.at(-1);
    if (latest === undefined) throw new Error('nothing has been dialled');
    return latest;
  }

  /** The platform says something. */
  hint(hint: Hint): void {
    for (const listener of this.#hints) listener(hint);
  }

  /** The system tells where the app is. */
  app(state: AppState): void {
    for (const listener of this.#appListeners) listener(state);
  }

  /** Whether anybody listens to where the app is. */
  get tellsApp(): boolean {
    return this.#appListeners.length > 0;
  }

  /** The process stands still: afterwards one alarm rings, and the test may read input before `settle`. */
  stall(ms: number): void {
    this.#now += ms;
    this.#ringNext(this.#now);
  }

  /** Input that was waiting has been read: what waits for that runs, then the callbacks. */
  async settle(): Promise<void> {
    for (const run of this.#later.splice(0)) run();
    await Promise.resolve();
  }

  /** Time passes, alarm by alarm. */
  async pass(ms: number): Promise<void> {
    const until = this.#now + ms;
    await this.settle();
    while (this.#ringNext(until)) await this.settle();
    this.#now = until;
    await this.settle();
  }

  /** What would keep a process alive or wake it: alarms, jobs, listeners, connections that are not closed. */
  get leftovers(): number {
    const open = this.connections.filter(({ closedWith }) => closedWith === null).length;
    return this.#alarms.length + this.#later.length + this.#hints.length + open;
  }

  #ringNext(until: number): boolean {
    const [first] = this.#alarms.toSorted((one, other) => one.at - other.at);
    if (first === undefined || first.at > until) return false;
    this.#now = Math.max(this.#now, first.at);
    first.at = Number.POSITIVE_INFINITY;
    first.ring();
    return true;
  }
}

/** Frames of a server that makes no difficulties. */
export const granted = {
  /** The answer to a join or resume: in the channel `room` with these others. */
  welcome: (
    uid: number,
    members: Extract<ServerFrame, { type: 'welcome' }>['members'] = [],
    seq = 0,
  ): ServerFrame => ({
    type: 'welcome',
    minor: 0,
    session: 'session',
    secret: 'secret',
    uid,
    join: 1,
    position: { incarnation: 'first', epoch: 1, seq },
    members,
    complete: true,
    limits: { interruptedMs: 4_000, lostMs: 10_000, giveUpMs: null },
    servers: [],
    spreadMs: 0,
    outage: null,
    received: [],
    rights: allRights,
    messagesPerSecond: null,
    media: noMedia,
  }),
  /** The server's heartbeat; it has heard the client just before. */
  heartbeat: (id: number, answer = 0): ServerFrame => ({
    type: 'heartbeat',
    id,
    answer,
    heardMs: 0,
    rttMs: 5,
    spreadMs: 0,
  }),
};
