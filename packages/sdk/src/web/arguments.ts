/** What applications pass in, read with suspicion: any type may come, and none may do harm (C-80). */
import { bounds } from '@holdfast/core';
import { isBytes } from '../driver/bytes.ts';
import { looked } from '../driver/looked.ts';
import { type Failure, failure } from './errors.ts';

/** What was read, or why it cannot be. */
export type Reading<T> = { readonly value: T } | Failure;

/** Who wants to join what. */
export interface JoinRequest {
  readonly token: string;
  readonly channel: string;
  readonly uid: number;
  readonly account: string;
}

/** `null` and `undefined` are no token, as the empty string is, and no uid, as 0 is. */
export function readJoin(token: unknown, channel: unknown, uid: unknown): Reading<JoinRequest> {
  const read = readToken(token ?? '');
  if ('code' in read) return read;
  if (typeof channel !== 'string') return failure('INVALID_PARAMETER', 'a channel is a string');
  if (!isName(channel)) return failure('INVALID_CHANNEL_NAME');
  const place = { token: read.value, channel };
  const who = uid ?? 0;
  if (typeof who === 'string') {
    return isName(who) ? { value: { ...place, uid: 0, account: who } } : failure('INVALID_UID');
  }
  if (typeof who !== 'number') return failure('INVALID_PARAMETER', 'a uid is a number or a string');
  if (!Number.isInteger(who) || who < 0 || who > mostUid) return failure('INVALID_UID');
  return { value: { ...place, uid: who, account: '' } };
}

/** A token of at most 4 096 bytes. */
export function readToken(token: unknown): Reading<string> {
  if (typeof token !== 'string') return failure('INVALID_PARAMETER', 'a token is a string');
  if (token.length > bounds.tokenBytes) return failure('INVALID_PARAMETER', 'the token is too long');
  return { value: token };
}

/** 1 to 64 bytes. */
export function readAppId(appId: unknown): Reading<string> {
  if (typeof appId !== 'string') return failure('INVALID_PARAMETER', 'an app id is a string');
  return isName(appId) ? { value: appId } : failure('INVALID_VENDOR_KEY');
}

/** A string as its UTF-8, bytes as they are (still the page's own), or an object whose `payload` is one of them. */
export function readMessage(message: unknown): Reading<Uint8Array> {
  const wrapped = typeof message === 'object' && message !== null && !isBytes(message);
  const payload = wrapped ? looked(() => (message as { payload?: unknown }).payload, null) : message;
  if (isBytes(payload)) return { value: payload };
  if (typeof payload !== 'string')
    return failure('INVALID_PARAMETER', 'a message is a string or a Uint8Array');
  // A character has at least one byte: what is certainly too large is not encoded first.
  if (payload.length > bounds.messageBytes) return failure('MESSAGE_TOO_LARGE');
  return { value: new TextEncoder().encode(payload) };
}

/** Undefined: it was not understood. */
export function readServers(configuration: unknown): readonly string[] | undefined {
  return looked(() => serversOf(configuration), undefined);
}

function serversOf(configuration: unknown): readonly string[] | undefined {
  if (typeof configuration !== 'object' || configuration === null) return undefined;
  const { servers } = configuration as Record<string, unknown>;
  if (!Array.isArray(servers) || servers.length === 0 || servers.length > mostServers) return undefined;
  return servers.every(isServer) ? [...servers] : undefined;
}

/** The callbacks behind `join`'s first three arguments: programs may put a word on the user before them. */
export function callbacksOfJoin(rest: readonly unknown[]): [onSuccess: unknown, onFailure: unknown] {
  const [first] = rest;
  const informed = rest.length > 2 || (first !== null && first !== undefined && typeof first !== 'function');
  const [onSuccess, onFailure] = informed ? rest.slice(1) : rest;
  return [onSuccess, onFailure];
}

const mostServers = 64;
const mostUid = 2 ** 32 - 1;

function isServer(value: unknown): value is string {
  return typeof value === 'string' && /^wss?:\/\/[^\s/]+/i.test(value);
}

/** 1 to 64 bytes of UTF-8 without control characters or halves of characters. */
function isName(value: string): boolean {
  if (value.length === 0 || value.length > bounds.nameBytes) return false;
  if (/\p{Cc}|\p{Cs}/u.test(value)) return false;
  return new TextEncoder().encode(value).length <= bounds.nameBytes;
}
