import { bounds, type CloseName, type Join, type Self, type Send } from '@holdfast/core';
import type { ServerSettings } from '../settings.ts';

/** What is wrong with a join, as the close code that says so; null: nothing (C-80). */
export function faultOfJoin(join: Join, settings: ServerSettings): CloseName | null {
  const { appId, channel, token } = join.credentials;
  const served = settings.appIds.length === 0 || settings.appIds.includes(appId);
  if (!served || !isName(appId)) return 'invalidAppId';
  if (!isName(channel)) return 'invalidChannelName';
  if (byteLength(token) > bounds.tokenBytes) return 'invalidToken';
  if (join.account !== '' && (join.uid !== 0 || !isName(join.account)) && join.rejoin === null)
    return 'invalidUid';
  if (join.nonce.length < 16 || join.nonce.length > 64) return 'protocol';
  if ((join.rejoin?.picture.length ?? 0) > bounds.channelUsers) return 'protocol';
  return faultOfSelf(join.self);
}

/** What is wrong with what a user says of itself. */
export function faultOfSelf({ streams }: Self): CloseName | null {
  const ids = new Set(streams.map(({ id }) => id));
  return streams.length > bounds.streams || ids.size < streams.length ? 'protocol' : null;
}

/** What is wrong with a message. */
export function faultOfMessage({ stream, number, data }: Send): CloseName | null {
  if (data.length > bounds.messageBytes) return 'tooLarge';
  return stream < 1 || stream > bounds.dataStreams || number < 1 ? 'protocol' : null;
}

/** Not empty, not too long, no control characters. */
function isName(text: string): boolean {
  return text !== '' && byteLength(text) <= bounds.nameBytes && !/\p{Cc}/u.test(text);
}

function byteLength(text: string): number {
  return new TextEncoder().encode(text).length;
}
