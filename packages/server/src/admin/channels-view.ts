import { type Member, type ObserverClass, type Platform, type Role, view } from '@holdfast/core';
import type { ChannelInfo } from '../server.ts';

/** A channel as the REST API shows it. */
export interface ChannelView {
  readonly appId: string;
  readonly channel: string;
  readonly incarnation: string;
  readonly users: readonly UserView[];
}

/** A user as the REST API shows it. */
export interface UserView {
  readonly uid: number;
  /** The string name of a user who joined with one, else empty. */
  readonly account: string;
  readonly platform: Platform;
  readonly role: Role;
  /** Is the user there for observers of each class? For web its stream counts, as that is what they are told of. */
  readonly present: Readonly<Record<ObserverClass, boolean>>;
  readonly streams: readonly number[];
}

/** Channels that exist; one that is destroyed is not shown, although its users' records are still kept (C-34). */
export function channelsView(channels: readonly ChannelInfo[]): ChannelView[] {
  return channels
    .filter(({ incarnation }) => incarnation !== '')
    .map(({ appId, channel, incarnation, members }) => ({
      appId,
      channel,
      incarnation,
      users: members.filter(({ gone }) => gone === 'no').map(userView),
    }));
}

function userView(member: Member): UserView {
  const { uid, account, platform, role, streams } = member;
  const shown = (observer: ObserverClass) => view(member, observer);
  const present = {
    native: shown('native').peer,
    apple: shown('apple').peer,
    web: shown('web').peer && !member.passed.streamRemoved,
  };
  return { uid, account, platform, role, present, streams: streams.map(({ id }) => id) };
}
