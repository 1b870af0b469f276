/** Messages, as native and apple have them: what keeps one from being sent, and what is told of missing ones. */
import type { GapReason, Notice, SendRefusal } from '@holdfast/core';
import { type ErrorCode, errorCodes } from './numbers.ts';

/** Why a message is not taken. */
export type MessageRefusal =
  | SendRefusal
  /** This stay has not created the data stream. */
  | 'noSuchStream';

/** Messages that will never come (C-62). */
export interface StreamMessageGap {
  /** Who sent them. */
  uid: number;
  streamId: number;
  /** How many; −1: unknown. */
  missed: number;
  /** The number of the first, as its sender counts its messages on this stream, from 1 for each of its joins. */
  from: number;
  /** The number of the last; −1: unknown. */
  to: number;
  /** They were older than the channel's history, or went with the channel's destruction, or with the servers' log. */
  reason: GapReason;
}

/** A fresh object for every callback. */
export function gapOf(notice: Extract<Notice, { type: 'gap' }>): StreamMessageGap {
  const { uid, stream, missed, from, to, reason } = notice;
  return { uid, streamId: stream, missed, from, to, reason };
}

/** What a refused `sendStreamMessage` returns, negated. */
export function refusalCode(refusal: MessageRefusal): ErrorCode {
  return codes[refusal];
}

const codes: Readonly<Record<MessageRefusal, ErrorCode>> = {
  noSuchStream: errorCodes.notReady,
  audience: errorCodes.refused,
  notAllowed: errorCodes.noPermission,
  full: errorCodes.resourceLimited,
  notJoined: errorCodes.notInChannel,
  tooLarge: errorCodes.sizeTooLarge,
  tooFast: errorCodes.tooFast,
};
