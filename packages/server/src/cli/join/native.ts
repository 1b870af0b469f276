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
import { type Client, type JoinRequest, type Meaning, UsageError, type Watcher } from './client.ts';
import { nativeWords, reasonWords, stateWord } from './native-words.ts';

/** @param engine a fresh one; tests bring their own */
export function nativeClient(
  request: JoinRequest,
  watcher: Watcher,
  engine: IRtcEngine = createRtcEngine(),
): Client {
  const platform = request.platform as 'android' | 'windows' | 'linux';
  const { appId, servers } = request;
  accepted(engine, engine.initialize({ appId, servers, platform }));
  engine.registerEventHandler(handlerFor(watcher));
  return {
    join: () => accepted(engine, join(engine, request)),
    state() {
      const state = engine.getConnectionState();
      return { args: [state], words: stateWord(state), mood: 'plain' };
    },
    commands: commandsOf(engine),
  };
}

function join(engine: IRtcEngine, { token, channel, uid, profile, role, publish }: JoinRequest): number {
  if (!/^\d{1,10}$/.test(uid)) throw new UsageError(`a uid is a number from 0 to 4294967295, not '${uid}'`);
  return engine.joinChannel(token, channel, Number(uid), {
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

function accepted(engine: IRtcEngine, result: number): void {
  if (result < 0) throw new UsageError(`${engine.getErrorDescription(result)} (${result})`);
}

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

function commandsOf(engine: IRtcEngine): Client['commands'] {
  const said = (result: number) => (result < 0 ? `${engine.getErrorDescription(result)} (${result})` : null);
  const nothing = (rest: string, act: () => number) => (rest === '' ? said(act()) : `nothing follows it`);
  const publish = (publishing: boolean) =>
    engine.updateChannelMediaOptions({ publishMicrophoneTrack: publishing, publishCameraTrack: publishing });
  const mute = (muted: boolean) => (kind: string) => {
    if (kind === 'audio') return said(engine.muteLocalAudioStream(muted));
    if (kind === 'video') return said(engine.muteLocalVideoStream(muted));
    return "say 'audio' or 'video'";
  };
  return {
    leave: { usage: '', run: (rest) => nothing(rest, () => engine.leaveChannel()) },
    role: {
      usage: 'host|audience',
      run: (role) =>
        role === 'host' || role === 'audience'
          ? said(engine.setClientRole(roleNumbers[role]))
          : "say 'host' or 'audience'",
    },
    mute: { usage: 'audio|video', run: mute(true) },
    unmute: { usage: 'audio|video', run: mute(false) },
    publish: { usage: '', run: (rest) => nothing(rest, () => publish(true)) },
    unpublish: { usage: '', run: (rest) => nothing(rest, () => publish(false)) },
    renew: { usage: 'TOKEN', run: (token) => said(engine.renewToken(token)) },
  };
}
