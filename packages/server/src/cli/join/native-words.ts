/** What the callbacks of the native dialect mean, in few words. The keys are the callbacks that are shown. */
import {
  ClientRoleType,
  type IRtcEngineEventHandler,
  UserOfflineReasonType as Offline,
  ConnectionChangedReasonType as Reason,
  type RtcEngineEvent,
  ConnectionStateType as State,
} from '@holdfast/sdk/native';
import type { Meaning } from './client.ts';

/** Ours and the second name of a callback have no line of their own. */
type Shown = Exclude<RtcEngineEvent, 'onOutage' | 'onRejoinChannelSuccess'>;
type Words = {
  [Event in Shown]: (...args: Parameters<NonNullable<IRtcEngineEventHandler[Event]>>) => Meaning;
};

const good = (words: string): Meaning => ({ words, mood: 'good' });
const bad = (words: string): Meaning => ({ words, mood: 'bad' });
const plain = (words: string): Meaning => ({ words, mood: 'plain' });

/** By the callback's name. */
export const nativeWords: Words = {
  onJoinChannelSuccess: ({ localUid }, elapsed) => good(`in the channel as ${localUid}, after ${elapsed} ms`),
  didRejoinChannel: ({ localUid }, elapsed) =>
    good(`back in the channel as ${localUid}, after ${elapsed} ms`),
  onLeaveChannel: (_, { duration }) => plain(`left, after ${duration} s`),
  onUserJoined: (_, uid) => good(`${uid} is here`),
  onUserOffline: (_, uid, reason) => bad(`${uid} ${offline[reason]}`),
  onConnectionInterrupted: () => bad('nothing is received; looking for a way back'),
  onConnectionLost: () => bad('no way found yet; still looking'),
  onConnectionStateChanged: (_, state, reason) =>
    plain(`${stateWord(state)} (${reasons[reason] ?? `reason ${reason}`})`),
  onUserMuteAudio: (_, uid, muted) => plain(`${uid} has ${muted ? 'muted' : 'unmuted'} its audio`),
  onUserMuteVideo: (_, uid, muted) => plain(`${uid} has ${muted ? 'muted' : 'unmuted'} its video`),
  onClientRoleChanged: (_, _old, role) =>
    plain(role === ClientRoleType.ClientRoleBroadcaster ? 'now a host' : 'now audience'),
  onLocalUserRegistered: (uid, account) => plain(`${account} has the uid ${uid}`),
  onUserInfoUpdated: (uid, { userAccount }) => plain(`${uid} is called ${userAccount}`),
  onError: (code, text) => bad(`error ${code}: ${text}`),
};

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
