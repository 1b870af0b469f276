/** What a channel tells, in the names and argument orders of the native dialect. */
import { connectionReasons, connectionStates, type Notice, offlineReasons } from '@holdfast/core';
import type { ChannelListener, ChannelView } from '../engine/channel.ts';
import { failureCode } from '../engine/errors.ts';
import { clientRoles } from '../engine/numbers.ts';
import type { Handlers } from './handlers.ts';
import type { RtcConnection } from './types.ts';

/** Tells `handlers`. */
export function tellHandlers(handlers: Handlers): ChannelListener {
  return {
    notice: (notice, about) => tellNotice(handlers, notice, about),
    roleChanged(before, after, about) {
      handlers.emit('onClientRoleChanged', connectionOf(about), clientRoles[before], clientRoles[after]);
    },
    outage: (record, about) => handlers.emit('onOutage', connectionOf(about), record),
  };
}

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
    default:
      return tellEdge(handlers, notice, connection);
  }
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
