import {
  type CloseName,
  bounds as contract,
  type Join,
  type Member,
  type Self,
  type Send,
} from '@holdfast/core';
import type { Bounds } from '../bounds/index.ts';
import type { ServerSettings } from '../settings.ts';

/** What is wrong with a join, as the close code that says so; null: nothing (C-80). */
export function faultOfJoin(join: Join, settings: ServerSettings, bounds: Bounds): CloseName | null {
  const { appId, channel, token } = join.credentials;
  const served = settings.appIds.length === 0 || settings.appIds.includes(appId);
  if (!served || !isName(appId)) return 'invalidAppId';
  if (!isName(channel) || byteLength(channel) > bounds.channelNameBytes) return 'invalidChannelName';
  if (byteLength(token) > contract.tokenBytes) return 'invalidToken';
  if (join.account !== '' && (join.uid !== 0 || !isName(join.account)) && join.rejoin === null)
    return 'invalidUid';
  const chosen = join.uid !== 0 && join.rejoin === null;
  if (chosen && (join.uid < bounds.uidMin || join.uid > bounds.uidMax)) return 'invalidUid';
  if (join.nonce.length < 16 || join.nonce.length > 64) return 'protocol';
  return faultOfRejoin(join, bounds) ?? faultOfSelf(join.self);
}

/** What is wrong with what a returner says of itself and the others: others are told of it (C-59). */
function faultOfRejoin({ rejoin }: Join, bounds: Bounds): CloseName | null {
  if (rejoin === null) return null;
  const { picture, join } = rejoin;
  if (picture.length > Math.max(contract.channelUsers, bounds.usersPerChannel)) return 'protocol';
  if (join > joinMax || !picture.every(isPlausible)) return 'protocol';
  return null;
}

function isPlausible(member: Member): boolean {
  const { uid, account, join } = member;
  return uid > 0 && join <= joinMax && (account === '' || isName(account)) && faultOfSelf(member) === null;
}

/** Join numbers begin with the seconds since 1970 and go on from there: this leaves room to count on in 32 bits. */
const joinMax = 0xf000_0000;

/** What is wrong with what a user says of itself. */
export function faultOfSelf({ streams }: Self): CloseName | null {
  const ids = new Set(streams.map(({ id }) => id));
  return streams.length > contract.streams || ids.size < streams.length ? 'protocol' : null;
}

/** What is wrong with a message. */
export function faultOfMessage({ stream, number, data }: Send): CloseName | null {
  if (data.length > contract.messageBytes) return 'tooLarge';
  return stream < 1 || stream > contract.dataStreams || number < 1 ? 'protocol' : null;
}

/** Not empty, not too long, no control characters. */
function isName(text: string): boolean {
  return text !== '' && byteLength(text) <= contract.nameBytes && !/\p{Cc}/u.test(text);
}

function byteLength(text: string): number {
  return new TextEncoder().encode(text).length;
}
