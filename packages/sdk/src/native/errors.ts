/**
 * The errors of the native dialect. A method returns 0, or the code negated; `onError(code, text)` tells the
 * code and the extended text. Both sides of C-80 for applications: a clear error with a code, never a throw.
 *
 * | code | as a result (negated) | in `onError` |
 * |---|---|---|
 * | 0 | done | – |
 * | 1 | – | the connection was refused because the protocol was broken |
 * | 2 | an argument has the wrong type or a value that no call takes | – |
 * | 4 | – | the servers speak no version of the protocol that this SDK speaks |
 * | 7 | `initialize` has not been called, or `release` has | – |
 * | 8 | not possible while in a channel: leave first | – |
 * | 17 | already in a channel: leave first | the server rejects the join: the other profile, or the uid is in use |
 * | 18 | not in a channel, there is nothing to leave | – |
 * | 101 | the app id is empty or too long | the app id is not served there |
 * | 102 | the channel name is empty, too long or has control characters | the server does not take this name |
 * | 109 | – | the token has expired |
 * | 110 | – | the token is not valid for this app, channel and uid |
 * | 112 | – | no way back was found within `giveUpMs` |
 * | 113 | not in a channel | – |
 * | 114 | – | a message was larger than the server takes |
 * | 121 | the uid is not between 0 and 2^32 − 1 | the server does not take this uid |
 * | 123 | – | banned, or the channel was closed by the operator |
 * | 134 | the user account is empty, too long or has control characters | – |
 */
import type { CloseName } from '@holdfast/core';
import { ErrorCodeType } from './enums.ts';

const texts: Readonly<Record<ErrorCodeType, string>> = {
  [ErrorCodeType.ErrOk]: 'no error',
  [ErrorCodeType.ErrFailed]: 'the connection was refused because the protocol was broken',
  [ErrorCodeType.ErrInvalidArgument]: 'an argument has the wrong type or an impossible value',
  [ErrorCodeType.ErrNotSupported]: 'the servers speak no version of the protocol that this SDK speaks',
  [ErrorCodeType.ErrNotInitialized]: 'the engine is not initialized: call initialize first',
  [ErrorCodeType.ErrInvalidState]: 'not possible while in a channel: leave first',
  [ErrorCodeType.ErrJoinChannelRejected]:
    'the join was rejected: already in a channel, or refused by the server',
  [ErrorCodeType.ErrLeaveChannelRejected]: 'there is no channel to leave',
  [ErrorCodeType.ErrInvalidAppId]: 'the app id is not valid',
  [ErrorCodeType.ErrInvalidChannelName]: 'the channel name is empty, too long or has control characters',
  [ErrorCodeType.ErrTokenExpired]: 'the token has expired',
  [ErrorCodeType.ErrInvalidToken]: 'the token is not valid for this app, channel and uid',
  [ErrorCodeType.ErrConnectionLost]: 'no way back into the channel was found',
  [ErrorCodeType.ErrNotInChannel]: 'not in a channel',
  [ErrorCodeType.ErrSizeTooLarge]: 'a message was too large',
  [ErrorCodeType.ErrInvalidUserId]: 'the uid is not valid',
  [ErrorCodeType.ErrClientIsBannedByServer]: 'banned, or the channel was closed by the operator',
  [ErrorCodeType.ErrInvalidUserAccount]: 'the user account is empty, too long or has control characters',
};

/** What a code means, in words. Takes the results of methods (negative) and the codes of `onError`. */
export function errorText(code: number): string {
  if (typeof code !== 'number') return texts[ErrorCodeType.ErrInvalidArgument];
  return texts[Math.abs(code) as ErrorCodeType] ?? `error ${code}`;
}

/**
 * The code of `onError` when a stay has failed. None where the state's reason says it all: another device
 * with the same uid is not an error of this one (C-40).
 */
export function failureCode(close: CloseName): ErrorCodeType | null {
  return failures[close];
}

const failures: Readonly<Record<CloseName, ErrorCodeType | null>> = {
  done: ErrorCodeType.ErrConnectionLost,
  goingAway: ErrorCodeType.ErrConnectionLost,
  abnormal: ErrorCodeType.ErrConnectionLost,
  superseded: ErrorCodeType.ErrConnectionLost,
  silent: ErrorCodeType.ErrConnectionLost,
  slowConsumer: ErrorCodeType.ErrConnectionLost,
  busy: ErrorCodeType.ErrConnectionLost,
  unavailable: ErrorCodeType.ErrConnectionLost,
  noFirstFrame: ErrorCodeType.ErrConnectionLost,
  unknownSession: ErrorCodeType.ErrConnectionLost,
  tokenExpired: ErrorCodeType.ErrTokenExpired,
  protocol: ErrorCodeType.ErrFailed,
  version: ErrorCodeType.ErrNotSupported,
  tooLarge: ErrorCodeType.ErrSizeTooLarge,
  invalidAppId: ErrorCodeType.ErrInvalidAppId,
  invalidChannelName: ErrorCodeType.ErrInvalidChannelName,
  invalidUid: ErrorCodeType.ErrInvalidUserId,
  invalidToken: ErrorCodeType.ErrInvalidToken,
  rejected: ErrorCodeType.ErrJoinChannelRejected,
  otherProfile: ErrorCodeType.ErrJoinChannelRejected,
  sameUid: null,
  uidInUse: ErrorCodeType.ErrJoinChannelRejected,
  banned: ErrorCodeType.ErrClientIsBannedByServer,
};
