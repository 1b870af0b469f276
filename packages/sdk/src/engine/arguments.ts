/** What applications pass in, read with suspicion: any type may come, and none may do harm (C-80). */
import { bounds, type ClientLimits, type Platform, type Profile, type Role } from '@holdfast/core';
import { isBytes } from '../driver/bytes.ts';
import { looked } from '../driver/looked.ts';
import { channelProfiles, clientRoles, errorCodes } from './numbers.ts';
import type { Publication } from './publication.ts';

/** What was read, or the negative code that the method returns. */
export type Reading<T> = { readonly value: T } | { readonly error: number };

/** What an engine has been told before its first join. */
export interface Settings {
  readonly appId: string;
  readonly servers: readonly string[];
  readonly platform: Platform;
  readonly profile: Profile | undefined;
  readonly limits: Partial<ClientLimits>;
}

/** Who wants to join what. */
export interface JoinRequest {
  readonly token: string;
  readonly channel: string;
  readonly uid: number;
  readonly account: string;
}

/** What a join or an update has said of itself; undefined: nothing. */
export interface ChannelOptions {
  readonly profile: Profile | undefined;
  readonly role: Role | undefined;
  readonly publish: Partial<Publication>;
  /** Whether others are received. */
  readonly receive: { readonly audio?: boolean; readonly video?: boolean };
}

/** What is to be sent on which data stream, created or not. */
export interface Message {
  readonly stream: number;
  readonly data: Uint8Array;
}

/**
 * @param platforms those of the dialect
 * @param fallback the platform if the context names none
 */
export function readContext(
  context: unknown,
  platforms: readonly Platform[],
  fallback: Platform,
): Reading<Settings> {
  return looked(() => contextOf(context, platforms, fallback), invalid);
}

function contextOf(context: unknown, platforms: readonly Platform[], fallback: Platform): Reading<Settings> {
  if (!isObject(context)) return invalid;
  const { appId, servers, platform = fallback, channelProfile } = context;
  if (typeof appId !== 'string') return invalid;
  if (!isName(appId)) return { error: -errorCodes.invalidAppId };
  if (!Array.isArray(servers) || servers.length === 0 || servers.length > mostServers) return invalid;
  if (!servers.every(isServer) || !platforms.includes(platform as Platform)) return invalid;
  const profile = readProfile(channelProfile);
  const limits = readLimits(context);
  if ('error' in profile || 'error' in limits) return invalid;
  const about = { appId, servers: [...servers], platform: platform as Platform };
  return { value: { ...about, profile: profile.value, limits: limits.value } };
}

/** `null` and `undefined` are no token, as the empty string is. */
export function readJoin(token: unknown, channel: unknown, uid: unknown): Reading<JoinRequest> {
  const place = readPlace(token, channel);
  if ('error' in place) return place;
  if (typeof uid !== 'number' || !Number.isInteger(uid)) return invalid;
  if (uid !== 0 && !isUid(uid)) return { error: -errorCodes.invalidUserId };
  return { value: { ...place.value, uid, account: '' } };
}

/** Of a user: 1 to 2^32 − 1. */
export function isUid(uid: unknown): uid is number {
  return typeof uid === 'number' && Number.isInteger(uid) && uid > 0 && uid <= mostUid;
}

/** As `readJoin`, with a name instead of a number. */
export function readAccountJoin(token: unknown, channel: unknown, account: unknown): Reading<JoinRequest> {
  const place = readPlace(token, channel);
  if ('error' in place) return place;
  if (typeof account !== 'string') return invalid;
  if (!isName(account)) return { error: -errorCodes.invalidUserAccount };
  return { value: { ...place.value, uid: 0, account } };
}

function readPlace(token: unknown, channel: unknown): Reading<{ token: string; channel: string }> {
  const read = readToken(token ?? '');
  if ('error' in read || typeof channel !== 'string') return invalid;
  if (!isName(channel)) return { error: -errorCodes.invalidChannelName };
  return { value: { token: read.value, channel } };
}

/** A token of at most 4 096 bytes. */
export function readToken(token: unknown): Reading<string> {
  if (typeof token !== 'string' || token.length > bounds.tokenBytes) return invalid;
  return { value: token };
}

/** Unknown options are not looked at: programs say much that means nothing here. */
export function readOptions(options: unknown): Reading<ChannelOptions> {
  return looked(() => optionsOf(options), invalid);
}

function optionsOf(options: unknown): Reading<ChannelOptions> {
  if (options === undefined || options === null) return { value: nothingSaid };
  if (!isObject(options)) return invalid;
  const { publishMicrophoneTrack, publishCameraTrack, autoSubscribeAudio, autoSubscribeVideo } = options;
  const choices = [publishMicrophoneTrack, publishCameraTrack, autoSubscribeAudio, autoSubscribeVideo];
  if (!choices.every((choice) => choice === undefined || typeof choice === 'boolean')) return invalid;
  const profile = readProfile(options.channelProfile);
  const role = options.clientRoleType === undefined ? { value: undefined } : readRole(options.clientRoleType);
  if ('error' in profile || 'error' in role) return invalid;
  const publish = {
    ...(typeof publishMicrophoneTrack === 'boolean' && { microphone: publishMicrophoneTrack }),
    ...(typeof publishCameraTrack === 'boolean' && { camera: publishCameraTrack }),
  };
  const receive = {
    ...(typeof autoSubscribeAudio === 'boolean' && { audio: autoSubscribeAudio }),
    ...(typeof autoSubscribeVideo === 'boolean' && { video: autoSubscribeVideo }),
  };
  return { value: { profile: profile.value, role: role.value, publish, receive } };
}

const nothingSaid: ChannelOptions = { profile: undefined, role: undefined, publish: {}, receive: {} };

/**
 * A configuration, or the two choices reliable and ordered of an older API. They are understood and change
 * nothing: every data stream is reliable and ordered (C-60), and none waits for audio.
 */
export function readDataStream(first: unknown, ordered: unknown): Reading<null> {
  if (typeof first === 'boolean') return typeof ordered === 'boolean' ? { value: null } : invalid;
  if (first === undefined || first === null) return { value: null };
  if (!isObject(first)) return invalid;
  const choices = looked(() => [first.ordered, first.syncWithAudio], [null]);
  return choices.every((choice) => choice === undefined || typeof choice === 'boolean')
    ? { value: null }
    : invalid;
}

/**
 * A message still in the memory of its owner: whoever keeps it copies it.
 * @param length how much of the data is sent; undefined: all of it
 */
export function readMessage(streamId: unknown, data: unknown, length: unknown): Reading<Message> {
  if (typeof streamId !== 'number' || !Number.isInteger(streamId) || !isBytes(data)) return invalid;
  const said = length ?? data.length;
  if (typeof said !== 'number' || !Number.isInteger(said) || said < 0 || said > data.length) return invalid;
  return { value: { stream: streamId, data: said === data.length ? data : data.subarray(0, said) } };
}

/** @returns undefined for undefined: not said */
export function readProfile(profile: unknown): Reading<Profile | undefined> {
  if (profile === undefined) return { value: undefined };
  if (profile === channelProfiles.communication) return { value: 'communication' };
  if (profile === channelProfiles.live) return { value: 'live' };
  return invalid;
}

/** One of the two roles. */
export function readRole(role: unknown): Reading<Role> {
  if (role === clientRoles.host) return { value: 'host' };
  if (role === clientRoles.audience) return { value: 'audience' };
  return invalid;
}

function readLimits(context: Record<string, unknown>): Reading<Partial<ClientLimits>> {
  const { interruptedMs, lostMs, giveUpMs } = context;
  const said = [interruptedMs, lostMs, giveUpMs ?? undefined].filter((limit) => limit !== undefined);
  if (!said.every(isDuration)) return invalid;
  if (isDuration(interruptedMs) && isDuration(lostMs) && interruptedMs > lostMs) return invalid;
  const value = {
    ...(isDuration(interruptedMs) && { interruptedMs }),
    ...(isDuration(lostMs) && { lostMs }),
    ...((giveUpMs === null || isDuration(giveUpMs)) && { giveUpMs }),
  };
  return { value };
}

const invalid = { error: -errorCodes.invalidArgument } as const;
const mostServers = 64;
const mostUid = 2 ** 32 - 1;

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

function isDuration(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value) && value > 0;
}

function isServer(value: unknown): value is string {
  return typeof value === 'string' && /^wss?:\/\/[^\s/]+/i.test(value);
}

/** 1 to 64 bytes of UTF-8 without control characters or halves of characters. */
function isName(value: string): boolean {
  if (value.length === 0 || value.length > bounds.nameBytes) return false;
  if (/\p{Cc}|\p{Cs}/u.test(value)) return false;
  return new TextEncoder().encode(value).length <= bounds.nameBytes;
}
