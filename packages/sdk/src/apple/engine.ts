import { connectionStates, type Platform } from '@holdfast/core';
import type { Host } from '../driver/host.ts';
import type { DatedOutage } from '../driver/outages.ts';
import {
  type ChannelOptions,
  type JoinRequest,
  type Reading,
  readJoin,
  readOptions,
} from '../engine/arguments.ts';
import { Engine } from '../engine/engine.ts';
import { errorText } from '../engine/errors.ts';
import { type ErrorCode, errorCodes } from '../engine/numbers.ts';
import type { WatchEnd } from './ends.ts';
import type { ConnectionState } from './numbers.ts';
import { type Recipient, type Selector, Told, tellError } from './told.ts';
import type { JoinSuccessBlock, LeaveChannelBlock, RtcEngineDelegate, RtcEngineKit } from './types.ts';

export const applePlatforms: readonly Platform[] = ['ios', 'macos'];

/** The engine of the apple dialect in the world of `host`. */
export class AppleEngine implements RtcEngineKit {
  readonly #host: Host;
  readonly #engine: Engine;
  readonly #watchEnd: WatchEnd;
  readonly #destroyed: () => void;
  readonly #recipient: Recipient;
  #delegate: RtcEngineDelegate | null = null;
  /** Of the channel of now. */
  #told: Told | null = null;
  /** What methods return while there is no configuration. */
  #refusal: number = -errorCodes.notInitialized;

  /** @param destroyed called once it has ended */
  constructor(host: Host, watchEnd: WatchEnd, destroyed: () => void) {
    this.#host = host;
    this.#engine = new Engine(host, { name: 'apple', platforms: applePlatforms, platform: platformOf(host) });
    this.#watchEnd = watchEnd;
    this.#destroyed = destroyed;
    this.#recipient = {
      tell: (name, ...args) => this.#call(() => this.#method(name)?.(this, ...args)),
      call: (block) => this.#call(block),
    };
  }

  /** Takes a configuration outside a channel; tells the delegate if it makes no sense. */
  initialize(config: unknown): void {
    if (this.#engine.inChannel) return;
    const result = this.#engine.initialize(config);
    if (result === errorCodes.ok) return;
    this.#refusal = result;
    const code = -result as ErrorCode;
    this.#engine.delivery.add(() => tellError(this.#recipient, code, errorText(code)));
  }

  get delegate(): RtcEngineDelegate | null {
    return this.#delegate;
  }

  set delegate(delegate: unknown) {
    this.#delegate = typeof delegate === 'object' ? delegate : null;
  }

  destroy(): void {
    this.#told?.unwatch();
    this.#engine.release();
    this.#refusal = -errorCodes.notInitialized;
    this.#destroyed();
  }

  // ---- the channel ---------------------------------------------------------------------------------

  joinChannel(
    token: unknown,
    channelId: unknown,
    third: unknown,
    fourth: unknown,
    joinSuccess?: unknown,
  ): number {
    if (typeof third === 'number') {
      return this.#join(readJoin(token, channelId, third), readOptions(fourth), joinSuccess);
    }
    const request = isText(third) ? readJoin(token, channelId, fourth) : invalid;
    return this.#join(request, readOptions(undefined), joinSuccess);
  }

  leaveChannel(done?: unknown): number {
    if (!isBlock(done)) return invalid.error;
    const result = this.#engine.leave();
    if (result !== errorCodes.ok) return this.#result(result);
    if (this.#told !== null) {
      this.#told.done = (done ?? null) as LeaveChannelBlock | null;
      this.#told.unwatch();
    }
    this.#told = null;
    return errorCodes.ok;
  }

  updateChannel(mediaOptions: unknown): number {
    return this.#result(this.#engine.update(mediaOptions));
  }

  renewToken(token: unknown): number {
    return this.#result(this.#engine.renew(token));
  }

  setClientRole(role: unknown): number {
    return this.#result(this.#engine.setRole(role));
  }

  setChannelProfile(profile: unknown): number {
    return this.#result(this.#engine.setProfile(profile));
  }

  getConnectionState(): ConnectionState {
    return connectionStates[this.#engine.state];
  }

  // ---- messages ------------------------------------------------------------------------------------

  createDataStream(config?: unknown, ordered?: unknown): number {
    return this.#result(this.#engine.createDataStream(config, ordered));
  }

  sendStreamMessage(streamId: unknown, data: unknown): number {
    return this.#result(this.#engine.sendMessage(streamId, data, undefined));
  }

  // ---- audio and video -----------------------------------------------------------------------------

  enableLocalAudio(enabled: unknown): number {
    return this.#result(this.#engine.change('audio', enabled));
  }

  enableLocalVideo(enabled: unknown): number {
    return this.#result(this.#engine.change('video', enabled));
  }

  enableAudio(): number {
    return this.#result(this.#engine.change('audio', true));
  }

  disableAudio(): number {
    return this.#result(this.#engine.change('audio', false));
  }

  enableVideo(): number {
    return this.#result(this.#engine.change('video', true));
  }

  disableVideo(): number {
    return this.#result(this.#engine.change('video', false));
  }

  muteLocalAudioStream(mute: unknown): number {
    return this.#result(this.#engine.change('audioMuted', mute));
  }

  muteLocalVideoStream(mute: unknown): number {
    return this.#result(this.#engine.change('videoMuted', mute));
  }

  muteRemoteAudioStream(uid: unknown, mute: unknown): number {
    return this.#result(this.#engine.muteRemote('audio', uid, mute));
  }

  muteRemoteVideoStream(uid: unknown, mute: unknown): number {
    return this.#result(this.#engine.muteRemote('video', uid, mute));
  }

  setVoipMode(enabled: unknown): number {
    return this.#result(this.#engine.setVoip(enabled));
  }

  notifyAppState(state: unknown): number {
    return this.#result(this.#engine.notifyApp(state));
  }

  // ---- being seen ----------------------------------------------------------------------------------

  getOutages(): DatedOutage[] {
    return this.#engine.outages;
  }

  // ---- how -----------------------------------------------------------------------------------------

  #join(request: Reading<JoinRequest>, options: Reading<ChannelOptions>, joinSuccess: unknown): number {
    const block = (joinSuccess ?? null) as JoinSuccessBlock | null;
    const told = new Told(this.#recipient, block);
    const result = this.#engine.join(isBlock(joinSuccess) ? request : invalid, options, told);
    const { channel } = this.#engine;
    if (result !== errorCodes.ok || channel === null) return this.#result(result);
    this.#told = told;
    told.unwatch = this.#watchEnd({
      leave: () => void this.leaveChannel(),
      get unsentBytes() {
        return channel.unsentBytes;
      },
    });
    return errorCodes.ok;
  }

  #result(code: number): number {
    return code === -errorCodes.notInitialized ? this.#refusal : code;
  }

  #method(name: Selector): ((...args: unknown[]) => void) | undefined {
    const method: unknown = this.#delegate?.[name];
    return typeof method === 'function' ? method.bind(this.#delegate) : undefined;
  }

  #call(act: () => void): void {
    try {
      act();
    } catch (error) {
      this.#host.report(error);
    }
  }
}

/** React Native does not name its system and counts as Android: a program of this dialect is an iOS one there. */
function platformOf({ platform }: Host): Platform {
  return platform === 'ios' || platform === 'android' ? 'ios' : 'macos';
}

const invalid = { error: -errorCodes.invalidArgument } as const;

function isText(value: unknown): boolean {
  return value === undefined || value === null || typeof value === 'string';
}

function isBlock(value: unknown): boolean {
  return value === undefined || value === null || typeof value === 'function';
}
