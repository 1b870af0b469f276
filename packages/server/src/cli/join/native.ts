/** A client of the native dialect: android, windows, linux. */
import {
  ChannelProfileType,
  ClientRoleType,
  ConnectionStateType,
  createRtcEngine,
  type DatedOutage,
  type IRtcEngine,
  type IRtcEngineEventHandler,
} from '@holdfast/sdk/native';
import type { Client, JoinRequest, Meaning, Watcher } from './client.ts';
import { nativeWords } from './native-words.ts';
import { accepted, commandsOf, numberOf } from './steering.ts';
import { reasonWords, stateWord } from './words.ts';

/** @param engine a fresh one; tests bring their own */
export function nativeClient(
  request: JoinRequest,
  watcher: Watcher,
  engine: IRtcEngine = createRtcEngine(),
): Client {
  const platform = request.platform as 'android' | 'windows' | 'linux';
  const { appId, servers } = request;
  accepted(engine.initialize({ appId, servers, platform }));
  engine.registerEventHandler(handlerFor(watcher));
  return {
    join: () => accepted(join(engine, request)),
    state() {
      const state = engine.getConnectionState();
      return { args: [state], words: stateWord(state), mood: 'plain' };
    },
    commands: commandsOf({
      leave: () => engine.leaveChannel(),
      setRole: (role) => engine.setClientRole(roleNumbers[role]),
      muteAudio: (muted) => engine.muteLocalAudioStream(muted),
      muteVideo: (muted) => engine.muteLocalVideoStream(muted),
      publish: (publishing) =>
        engine.updateChannelMediaOptions({
          publishMicrophoneTrack: publishing,
          publishCameraTrack: publishing,
        }),
      renew: (token) => engine.renewToken(token),
      voip: (enabled) => engine.setVoipMode(enabled),
      appState: (state) => engine.notifyAppState(state),
    }),
  };
}

function join(engine: IRtcEngine, { token, channel, uid, profile, role, publish }: JoinRequest): number {
  return engine.joinChannel(token, channel, numberOf(uid), {
    channelProfile:
      profile === 'live'
        ? ChannelProfileType.ChannelProfileLiveBroadcasting
        : ChannelProfileType.ChannelProfileCommunication,
    clientRoleType: role === undefined ? undefined : roleNumbers[role],
    publishMicrophoneTrack: publish,
    publishCameraTrack: publish,
  });
}

const roleNumbers = {
  host: ClientRoleType.ClientRoleBroadcaster,
  audience: ClientRoleType.ClientRoleAudience,
} as const;

/** Listens to every callback, and learns the end from them as an application does. */
function handlerFor(watcher: Watcher): IRtcEngineEventHandler {
  let failure: string | null = null;
  const meanings = nativeWords as unknown as Record<string, (...args: unknown[]) => Meaning>;
  const show = (name: string) => {
    const alias = name === 'didRejoinChannel' ? { alias: 'onRejoinChannelSuccess' } : {};
    return (...args: unknown[]) => {
      const meaning = meanings[name]?.(...args) ?? { words: '', mood: 'plain' };
      watcher.callback({ name, args, ...alias, ...meaning });
    };
  };
  const shown: IRtcEngineEventHandler = Object.fromEntries(Object.keys(nativeWords).map((n) => [n, show(n)]));
  return {
    ...shown,
    onOutage: (_connection, record: DatedOutage) => watcher.outage(record),
    onConnectionStateChanged(connection, state, reason) {
      shown.onConnectionStateChanged?.(connection, state, reason);
      if (state !== ConnectionStateType.ConnectionStateFailed) return;
      failure = reasonWords(reason);
      // The error that says why follows the state.
      setImmediate(() => watcher.ended(failure));
    },
    onError(code, text) {
      shown.onError?.(code, text);
      failure = text;
    },
    onLeaveChannel(connection, stats) {
      shown.onLeaveChannel?.(connection, stats);
      watcher.ended(null);
    },
  };
}
