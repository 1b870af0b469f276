import type { Profile, Role, Self } from '@holdfast/core';
import { Delivery } from '../driver/delivery.ts';
import type { Host } from '../driver/host.ts';
import { looked } from '../driver/looked.ts';
import { OutageLog } from '../driver/outages.ts';
import { sdkVersion } from '../driver/version.ts';
import { type Kind, kinds } from '../media/wishes.ts';
import { callbacksOfJoin, readAppId, readJoin, readMessage, readToken } from './arguments.ts';
import { Channel } from './channel.ts';
import { ClientExtras } from './client-extras.ts';
import { type Failure, failure } from './errors.ts';
import { Events } from './events.ts';
import { Failures } from './failures.ts';
import { LocalStream } from './local-stream.ts';
import { RemoteStream } from './remote-stream.ts';
import type { StreamParts } from './shown-stream.ts';
import type { ClientEvents, ConnectionState, WebClient } from './types.ts';
import type { World } from './world.ts';

/** Where the page says its servers are; asked at each join. */
export type Servers = () => readonly string[] | null;

/** What a client is made with. */
export interface ClientParts {
  readonly world: World;
  readonly streams: StreamParts;
  readonly servers: Servers;
}

/** One user of the web dialect; it may be in one channel at a time. */
export class RtcClient extends ClientExtras implements WebClient {
  readonly #parts: ClientParts;
  readonly #profile: Profile;
  #appId: string | null = null;
  /** Means something in the live profile only, where nobody is a host who has not said so. */
  #role: Role = 'audience';
  #channel: Channel | null = null;
  /** The channel whose leave may not have been told yet. */
  #before: Channel | null = null;
  #published: { readonly stream: LocalStream; readonly release: () => void } | null = null;

  /**
   * @param mode everything but `live` is the communication profile
   * @param codec everything but `h264` is `vp8`
   */
  constructor(parts: ClientParts, mode: unknown, codec: unknown) {
    const { world, streams } = parts;
    const delivery = new Delivery(world.report);
    const events = new Events<ClientEvents>(world.report);
    const failures = new Failures(delivery, events, streams.log);
    const told = { delivery, events, failures, outages: new OutageLog(), log: streams.log };
    const wanted = { volumes: false };
    super({ ...told, streams, wanted, codec: codec === 'h264' ? 'h264' : 'vp8' }, world.media);
    this.#parts = parts;
    this.#profile = mode === 'live' ? 'live' : 'communication';
  }

  // ---- the channel ---------------------------------------------------------------------------------

  init(appId: unknown, onSuccess?: unknown, onFailure?: unknown): void {
    const read = readAppId(appId);
    if ('code' in read) return this.#refuse('init', read, onFailure);
    if (this.#busy()) return this.#refuse('init', failure('INVALID_OPERATION', inChannel), onFailure);
    this.#appId = read.value;
    this.call(onSuccess);
  }

  join(token: unknown, channel: unknown, uid: unknown, ...rest: unknown[]): void {
    const [onSuccess, onFailure] = callbacksOfJoin(rest);
    const refuse = (why: Failure) => this.#refuse('join', why, onFailure);
    const request = readJoin(token, channel, uid);
    if ('code' in request) return refuse(request);
    if (this.#appId === null) return refuse(failure('INVALID_OPERATION', 'call init first'));
    if (this.#busy()) return refuse(failure('INVALID_OPERATION', inChannel));
    const servers = this.#parts.servers();
    if (servers === null) return refuse(failure('BAD_ENVIRONMENT', noServers));
    const host = this.#host();
    if ('code' in host) return refuse(host);
    this.#unpublish();
    const stay = {
      ...request.value,
      appId: this.#appId,
      platform: 'web' as const,
      profile: this.#profile,
      self: this.#self(),
      servers,
      limits: {},
      sdk: `holdfast-web/${sdkVersion}`,
    };
    this.#channel = new Channel(this.shared, host.value, stay, { onSuccess, onFailure });
  }

  leave(onSuccess?: unknown): void {
    const channel = this.#channel;
    this.#channel = null;
    this.#unpublish();
    if (channel === null || channel.failed) return this.call(onSuccess);
    this.#before = channel;
    channel.leave(onSuccess);
  }

  renewToken(token: unknown, onSuccess?: unknown, onFailure?: unknown): void {
    const read = readToken(token);
    if ('code' in read) return this.#refuse('renewToken', read, onFailure);
    if (read.value === '') return this.#refuse('renewToken', failure('INVALID_PARAMETER'), onFailure);
    if (!this.#busy()) return this.#refuse('renewToken', failure('INVALID_OPERATION', noChannel), onFailure);
    this.#channel?.renew(read.value);
    this.call(onSuccess);
  }

  getConnectionState(): ConnectionState {
    return (this.#channel ?? this.#before)?.state ?? 'DISCONNECTED';
  }

  sendStreamMessage(message: unknown, onSuccess?: unknown, onFailure?: unknown): void {
    const refuse = (why: Failure) => this.#refuse('sendStreamMessage', why, onFailure);
    const read = readMessage(message);
    if ('code' in read) return refuse(read);
    const channel = this.inside();
    if (channel === null) return refuse(failure('INVALID_OPERATION', noChannel));
    const refusal = channel.send(read.value, { onSuccess, onFailure });
    if (refusal !== null) refuse(refusal);
  }

  // ---- the own stream ------------------------------------------------------------------------------

  publish(stream: unknown, onFailure?: unknown): void {
    const channel = this.inside();
    const refuse = (why: Failure) => this.#refuse('publish', why, onFailure);
    if (!LocalStream.is(stream) || !stream.ready) return refuse(failure('INVALID_LOCAL_STREAM'));
    if (channel === null) return refuse(failure('INVALID_OPERATION', noChannel));
    if (this.#published !== null) return refuse(failure('STREAM_ALREADY_PUBLISHED'));
    const release = stream.published(channel.uid, () => {
      this.#say();
      channel.traffic?.publish(stream);
    });
    this.#published = { stream, release };
    this.#become('host');
    this.#say();
    channel.traffic?.publish(stream, onFailure);
    this.#tell(channel, 'stream-published', { stream });
  }

  unpublish(stream: unknown, onFailure?: unknown): void {
    const channel = this.inside();
    const refuse = (why: Failure) => this.#refuse('unpublish', why, onFailure);
    if (!LocalStream.is(stream)) return refuse(failure('INVALID_LOCAL_STREAM'));
    if (channel === null) return refuse(failure('INVALID_OPERATION', noChannel));
    if (this.#published?.stream !== stream) return refuse(failure('STREAM_NOT_YET_PUBLISHED'));
    this.#unpublish();
    this.#say();
    this.#tell(channel, 'stream-unpublished', { stream });
  }

  setClientRole(role: unknown, ...rest: unknown[]): void {
    const [onDone, onError] = rest.filter((argument) => typeof argument === 'function');
    const refuse = (why: Failure) => this.#refuse('setClientRole', why, onError ?? onDone);
    if (role !== 'host' && role !== 'audience')
      return refuse(failure('INVALID_PARAMETER', 'a role is one of host and audience'));
    if (this.#profile !== 'live')
      return refuse(failure('INVALID_OPERATION', 'there are roles in the mode live only'));
    const channel = this.inside();
    const stream = this.#published?.stream;
    this.#become(role);
    if (role === 'audience') this.#unpublish();
    this.#say();
    if (role === 'audience' && stream && channel) this.#tell(channel, 'stream-unpublished', { stream });
    this.call(onDone, null);
  }

  /** What this user is and publishes. The communication profile knows no roles. */
  #self(): Self {
    const role = this.#profile === 'live' ? this.#role : 'host';
    return { role, streams: this.#published === null ? [] : [this.#published.stream.describe()] };
  }

  #become(role: Role): void {
    const channel = this.inside();
    if (this.#profile !== 'live' || this.#role === role) return;
    this.#role = role;
    if (channel) this.#tell(channel, 'client-role-changed', { role });
  }

  #unpublish(): void {
    this.#published?.release();
    if (this.#published) this.#channel?.traffic?.unpublish(this.#published.stream);
    this.#published = null;
  }

  #say(): void {
    if (this.#busy()) this.#channel?.update(this.#self());
  }

  // ---- streams of others ---------------------------------------------------------------------------

  subscribe(stream: unknown, options?: unknown, onFailure?: unknown): void {
    const failed = typeof options === 'function' ? options : onFailure;
    this.#choose('subscribe', stream, failed, (channel, found) => {
      const place = channel.peers.placeOf(found);
      if (place) channel.traffic?.subscribe(found, place, wantedOf(options), failed);
      this.#tell(channel, 'stream-subscribed', { stream: found }, () => channel.peers.has(found));
    });
  }

  unsubscribe(stream: unknown, onFailure?: unknown): void {
    this.#choose('unsubscribe', stream, onFailure, (channel, found) => channel.traffic?.unsubscribe(found));
  }

  #choose(
    method: string,
    stream: unknown,
    onFailure: unknown,
    then: (channel: Channel, stream: RemoteStream) => void,
  ): void {
    const channel = this.inside();
    if (!RemoteStream.is(stream)) return this.#refuse(method, failure('INVALID_REMOTE_STREAM'), onFailure);
    if (channel === null) return this.#refuse(method, failure('INVALID_OPERATION', noChannel), onFailure);
    if (!channel.peers.has(stream)) return this.#refuse(method, failure('NO_SUCH_REMOTE_STREAM'), onFailure);
    then(channel, stream);
  }

  // ---- how -----------------------------------------------------------------------------------------

  protected inside(): Channel | null {
    return this.#channel?.joined ? this.#channel : null;
  }

  /** In a channel, or on the way into one. */
  #busy(): boolean {
    return this.#channel !== null && !this.#channel.failed;
  }

  #host(): { readonly value: Host } | Failure {
    try {
      return { value: this.#parts.world.host() };
    } catch (error) {
      return failure('BAD_ENVIRONMENT', error instanceof Error ? error.message : String(error));
    }
  }

  #refuse(method: string, why: Failure, onFailure: unknown): void {
    this.shared.failures.tell(method, why, onFailure);
  }

  /** Events of a channel that has been left meanwhile are not told any more (C-14). */
  #tell<Event extends keyof ClientEvents>(
    channel: Channel,
    event: Event,
    payload: ClientEvents[Event],
    stillSo: () => boolean = () => true,
  ): void {
    this.shared.delivery.add(() => {
      if (this.#channel === channel && stillSo()) this.shared.events.emit(event, payload);
    });
  }
}

const inChannel = 'this client is in a channel: leave first';
const noChannel = 'this client is not in a channel';
const noServers =
  "no server is known: call AgoraRTC.configure({ servers: ['wss://…'] }), or load the script from a server";

/** Both kinds, if the options of a subscription do not say otherwise. */
function wantedOf(options: unknown): Kind[] {
  const said = (typeof options === 'object' && options !== null ? options : {}) as Partial<
    Record<Kind, unknown>
  >;
  return kinds.filter((kind) => looked(() => said[kind], undefined) !== false);
}
