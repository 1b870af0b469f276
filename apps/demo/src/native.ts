/** android, windows, linux: an event handler. */
import {
  ConnectionChangedReasonType,
  ConnectionStateType,
  createRtcEngine,
  type IRtcEngineEventHandler,
  type RtcEngineEvent,
  UserOfflineReasonType,
} from '@holdfast/sdk/native';
import type { Dialect, Kind, Listener } from './client.ts';
import { connectionMeaning, offlineWords, refusedBy, statusOf, textSender } from './words.ts';

export const native: Dialect = {
  platforms: ['android', 'windows', 'linux'],
  names: {
    interrupted: 'onConnectionInterrupted',
    lost: 'onConnectionLost',
    rejoined: 'didRejoinChannel',
    othersGone: 'onUserOffline',
  },
  join({ platform, channel, uid, servers }, listener) {
    const engine = createRtcEngine();
    const textOf = (code: number) => engine.getErrorDescription(code);
    const accepted = (code: number) => refusedBy(code, textOf);
    accepted(
      engine.initialize({ appId: 'demo', servers, platform: platform as 'android' | 'windows' | 'linux' }),
    );
    engine.registerEventHandler(handlerFor(listener));
    accepted(engine.joinChannel('', channel, uid));
    return {
      leave: () => engine.release(),
      send: textSender(engine, textOf),
      mute: (kind, muted) =>
        void (kind === 'audio' ? engine.muteLocalAudioStream(muted) : engine.muteLocalVideoStream(muted)),
    };
  },
};

const kinds: Readonly<Record<Exclude<RtcEngineEvent, 'onRejoinChannelSuccess' | 'onNetworkQuality'>, Kind>> =
  {
    onJoinChannelSuccess: 'good',
    didRejoinChannel: 'good',
    onLeaveChannel: 'plain',
    onUserJoined: 'people',
    onUserOffline: 'people',
    onConnectionInterrupted: 'trouble',
    onConnectionLost: 'trouble',
    onConnectionStateChanged: 'state',
    onNetworkTypeChanged: 'plain',
    onRemoteAudioStateChanged: 'people',
    onRemoteVideoStateChanged: 'people',
    onFirstRemoteVideoFrame: 'good',
    onFirstRemoteAudioFrame: 'good',
    onStreamMessage: 'good',
    onStreamMessageError: 'trouble',
    onStreamMessageGap: 'trouble',
    onUserMuteAudio: 'people',
    onUserMuteVideo: 'people',
    onClientRoleChanged: 'plain',
    onLocalUserRegistered: 'plain',
    onUserInfoUpdated: 'people',
    onTokenPrivilegeWillExpire: 'trouble',
    onRequestToken: 'trouble',
    onRenewTokenResult: 'plain',
    onError: 'trouble',
    onOutage: 'plain',
  };

function handlerFor(listener: Listener): IRtcEngineEventHandler {
  const acts = actsOf(listener);
  const handler: Record<string, (...args: never[]) => void> = {};
  for (const [name, kind] of Object.entries(kinds)) {
    handler[name] = (...args) => {
      listener.callback({ name, args, kind, meaning: meaningOf(name, args) });
      (acts[name as RtcEngineEvent] as ((...all: never[]) => void) | undefined)?.(...args);
    };
  }
  handler.onNetworkQuality = (_connection, _uid, up, down) => listener.quality(up, down);
  return handler;
}

function actsOf(listener: Listener): IRtcEngineEventHandler {
  return {
    onConnectionStateChanged: (_, state, reason) => listener.status(statusOf(state, reason)),
    onUserJoined: (_, uid) => listener.present({ uid }),
    onUserInfoUpdated: (uid, { userAccount = '' }) => listener.present({ uid, name: userAccount }),
    onUserMuteVideo: (_, uid, muted) => listener.present({ uid, muted }),
    onUserMuteAudio: (_, uid, silent) => listener.present({ uid, silent }),
    onUserOffline: (_, uid) => listener.absent(uid),
    onOutage: (_, record) => listener.outage(record),
  };
}

function meaningOf(name: string, args: readonly unknown[]): string {
  if (name === 'onConnectionStateChanged')
    return connectionMeaning(
      ConnectionStateType[args[1] as number],
      ConnectionChangedReasonType[args[2] as number],
    );
  if (name === 'onUserOffline') return offlineWords(UserOfflineReasonType[args[2] as number]);
  return name === 'didRejoinChannel' ? 'also called as onRejoinChannelSuccess' : '';
}
