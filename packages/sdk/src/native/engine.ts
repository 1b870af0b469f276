import type { Platform, Profile, Role } from '@holdfast/core';
import { Delivery } from '../driver/delivery.ts';
import type { Host } from '../driver/host.ts';
import { type DatedOutage, OutageLog } from '../driver/outages.ts';
import { sdkVersion } from '../driver/version.ts';
import {
  type ChannelOptions,
  type JoinRequest,
  type Reading,
  readAccountJoin,
  readContext,
  readJoin,
  readOptions,
  readProfile,
  readRole,
  readToken,
  type Settings,
} from './arguments.ts';
import { Channel } from './channel.ts';
import { ConnectionStateType, ErrorCodeType } from './enums.ts';
import { errorText } from './errors.ts';
import { Handlers } from './handlers.ts';
import { everything, type Publication, selfOf } from './publication.ts';
import type { IRtcEngine } from './types.ts';

/** An engine of the native dialect in the world of `host`. Every call makes an engine of its own. */
export function makeEngine(host: Host): IRtcEngine {
  return new RtcEngine(host);
}

class RtcEngine implements IRtcEngine {
  readonly #host: Host;
  readonly #delivery: Delivery;
  readonly #outages = new OutageLog();
  #handlers: Handlers;
  #settings: Settings | null = null;
  #channel: Channel | null = null;
  #publication: Publication = everything;
  #profile: Profile | undefined;
  #role: Role | undefined;

  constructor(host: Host) {
    this.#host = host;
    this.#delivery = new Delivery(host.report);
    this.#handlers = new Handlers(host.report);
  }

  initialize(context: unknown): number {
    if (this.#inChannel()) return -ErrorCodeType.ErrInvalidState;
    const read = readContext(context, nativePlatform(this.#host.platform));
    if ('error' in read) return read.error;
    this.#settings = read.value;
    return ErrorCodeType.ErrOk;
  }

  release(): void {
    if (this.#channel !== null) this.leaveChannel();
    // The leave's own callbacks still go to the handlers of before.
    this.#handlers = new Handlers(this.#host.report);
    this.#settings = null;
    this.#publication = everything;
    this.#profile = undefined;
    this.#role = undefined;
  }

  // ---- callbacks -----------------------------------------------------------------------------------

  registerEventHandler(handler: unknown): boolean {
    return this.#handlers.register(handler);
  }

  unregisterEventHandler(handler: unknown): boolean {
    return this.#handlers.unregister(handler);
  }

  addListener(event: unknown, listener: unknown): void {
    this.#handlers.addListener(event, listener);
  }

  removeListener(event: unknown, listener?: unknown): void {
    this.#handlers.removeListener(event, listener);
  }

  removeAllListeners(event?: unknown): void {
    this.#handlers.removeAllListeners(event);
  }

  // ---- the channel ---------------------------------------------------------------------------------

  joinChannel(token: unknown, channelId: unknown, uid: unknown, options?: unknown): number {
    return this.#join(readJoin(token, channelId, uid), readOptions(options));
  }

  joinChannelWithUserAccount(
    token: unknown,
    channelId: unknown,
    account: unknown,
    options?: unknown,
  ): number {
    return this.#join(readAccountJoin(token, channelId, account), readOptions(options));
  }

  leaveChannel(): number {
    if (this.#settings === null) return -ErrorCodeType.ErrNotInitialized;
    if (this.#channel === null) return -ErrorCodeType.ErrLeaveChannelRejected;
    this.#channel.leave();
    this.#channel = null;
    return ErrorCodeType.ErrOk;
  }

  updateChannelMediaOptions(options: unknown): number {
    if (this.#settings === null) return -ErrorCodeType.ErrNotInitialized;
    const read = readOptions(options);
    if ('error' in read) return read.error;
    const { role, profile, publish } = read.value;
    if (!this.#inChannel()) return -ErrorCodeType.ErrNotInChannel;
    if (profile !== undefined && profile !== this.#channel?.profile) return -ErrorCodeType.ErrInvalidState;
    this.#role = role ?? this.#role;
    return this.#publish(publish);
  }

  renewToken(token: unknown): number {
    if (this.#settings === null) return -ErrorCodeType.ErrNotInitialized;
    const read = readToken(token);
    if ('error' in read) return read.error;
    if (read.value === '') return -ErrorCodeType.ErrInvalidArgument;
    if (!this.#inChannel()) return -ErrorCodeType.ErrNotInChannel;
    this.#channel?.renew(read.value);
    return ErrorCodeType.ErrOk;
  }

  setClientRole(role: unknown): number {
    if (this.#settings === null) return -ErrorCodeType.ErrNotInitialized;
    const read = readRole(role);
    if ('error' in read) return read.error;
    this.#role = read.value;
    return this.#publish({});
  }

  setChannelProfile(profile: unknown): number {
    if (this.#settings === null) return -ErrorCodeType.ErrNotInitialized;
    const read = readProfile(profile);
    if ('error' in read || read.value === undefined) return -ErrorCodeType.ErrInvalidArgument;
    if (this.#inChannel()) return -ErrorCodeType.ErrInvalidState;
    this.#profile = read.value;
    return ErrorCodeType.ErrOk;
  }

  getConnectionState(): ConnectionStateType {
    return this.#channel?.state ?? ConnectionStateType.ConnectionStateDisconnected;
  }

  // ---- audio and video -----------------------------------------------------------------------------

  enableLocalAudio(enabled: unknown): number {
    return this.#change('audio', enabled);
  }

  enableLocalVideo(enabled: unknown): number {
    return this.#change('video', enabled);
  }

  muteLocalAudioStream(mute: unknown): number {
    return this.#change('audioMuted', mute);
  }

  muteLocalVideoStream(mute: unknown): number {
    return this.#change('videoMuted', mute);
  }

  // ---- being seen ----------------------------------------------------------------------------------

  getErrorDescription(code: number): string {
    return errorText(code);
  }

  getOutages(): DatedOutage[] {
    return this.#outages.list();
  }

  // ---- how -----------------------------------------------------------------------------------------

  #inChannel(): boolean {
    return this.#channel !== null && !this.#channel.failed;
  }

  #join(request: Reading<JoinRequest>, options: Reading<ChannelOptions>): number {
    const settings = this.#settings;
    if (settings === null) return -ErrorCodeType.ErrNotInitialized;
    if ('error' in request) return request.error;
    if ('error' in options) return options.error;
    if (this.#inChannel()) return -ErrorCodeType.ErrJoinChannelRejected;
    const { publish, role } = options.value;
    const profile = options.value.profile ?? this.#profile ?? settings.profile ?? 'communication';
    this.#role = role ?? this.#role;
    // Mutes and enabled devices outlive a stay; what is published is said with each join.
    this.#publication = { ...this.#publication, microphone: true, camera: true, ...publish };
    const { appId, servers, platform, limits } = settings;
    const self = this.#self(profile);
    const sdk = `holdfast-native/${sdkVersion}`;
    const stay = { ...request.value, appId, servers, platform, limits, profile, self, sdk };
    const surroundings = {
      host: this.#host,
      delivery: this.#delivery,
      handlers: this.#handlers,
      outages: this.#outages,
    };
    this.#channel = new Channel(surroundings, stay);
    return ErrorCodeType.ErrOk;
  }

  #change(what: keyof Publication, value: unknown): number {
    if (this.#settings === null) return -ErrorCodeType.ErrNotInitialized;
    if (typeof value !== 'boolean') return -ErrorCodeType.ErrInvalidArgument;
    return this.#publish({ [what]: value });
  }

  #publish(change: Partial<Publication>): number {
    this.#publication = { ...this.#publication, ...change };
    const channel = this.#channel;
    if (channel !== null && this.#inChannel()) channel.update(this.#self(channel.profile));
    return ErrorCodeType.ErrOk;
  }

  /** In the live profile everybody is audience who has not said otherwise. */
  #self(profile: Profile) {
    return selfOf(this.#publication, this.#role ?? 'audience', profile);
  }
}

/** The native dialect has no platform of Apple: its programs there count as Linux. */
function nativePlatform(platform: Platform): Platform {
  return platform === 'android' || platform === 'windows' ? platform : 'linux';
}
