import type { ConnectionState, Platform, Profile, Role } from '@holdfast/core';
import { Delivery } from '../driver/delivery.ts';
import type { Cancel, Host } from '../driver/host.ts';
import { type DatedOutage, OutageLog } from '../driver/outages.ts';
import { sdkVersion } from '../driver/version.ts';
import type { Studio } from '../media/medium.ts';
import type { Kind } from '../media/wishes.ts';
import {
  type ChannelOptions,
  isUid,
  type JoinRequest,
  type Reading,
  readContext,
  readDataStream,
  readMessage,
  readOptions,
  readProfile,
  readRole,
  readToken,
  type Settings,
} from './arguments.ts';
import { Channel, type ChannelListener } from './channel.ts';
import { EngineMedia } from './media.ts';
import { refusalCode } from './messages.ts';
import { errorCodes } from './numbers.ts';
import { everything, type Publication, selfOf } from './publication.ts';

/** What a dialect is to an engine. */
export interface DialectTraits {
  /** For the servers' logs. */
  readonly name: string;
  readonly platforms: readonly Platform[];
  /** Where the application names none. */
  readonly platform: Platform;
}

/**
 * What the engines of native and apple have in common, whatever their methods and callbacks are called: one
 * channel at a time, what is published, role and profile. Results are 0 or a negative error code (`errors.ts`);
 * arguments come as the application gave them, and nothing throws (C-80).
 */
export class Engine {
  readonly delivery: Delivery;
  /** What is sent and received. */
  readonly media: EngineMedia;
  readonly #host: Host;
  readonly #dialect: DialectTraits;
  readonly #outages = new OutageLog();
  #settings: Settings | null = null;
  #channel: Channel | null = null;
  #publication: Publication = everything;
  #profile: Profile | undefined;
  #role: Role | undefined;
  /** What decides whether the connection is suspended (C-32). */
  #app = { voip: false, background: false };
  /** Where the system tells of it, nobody else need. */
  #stopListening: Cancel | null = null;

  /** @param studio where media are to be had; null: nowhere */
  constructor(host: Host, dialect: DialectTraits, studio: Studio | null = null) {
    this.#host = host;
    this.#dialect = dialect;
    this.delivery = new Delivery(host.report);
    this.media = new EngineMedia(host, studio);
  }

  /** Whether there is a channel to leave, also one whose stay has failed. */
  get channel(): Channel | null {
    return this.#channel;
  }

  /** In a channel or on the way into it. */
  get inChannel(): boolean {
    return this.#channel !== null && !this.#channel.failed;
  }

  /** What is true now; it may be ahead of the callback that is being delivered. */
  get state(): ConnectionState {
    return this.#channel?.state ?? 'disconnected';
  }

  /** See `OutageLog.list`. */
  get outages(): DatedOutage[] {
    return this.#outages.list();
  }

  /** Outside a channel; what was set before stays if this is refused. */
  initialize(context: unknown): number {
    if (this.inChannel) return -errorCodes.invalidState;
    const { platforms, platform } = this.#dialect;
    const read = readContext(context, platforms, platform);
    if ('error' in read) return read.error;
    this.#settings = read.value;
    this.#stopListening ??= this.#host.appState((state) => void this.notifyApp(state));
    return errorCodes.ok;
  }

  /** Leaves (C-14) and forgets everything that was set. */
  release(): void {
    if (this.#channel !== null) this.leave();
    this.#settings = null;
    this.#stopListening?.();
    this.#stopListening = null;
    this.#publication = everything;
    this.#profile = undefined;
    this.#role = undefined;
    this.#app = { voip: false, background: false };
    this.media.reset();
  }

  // ---- the channel ---------------------------------------------------------------------------------

  /** Begins to join; `listener` hears of this stay until its end, the leave included. */
  join(request: Reading<JoinRequest>, options: Reading<ChannelOptions>, listener: ChannelListener): number {
    const settings = this.#settings;
    if (settings === null) return -errorCodes.notInitialized;
    if ('error' in request) return request.error;
    if ('error' in options) return options.error;
    if (this.inChannel) return -errorCodes.joinChannelRejected;
    const { publish, role, receive } = options.value;
    this.media.autoSubscribe({ audio: true, video: true, ...receive });
    const profile = options.value.profile ?? this.#profile ?? settings.profile ?? 'communication';
    this.#role = role ?? this.#role;
    // Mutes and enabled devices outlive a stay; what is published is said with each join.
    this.#publication = { ...this.#publication, microphone: true, camera: true, ...publish };
    const { appId, servers, platform, limits } = settings;
    const sdk = `holdfast-${this.#dialect.name}/${sdkVersion}`;
    const self = this.#self(profile);
    const stay = { ...request.value, appId, servers, platform, limits, profile, self, sdk };
    const { delivery, media } = this;
    const surroundings = { host: this.#host, delivery, outages: this.#outages, media };
    this.#channel = new Channel(surroundings, stay, listener);
    if (isSuspended(this.#app)) this.#channel.suspend(true);
    return errorCodes.ok;
  }

  /** At once: nothing is told any more but the leave itself (C-14). */
  leave(): number {
    if (this.#settings === null) return -errorCodes.notInitialized;
    if (this.#channel === null) return -errorCodes.leaveChannelRejected;
    this.#channel.leave();
    this.#channel = null;
    return errorCodes.ok;
  }

  /** Role and publishing, in one step. */
  update(options: unknown): number {
    if (this.#settings === null) return -errorCodes.notInitialized;
    const read = readOptions(options);
    if ('error' in read) return read.error;
    const { role, profile, publish, receive } = read.value;
    if (!this.inChannel) return -errorCodes.notInChannel;
    if (profile !== undefined && profile !== this.#channel?.profile) return -errorCodes.invalidState;
    this.#role = role ?? this.#role;
    this.media.autoSubscribe(receive);
    return this.#publish(publish);
  }

  /** The token for every connection from now on. */
  renew(token: unknown): number {
    if (this.#settings === null) return -errorCodes.notInitialized;
    const read = readToken(token);
    if ('error' in read) return read.error;
    if (read.value === '') return -errorCodes.invalidArgument;
    if (!this.inChannel) return -errorCodes.notInChannel;
    this.#channel?.renew(read.value);
    return errorCodes.ok;
  }

  /** In or outside a channel; means something in the live profile only (C-25). */
  setRole(role: unknown): number {
    if (this.#settings === null) return -errorCodes.notInitialized;
    const read = readRole(role);
    if ('error' in read) return read.error;
    this.#role = read.value;
    return this.#publish({});
  }

  /** For the next join. */
  setProfile(profile: unknown): number {
    if (this.#settings === null) return -errorCodes.notInitialized;
    const read = readProfile(profile);
    if ('error' in read || read.value === undefined) return -errorCodes.invalidArgument;
    if (this.inChannel) return -errorCodes.invalidState;
    this.#profile = read.value;
    return errorCodes.ok;
  }

  /** One of the switches for audio and video, in or outside a channel. */
  change(what: keyof Publication, value: unknown): number {
    if (this.#settings === null) return -errorCodes.notInitialized;
    if (typeof value !== 'boolean') return -errorCodes.invalidArgument;
    return this.#publish({ [what]: value });
  }

  /** Whether somebody is seen or heard here, if others are; in or outside a channel. */
  muteRemote(kind: Kind, uid: unknown, mute: unknown): number {
    if (this.#settings === null) return -errorCodes.notInitialized;
    if (!isUid(uid) || typeof mute !== 'boolean') return -errorCodes.invalidArgument;
    this.media.refuse(kind, uid, mute);
    return errorCodes.ok;
  }

  // ---- messages ------------------------------------------------------------------------------------

  /** For this stay. @returns its id, from 1 */
  createDataStream(first: unknown, ordered: unknown): number {
    if (this.#settings === null) return -errorCodes.notInitialized;
    const read = readDataStream(first, ordered);
    if ('error' in read) return read.error;
    if (this.#channel === null || !this.inChannel) return -errorCodes.notInChannel;
    return this.#channel.createDataStream() ?? -errorCodes.tooManyDataStreams;
  }

  /** Accepts a message, which then outlives every outage of this stay (C-60). */
  sendMessage(streamId: unknown, data: unknown, length: unknown): number {
    if (this.#settings === null) return -errorCodes.notInitialized;
    const read = readMessage(streamId, data, length);
    if ('error' in read) return read.error;
    if (this.#channel === null || !this.inChannel) return -errorCodes.notInChannel;
    const refusal = this.#channel.sendMessage(read.value);
    return refusal === null ? errorCodes.ok : -refusalCode(refusal);
  }

  // ---- the app -------------------------------------------------------------------------------------

  /** VoIP mode keeps the connection in the background (C-32). Off by default; in or outside a channel. */
  setVoip(enabled: unknown): number {
    if (this.#settings === null) return -errorCodes.notInitialized;
    if (typeof enabled !== 'boolean') return -errorCodes.invalidArgument;
    return this.#suspendIf({ ...this.#app, voip: enabled });
  }

  /** Where the app is: without VoIP mode the connection is suspended in the background (C-32). */
  notifyApp(state: unknown): number {
    if (this.#settings === null) return -errorCodes.notInitialized;
    if (state !== 'background' && state !== 'foreground') return -errorCodes.invalidArgument;
    return this.#suspendIf({ ...this.#app, background: state === 'background' });
  }

  #suspendIf(app: { voip: boolean; background: boolean }): number {
    const before = isSuspended(this.#app);
    this.#app = app;
    if (isSuspended(app) !== before) this.#channel?.suspend(isSuspended(app));
    return errorCodes.ok;
  }

  #publish(change: Partial<Publication>): number {
    this.#publication = { ...this.#publication, ...change };
    const channel = this.#channel;
    if (channel !== null && this.inChannel) channel.update(this.#self(channel.profile));
    return errorCodes.ok;
  }

  /** In the live profile everybody is audience who has not said otherwise. */
  #self(profile: Profile) {
    return selfOf(this.#publication, this.#role ?? 'audience', profile);
  }
}

function isSuspended({ voip, background }: { voip: boolean; background: boolean }): boolean {
  return background && !voip;
}
