import { anything, type Call, call, like, milliseconds } from './call.ts';
import type { Dialect, Listener } from './dialect.ts';
import { dataStream, failures, messageTimeout, presence, reason, roles, state } from './engine.ts';

/** android, windows, linux. Every callback about a channel begins with the connection. */
export function native(me: Listener): Dialect {
  const connection = like({ channelId: me.channel, localUid: me.uid });
  const say = (callback: string, ...args: unknown[]) => call(callback, connection, ...args);
  const changed = (to: number, why: number) => say('onConnectionStateChanged', to, why);
  const went = (uid: number, why: number) => [say('onUserOffline', uid, why)];
  const appeared = ({ uid }: { uid: number }): Call[] => [say('onUserJoined', uid, milliseconds)];
  // A uid that the server assigns is not known yet.
  const nobodyYet = like({ channelId: me.channel });
  const connecting = call('onConnectionStateChanged', nobodyYet, state.connecting, reason.connecting);
  return {
    joined: () => [
      connecting,
      changed(state.connected, reason.joinSuccess),
      say('onJoinChannelSuccess', milliseconds),
    ],
    published: () => [],
    unpublished: () => [],
    interrupted: () => [changed(state.reconnecting, reason.interrupted), say('onConnectionInterrupted')],
    lost: () => [changed(state.reconnecting, reason.lost), say('onConnectionLost')],
    back: () => [changed(state.connected, reason.rejoinSuccess), say('didRejoinChannel', milliseconds)],
    left: () => [changed(state.disconnected, reason.leaveChannel), say('onLeaveChannel', anything)],
    failed(why, from) {
      const { reason: because, error } = failures[why];
      return [
        ...(from === 'connecting' ? [connecting] : []),
        changed(state.failed, because),
        ...(error === undefined ? [] : [call('onError', error, anything)]),
      ];
    },
    becameAudience: () => [say('onClientRoleChanged', roles.host, roles.audience)],
    ...presence(appeared, went),
    tokenWillExpire: () => [say('onTokenPrivilegeWillExpire', anything)],
    tokenRequested: () => [say('onRequestToken')],
    tokenRenewed: () => [say('onRenewTokenResult', anything, 0)],
    message: ({ from, text }) => [
      say('onStreamMessage', from, dataStream, like({ text }), anything, anything),
    ],
    missed: (from) => [
      say('onStreamMessageError', from, dataStream, messageTimeout, anything, 0),
      say('onStreamMessageGap', like({ uid: from })),
    ],
    tooLarge: () => [],
  };
}
