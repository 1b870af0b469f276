/** What a channel tells, in the names and argument orders of the apple dialect. */
import { connectionReasons, connectionStates, type Notice, offlineReasons, type Role } from '@holdfast/core';
import { copyOf } from '../driver/bytes.ts';
import type { Cancel } from '../driver/host.ts';
import { type NetworkType, networkNumber } from '../driver/network-type.ts';
import type { DatedOutage } from '../driver/outages.ts';
import type { Qualities } from '../driver/quality.ts';
import type { ChannelListener, ChannelView } from '../engine/channel.ts';
import { failureCode, renewalCode } from '../engine/errors.ts';
import { gapOf } from '../engine/messages.ts';
import { clientRoles, errorCodes } from '../engine/numbers.ts';
import type { NetworkType as NetworkTypeNumber } from './numbers.ts';
import type { JoinSuccessBlock, LeaveChannelBlock, RtcEngineDelegate } from './types.ts';

/** The name of a callback. */
export type Selector = keyof RtcEngineDelegate;

/** A callback's own arguments: the engine comes before them. */
type Arguments<Name extends Selector> =
  NonNullable<RtcEngineDelegate[Name]> extends (engine: never, ...args: infer Rest) => void ? Rest : never;

/** Whom an engine tells. */
export interface Recipient {
  /** Calls the delegate that there is at this moment. */
  tell<Name extends Selector>(name: Name, ...args: Arguments<Name>): void;
  /** Calls a block; what it throws disturbs nobody. */
  call(block: () => void): void;
}

/** The ear of one stay. */
export class Told implements ChannelListener {
  /** What the application wants called when it has left. */
  done: LeaveChannelBlock | null = null;
  /** Ends the watch over the end of the process (C-31): there is nothing to leave any more. */
  unwatch: Cancel = () => {};
  readonly #to: Recipient;
  readonly #joinSuccess: JoinSuccessBlock | null;

  /** @param joinSuccess called in place of `didJoinChannel` */
  constructor(to: Recipient, joinSuccess: JoinSuccessBlock | null) {
    this.#to = to;
    this.#joinSuccess = joinSuccess;
  }

  networkChanged(type: NetworkType): void {
    this.#to.tell('networkTypeChanged', networkNumber(type) as NetworkTypeNumber);
  }

  notice(notice: Notice, about: ChannelView): void {
    const to = this.#to;
    switch (notice.type) {
      case 'state':
        return to.tell(
          'connectionChangedTo',
          connectionStates[notice.state],
          connectionReasons[notice.reason],
        );
      case 'joined':
        return this.#joined(about.name, notice.uid, Math.round(notice.elapsedMs));
      case 'rejoined':
        return to.tell('didRejoinChannel', about.name, notice.uid, Math.round(notice.elapsedMs));
      case 'interrupted':
        return to.tell('rtcEngineConnectionDidInterrupted');
      case 'lost':
        return to.tell('rtcEngineConnectionDidLost');
      case 'left':
        return this.#left(Math.round(notice.durationMs / 1000));
      case 'failed':
        this.unwatch();
        return tellError(to, failureCode(notice.close), notice.text);
      case 'message':
        return to.tell('receiveStreamMessageFromUid', notice.uid, notice.stream, copyOf(notice.data));
      case 'gap':
        return this.#gap(notice);
      // `sendStreamMessage` has said that it was accepted; this dialect has no word for more.
      case 'acknowledged':
        return;
      case 'token-will-expire':
        return to.tell('tokenPrivilegeWillExpire', notice.token);
      case 'token-expired':
        return to.tell('rtcEngineRequestToken');
      case 'token-renewed':
        return to.tell('didRenewTokenResult', notice.token, renewalCode(notice.code));
      default:
        return this.#edge(notice);
    }
  }

  roleChanged(before: Role, after: Role): void {
    this.#to.tell('didClientRoleChanged', clientRoles[before], clientRoles[after]);
  }

  quality({ up, down }: Qualities): void {
    this.#to.tell('networkQuality', own, up, down);
  }

  outage(record: DatedOutage): void {
    this.#to.tell('didEndOutage', record);
  }

  #joined(channel: string, uid: number, elapsed: number): void {
    const block = this.#joinSuccess;
    if (block === null) return this.#to.tell('didJoinChannel', channel, uid, elapsed);
    this.#to.call(() => block(channel, uid, elapsed));
  }

  /** Each gets an object of its own: what an application does to it stays its own. */
  #left(duration: number): void {
    const { done } = this;
    this.#to.tell('didLeaveChannel', { duration });
    if (done !== null) this.#to.call(() => done({ duration }));
  }

  /** C-62: the error that programs know, then what else there is to say. */
  #gap(gap: Extract<Notice, { type: 'gap' }>): void {
    const { uid, stream, missed } = gap;
    const code = errorCodes.streamMessageTimeout;
    this.#to.tell('didOccurStreamMessageErrorFromUid', uid, stream, code, missed, 0);
    this.#to.tell('didMissStreamMessages', gapOf(gap));
  }

  /** What this user is told of the others (C-20 to C-25). Streams are told apart on the web only. */
  #edge(edge: Extract<Notice, { member: unknown }>): void {
    const to = this.#to;
    const { uid, account } = edge.member;
    switch (edge.type) {
      case 'peer-joined':
        to.tell('didJoinedOfUid', uid, Math.round(edge.elapsedMs));
        if (account !== '') to.tell('didUpdatedUserInfo', { uid, userAccount: account }, uid);
        return;
      case 'peer-offline':
        return to.tell('didOfflineOfUid', uid, offlineReasons[edge.reason]);
      case 'muted':
        return to.tell(edge.kind === 'audio' ? 'didAudioMuted' : 'didVideoMuted', edge.muted, uid);
    }
  }
}

/** The uid under which one's own network is told. */
const own = 0;

/** @param code null where the state's reason has said it all */
export function tellError(to: Recipient, code: Arguments<'didOccurError'>[0] | null, text: string): void {
  if (code === null) return;
  to.tell('didOccurError', code);
  to.tell('didExplainError', code, text);
}
