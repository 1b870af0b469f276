/** The frames with which a client asks to come in, and says goodbye. */
import type { ClientLimits, CloseName, ConnectionReason } from '../../contract/index.ts';
import type { Member, Position, Self } from '../../presence/index.ts';
import { type Credentials, type Join, type Leave, minorVersion, type Resume } from '../../wire/frames.ts';
import type { StayOptions } from './types.ts';

/** What the servers have given this user for its stay. */
export interface Stay {
  session: string;
  secret: string;
  uid: number;
  join: number;
  position: Position;
  limits: ClientLimits;
  spreadMs: number;
  /** Running time of the last packet, whichever transport it came on. */
  heardAt: number;
}

export function credentials(options: StayOptions, token: string): Credentials {
  const { appId, channel, sdk } = options;
  return { minor: minorVersion, sdk, appId, channel, token };
}

export interface Asking {
  readonly options: StayOptions;
  readonly token: string;
  readonly self: Self;
  readonly attempt: number;
}

export function joinFrame({ options, token, self, attempt }: Asking, nonce: string): Join {
  const { uid, account, platform, profile } = options;
  const frame = { credentials: credentials(options, token), uid, account, platform, profile, self };
  return { type: 'join', ...frame, rejoin: null, nonce, attempt };
}

/** The server does not know the session: come in afresh, with what we know of the channel (C-36, C-59). */
export function rejoinFrame(
  asking: Asking,
  nonce: string,
  stay: Stay,
  picture: readonly Member[],
  now: number,
): Join {
  const rejoin = { quietMs: Math.round(now - stay.heardAt), join: stay.join, picture };
  return { ...joinFrame(asking, nonce), uid: stay.uid, rejoin };
}

export function resumeFrame(asking: Asking, stay: Stay, standby: boolean, outage: string): Resume {
  const { uid, session, secret, position, join } = stay;
  const { options, token, self, attempt } = asking;
  const proof = { credentials: credentials(options, token), uid, session, secret, attempt };
  return { type: 'resume', ...proof, self, position, standby, outage, join };
}

export function leaveFrame({ appId, channel }: StayOptions, stay: Stay): Leave {
  const { uid, session, secret } = stay;
  return { type: 'leave', appId, channel, uid, session, secret };
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
