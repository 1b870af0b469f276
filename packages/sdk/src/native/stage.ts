/** A stage for tests of the native dialect: an engine whose server and whose world the test plays. */
import { VirtualHost } from '../driver/virtual-host.ts';
import { admit } from '../engine/stage.ts';
import type { MediumEvents, Studio } from '../media/medium.ts';
import { makeEngine } from './engine.ts';
import type { ChannelMediaOptions, IRtcEngineEventHandler, RtcEngineEvent } from './types.ts';

/** The connection that most callbacks begin with. */
export const here = { channelId: 'room', localUid: 7 };

const names = [
  'onJoinChannelSuccess',
  'didRejoinChannel',
  'onRejoinChannelSuccess',
  'onLeaveChannel',
  'onUserJoined',
  'onUserOffline',
  'onConnectionInterrupted',
  'onConnectionLost',
  'onConnectionStateChanged',
  'onNetworkTypeChanged',
  'onStreamMessage',
  'onStreamMessageError',
  'onStreamMessageGap',
  'onUserMuteAudio',
  'onUserMuteVideo',
  'onRemoteAudioStateChanged',
  'onRemoteVideoStateChanged',
  'onFirstRemoteAudioFrame',
  'onFirstRemoteVideoFrame',
  'onClientRoleChanged',
  'onLocalUserRegistered',
  'onUserInfoUpdated',
  'onError',
  'onOutage',
] as const satisfies RtcEngineEvent[];

/** An engine that may join, and everything it tells as `[callback, ...arguments]`. */
export function initialized(options: object = {}, studio: Studio | null = null) {
  const host = new VirtualHost();
  const engine = makeEngine(host, studio);
  // biome-ignore lint/suspicious/noExplicitAny: arguments of every callback
  const told: [string, ...any[]][] = [];
  const handler: IRtcEngineEventHandler = Object.fromEntries(
    names.map((name) => [name, (...args: unknown[]) => void told.push([name, ...args])]),
  );
  engine.registerEventHandler(handler);
  const result = engine.initialize({ appId: 'demo', servers: ['ws://one'], ...options });
  if (result !== 0) throw new Error(engine.getErrorDescription(result));
  return { host, engine, handler, told };
}

/** An engine in `room` as 7, which has told so. */
export async function inside(
  options: object = {},
  media?: ChannelMediaOptions,
  studio: Studio | null = null,
) {
  const stage = initialized(options, studio);
  stage.engine.joinChannel('', 'room', 7, media);
  await admit(stage.host);
  stage.told.length = 0;
  return stage;
}

/** Media that a test plays: what was told to them, as `[method, ...arguments]`, and what they tell. */
export function testStudio(missing: string | null = null) {
  // biome-ignore lint/suspicious/noExplicitAny: arguments of every method
  const told: [string, ...any[]][] = [];
  const state = { events: null as MediumEvents | null };
  const studio: Studio = {
    missing,
    open(events) {
      state.events = events;
      const take =
        (name: string) =>
        (...args: unknown[]) =>
          void told.push([name, ...args]);
      const [news, send, want, still] = ['news', 'send', 'want', 'still'].map(take) as [
        never,
        never,
        never,
        never,
      ];
      return { news, send, want, still, sound: take('sound'), close: take('close') };
    },
  };
  return { studio, told, state };
}
