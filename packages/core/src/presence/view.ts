import type { ObserverClass, OfflineReason } from '../contract/index.ts';
import type { Member, Stream } from './member.ts';

/** What an observer of a class is shown of one member. */
export interface View {
  readonly peer: boolean;
  readonly streams: readonly Stream[];
}

const nobody: View = { peer: false, streams: [] };

/** Presence as a pure function of a member's state and the observer's class (contract, section 3). */
export function view(member: Member | undefined, observer: ObserverClass): View {
  if (member === undefined || member.gone !== 'no' || member.role === 'audience') return nobody;
  const { passed } = member;
  if (observer === 'web') {
    if (passed.peerLeave) return nobody;
    return { peer: true, streams: passed.streamRemoved ? [] : member.streams };
  }
  return passed.peerOffline ? nobody : { peer: true, streams: member.streams };
}

/**
 * Whether somebody has been silent for so long that an observer of the class who is not shown it is not told of it
 * (C-23). On the web that is the limit of streams: a peer that is shown outlives its stream.
 */
export function isAbsent({ passed }: Member, observer: ObserverClass): boolean {
  return observer === 'web' && passed.streamRemoved;
}

/** A change of what an observer must be told about one member. */
export type Edge =
  | { readonly type: 'peer-joined'; readonly member: Member }
  | { readonly type: 'peer-offline'; readonly member: Member; readonly reason: OfflineReason }
  | { readonly type: 'stream-added'; readonly member: Member; readonly stream: Stream }
  | { readonly type: 'stream-removed'; readonly member: Member; readonly stream: Stream }
  | { readonly type: 'stream-updated'; readonly member: Member; readonly stream: Stream }
  | {
      readonly type: 'muted';
      readonly member: Member;
      readonly kind: 'audio' | 'video';
      readonly muted: boolean;
    };

/**
 * The edges between two states of one member, in the order in which an observer of the class is told.
 * A peer that ends takes its streams along: nothing is told of them apart (C-21).
 */
export function difference(
  before: Member | undefined,
  after: Member | undefined,
  observer: ObserverClass,
): Edge[] {
  const was = view(before, observer);
  const is = view(after, observer);
  if (was.peer && !is.peer && before !== undefined) {
    return [{ type: 'peer-offline', member: before, reason: offlineReason(after) }];
  }
  if (!is.peer || after === undefined) return [];
  const edges: Edge[] = was.peer ? [] : [{ type: 'peer-joined', member: after }];
  if (observer === 'web') edges.push(...streamEdges(after, was.streams, is.streams));
  edges.push(...muteEdges(after, was.streams, is.streams));
  return edges;
}

function offlineReason(after: Member | undefined): OfflineReason {
  if (after === undefined || after.gone === 'forgotten') return 'dropped';
  if (after.gone === 'quit') return 'quit';
  return after.role === 'audience' ? 'becomeAudience' : 'dropped';
}

function streamEdges(member: Member, was: readonly Stream[], is: readonly Stream[]): Edge[] {
  const edges: Edge[] = [];
  for (const stream of was) {
    if (!is.some(({ id }) => id === stream.id)) edges.push({ type: 'stream-removed', member, stream });
  }
  for (const stream of is) {
    const old = was.find(({ id }) => id === stream.id);
    if (old === undefined) edges.push({ type: 'stream-added', member, stream });
    else if (old.audio !== stream.audio || old.video !== stream.video) {
      edges.push({ type: 'stream-updated', member, stream });
    }
  }
  return edges;
}

function muteEdges(member: Member, was: readonly Stream[], is: readonly Stream[]): Edge[] {
  const edges: Edge[] = [];
  for (const kind of ['audio', 'video'] as const) {
    const before = was.length > 0 && isMuted(was, kind);
    const after = is.length > 0 ? isMuted(is, kind) : before;
    if (before !== after) edges.push({ type: 'muted', member, kind, muted: after });
  }
  return edges;
}

function isMuted(streams: readonly Stream[], kind: 'audio' | 'video'): boolean {
  return streams.every((stream) => (kind === 'audio' ? stream.audioMuted : stream.videoMuted));
}
