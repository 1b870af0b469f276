/** A client of the apple dialect: ios, macos. */
import {
  ChannelProfile,
  ClientRole,
  ConnectionState,
  type RtcEngineDelegate,
  RtcEngineKit,
} from '@holdfast/sdk/apple';
import { appleWords } from './apple-words.ts';
import type { Client, JoinRequest, Meaning, Watcher } from './client.ts';
import { accepted, commandsOf, numberOf } from './steering.ts';
import { reasonWords, stateWord } from './words.ts';

/** The program's one engine, made anew. The end of the process is a leave (C-31). */
export function appleClient(request: JoinRequest, watcher: Watcher): Client {
  const { appId, servers } = request;
  const platform = request.platform as 'ios' | 'macos';
  RtcEngineKit.destroy();
  const engine = RtcEngineKit.sharedEngine({ appId, servers, platform });
  return {
    join() {
      accepted(join(engine, request));
      // What was wrong with the request is not shown as a callback too.
      engine.delegate = delegateFor(watcher);
    },
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
        engine.updateChannel({ publishMicrophoneTrack: publishing, publishCameraTrack: publishing }),
      renew: (token) => engine.renewToken(token),
      voip: (enabled) => engine.setVoipMode(enabled),
      appState: (state) => engine.notifyAppState(state),
    }),
  };
}

function join(engine: RtcEngineKit, { token, channel, uid, profile, role, publish }: JoinRequest): number {
  return engine.joinChannel(token, channel, numberOf(uid), {
    channelProfile: profile === 'live' ? ChannelProfile.liveBroadcasting : ChannelProfile.communication,
    clientRoleType: role === undefined ? undefined : roleNumbers[role],
    publishMicrophoneTrack: publish,
    publishCameraTrack: publish,
  });
}

const roleNumbers = { host: ClientRole.broadcaster, audience: ClientRole.audience } as const;

/** Listens to every callback, and learns the end from them as an application does. */
function delegateFor(watcher: Watcher): RtcEngineDelegate {
  let failure: string | null = null;
  const meanings = appleWords as unknown as Record<string, (...args: unknown[]) => Meaning>;
  const show =
    (name: string) =>
    (_engine: RtcEngineKit, ...args: unknown[]) => {
      const meaning = meanings[name]?.(...args) ?? { words: '', mood: 'plain' };
      watcher.callback({ name, args, ...meaning });
    };
  const shown: RtcEngineDelegate = Object.fromEntries(Object.keys(appleWords).map((n) => [n, show(n)]));
  return {
    ...shown,
    didEndOutage: (_engine, record) => watcher.outage(record),
    connectionChangedTo(engine, state, reason) {
      shown.connectionChangedTo?.(engine, state, reason);
      if (state !== ConnectionState.failed) return;
      failure = reasonWords(reason);
      // The error that says why follows the state.
      setImmediate(() => watcher.ended(failure));
    },
    didExplainError(_engine, _code, text) {
      failure = text;
    },
    didLeaveChannel(engine, stats) {
      shown.didLeaveChannel?.(engine, stats);
      watcher.ended(null);
    },
  };
}
