import {
  ClientSession,
  closeName,
  type MediaNews,
  type Notice,
  type OfflineReason,
  type Profile,
  type Self,
  type StayOptions,
} from '@holdfast/core';
import { copyOf } from '../driver/bytes.ts';
import type { Delivery } from '../driver/delivery.ts';
import type { Host } from '../driver/host.ts';
import type { NetworkType } from '../driver/network-type.ts';
import type { DatedOutage, OutageLog } from '../driver/outages.ts';
import type { Qualities } from '../driver/quality.ts';
import { Stay } from '../driver/stay.ts';
import type { VideoCodec } from '../media/wishes.ts';
import { type Failure, failure, failureCode, refusalFailure } from './errors.ts';
import type { Events } from './events.ts';
import type { Failures } from './failures.ts';
import type { Log } from './log.ts';
import { Peers, uidOf } from './peers.ts';
import type { StreamParts } from './shown-stream.ts';
import { Traffic } from './traffic.ts';
import type { ClientEvents, ConnectionState, Uid } from './types.ts';

/** What a channel shares with its client. */
export interface Surroundings {
  readonly delivery: Delivery;
  readonly events: Events<ClientEvents>;
  readonly failures: Failures;
  readonly outages: OutageLog;
  readonly log: Log;
  readonly streams: StreamParts;
  /** In which pictures go out. */
  readonly codec: VideoCodec;
  /** What the application has asked to be told. */
  readonly wanted: { volumes: boolean };
}

/** What the application has given to a call; anything may be there. */
export interface Callbacks {
  readonly onSuccess: unknown;
  readonly onFailure: unknown;
}

/** One stay in one channel, told in the web dialect. It translates and decides nothing. */
export class Channel {
  readonly peers: Peers;
  /** Null where the page has no connections for media. */
  readonly traffic: Traffic | null;
  readonly #client: Surroundings;
  readonly #host: Host;
  readonly #options: StayOptions;
  readonly #callbacks: Callbacks;
  readonly #session: ClientSession;
  readonly #stay: Stay;
  #self: Self;
  /** Of the messages that the channel does not have yet, in order. */
  #sending: Callbacks[] = [];
  #told: ConnectionState = 'DISCONNECTED';
  #joinedAt: number | null = null;
  #leaving: { readonly onLeft: unknown } | null = null;
  #left = false;

  /** Begins to join at once. */
  constructor(client: Surroundings, host: Host, options: StayOptions, callbacks: Callbacks) {
    this.#client = client;
    this.#host = host;
    this.#options = options;
    this.#callbacks = callbacks;
    this.#self = options.self;
    this.peers = new Peers(client.streams);
    const { queuesDials } = host;
    const random = { next: () => host.random(), id: () => host.id() };
    this.#session = new ClientSession({ ...options, queuesDials }, random);
    const listener = {
      notice: (notice: Notice) => this.#notice(notice),
      networkChanged: (type: NetworkType) =>
        client.events.emit('network-type-changed', { networkType: networkNames[type] }),
      outage: (record: DatedOutage) => this.#outage(record),
      quality: (qualities: Qualities) => this.#quality(qualities),
      media: (frame: MediaNews) => this.traffic?.news(frame),
    };
    this.traffic = this.#openTraffic();
    this.#stay = new Stay({
      ...{ host, delivery: client.delivery, listener, session: this.#session },
      mediaPath: () => this.traffic?.path() ?? null,
    });
  }

  get profile(): Profile {
    return this.#options.profile;
  }

  /** The own uid, as the application has said it, or as the server has assigned it. */
  get uid(): Uid {
    return uidOf({ uid: this.#session.uid, account: this.#options.account });
  }

  /** What is true now; it may be ahead of the event that is being delivered. */
  get state(): ConnectionState {
    if (this.#leaving !== null) return this.#left ? 'DISCONNECTED' : 'DISCONNECTING';
    return states[this.#stay.state];
  }

  /** The stay has ended by itself and will not come back. */
  get failed(): boolean {
    return this.#stay.state === 'failed';
  }

  /** Whether the application has been told that it is in the channel, and still is. */
  get joined(): boolean {
    return this.#joinedAt !== null && !this.failed;
  }

  /** Milliseconds in the channel. */
  get durationMs(): number {
    return this.#joinedAt === null ? 0 : this.#host.now() - this.#joinedAt;
  }

  /** @param onLeft called when the application has been told everything else of the leave */
  leave(onLeft: unknown): void {
    this.#leaving = { onLeft };
    this.traffic?.close();
    this.#stay.leave();
  }

  /** See `Stay.renew`. */
  renew(token: string): void {
    this.#stay.renew(token);
  }

  /** Tells the others what this user is and publishes. */
  update(self: Self): void {
    if (JSON.stringify(self) === JSON.stringify(this.#self)) return;
    this.#self = self;
    this.#stay.update(self);
  }

  /** Sends a copy of a message (C-60). @returns why it does not, or null */
  send(data: Uint8Array, callbacks: Callbacks): Failure | null {
    const refusal = this.#stay.sendRefusal(data.length);
    if (refusal !== null) return refusalFailure(refusal);
    this.#sending.push(callbacks);
    this.#stay.send(dataStream, copyOf(data));
    return null;
  }

  #openTraffic(): Traffic | null {
    const makePeer = this.#client.streams.media?.makePeer;
    if (makePeer === undefined) return null;
    return new Traffic({
      ...{ host: this.#host, makePeer },
      signal: (frame) => this.#stay.signal(frame),
      heard: () => this.#stay.mediaHeard(),
      flowing: (flows) => {
        if (flows !== null) this.#client.log.add('info', flows ? 'media flow' : 'media do not flow');
      },
      codec: this.#client.codec,
      refused: (method, why, onFailure) => {
        if (this.#leaving === null) this.#client.failures.tell(method, why, onFailure);
      },
      exception: (code, msg, uid) => this.#exception(code, msg, uid),
    });
  }

  // ---- what the application is told ----------------------------------------------------------------

  #outage(record: DatedOutage): void {
    this.#client.outages.add(record);
    this.#client.events.emit('outage', record);
  }

  #quality({ up, down }: Qualities): void {
    const told = { uplinkNetworkQuality: up, downlinkNetworkQuality: down };
    const { events, wanted } = this.#client;
    events.emit('network-quality', told);
    if (wanted.volumes && this.traffic !== null)
      events.emit('volume-indicator', { attr: this.traffic.volumes() });
  }

  #exception(code: number, msg: string, uid: Uid): void {
    const { delivery, events } = this.#client;
    delivery.add(() => {
      if (this.#leaving === null) events.emit('exception', { code, msg, uid });
    });
  }

  #notice(notice: Notice): void {
    switch (notice.type) {
      case 'state':
        return this.#state(notice.state);
      case 'joined':
        this.#joinedAt = this.#host.now();
        return call(this.#callbacks.onSuccess, this.uid);
      case 'left':
        return call(this.#leaving?.onLeft);
      case 'failed':
        return this.#fail(notice);
      // Of its own outages a web user is told nothing (C-11, section 2).
      case 'interrupted':
      case 'lost':
      case 'rejoined':
        return;
      case 'message':
        return this.#message(notice);
      case 'gap':
        return this.#gap(notice);
      case 'acknowledged':
        return call(this.#sending.shift()?.onSuccess);
      case 'token-will-expire':
        return this.#client.events.emit('onTokenPrivilegeWillExpire', undefined);
      case 'token-expired':
        return this.#client.events.emit('onTokenPrivilegeDidExpire', undefined);
      case 'token-renewed':
        return this.#renewed(notice.code);
      default:
        return this.#edge(notice);
    }
  }

  /** C-12: the state is told when it changes; a leave passes through `DISCONNECTING`. */
  #state(state: keyof typeof states): void {
    if (this.#leaving !== null) {
      if (this.#told !== 'DISCONNECTED') this.#change('DISCONNECTING');
      this.#left = true;
    }
    this.#change(states[state]);
  }

  #change(curState: ConnectionState): void {
    const prevState = this.#told;
    if (curState === prevState) return;
    this.#told = curState;
    this.#client.log.add('info', `connection: ${prevState} -> ${curState}`);
    this.#client.events.emit('connection-state-change', { prevState, curState });
  }

  #fail({ close, text }: Extract<Notice, { type: 'failed' }>): void {
    this.traffic?.close();
    const { events, failures, log } = this.#client;
    const reason = failureCode(close);
    if (this.#joinedAt === null) {
      return failures.tell('join', failure(reason, text), this.#callbacks.onFailure);
    }
    for (const { onFailure } of this.#sending.splice(0))
      failures.tell('sendStreamMessage', failure(reason, text), onFailure);
    log.add('error', `the stay in the channel has ended: ${reason}: ${text}`);
    if (close === 'banned') return events.emit('client-banned', { uid: this.uid, attr: reason });
    events.emit('error', { reason, text });
  }

  /** A token that is not good is an error of the stay, which goes on with the one before. */
  #renewed(code: number): void {
    if (code === 0) return;
    const reason = failureCode(closeName(code));
    const text = 'the renewed token is not good: the one before counts until its end';
    this.#client.events.emit('error', { reason, text });
  }

  #message({ uid, account, stream, data }: Extract<Notice, { type: 'message' }>): void {
    this.#client.events.emitEach('stream-message', () => ({
      uid: uidOf({ uid, account }),
      streamId: stream,
      data: copyOf(data),
    }));
  }

  #gap({ uid, account, stream, missed, from, to, reason }: Extract<Notice, { type: 'gap' }>): void {
    const sender = uidOf({ uid, account });
    const gap = { uid: sender, streamId: stream, missed, from, to, reason };
    this.#client.events.emitEach('stream-message-gap', () => ({ ...gap }));
  }

  /** What this user is told of the others (C-20 to C-25). */
  #edge(edge: Extract<Notice, { member: unknown }>): void {
    const { events } = this.#client;
    const { member } = edge;
    const uid = uidOf(member);
    this.peers.describe(member);
    switch (edge.type) {
      case 'peer-joined':
        this.peers.joined(member);
        return events.emit('peer-online', { uid });
      case 'peer-offline': {
        const stream = this.peers.offline(member);
        this.traffic?.unsubscribe(stream);
        return events.emit('peer-leave', { uid, reason: leaveReasons[edge.reason], stream });
      }
      case 'stream-added':
        return events.emit('stream-added', { stream: this.peers.added(member, edge.stream) });
      case 'stream-removed': {
        const stream = this.peers.removed(member, edge.stream);
        if (stream) this.traffic?.unsubscribe(stream);
        return stream && events.emit('stream-removed', { stream });
      }
      case 'stream-updated': {
        const stream = this.peers.find(member, edge.stream);
        return stream && events.emit('stream-updated', { stream });
      }
      case 'muted':
        return events.emit(`${edge.muted ? 'mute' : 'unmute'}-${edge.kind}`, { uid });
    }
  }
}

/** All messages of this dialect go there. */
const dataStream = 1;

function call(callback: unknown, ...args: unknown[]): void {
  if (typeof callback === 'function') callback(...args);
}

const states = {
  disconnected: 'DISCONNECTED',
  connecting: 'CONNECTING',
  connected: 'CONNECTED',
  reconnecting: 'CONNECTING',
  failed: 'DISCONNECTED',
} as const;

const networkNames = {
  unknown: 'unknown',
  disconnected: 'none',
  lan: 'ethernet',
  wifi: 'wifi',
  '2g': 'cellular',
  '3g': 'cellular',
  '4g': 'cellular',
  '5g': 'cellular',
} as const;

const leaveReasons: Readonly<Record<OfflineReason, ClientEvents['peer-leave']['reason']>> = {
  quit: 'Quit',
  dropped: 'ServerTimeOut',
  becomeAudience: 'BecomeAudience',
};
