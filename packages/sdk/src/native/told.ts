/** What a channel tells, in the names and argument orders of the native dialect. */
import { connectionReasons, connectionStates, type Notice, offlineReasons } from '@holdfast/core';
import { copyOf } from '../driver/bytes.ts';
import { networkNumber } from '../driver/network-type.ts';
import type { ChannelListener, ChannelView } from '../engine/channel.ts';
import { failureCode, renewalCode } from '../engine/errors.ts';
import { gapOf } from '../engine/messages.ts';
import { clientRoles, errorCodes } from '../engine/numbers.ts';
import type { MediaNotice } from '../engine/stay-media.ts';
import type { RemoteChange } from '../media/remote-state.ts';
import type { Handlers } from './handlers.ts';
import type { RtcConnection } from './types.ts';

/** Tells `handlers`. */
export function tellHandlers(handlers: Handlers): ChannelListener {
  return {
    notice: (notice, about) => tellNotice(handlers, notice, about),
    networkChanged: (type, about) =>
      handlers.emit('onNetworkTypeChanged', connectionOf(about), networkNumber(type)),
    roleChanged(before, after, about) {
      handlers.emit('onClientRoleChanged', connectionOf(about), clientRoles[before], clientRoles[after]);
    },
    media: (notice, about) => tellMedia(handlers, notice, connectionOf(about)),
    outage: (record, about) => handlers.emit('onOutage', connectionOf(about), record),
    quality: ({ up, down }, about) => handlers.emit('onNetworkQuality', connectionOf(about), own, up, down),
  };
}

/** The uid under which one's own network is told. */
const own = 0;

function tellNotice(handlers: Handlers, notice: Notice, about: ChannelView): void {
  const connection = connectionOf(about);
  switch (notice.type) {
    case 'state': {
      const state = connectionStates[notice.state];
      return handlers.emit('onConnectionStateChanged', connection, state, connectionReasons[notice.reason]);
    }
    case 'joined':
      if (about.account !== '') handlers.emit('onLocalUserRegistered', notice.uid, about.account);
      return handlers.emit('onJoinChannelSuccess', connection, Math.round(notice.elapsedMs));
    case 'rejoined':
      handlers.emit('didRejoinChannel', connection, Math.round(notice.elapsedMs));
      return handlers.emit('onRejoinChannelSuccess', connection, Math.round(notice.elapsedMs));
    case 'interrupted':
      return handlers.emit('onConnectionInterrupted', connection);
    case 'lost':
      return handlers.emit('onConnectionLost', connection);
    case 'left':
      return handlers.emit('onLeaveChannel', connection, { duration: Math.round(notice.durationMs / 1000) });
    case 'failed': {
      const code = failureCode(notice.close);
      return code === null ? undefined : handlers.emit('onError', code, notice.text);
    }
    case 'message':
      return tellMessage(handlers, notice, about);
    case 'gap':
      return tellGap(handlers, notice, about);
    // `sendStreamMessage` has said that it was accepted; this dialect has no word for more.
    case 'acknowledged':
      return;
    case 'token-will-expire':
      return handlers.emit('onTokenPrivilegeWillExpire', connection, notice.token);
    case 'token-expired':
      return handlers.emit('onRequestToken', connection);
    case 'token-renewed':
      return handlers.emit('onRenewTokenResult', connection, notice.token, renewalCode(notice.code));
    default:
      return tellEdge(handlers, notice, connection);
  }
}

function tellMessage(
  handlers: Handlers,
  { uid, stream, data, sentAt }: Extract<Notice, { type: 'message' }>,
  about: ChannelView,
): void {
  handlers.emitEach('onStreamMessage', () => [
    ...([connectionOf(about), uid, stream, copyOf(data), data.length, sentAt] as const),
  ]);
}

function tellMedia(handlers: Handlers, notice: MediaNotice, connection: RtcConnection): void {
  if (notice.type === 'no-media') return handlers.emit('onError', errorCodes.notSupported, notice.why);
  if (notice.type === 'media-refused') {
    const code = notice.fault === 'noCodec' ? errorCodes.notSupported : errorCodes.noPermission;
    const whose = notice.uid === null ? 'the own' : `${notice.uid}'s`;
    return handlers.emit('onError', code, `${whose} ${notice.kind}: ${notice.text}`);
  }
  const { uid, kind, size } = notice;
  const elapsed = Math.round(notice.elapsedMs);
  const [state, reason] = [remoteStates[notice.state], remoteReasons[notice.reason]];
  if (kind === 'video') {
    handlers.emit('onRemoteVideoStateChanged', connection, uid, state, reason, elapsed);
    if (notice.first)
      handlers.emit('onFirstRemoteVideoFrame', connection, uid, size?.width ?? 0, size?.height ?? 0, elapsed);
  } else {
    handlers.emit('onRemoteAudioStateChanged', connection, uid, state, reason, elapsed);
    if (notice.first) handlers.emit('onFirstRemoteAudioFrame', connection, uid, elapsed);
  }
}

/** Audio and video have the same numbers. */
const remoteStates = { stopped: 0, starting: 1, decoding: 2, frozen: 3, failed: 4 } as const satisfies Record<
  RemoteChange['state'],
  number
>;

const remoteReasons = {
  internal: 0,
  congestion: 1,
  recovery: 2,
  localMuted: 3,
  localUnmuted: 4,
  remoteMuted: 5,
  remoteUnmuted: 6,
  remoteOffline: 7,
} as const satisfies Record<RemoteChange['reason'], number>;

/** C-62: the error that programs know, then what else there is to say. */
function tellGap(handlers: Handlers, gap: Extract<Notice, { type: 'gap' }>, about: ChannelView): void {
  const { uid, stream, missed } = gap;
  const code = errorCodes.streamMessageTimeout;
  handlers.emit('onStreamMessageError', connectionOf(about), uid, stream, code, missed, 0);
  handlers.emitEach('onStreamMessageGap', () => [connectionOf(about), gapOf(gap)]);
}

/** What this user is told of the others (C-20 to C-25). Streams are told apart on the web only. */
function tellEdge(
  handlers: Handlers,
  edge: Extract<Notice, { member: unknown }>,
  connection: RtcConnection,
): void {
  const { uid, account } = edge.member;
  switch (edge.type) {
    case 'peer-joined':
      handlers.emit('onUserJoined', connection, uid, Math.round(edge.elapsedMs));
      if (account !== '') handlers.emit('onUserInfoUpdated', uid, { uid, userAccount: account });
      return;
    case 'peer-offline':
      return handlers.emit('onUserOffline', connection, uid, offlineReasons[edge.reason]);
    case 'muted': {
      const event = edge.kind === 'audio' ? 'onUserMuteAudio' : 'onUserMuteVideo';
      return handlers.emit(event, connection, uid, edge.muted);
    }
  }
}

/** A fresh object for every callback: what an application does to it stays its own. */
function connectionOf({ name, uid }: ChannelView): RtcConnection {
  return { channelId: name, localUid: uid };
}
