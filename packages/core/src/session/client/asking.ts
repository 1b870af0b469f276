/** The frames with which a client asks to come in, and says goodbye. */
import {
  type ClientLimits,
  type CloseName,
  type ConnectionReason,
  defaultLimits,
} from '../../contract/index.ts';
import type { Member, Position } from '../../presence/index.ts';
import {
  type Credentials,
  type Join,
  type Leave,
  minorVersion,
  type Resume,
  type Welcome,
} from '../../wire/frames.ts';
import type { Context } from './context.ts';

/** What the servers have given this user for its stay. */
export interface Stay {
  readonly session: string;
  readonly secret: string;
  readonly uid: number;
  readonly join: number;
  readonly limits: ClientLimits;
  position: Position;
  spreadMs: number;
  /** Running time of the last packet, whichever transport it came on; the answer to an attempt is one too. */
  heardAt: number;
  /** Running time of the last packet that was not a refusal: until then a server knew us and the others (C-59). */
  contactAt: number;
  /** Running time at which the connection was seen closed by the other end; null: it was not. */
  closedAt: number | null;
}

export function stayOf(
  { session, secret, uid, join, position, spreadMs, limits }: Welcome,
  now: number,
): Stay {
  const all = { ...defaultLimits, ...limits };
  return {
    session,
    secret,
    uid,
    join,
    position,
    spreadMs,
    limits: all,
    heardAt: now,
    contactAt: now,
    closedAt: null,
  };
}

function credentials({ options, token }: Context): Credentials {
  const { appId, channel, sdk } = options;
  return { minor: minorVersion, sdk, appId, channel, token: token.text };
}

export function joinFrame(context: Context, attempt: number): Join {
  const { options, selfAsked: self, nonce } = context;
  const { uid, account, platform, profile } = options;
  const frame = { credentials: credentials(context), uid, account, platform, profile, self };
  return { type: 'join', ...frame, rejoin: null, nonce, attempt };
}

/**
 * The server does not know the session: come in afresh, with what we know of the channel (C-36, C-59).
 * @param blind whether another server may have been there since the connection was closed
 */
export function rejoinFrame(
  context: Context,
  attempt: number,
  { uid, join, contactAt, closedAt }: Stay,
  blind: boolean,
): Join {
  const unsure = blind || closedAt === null || closedAt < contactAt;
  const quietMs = unsure ? 0 : Math.round(context.now - closedAt);
  return {
    ...joinFrame(context, attempt),
    uid,
    rejoin: { quietMs, join, picture: pictureOf(context), sent: context.outbox.acknowledged(join) },
  };
}

/**
 * The answer to a newcomer begins where the log ends. Where an earlier one was already in, that steps over what came
 * between: the stay goes on from its own position instead (C-60).
 */
export function stepsOver(
  { newcomer }: { newcomer: boolean },
  { position: to }: Welcome,
  stay: Stay,
): boolean {
  const { incarnation, epoch, seq } = stay.position;
  return newcomer && !(to.incarnation === incarnation && to.epoch === epoch && to.seq <= seq);
}

/** The others as last known, and what the app has had of their messages. */
function pictureOf({ picture, inbox }: Context): Member[] {
  return picture.members().map((member) => ({ ...member, sent: inbox.seen(member.uid) }));
}

export function resumeFrame(
  context: Context,
  attempt: number,
  { uid, session, secret, position, join, heardAt }: Stay,
  as: { standby: boolean; outage: string },
): Resume {
  const silentMs = Math.round(context.now - heardAt);
  const proof = { credentials: credentials(context), uid, session, secret, attempt };
  const { account } = context.options;
  return { type: 'resume', ...proof, account, self: context.selfAsked, position, join, silentMs, ...as };
}

export function leaveFrame(
  context: Context,
  { uid, session, secret, join }: Pick<Stay, 'uid' | 'session' | 'secret' | 'join'>,
): Leave {
  const { account } = context.options;
  return { type: 'leave', credentials: credentials(context), uid, account, session, secret, join };
}

/** The connection-changed reason with which a stay fails. */
export function failureReason(close: CloseName): ConnectionReason {
  switch (close) {
    case 'sameUid':
      return 'sameUidLogin';
    case 'banned':
      return 'bannedByServer';
    case 'invalidToken':
    case 'invalidAppId':
    case 'invalidChannelName':
    case 'tokenExpired':
      return close;
    case 'invalidUid':
    case 'rejected':
    case 'otherProfile':
    case 'uidInUse':
      return 'rejectedByServer';
    default:
      return 'joinFailed';
  }
}
