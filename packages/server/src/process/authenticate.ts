import type { Credentials } from '@holdfast/core';
import { certificatesOf, type Settings } from '../config/index.ts';
import { everything, type Grant, type Rejection } from '../settings.ts';
import { type TokenPrivileges, verifyToken } from '../tokens/index.ts';

type Authenticate = (credentials: Credentials, uid: number, account: string) => Grant | Rejection;

/** Judges tokens by the wall clock, as they were issued (C-42); without certificates nobody is asked for one. */
export function authenticator(settings: Settings, wallClock: () => number = Date.now): Authenticate {
  const apps = certificatesOf(settings);
  if (apps === null) return () => everything;
  return ({ appId, channel, token }, uid, account) => {
    const certificates = apps.get(appId);
    if (certificates === undefined) return { close: 'invalidAppId' };
    const nowS = wallClock() / 1_000;
    const verdict = verifyToken(token, { appId, certificates, channel, uid, account, nowS });
    const { privileges } = verdict;
    if (privileges === undefined)
      return { close: 'invalidToken', ...(!verdict.ok && { text: verdict.text }) };
    return { ...grantOf(privileges, nowS), personal: verdict.ok && !verdict.wildcardUid };
  };
}

function grantOf(privileges: TokenPrivileges, nowS: number): Grant {
  const left = (until: number | null) => (until === null ? 0 : (until - nowS) * 1_000);
  return {
    joinMs: left(privileges.joinUntil),
    audioMs: left(privileges.publishAudioUntil),
    videoMs: left(privileges.publishVideoUntil),
    dataMs: left(privileges.publishDataUntil),
  };
}
