/** What applications pass in, read with suspicion: any type may come, and none may do harm (C-80). */
import { bounds, type ClientLimits, type Platform, type Profile, type Role } from '@holdfast/core';
import { ChannelProfileType, ClientRoleType, ErrorCodeType } from './enums.ts';
import type { Publication } from './publication.ts';

/** What was read, or the negative code that the method returns. */
export type Reading<T> = { readonly value: T } | { readonly error: number };

/** What `initialize` has been told. */
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
}

/** @param fallback the platform if the context names none */
export function readContext(context: unknown, fallback: Platform): Reading<Settings> {
  if (!isObject(context)) return invalid;
  const { appId, servers, platform = fallback, channelProfile } = context;
  if (typeof appId !== 'string') return invalid;
  if (!isName(appId)) return { error: -ErrorCodeType.ErrInvalidAppId };
  if (!Array.isArray(servers) || servers.length === 0 || servers.length > mostServers) return invalid;
  if (!servers.every(isServer) || !isNativePlatform(platform)) return invalid;
  const profile = readProfile(channelProfile);
  const limits = readLimits(context);
  if ('error' in profile || 'error' in limits) return invalid;
  const value = { appId, servers: [...servers], platform, profile: profile.value, limits: limits.value };
  return { value };
}

/** `null` and `undefined` are no token, as the empty string is. */
export function readJoin(token: unknown, channel: unknown, uid: unknown): Reading<JoinRequest> {
  const place = readPlace(token, channel);
  if ('error' in place) return place;
  if (typeof uid !== 'number' || !Number.isInteger(uid)) return invalid;
  if (uid < 0 || uid > mostUid) return { error: -ErrorCodeType.ErrInvalidUserId };
  return { value: { ...place.value, uid, account: '' } };
}

/** As `readJoin`, with a name instead of a number. */
export function readAccountJoin(token: unknown, channel: unknown, account: unknown): Reading<JoinRequest> {
  const place = readPlace(token, channel);
  if ('error' in place) return place;
  if (typeof account !== 'string') return invalid;
  if (!isName(account)) return { error: -ErrorCodeType.ErrInvalidUserAccount };
  return { value: { ...place.value, uid: 0, account } };
}

function readPlace(token: unknown, channel: unknown): Reading<{ token: string; channel: string }> {
  const read = readToken(token ?? '');
  if ('error' in read || typeof channel !== 'string') return invalid;
  if (!isName(channel)) return { error: -ErrorCodeType.ErrInvalidChannelName };
  return { value: { token: read.value, channel } };
}

/** A token of at most 4 096 bytes. */
export function readToken(token: unknown): Reading<string> {
  if (typeof token !== 'string' || token.length > bounds.tokenBytes) return invalid;
  return { value: token };
}

/** Unknown options are not looked at: programs say much that means nothing here. */
export function readOptions(options: unknown): Reading<ChannelOptions> {
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
  return { value: { profile: profile.value, role: role.value, publish } };
}

const nothingSaid: ChannelOptions = { profile: undefined, role: undefined, publish: {} };

/** @returns undefined for undefined: not said */
export function readProfile(profile: unknown): Reading<Profile | undefined> {
  if (profile === undefined) return { value: undefined };
  if (profile === ChannelProfileType.ChannelProfileCommunication) return { value: 'communication' };
  if (profile === ChannelProfileType.ChannelProfileLiveBroadcasting) return { value: 'live' };
  return invalid;
}

/** One of the two roles. */
export function readRole(role: unknown): Reading<Role> {
  if (role === ClientRoleType.ClientRoleBroadcaster) return { value: 'host' };
  if (role === ClientRoleType.ClientRoleAudience) return { value: 'audience' };
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

const invalid = { error: -ErrorCodeType.ErrInvalidArgument } as const;
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

function isNativePlatform(value: unknown): value is Platform {
  return value === 'android' || value === 'windows' || value === 'linux';
}

/** 1 to 64 bytes of UTF-8 without control characters or halves of characters. */
function isName(value: string): boolean {
  if (value.length === 0 || value.length > bounds.nameBytes) return false;
  if (/\p{Cc}|\p{Cs}/u.test(value)) return false;
  return new TextEncoder().encode(value).length <= bounds.nameBytes;
}
