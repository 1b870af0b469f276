/**
 * The errors of the native and apple dialects. A method returns 0, or the code negated; `onError(code, text)`
 * (apple: `didOccurError` and `didExplainError`) tells the code and the extended text. Both sides of C-80 for
 * applications: a clear error with a code, never a throw.
 *
 * | code | as a result (negated) | told as an error |
 * |---|---|---|
 * | 0 | done | – |
 * | 1 | – | the connection was refused because the protocol was broken |
 * | 2 | an argument has the wrong type or a value that no call takes | – |
 * | 3 | this stay has created no such data stream: `createDataStream` first; or there is no source for what is pushed: `setExternalVideoSource` | – |
 * | 4 | there are no audio and video here: on Node, install `@roamhq/wrtc` | the servers speak no version of the protocol that this SDK speaks; or audio and video ended here and will not come |
 * | 5 | an audience sends no messages: become a host first | – |
 * | 7 | native: `initialize` has not been called, or `release` has; apple: `destroy` has | – |
 * | 8 | not possible while in a channel: leave first | – |
 * | 9 | the token does not allow to send messages (C-42) | – |
 * | 17 | already in a channel: leave first | the server rejects the join: the other profile, or the uid is in use |
 * | 18 | not in a channel, there is nothing to leave | – |
 * | 22 | 1 000 messages, or 1 MB of them, wait to be acknowledged: send again when the connection is back (C-63) | – |
 * | 101 | the app id is empty or too long | the app id is not served there |
 * | 102 | the channel name is empty, too long or has control characters | the server does not take this name |
 * | 109 | – | the token has expired |
 * | 110 | – | the token is not valid for this app, channel and uid |
 * | 112 | – | no way back was found within `giveUpMs` |
 * | 113 | not in a channel; for messages also: not in it yet | – |
 * | 114 | a message is larger than 32 kB | a message was larger than the server takes |
 * | 115 | more messages in a second than the server takes from one user (C-81) | – |
 * | 116 | this stay has 5 data streams | – |
 * | 117 | – | messages of another user are missing for good: the code in `onStreamMessageError` (C-62) |
 * | 121 | the uid is not between 0 and 2^32 − 1 | the server does not take this uid |
 * | 123 | – | banned, or the channel was closed by the operator |
 * | 134 | the user account is empty, too long or has control characters | – |
 */
import { type CloseName, closeName } from '@holdfast/core';
import { type ErrorCode, errorCodes } from './numbers.ts';

const texts: Readonly<Record<ErrorCode, string>> = {
  [errorCodes.ok]: 'no error',
  [errorCodes.failed]: 'the connection was refused because the protocol was broken',
  [errorCodes.invalidArgument]: 'an argument has the wrong type or an impossible value',
  [errorCodes.notReady]:
    'there is no such data stream in this stay, or no such source: call createDataStream or setExternalVideoSource first',
  [errorCodes.notSupported]:
    'not supported: no common protocol version with the servers, or audio and video without @roamhq/wrtc',
  [errorCodes.refused]: 'an audience sends no messages: become a host first',
  [errorCodes.notInitialized]: 'the engine is not initialized: call initialize (apple: sharedEngine) first',
  [errorCodes.invalidState]: 'not possible while in a channel: leave first',
  [errorCodes.noPermission]: 'the token does not allow to send messages',
  [errorCodes.joinChannelRejected]: 'the join was rejected: already in a channel, or refused by the server',
  [errorCodes.leaveChannelRejected]: 'there is no channel to leave',
  [errorCodes.resourceLimited]:
    'too many messages wait to be acknowledged: send again when the connection is back',
  [errorCodes.invalidAppId]: 'the app id is not valid',
  [errorCodes.invalidChannelName]: 'the channel name is empty, too long or has control characters',
  [errorCodes.tokenExpired]: 'the token has expired',
  [errorCodes.invalidToken]: 'the token is not valid for this app, channel and uid',
  [errorCodes.connectionLost]: 'no way back into the channel was found',
  [errorCodes.notInChannel]: 'not in a channel',
  [errorCodes.sizeTooLarge]: 'a message was too large',
  [errorCodes.tooFast]: 'more messages in a second than the server takes from one user',
  [errorCodes.tooManyDataStreams]: 'this stay has as many data streams as one user may have',
  [errorCodes.streamMessageTimeout]: 'messages are missing and will not come',
  [errorCodes.invalidUserId]: 'the uid is not valid',
  [errorCodes.bannedByServer]: 'banned, or the channel was closed by the operator',
  [errorCodes.invalidUserAccount]: 'the user account is empty, too long or has control characters',
};

/** What a code means, in words. Takes the results of methods (negative) and the codes of callbacks. */
export function errorText(code: number): string {
  if (typeof code !== 'number') return texts[errorCodes.invalidArgument];
  return texts[Math.abs(code) as ErrorCode] ?? `error ${code}`;
}

/**
 * The code that is told when a stay has failed. None where the state's reason says it all: another device
 * with the same uid is not an error of this one (C-40).
 */
export function failureCode(close: CloseName): ErrorCode | null {
  return failures[close];
}

/** What became of a renewed token, as programs know it, by a server's answer. */
export function renewalCode(code: number): number {
  if (code === 0) return 0;
  return closeName(code) === 'tokenExpired' ? 2 : 3;
}

const failures: Readonly<Record<CloseName, ErrorCode | null>> = {
  done: errorCodes.connectionLost,
  goingAway: errorCodes.connectionLost,
  abnormal: errorCodes.connectionLost,
  superseded: errorCodes.connectionLost,
  silent: errorCodes.connectionLost,
  slowConsumer: errorCodes.connectionLost,
  busy: errorCodes.connectionLost,
  unavailable: errorCodes.connectionLost,
  noFirstFrame: errorCodes.connectionLost,
  tooFast: errorCodes.connectionLost,
  unknownSession: errorCodes.connectionLost,
  tokenExpired: errorCodes.tokenExpired,
  protocol: errorCodes.failed,
  version: errorCodes.notSupported,
  tooLarge: errorCodes.sizeTooLarge,
  invalidAppId: errorCodes.invalidAppId,
  invalidChannelName: errorCodes.invalidChannelName,
  invalidUid: errorCodes.invalidUserId,
  invalidToken: errorCodes.invalidToken,
  rejected: errorCodes.joinChannelRejected,
  otherProfile: errorCodes.joinChannelRejected,
  sameUid: null,
  uidInUse: errorCodes.joinChannelRejected,
  banned: errorCodes.bannedByServer,
};
