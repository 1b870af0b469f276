import { expect, test } from 'vitest';
import { app, issuedAtS } from './agora-token.suite.ts';
import { issueToken, type TokenOrder, TokenOrderError } from './index.ts';

const order: TokenOrder = { ...app, channel: 'room', uid: 7, role: 'host', issuedAtS, ttlS: 3_600, salt: 5 };

test.each<[string, Partial<TokenOrder>, string]>([
  ['no app id', { appId: '' }, 'app id'],
  ['half a certificate', { certificate: app.certificate.slice(16) }, '32 hex digits'],
  ['a certificate of other letters', { certificate: 'x'.repeat(32) }, '32 hex digits'],
  ['a certificate and a line break', { certificate: `${app.certificate}\n` }, '32 hex digits'],
  ['no channel', { channel: '' }, 'channel'],
  ['half a surrogate pair', { channel: '\ud800' }, 'channel'],
  ['an account without a name, which would be a wildcard', { uid: '' }, 'say 0'],
  ['an account called 0, which would be a wildcard', { uid: '0' }, 'say 0'],
  ['a negative uid', { uid: -1 }, '0 to 4294967295'],
  ['a uid that is too large', { uid: 4_294_967_296 }, '0 to 4294967295'],
  ['half a uid', { uid: 0.5 }, '0 to 4294967295'],
  ['no lifetime', { ttlS: 0 }, '1 to 4294967295'],
  ['a lifetime that is no number', { ttlS: Number.NaN }, '1 to 4294967295'],
  ['a time of issue in milliseconds', { issuedAtS: issuedAtS * 1_000 }, 'seconds since 1970'],
  ['no salt', { salt: 0 }, 'salt'],
  ['a name that does not fit', { channel: 'a'.repeat(5_000) }, 'channel'],
])('C-42 no token is issued for %s', (_, change, text) => {
  const act = () => issueToken({ ...order, ...change });
  expect(act).toThrow(TokenOrderError);
  expect(act).toThrow(text);
});

test('C-42 tokens with different salts differ', () => {
  expect(issueToken({ ...order, salt: 6 })).not.toBe(issueToken({ ...order, salt: 7 }));
});
