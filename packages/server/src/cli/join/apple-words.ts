/** What the callbacks of the apple dialect mean, in few words. The keys are the callbacks that are shown. */
import { ClientRole, NetworkType, type RtcEngineDelegate, RtcEngineKit } from '@holdfast/sdk/apple';
import type { Meaning } from './client.ts';
import { gapWords, messageWords, missedWords } from './messages.ts';
import { bad, good, offlineWords, plain, renewalWords, stateChange } from './words.ts';

/** The record of an outage and the text of an error have no line of their own. */
type Shown = Exclude<keyof RtcEngineDelegate, 'didEndOutage' | 'didExplainError'>;
type Words = {
  [Name in Shown]: NonNullable<RtcEngineDelegate[Name]> extends (engine: never, ...args: infer Rest) => void
    ? (...args: Rest) => Meaning
    : never;
};

/** By the callback's name; the arguments are those after the engine. */
export const appleWords: Words = {
  didJoinChannel: (_, uid, elapsed) => good(`in the channel as ${uid}, after ${elapsed} ms`),
  didRejoinChannel: (_, uid, elapsed) => good(`back in the channel as ${uid}, after ${elapsed} ms`),
  didLeaveChannel: ({ duration }) => plain(`left, after ${duration} s`),
  didJoinedOfUid: (uid) => good(`${uid} is here`),
  didOfflineOfUid: (uid, reason) => bad(`${uid} ${offlineWords(reason)}`),
  rtcEngineConnectionDidInterrupted: () => bad('nothing is received; looking for a way back'),
  rtcEngineConnectionDidLost: () => bad('no way found yet; still looking'),
  connectionChangedTo: (state, reason) => stateChange(state, reason),
  networkTypeChanged: (type) => plain(`the network is ${networkWord(type)}`),
  networkQuality: (uid, tx, rx) => plain(`${uid === 0 ? 'own network' : uid}: up ${tx}, down ${rx}`),
  receiveStreamMessageFromUid: (uid, _streamId, data) => messageWords(uid, data),
  didOccurStreamMessageErrorFromUid: (uid, _streamId, _error, missed) => missedWords(uid, missed),
  didMissStreamMessages: (gap) => gapWords(gap),
  didAudioMuted: (muted, uid) => plain(`${uid} has ${muted ? 'muted' : 'unmuted'} its audio`),
  didVideoMuted: (muted, uid) => plain(`${uid} has ${muted ? 'muted' : 'unmuted'} its video`),
  didClientRoleChanged: (_old, role) =>
    plain(role === ClientRole.broadcaster ? 'now a host' : 'now audience'),
  didUpdatedUserInfo: ({ userAccount }, uid) => plain(`${uid} is called ${userAccount}`),
  tokenPrivilegeWillExpire: () => bad('the token expires soon'),
  rtcEngineRequestToken: () => bad('the token has expired: type renew TOKEN within 30 s'),
  didRenewTokenResult: (_token, code) => renewalWords(code),
  didOccurError: (code) => bad(`error ${code}: ${RtcEngineKit.getErrorDescription(code)}`),
};

function networkWord(type: NetworkType): string {
  return Object.entries(NetworkType).find(([, number]) => number === type)?.[0] ?? 'unknown';
}
