/** ios, macos: a delegate. */
import {
  ConnectionChangedReason,
  ConnectionState,
  type RtcEngineDelegate,
  RtcEngineKit,
  UserOfflineReason,
} from '@holdfast/sdk/apple';
import type { Dialect, Kind, Listener } from './client.ts';
import { connectionMeaning, offlineWords, refusedBy, statusOf, textSender } from './words.ts';

export const apple: Dialect = {
  platforms: ['ios', 'macos'],
  names: {
    interrupted: 'rtcEngineConnectionDidInterrupted',
    lost: 'rtcEngineConnectionDidLost',
    rejoined: 'didRejoinChannel',
    othersGone: 'didOfflineOfUid',
  },
  join({ platform, channel, uid, servers }, listener) {
    const config = { appId: 'demo', servers, platform: platform as 'ios' | 'macos' };
    const engine = RtcEngineKit.sharedEngine(config, delegateFor(listener));
    const textOf = RtcEngineKit.getErrorDescription;
    refusedBy(engine.joinChannel(null, channel, null, uid), textOf);
    return {
      leave: () => engine.destroy(),
      send: textSender(engine, textOf),
      mute: (kind, muted) =>
        void (kind === 'audio' ? engine.muteLocalAudioStream(muted) : engine.muteLocalVideoStream(muted)),
    };
  },
};

const kinds: Readonly<Record<Exclude<keyof RtcEngineDelegate, 'networkQuality'>, Kind>> = {
  didJoinChannel: 'good',
  didRejoinChannel: 'good',
  didLeaveChannel: 'plain',
  didJoinedOfUid: 'people',
  didOfflineOfUid: 'people',
  rtcEngineConnectionDidInterrupted: 'trouble',
  rtcEngineConnectionDidLost: 'trouble',
  connectionChangedTo: 'state',
  networkTypeChanged: 'plain',
  receiveStreamMessageFromUid: 'good',
  didOccurStreamMessageErrorFromUid: 'trouble',
  didMissStreamMessages: 'trouble',
  didAudioMuted: 'people',
  didVideoMuted: 'people',
  didClientRoleChanged: 'plain',
  didUpdatedUserInfo: 'people',
  tokenPrivilegeWillExpire: 'trouble',
  rtcEngineRequestToken: 'trouble',
  didRenewTokenResult: 'plain',
  didOccurError: 'trouble',
  didExplainError: 'trouble',
  didEndOutage: 'plain',
};

function delegateFor(listener: Listener): RtcEngineDelegate {
  const acts = actsOf(listener);
  const delegate: Record<string, (...args: never[]) => void> = {};
  for (const [name, kind] of Object.entries(kinds)) {
    delegate[name] = (...args) => {
      // The engine comes first in every callback and says nothing.
      listener.callback({ name, args: args.slice(1), kind, meaning: meaningOf(name, args) });
      (acts[name as keyof RtcEngineDelegate] as ((...all: never[]) => void) | undefined)?.(...args);
    };
  }
  delegate.networkQuality = (_engine, _uid, up, down) => listener.quality(up, down);
  return delegate;
}

function actsOf(listener: Listener): RtcEngineDelegate {
  return {
    connectionChangedTo: (_, state, reason) => listener.status(statusOf(state, reason)),
    didJoinedOfUid: (_, uid) => listener.present({ uid }),
    didUpdatedUserInfo: (_, { userAccount }, uid) => listener.present({ uid, name: userAccount }),
    didVideoMuted: (_, muted, uid) => listener.present({ uid, muted }),
    didAudioMuted: (_, silent, uid) => listener.present({ uid, silent }),
    didOfflineOfUid: (_, uid) => listener.absent(uid),
    didEndOutage: (_, record) => listener.outage(record),
  };
}

function meaningOf(name: string, args: readonly unknown[]): string {
  if (name === 'connectionChangedTo')
    return connectionMeaning(keyOf(ConnectionState, args[1]), keyOf(ConnectionChangedReason, args[2]));
  return name === 'didOfflineOfUid' ? offlineWords(keyOf(UserOfflineReason, args[2])) : '';
}

function keyOf(numbers: Readonly<Record<string, number>>, value: unknown): string | undefined {
  return Object.entries(numbers).find(([, number]) => number === value)?.[0];
}
