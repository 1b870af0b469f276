/** What the events of the web dialect mean, in few words. The keys are the events that are shown. */
import type { ClientEvents, Uid } from '@holdfast/sdk/web';
import type { Meaning } from './client.ts';
import { gapWords, messageWords } from './messages.ts';
import { bad, good, plain } from './words.ts';

/** The record of an outage has no line of its own. */
type Shown = Exclude<keyof ClientEvents, 'outage'>;
type Words = { [Event in Shown]: (payload: ClientEvents[Event]) => Meaning };

/** By the event's name. */
export const webWords: Words = {
  'stream-added': ({ stream }) => good(`the stream of ${stream.getId()} is here`),
  'stream-removed': ({ stream }) => bad(`the stream of ${stream.getId()} is gone`),
  'stream-subscribed': ({ stream }) => plain(`subscribed to the stream of ${stream.getId()}`),
  'stream-updated': ({ stream }) => plain(`the stream of ${stream.getId()} has other tracks`),
  'stream-published': () => plain('the own stream is published'),
  'stream-unpublished': () => plain('the own stream is published no longer'),
  'peer-online': ({ uid }) => good(`${uid} is here`),
  'peer-leave': ({ uid, reason }) => bad(`${uid} ${leaveWords[reason]}`),
  'mute-audio': mutedWords('has muted its audio'),
  'unmute-audio': mutedWords('has unmuted its audio'),
  'mute-video': mutedWords('has muted its video'),
  'unmute-video': mutedWords('has unmuted its video'),
  'connection-state-change': ({ prevState, curState }) => plain(`${prevState} -> ${curState}`),
  onTokenPrivilegeWillExpire: () => bad('the token expires soon'),
  onTokenPrivilegeDidExpire: () => bad('the token has expired'),
  'stream-message': ({ uid, data }) => messageWords(uid, data),
  'stream-message-gap': (gap) => gapWords(gap),
  'network-quality': (quality) =>
    plain(`up ${quality.uplinkNetworkQuality}, down ${quality.downlinkNetworkQuality}`),
  'volume-indicator': ({ attr }) => plain(attr.map(({ uid, level }) => `${uid}: ${level}`).join(', ')),
  'network-type-changed': ({ networkType }) => plain(`the network is ${networkType}`),
  'client-banned': ({ attr }) => bad(`banned: ${attr}`),
  'client-role-changed': ({ role }) => plain(role === 'host' ? 'now a host' : 'now audience'),
  error: ({ reason, text }) => bad(`${reason}: ${text}`),
  exception: ({ code, msg }) => bad(`exception ${code}: ${msg}`),
  failure: ({ method, code, text }) => bad(`${method}: ${code}: ${text}`),
};

function mutedWords(what: string) {
  return ({ uid }: { readonly uid: Uid }) => plain(`${uid} ${what}`);
}

const leaveWords: Readonly<Record<ClientEvents['peer-leave']['reason'], string>> = {
  Quit: 'has left',
  ServerTimeOut: 'has not been heard of for too long',
  BecomeAudience: 'is audience now',
};
