/** What the callbacks of the native dialect mean, in few words. The keys are the callbacks that are shown. */
import {
  ClientRoleType,
  type IRtcEngineEventHandler,
  NetworkType,
  RemoteAudioState,
  RemoteVideoState,
  type RtcEngineEvent,
} from '@holdfast/sdk/native';
import type { Meaning } from './client.ts';
import { gapWords, messageWords, missedWords } from './messages.ts';
import { bad, good, offlineWords, plain, renewalWords, stateChange } from './words.ts';

/** The record of an outage and the second name of a callback have no line of their own. */
type Shown = Exclude<RtcEngineEvent, 'onOutage' | 'onRejoinChannelSuccess'>;
type Words = {
  [Event in Shown]: (...args: Parameters<NonNullable<IRtcEngineEventHandler[Event]>>) => Meaning;
};

/** By the callback's name. */
export const nativeWords: Words = {
  onJoinChannelSuccess: ({ localUid }, elapsed) => good(`in the channel as ${localUid}, after ${elapsed} ms`),
  didRejoinChannel: ({ localUid }, elapsed) =>
    good(`back in the channel as ${localUid}, after ${elapsed} ms`),
  onLeaveChannel: (_, { duration }) => plain(`left, after ${duration} s`),
  onUserJoined: (_, uid) => good(`${uid} is here`),
  onUserOffline: (_, uid, reason) => bad(`${uid} ${offlineWords(reason)}`),
  onConnectionInterrupted: () => bad('nothing is received; looking for a way back'),
  onConnectionLost: () => bad('no way found yet; still looking'),
  onConnectionStateChanged: (_, state, reason) => stateChange(state, reason),
  onNetworkTypeChanged: (_, type) => plain(`the network is ${wordOf(NetworkType[type])}`),
  onNetworkQuality: (_, uid, tx, rx) => plain(`${uid === 0 ? 'own network' : uid}: up ${tx}, down ${rx}`),
  onRemoteAudioStateChanged: (_, uid, state) =>
    plain(`the audio of ${uid} is ${wordOf(RemoteAudioState[state])}`),
  onRemoteVideoStateChanged: (_, uid, state) =>
    plain(`the video of ${uid} is ${wordOf(RemoteVideoState[state])}`),
  onFirstRemoteVideoFrame: (_, uid, width, height) => good(`${uid} is seen, ${width}×${height}`),
  onFirstRemoteAudioFrame: (_, uid) => good(`${uid} is heard`),
  onStreamMessage: (_, uid, _streamId, data) => messageWords(uid, data),
  onStreamMessageError: (_, uid, _streamId, _code, missed) => missedWords(uid, missed),
  onStreamMessageGap: (_, gap) => gapWords(gap),
  onUserMuteAudio: (_, uid, muted) => plain(`${uid} has ${muted ? 'muted' : 'unmuted'} its audio`),
  onUserMuteVideo: (_, uid, muted) => plain(`${uid} has ${muted ? 'muted' : 'unmuted'} its video`),
  onClientRoleChanged: (_, _old, role) =>
    plain(role === ClientRoleType.ClientRoleBroadcaster ? 'now a host' : 'now audience'),
  onLocalUserRegistered: (uid, account) => plain(`${account} has the uid ${uid}`),
  onUserInfoUpdated: (uid, { userAccount }) => plain(`${uid} is called ${userAccount}`),
  onTokenPrivilegeWillExpire: () => bad('the token expires soon'),
  onRequestToken: () => bad('the token has expired: type renew TOKEN within 30 s'),
  onRenewTokenResult: (_, _token, code) => renewalWords(code),
  onError: (code, text) => bad(`error ${code}: ${text}`),
};

/** `NetworkTypeWifi` → `wifi`. */
function wordOf(name = 'unknown'): string {
  return name.replace(/^(NetworkType|RemoteAudioState|RemoteVideoState)/, '').toLowerCase();
}
