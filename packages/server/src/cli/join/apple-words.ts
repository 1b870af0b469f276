/** What the callbacks of the apple dialect mean, in few words. The keys are the callbacks that are shown. */
import { ClientRole, type RtcEngineDelegate, RtcEngineKit } from '@holdfast/sdk/apple';
import type { Meaning } from './client.ts';
import { bad, good, offlineWords, plain, stateChange } from './words.ts';

/** Ours have no line of their own. */
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
  didAudioMuted: (muted, uid) => plain(`${uid} has ${muted ? 'muted' : 'unmuted'} its audio`),
  didVideoMuted: (muted, uid) => plain(`${uid} has ${muted ? 'muted' : 'unmuted'} its video`),
  didClientRoleChanged: (_old, role) =>
    plain(role === ClientRole.broadcaster ? 'now a host' : 'now audience'),
  didUpdatedUserInfo: ({ userAccount }, uid) => plain(`${uid} is called ${userAccount}`),
  didOccurError: (code) => bad(`error ${code}: ${RtcEngineKit.getErrorDescription(code)}`),
};
