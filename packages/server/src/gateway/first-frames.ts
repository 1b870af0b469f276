/** What a client asks with its first frame, as the rest of the server knows it. */
import {
  type ClientFrame,
  type Credentials,
  decodeClientFrame,
  type Join,
  type ServerFrame,
  WireError,
} from '@holdfast/core';
import type { ChannelKey } from '../channels/channels.ts';

export function joinRequestOf(join: Join, keepFirst: boolean) {
  const { rejoin } = join;
  return {
    ...join,
    keepFirst,
    rejoin: rejoin?.join ?? 0,
    known: rejoin?.picture ?? [],
    sent: rejoin?.sent ?? [],
    quietMs: rejoin?.quietMs ?? 0,
  };
}

export function keyOf({ appId, channel }: Credentials): ChannelKey {
  return { appId, channel };
}

export function decode(bytes: Uint8Array): ClientFrame | WireError {
  try {
    return decodeClientFrame(bytes);
  } catch (error) {
    if (error instanceof WireError) return error;
    throw error;
  }
}

/** The first frame has come, and its answer will take a while: the client waits for it (C-56). */
export function waiting(spreadMs: number): ServerFrame {
  return { type: 'heartbeat', id: 0, answer: 0, heardMs: 0, rttMs: 0, spreadMs };
}
