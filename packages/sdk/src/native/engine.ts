import { connectionStates, type Platform } from '@holdfast/core';
import type { Host } from '../driver/host.ts';
import type { DatedOutage } from '../driver/outages.ts';
import { readAccountJoin, readJoin, readOptions } from '../engine/arguments.ts';
import { Engine } from '../engine/engine.ts';
import { errorText } from '../engine/errors.ts';
import type { Studio } from '../media/medium.ts';
import type { ConnectionStateType } from './enums.ts';
import { Handlers } from './handlers.ts';
import { MediaEngine } from './media-engine.ts';
import type { IMediaEngine } from './media-types.ts';
import { tellHandlers } from './told.ts';
import type { IRtcEngine } from './types.ts';

/**
 * An engine of the native dialect in the world of `host`. Every call makes an engine of its own.
 * @param studio where audio and video are to be had; null: nowhere
 */
export function makeEngine(host: Host, studio: Studio | null = null): IRtcEngine {
  return new RtcEngine(host, studio);
}

class RtcEngine implements IRtcEngine {
  readonly #host: Host;
  readonly #engine: Engine;
  readonly #media: MediaEngine;
  #handlers: Handlers;

  constructor(host: Host, studio: Studio | null) {
    this.#host = host;
    const traits = { name: 'native', platforms, platform: nativePlatform(host.platform) };
    this.#engine = new Engine(host, traits, studio);
    this.#media = new MediaEngine(host, this.#engine);
    this.#handlers = new Handlers(host.report);
  }

  initialize(context: unknown): number {
    return this.#engine.initialize(context);
  }

  release(): void {
    this.#engine.release();
    // The leave's own callbacks still go to the handlers of before.
    this.#handlers = new Handlers(this.#host.report);
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
    const told = tellHandlers(this.#handlers);
    return this.#engine.join(readJoin(token, channelId, uid), readOptions(options), told);
  }

  joinChannelWithUserAccount(
    token: unknown,
    channelId: unknown,
    account: unknown,
    options?: unknown,
  ): number {
    const told = tellHandlers(this.#handlers);
    return this.#engine.join(readAccountJoin(token, channelId, account), readOptions(options), told);
  }

  leaveChannel(): number {
    return this.#engine.leave();
  }

  updateChannelMediaOptions(options: unknown): number {
    return this.#engine.update(options);
  }

  renewToken(token: unknown): number {
    return this.#engine.renew(token);
  }

  setClientRole(role: unknown): number {
    return this.#engine.setRole(role);
  }

  setChannelProfile(profile: unknown): number {
    return this.#engine.setProfile(profile);
  }

  getConnectionState(): ConnectionStateType {
    return connectionStates[this.#engine.state];
  }

  // ---- messages ------------------------------------------------------------------------------------

  createDataStream(config?: unknown, ordered?: unknown): number {
    return this.#engine.createDataStream(config, ordered);
  }

  sendStreamMessage(streamId: unknown, data: unknown, length?: unknown): number {
    return this.#engine.sendMessage(streamId, data, length);
  }

  // ---- audio and video -----------------------------------------------------------------------------

  enableLocalAudio(enabled: unknown): number {
    return this.#engine.change('audio', enabled);
  }

  enableLocalVideo(enabled: unknown): number {
    return this.#engine.change('video', enabled);
  }

  enableAudio(): number {
    return this.#engine.change('audio', true);
  }

  disableAudio(): number {
    return this.#engine.change('audio', false);
  }

  enableVideo(): number {
    return this.#engine.change('video', true);
  }

  disableVideo(): number {
    return this.#engine.change('video', false);
  }

  muteLocalAudioStream(mute: unknown): number {
    return this.#engine.change('audioMuted', mute);
  }

  muteLocalVideoStream(mute: unknown): number {
    return this.#engine.change('videoMuted', mute);
  }

  muteRemoteAudioStream(uid: unknown, mute: unknown): number {
    return this.#engine.muteRemote('audio', uid, mute);
  }

  muteRemoteVideoStream(uid: unknown, mute: unknown): number {
    return this.#engine.muteRemote('video', uid, mute);
  }

  getMediaEngine(): IMediaEngine {
    return this.#media;
  }

  setVoipMode(enabled: unknown): number {
    return this.#engine.setVoip(enabled);
  }

  notifyAppState(state: unknown): number {
    return this.#engine.notifyApp(state);
  }

  // ---- being seen ----------------------------------------------------------------------------------

  getErrorDescription(code: number): string {
    return errorText(code);
  }

  getOutages(): DatedOutage[] {
    return this.#engine.outages;
  }
}

const platforms: readonly Platform[] = ['android', 'windows', 'linux'];

/** The native dialect has no platform of Apple: its programs there count as Linux. */
function nativePlatform(platform: Platform): Platform {
  return platforms.includes(platform) ? platform : 'linux';
}
