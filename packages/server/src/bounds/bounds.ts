import { bounds } from '@holdfast/core';

/**
 * How much one server takes (C-80, C-81). Sizes are bytes, `…Ms` milliseconds; `null` is no bound. A rate may be used
 * up to ten seconds ahead, for what comes in bursts.
 */
export interface Bounds {
  /** A frame on an admitted connection. */
  readonly frameBytes: number;
  /** A connection's first frame. */
  readonly firstFrameBytes: number;
  /** From the opened transport to the first frame. */
  readonly firstFrameMs: number;
  /** From the accepted TCP connection to the end of the HTTP header, TLS included. */
  readonly headerMs: number;

  readonly channelNameBytes: number;
  /** Uids that users choose for themselves; the server's own choice is not bound. */
  readonly uidMin: number;
  readonly uidMax: number;

  readonly channels: number;
  readonly channelsPerApp: number;
  readonly usersPerChannel: number;

  /** Open transports, admitted or not. */
  readonly connections: number;
  readonly connectionsPerAddress: number;
  /** Connections that have not brought a first frame yet. */
  readonly pendingConnections: number;
  readonly pendingPerAddress: number;
  readonly connectionsPerSecondPerAddress: number;

  /** Joins that no token for that very user vouches for. */
  readonly joinsPerSecondPerAddress: number;
  /** Joins of one user with a token of its own. */
  readonly joinsPerSecondPerUser: number;
  readonly joinsPerSecondPerApp: number;
  readonly framesPerSecond: number;
  readonly messagesPerSecond: number | null;

  /** What waits for one client before it counts as slow. */
  readonly sendQueueBytes: number;
  /** The body of a REST request. */
  readonly restBodyBytes: number;
  /** Wrong API keys from one address. */
  readonly keyFailuresPerMinute: number;
}

export const defaultBounds: Bounds = Object.freeze({
  frameBytes: bounds.clientFrameBytes,
  firstFrameBytes: bounds.firstFrameBytes,
  firstFrameMs: bounds.firstFrameMs,
  headerMs: 5_000,

  channelNameBytes: bounds.nameBytes,
  uidMin: 1,
  uidMax: 0xffff_ffff,

  channels: 50_000,
  channelsPerApp: 50_000,
  usersPerChannel: bounds.channelUsers,

  connections: 50_000,
  connectionsPerAddress: 20_000,
  pendingConnections: 10_000,
  pendingPerAddress: 2_000,
  connectionsPerSecondPerAddress: 1_000,

  joinsPerSecondPerAddress: 200,
  joinsPerSecondPerUser: 2,
  joinsPerSecondPerApp: 2_000,
  framesPerSecond: 500,
  messagesPerSecond: 200,

  sendQueueBytes: bounds.sendQueueBytes,
  restBodyBytes: 16_384,
  keyFailuresPerMinute: 10,
});
