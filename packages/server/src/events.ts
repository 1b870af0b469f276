import type { CloseName, Member, ServerMark } from '@holdfast/core';
import type { ChannelKey } from './store/store.ts';

/** What a server did, for logs, metrics and the record of outages (C-90, C-91). Never tokens or payloads. */
export type ServerEvent =
  | { readonly type: 'joined'; readonly key: ChannelKey; readonly member: Member; readonly tookOver: boolean }
  | { readonly type: 'resumed'; readonly key: ChannelKey; readonly uid: number }
  | { readonly type: 'refused'; readonly close: CloseName; readonly address: string }
  | { readonly type: 'ended'; readonly close: CloseName; readonly address: string }
  | {
      readonly type: 'member';
      readonly key: ChannelKey;
      readonly before: Member | undefined;
      readonly member: Member;
    }
  | { readonly type: 'incarnation'; readonly key: ChannelKey; readonly incarnation: string }
  | { readonly type: 'outage'; readonly outage: ServerOutageRecord };

/** The server's half of an outage's record (C-90), times in milliseconds since the user's last packet. */
export interface ServerOutageRecord {
  readonly appId: string;
  readonly channel: string;
  readonly uid: number;
  readonly session: string;
  /** The client's name for this outage; empty where it did not say one. */
  readonly outage: string;
  readonly silentMs: number;
  readonly marks: readonly ServerMark[];
  /** How it ended: the user returned, or was forgotten. */
  readonly end: 'returned' | 'forgotten';
}

export type Report = (event: ServerEvent) => void;
