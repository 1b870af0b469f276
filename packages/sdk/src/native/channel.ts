import {
  ClientSession,
  connectionReasons,
  connectionStates,
  type Notice,
  offlineReasons,
  type Profile,
  type Self,
  type StayOptions,
} from '@holdfast/core';
import type { Delivery } from '../driver/delivery.ts';
import type { Host } from '../driver/host.ts';
import type { DatedOutage, OutageLog } from '../driver/outages.ts';
import { Stay } from '../driver/stay.ts';
import { ClientRoleType, type ConnectionStateType } from './enums.ts';
import { failureCode } from './errors.ts';
import type { Handlers } from './handlers.ts';
import { sameSelf } from './publication.ts';
import type { RtcConnection } from './types.ts';

/** What a channel shares with its engine. */
export interface Surroundings {
  readonly host: Host;
  readonly delivery: Delivery;
  readonly handlers: Handlers;
  readonly outages: OutageLog;
}

/** One stay in one channel, told in the native dialect. It translates and decides nothing. */
export class Channel {
  readonly #engine: Surroundings;
  readonly #options: StayOptions;
  readonly #session: ClientSession;
  readonly #stay: Stay;
  readonly #joinedAt: number;
  #self: Self;

  /** Begins to join at once. */
  constructor(engine: Surroundings, options: StayOptions) {
    const { host, delivery } = engine;
    this.#engine = engine;
    this.#options = options;
    this.#self = options.self;
    this.#joinedAt = host.now();
    this.#session = new ClientSession(options, { next: () => host.random(), id: () => host.id() });
    const listener = {
      notice: (notice: Notice) => this.#notice(notice),
      outage: (record: DatedOutage) => this.#outage(record),
    };
    this.#stay = new Stay({ host, delivery, listener, session: this.#session });
  }

  get profile(): Profile {
    return this.#options.profile;
  }

  get state(): ConnectionStateType {
    return connectionStates[this.#stay.state];
  }

  /** The stay has ended by itself and will not come back. */
  get failed(): boolean {
    return this.#stay.state === 'failed';
  }

  /** A failed stay has nothing to leave, but its application hears the same as ever. */
  leave(): void {
    if (!this.failed) return this.#stay.leave();
    const durationMs = this.#engine.host.now() - this.#joinedAt;
    this.#engine.delivery.add(() => {
      this.#notice({ type: 'state', state: 'disconnected', reason: 'leaveChannel' });
      this.#notice({ type: 'left', durationMs });
    });
  }

  /** See `Stay.renew`. */
  renew(token: string): void {
    this.#stay.renew(token);
  }

  /** Tells the others what this user is and publishes, and the application if its role has changed. */
  update(self: Self): void {
    const before = this.#self;
    if (sameSelf(before, self)) return;
    this.#self = self;
    this.#stay.update(self);
    if (before.role === self.role) return;
    const [oldRole, newRole] = [before, self].map(({ role }) =>
      role === 'host' ? ClientRoleType.ClientRoleBroadcaster : ClientRoleType.ClientRoleAudience,
    ) as [ClientRoleType, ClientRoleType];
    const { delivery, handlers } = this.#engine;
    delivery.add(() => handlers.emit('onClientRoleChanged', this.#connection(), oldRole, newRole));
  }

  #outage(record: DatedOutage): void {
    this.#engine.outages.add(record);
    this.#engine.handlers.emit('onOutage', this.#connection(), record);
  }

  #notice(notice: Notice): void {
    const { handlers } = this.#engine;
    const connection = this.#connection();
    switch (notice.type) {
      case 'state': {
        const state = connectionStates[notice.state];
        return handlers.emit('onConnectionStateChanged', connection, state, connectionReasons[notice.reason]);
      }
      case 'joined':
        if (this.#options.account !== '') {
          handlers.emit('onLocalUserRegistered', notice.uid, this.#options.account);
        }
        return handlers.emit('onJoinChannelSuccess', connection, Math.round(notice.elapsedMs));
      case 'rejoined':
        handlers.emit('didRejoinChannel', connection, Math.round(notice.elapsedMs));
        return handlers.emit('onRejoinChannelSuccess', connection, Math.round(notice.elapsedMs));
      case 'interrupted':
        return handlers.emit('onConnectionInterrupted', connection);
      case 'lost':
        return handlers.emit('onConnectionLost', connection);
      case 'left':
        return handlers.emit('onLeaveChannel', connection, {
          duration: Math.round(notice.durationMs / 1000),
        });
      case 'failed': {
        const code = failureCode(notice.close);
        return code === null ? undefined : handlers.emit('onError', code, notice.text);
      }
      default:
        return this.#edge(notice, connection);
    }
  }

  /** What this user is told of the others (C-20 to C-25). Streams are told apart on the web only. */
  #edge(edge: Extract<Notice, { member: unknown }>, connection: RtcConnection): void {
    const { handlers } = this.#engine;
    const { uid, account } = edge.member;
    switch (edge.type) {
      case 'peer-joined':
        handlers.emit('onUserJoined', connection, uid, Math.round(edge.elapsedMs));
        if (account !== '') handlers.emit('onUserInfoUpdated', uid, { uid, userAccount: account });
        return;
      case 'peer-offline':
        return handlers.emit('onUserOffline', connection, uid, offlineReasons[edge.reason]);
      case 'muted':
        return handlers.emit(
          edge.kind === 'audio' ? 'onUserMuteAudio' : 'onUserMuteVideo',
          connection,
          uid,
          edge.muted,
        );
    }
  }

  /** A fresh object for every callback: what an application does to it stays its own. */
  #connection(): RtcConnection {
    return { channelId: this.#options.channel, localUid: this.#session.uid };
  }
}
