import { anything, type Call, call, like, milliseconds } from './call.ts';
import type { Dialect, Listener } from './dialect.ts';
import { dataStream, failures, messageTimeout, presence, reason, roles, state } from './engine.ts';

/** ios, macos. The engine, the first argument of every selector, is no plain value and is not shown. */
export function apple(me: Listener): Dialect {
  const changed = (to: number, why: number) => call('connectionChangedTo', to, why);
  const appeared = ({ uid }: { uid: number }): Call[] => [call('didJoinedOfUid', uid, milliseconds)];
  const went = (uid: number, why: number) => [call('didOfflineOfUid', uid, why)];
  const connecting = changed(state.connecting, reason.connecting);
  return {
    joined: () => [
      connecting,
      changed(state.connected, reason.joinSuccess),
      call('didJoinChannel', me.channel, me.uid, milliseconds),
    ],
    published: () => [],
    unpublished: () => [],
    interrupted: () => [
      changed(state.reconnecting, reason.interrupted),
      call('rtcEngineConnectionDidInterrupted'),
    ],
    lost: () => [changed(state.reconnecting, reason.lost), call('rtcEngineConnectionDidLost')],
    back: () => [
      changed(state.connected, reason.rejoinSuccess),
      call('didRejoinChannel', me.channel, me.uid, milliseconds),
    ],
    left: () => [changed(state.disconnected, reason.leaveChannel), call('didLeaveChannel', anything)],
    failed(why, from) {
      const { reason: because, error } = failures[why];
      return [
        ...(from === 'connecting' ? [connecting] : []),
        changed(state.failed, because),
        ...(error === undefined ? [] : [call('didOccurError', error)]),
      ];
    },
    becameAudience: () => [call('didClientRoleChanged', roles.host, roles.audience)],
    ...presence(appeared, went),
    tokenWillExpire: () => [call('tokenPrivilegeWillExpire', anything)],
    tokenRequested: () => [call('rtcEngineRequestToken')],
    tokenRenewed: () => [call('didRenewTokenResult', anything, 0)],
    message: ({ from, text }) => [call('receiveStreamMessageFromUid', from, dataStream, like({ text }))],
    missed: (from) => [
      call('didOccurStreamMessageErrorFromUid', from, dataStream, messageTimeout, anything, 0),
      call('didMissStreamMessages', like({ uid: from })),
    ],
    tooLarge: () => [],
  };
}
