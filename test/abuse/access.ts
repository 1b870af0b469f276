/** The app whose users are honest, its tokens, and tokens that are good for nothing there. */
import { randomBytes } from 'node:crypto';
import { deflateSync } from 'node:zlib';
import agora from 'agora-token';
import type { Stay } from './raw.ts';

export const appId = randomBytes(16).toString('hex');
export const certificate = randomBytes(16).toString('hex');

const hours = 3_600 * 3;

/** @param uid 0: whoever has the token may take any uid */
export function tokenFor(channel: string, uid: number, app = appId, key = certificate, ttlS = hours): string {
  const { RtcTokenBuilder, RtcRole } = agora;
  return RtcTokenBuilder.buildTokenWithUid(app, key, channel, uid, RtcRole.PUBLISHER, ttlS, 0);
}

export function stayOf(channel: string, uid: number, tokenUid = uid): Stay {
  return { appId, channel, uid, token: tokenFor(channel, tokenUid) };
}

export function badTokens(channel: string): Readonly<Record<string, string>> {
  const good = tokenFor(channel, 7);
  const [otherApp, otherKey] = [randomBytes(16).toString('hex'), randomBytes(16).toString('hex')];
  return {
    'cut short': good.slice(0, good.length / 2),
    'cut by one': good.slice(0, -1),
    'with one bit changed': `${good.slice(0, 40)}${good[40] === 'A' ? 'B' : 'A'}${good.slice(41)}`,
    'of another app': tokenFor(channel, 7, otherApp),
    'by another certificate': tokenFor(channel, 7, appId, otherKey),
    'of another channel': tokenFor('elsewhere', 7),
    'of another user': tokenFor(channel, 8),
    'of 64 kB that inflate to 50 MB': `007${deflateSync(Buffer.alloc(50_000_000)).toString('base64')}`,
    'of 4 kB that inflate to 2.9 MB': `007${deflateSync(Buffer.alloc(2_900_000)).toString('base64')}`,
    empty: '',
    'of another version': `006${good.slice(3)}`,
  };
}
