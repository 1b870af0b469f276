import { isWildcard, type Privilege, privilegeNumbers } from './format.ts';
import { type RtcService, readToken, type Token } from './read.ts';
import { isSignedByOneOf } from './signature.ts';

/** Who wants in where, and what is known about it. */
export interface TokenClaim {
  readonly appId: string;
  /** The app's certificates, 32 hex digits each: one, or two while one replaces the other. With none, no token is good. */
  readonly certificates: readonly string[];
  readonly channel: string;
  /** 1 to 4294967295, or 0 for one that the server will assign: only a wildcard fits that. */
  readonly uid: number;
  /** Joined by account: the token must name it, and `uid` plays no part. Empty or left out: joined by uid. */
  readonly account?: string;
  /** Seconds since 1970; fractions count. */
  readonly nowS: number;
}

/** The last moments of what a token grants, in seconds since 1970; at that moment it is over. */
export interface TokenPrivileges {
  /** Until then its holder may join and stay. Never after the token's own end. */
  readonly joinUntil: number;
  /** Null: not granted. May already be over: join and publish end separately. */
  readonly publishAudioUntil: number | null;
  readonly publishVideoUntil: number | null;
  readonly publishDataUntil: number | null;
}

export type TokenVerdict =
  | {
      readonly ok: true;
      /** The token's own end, in seconds since 1970. What counts for staying is `privileges.joinUntil`. */
      readonly expiresAt: number;
      readonly privileges: TokenPrivileges;
      /** Would it have been as good with any other uid? */
      readonly wildcardUid: boolean;
    }
  | {
      readonly ok: false;
      /** `expired`: it was good, and a new one is needed (C-43) · `invalid`: it never was. */
      readonly why: 'expired' | 'invalid';
      /** What to do about it. Never holds a part of the token (C-91). */
      readonly text: string;
      /** Of one that was good: what it granted. */
      readonly privileges?: TokenPrivileges;
    };

/** How far an issuer's clock may be ahead. One that is behind only shortens its tokens. */
export const clockAheadMaxS = 300;

/**
 * Judges a token (C-42): app, signature, channel, uid, and only then its times, so that `expired` means that it was good.
 *
 * Times count from the issue, by the issuer's clock. The token ends `lifetime` seconds after it, and with it everything
 * it grants. A privilege ends its own number of seconds after the issue, if that is sooner; 0 there means that it ends
 * with the token, because that is what builders write when they are told nothing. So 0 never withholds a privilege: one
 * that is not granted is absent. A token of 0 seconds has expired when it is issued. There is no longest lifetime.
 *
 * A token may hold several services that fit; then each privilege lasts as long as the most generous one says.
 */
export function verifyToken(text: string, claim: TokenClaim): TokenVerdict {
  const reading = readToken(text);
  if (!reading.ok) return invalid(reading.text);
  const { token } = reading;
  if (token.appId !== claim.appId) return invalid('the token is for another app: issue one for this app id');
  if (!isSignedByOneOf(token, claim.certificates)) {
    return invalid(
      'the token is not signed with a certificate of this app: check the certificate where it is issued',
    );
  }
  const inChannel = token.services.filter(({ channel }) => channel === claim.channel);
  if (inChannel.length === 0) {
    return invalid('the token is for another channel: issue one for the channel that is joined');
  }
  const fitting = inChannel.filter(({ uid }) => isWildcard(uid) || uid === holderOf(claim));
  if (fitting.length === 0) {
    return invalid('the token is for another user: issue one for the uid or account that joins');
  }
  return judgeTimes(token, fitting, claim.nowS);
}

function judgeTimes(token: Token, fitting: readonly RtcService[], nowS: number): TokenVerdict {
  const aheadS = token.issuedAtS - nowS;
  if (aheadS > clockAheadMaxS) {
    return invalid(
      `the token was issued ${Math.ceil(aheadS)} s in the future: set the clock where it is issued`,
    );
  }
  const until = (privilege: Privilege) => lastMoment(token, fitting, privilege);
  const joinUntil = until('join');
  if (joinUntil === null) return invalid('the token does not grant joining: issue it with that privilege');
  const privileges: TokenPrivileges = {
    joinUntil,
    publishAudioUntil: until('publishAudio'),
    publishVideoUntil: until('publishVideo'),
    publishDataUntil: until('publishData'),
  };
  if (joinUntil <= nowS) {
    return {
      ok: false,
      why: 'expired',
      text: 'the token has expired: get a new one, and renew or join with it',
      privileges,
    };
  }
  return {
    ok: true,
    expiresAt: endOf(token),
    privileges,
    wildcardUid: fitting.some(({ uid }) => isWildcard(uid)),
  };
}

/** As a token names the one who joins. For uid 0 that is a wildcard, and so is only fitted by one. */
function holderOf({ uid, account = '' }: TokenClaim): string {
  return account === '' ? `${uid}` : account;
}

function lastMoment(token: Token, services: readonly RtcService[], privilege: Privilege): number | null {
  const ends = services
    .map(({ privileges }) => privileges.get(privilegeNumbers[privilege]))
    .filter((seconds) => seconds !== undefined)
    .map((seconds) => (seconds === 0 ? endOf(token) : Math.min(token.issuedAtS + seconds, endOf(token))));
  return ends.length === 0 ? null : Math.max(...ends);
}

function endOf({ issuedAtS, lifetimeS }: Token): number {
  return issuedAtS + lifetimeS;
}

function invalid(text: string): TokenVerdict {
  return { ok: false, why: 'invalid', text };
}
