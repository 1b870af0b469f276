/** Words that dialects share; those for numbers are of native and apple. */
import {
  UserOfflineReasonType as Offline,
  ConnectionChangedReasonType as Reason,
  ConnectionStateType as State,
} from '@holdfast/sdk/native';
import type { Meaning } from './client.ts';

export const good = (words: string): Meaning => ({ words, mood: 'good' });
export const bad = (words: string): Meaning => ({ words, mood: 'bad' });
export const plain = (words: string): Meaning => ({ words, mood: 'plain' });

/** What a change of the connection state means. */
export function stateChange(state: State, reason: Reason): Meaning {
  return plain(`${stateWord(state)} (${reasons[reason] ?? `reason ${reason}`})`);
}

/** Why somebody is not there any more. */
export function offlineWords(reason: Offline): string {
  return offline[reason];
}

/** The word for a connection state. */
export function stateWord(state: State): string {
  return states[state];
}

/** The words for the reason of a state; for FAILED it is why. */
export function reasonWords(reason: Reason): string {
  return reasons[reason];
}

const states: Readonly<Record<State, string>> = {
  [State.ConnectionStateDisconnected]: 'disconnected',
  [State.ConnectionStateConnecting]: 'connecting',
  [State.ConnectionStateConnected]: 'connected',
  [State.ConnectionStateReconnecting]: 'reconnecting',
  [State.ConnectionStateFailed]: 'failed',
};

const reasons: Readonly<Record<Reason, string>> = {
  [Reason.ConnectionChangedConnecting]: 'joining',
  [Reason.ConnectionChangedJoinSuccess]: 'joined',
  [Reason.ConnectionChangedInterrupted]: 'interrupted',
  [Reason.ConnectionChangedBannedByServer]: 'banned by the server',
  [Reason.ConnectionChangedJoinFailed]: 'no way into the channel',
  [Reason.ConnectionChangedLeaveChannel]: 'left',
  [Reason.ConnectionChangedInvalidAppId]: 'the app id is not served there',
  [Reason.ConnectionChangedInvalidChannelName]: 'the channel name is not valid',
  [Reason.ConnectionChangedInvalidToken]: 'the token is not valid',
  [Reason.ConnectionChangedTokenExpired]: 'the token has expired',
  [Reason.ConnectionChangedRejectedByServer]: 'rejected by the server',
  [Reason.ConnectionChangedRenewToken]: 'the token was renewed',
  [Reason.ConnectionChangedClientIpAddressChanged]: 'the own address has changed',
  [Reason.ConnectionChangedKeepAliveTimeout]: 'the server does not answer',
  [Reason.ConnectionChangedRejoinSuccess]: 'back',
  [Reason.ConnectionChangedLost]: 'lost',
  [Reason.ConnectionChangedSameUidLogin]: 'the same uid has joined elsewhere',
};

const offline: Readonly<Record<Offline, string>> = {
  [Offline.UserOfflineQuit]: 'has left',
  [Offline.UserOfflineDropped]: 'has not been heard of for too long',
  [Offline.UserOfflineBecomeAudience]: 'is audience now',
};

/** What became of a renewed token. */
export function renewalWords(code: number): Meaning {
  return code === 0
    ? good('the new token is taken')
    : bad('the new token is not good, the one before counts on');
}
