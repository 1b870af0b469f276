/**
 * The errors of the 2.x web dialect. A failure callback is given a code; the client's event `failure` tells
 * the method, the code and the extended text. When a stay ends by itself, `error` tells the code as `reason`.
 * Nothing is ever thrown (C-80).
 *
 * | code | in a failure callback | as `reason` of `error` |
 * |---|---|---|
 * | INVALID_PARAMETER | an argument has the wrong type | – |
 * | INVALID_OPERATION | not possible in this state: not initialised, not in a channel, in one already, not `live` | – |
 * | INVALID_VENDOR_KEY | the app id is empty or too long, or is not served there | not served there any more |
 * | INVALID_CHANNEL_NAME | the channel name is empty, too long or has control characters | the same, said by a server |
 * | INVALID_UID | the uid is no whole number from 0 to 2^32 − 1, and no name of 1 to 64 bytes | the same, said by a server |
 * | BAD_ENVIRONMENT | no server is known, or the browser lacks what a connection needs | – |
 * | NO_AUTHORIZED | the token is not valid for this app, channel and uid | the same, when coming back |
 * | DYNAMIC_KEY_EXPIRED | the token has expired | the same |
 * | UID_CONFLICT | the uid is in use, and this server keeps the first | the same uid has joined elsewhere (C-40) |
 * | K_UID_BANNED | banned, or the channel was closed by the operator | – (`client-banned` tells it, C-44) |
 * | K_CHANNEL_CONFLICTED | the channel has the other mode (C-25) | – |
 * | K_CHANNEL_PERMISSION_INVALID | the server rejects this join | the same, when coming back |
 * | SERVICE_NOT_AVAILABLE | the servers speak no version of the protocol that this SDK speaks | the same |
 * | SOCKET_ERROR | the connection was refused because the protocol was broken | the same |
 * | SOCKET_DISCONNECTED | no server let us in within the time that the servers give | no way back was found within it |
 * | MESSAGE_TOO_LARGE | the message is larger than 32 kB | – |
 * | MESSAGES_TOO_FAST | more messages in a second than the server takes from one user (C-81) | – |
 * | OUTBOX_FULL | 1 000 messages, or 1 MB of them, wait to be acknowledged: send again when the connection is back (C-63) | – |
 * | NO_DATA_PRIVILEGE | the token does not allow to send messages (C-42) | – |
 * | NO_MEDIA_PRIVILEGE | the token does not allow to publish this: nobody gets it (C-42) | – |
 * | NO_COMMON_CODEC | the stream comes in a codec that this browser has not, or this browser has none that servers forward | – |
 * | INVALID_LOCAL_STREAM | no local stream, or one that has not been initialised | – |
 * | STREAM_ALREADY_PUBLISHED | this client publishes a stream already | – |
 * | STREAM_NOT_YET_PUBLISHED | this client does not publish this stream | – |
 * | INVALID_REMOTE_STREAM | no remote stream | – |
 * | NO_SUCH_REMOTE_STREAM | the stream is not in the channel any more | – |
 *
 * Failures of a stream are objects `{ type: 'error', msg, info }`, where `msg` is the browser's own name of the
 * error (`NotAllowedError`, `NotFoundError`, `NotReadableError`, `OverconstrainedError`, …) or one of:
 *
 * | msg | when |
 * |---|---|
 * | MEDIA_NOT_SUPPORT | the browser gives no devices to this page: it needs https, or localhost |
 * | INVALID_PARAMETER | an argument has the wrong type |
 * | INVALID_OPERATION | not a local stream, not initialised, or nothing there to replace |
 */
import type { CloseName, SendRefusal } from '@holdfast/core';

const texts = {
  INVALID_PARAMETER: 'an argument has the wrong type or an impossible value',
  INVALID_OPERATION: 'not possible in this state',
  INVALID_VENDOR_KEY: 'the app id is empty or too long',
  INVALID_CHANNEL_NAME: 'the channel name is empty, longer than 64 bytes or has control characters',
  INVALID_UID: 'a uid is a whole number from 0 to 4294967295, or a name of 1 to 64 bytes',
  BAD_ENVIRONMENT: 'the browser lacks what a connection needs',
  NO_AUTHORIZED: 'the token is not valid for this app, channel and uid',
  DYNAMIC_KEY_EXPIRED: 'the token has expired',
  UID_CONFLICT: 'the same uid is in the channel',
  K_UID_BANNED: 'banned, or the channel was closed by the operator',
  K_CHANNEL_CONFLICTED: 'the channel has the other mode',
  K_CHANNEL_PERMISSION_INVALID: 'the server rejects this join',
  SERVICE_NOT_AVAILABLE: 'the servers speak no version of the protocol that this SDK speaks',
  SOCKET_ERROR: 'the connection was refused because the protocol was broken',
  SOCKET_DISCONNECTED: 'no way into the channel was found',
  MESSAGE_TOO_LARGE: 'a message has at most 32000 bytes',
  MESSAGES_TOO_FAST: 'more messages in a second than the server takes from one user',
  OUTBOX_FULL: 'too many messages wait to be acknowledged: send again when the connection is back',
  NO_DATA_PRIVILEGE: 'the token does not allow to send messages',
  NO_MEDIA_PRIVILEGE: 'the token does not allow to publish this',
  NO_COMMON_CODEC: 'there is no codec that both ends have',
  INVALID_LOCAL_STREAM: 'that is no local stream, or it has not been initialised',
  STREAM_ALREADY_PUBLISHED: 'this client publishes a stream already',
  STREAM_NOT_YET_PUBLISHED: 'this client does not publish this stream',
  INVALID_REMOTE_STREAM: 'that is no remote stream',
  NO_SUCH_REMOTE_STREAM: 'the stream is not in the channel any more',
} as const;

/** What failure callbacks are given. */
export type FailureCode = keyof typeof texts;

/** A failure in full. */
export interface Failure {
  readonly code: FailureCode;
  readonly text: string;
}

/** @param text what happened, where more can be said than the code's own text */
export function failure(code: FailureCode, text: string = texts[code]): Failure {
  return { code, text };
}

/** Why a stay has failed, as a code. */
export function failureCode(close: CloseName): FailureCode {
  return failures[close];
}

/** Why a message was not taken. */
export function refusalFailure(refusal: SendRefusal): Failure {
  return refusals[refusal];
}

const refusals: Readonly<Record<SendRefusal, Failure>> = {
  notJoined: failure('INVALID_OPERATION', 'this client is not in a channel'),
  audience: failure('INVALID_OPERATION', 'an audience sends no messages: become host first'),
  notAllowed: failure('NO_DATA_PRIVILEGE'),
  full: failure('OUTBOX_FULL'),
  tooLarge: failure('MESSAGE_TOO_LARGE'),
  tooFast: failure('MESSAGES_TOO_FAST'),
};

const failures: Readonly<Record<CloseName, FailureCode>> = {
  done: 'SOCKET_DISCONNECTED',
  goingAway: 'SOCKET_DISCONNECTED',
  abnormal: 'SOCKET_DISCONNECTED',
  superseded: 'SOCKET_DISCONNECTED',
  silent: 'SOCKET_DISCONNECTED',
  slowConsumer: 'SOCKET_DISCONNECTED',
  busy: 'SOCKET_DISCONNECTED',
  unavailable: 'SOCKET_DISCONNECTED',
  noFirstFrame: 'SOCKET_DISCONNECTED',
  tooFast: 'SOCKET_DISCONNECTED',
  unknownSession: 'SOCKET_DISCONNECTED',
  tokenExpired: 'DYNAMIC_KEY_EXPIRED',
  protocol: 'SOCKET_ERROR',
  version: 'SERVICE_NOT_AVAILABLE',
  tooLarge: 'SOCKET_ERROR',
  invalidAppId: 'INVALID_VENDOR_KEY',
  invalidChannelName: 'INVALID_CHANNEL_NAME',
  invalidUid: 'INVALID_UID',
  invalidToken: 'NO_AUTHORIZED',
  rejected: 'K_CHANNEL_PERMISSION_INVALID',
  otherProfile: 'K_CHANNEL_CONFLICTED',
  sameUid: 'UID_CONFLICT',
  uidInUse: 'UID_CONFLICT',
  banned: 'K_UID_BANNED',
};
