import type { Platform, Role } from '../contract/index.ts';

/** A stream that a user publishes. Ids are unique within the user. */
export interface Stream {
  readonly id: number;
  readonly audio: boolean;
  readonly video: boolean;
  readonly audioMuted: boolean;
  readonly videoMuted: boolean;
}

/** What a user says of itself; sent whole with every join, resume and update. */
export interface Self {
  readonly role: Role;
  readonly streams: readonly Stream[];
}

/** Whether two say the same of themselves. */
export function sameSelf(one: Self, other: Self): boolean {
  if (one.role !== other.role || one.streams.length !== other.streams.length) return false;
  return one.streams.every((stream, index) => {
    const twin = other.streams[index];
    return (
      twin !== undefined &&
      stream.id === twin.id &&
      stream.audio === twin.audio &&
      stream.video === twin.video &&
      stream.audioMuted === twin.audioMuted &&
      stream.videoMuted === twin.videoMuted
    );
  });
}

/** The limits that a user's present silence has passed. A packet clears them all (C-2). */
export interface Passed {
  readonly streamRemoved: boolean;
  readonly peerOffline: boolean;
  readonly peerLeave: boolean;
  readonly channelDestroy: boolean;
}

export const nothingPassed: Passed = Object.freeze({
  streamRemoved: false,
  peerOffline: false,
  peerLeave: false,
  channelDestroy: false,
});

/** The newest message of one of a user's data streams; numbered from 1 in each stream of a join (C-35, C-62). */
export interface Sent {
  readonly join: number;
  readonly stream: number;
  readonly number: number;
}

/**
 * The state of one member, whole. Log entries and snapshots carry it, so applying one twice does no harm,
 * and what an observer is told is the difference between two of them (C-20 to C-22).
 */
export interface Member extends Self {
  readonly uid: number;
  /** The string name of a user who joined with one, else empty. */
  readonly account: string;
  /** Which join of this uid it is: grows with every fresh join (C-35). */
  readonly join: number;
  readonly platform: Platform;
  /** `quit`: said goodbye or was removed. `forgotten`: its session ran out after a silence. */
  readonly gone: 'no' | 'quit' | 'forgotten';
  readonly passed: Passed;
  /** Of each of its data streams, of its recent joins: who has seen less has missed the difference (C-62). */
  readonly sent: readonly Sent[];
}

/** A place in a channel's log; comparable only within one incarnation and epoch (C-61). */
export interface Position {
  readonly incarnation: string;
  readonly epoch: number;
  readonly seq: number;
}
