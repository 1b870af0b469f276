import { describe, expect, test } from 'vitest';
import { loadSettings } from '../config/index.ts';
import { issueToken } from '../tokens/index.ts';
import { authenticator } from './authenticate.ts';

const [old, next] = ['0'.repeat(32), '1'.repeat(32)];
const issuedAtS = 1_700_000_000;
const credentials = { minor: 0, sdk: 'test', appId: 'shop', channel: 'room' };

describe('C-42 several apps, two certificates each', () => {
  const judge = authenticator(
    loadSettings({
      env: { HOLDFAST_APP_CERTIFICATE: `shop=${old},shop=${next},game=${'2'.repeat(32)}` },
    }),
    () => issuedAtS * 1_000,
  );
  const token = (certificate: string, change: Partial<Parameters<typeof issueToken>[0]> = {}) =>
    issueToken({
      ...{ appId: 'shop', certificate, channel: 'room', uid: 7, role: 'host', issuedAtS, ttlS: 60, salt: 1 },
      ...change,
    });

  test('either certificate is good', () => {
    for (const certificate of [old, next])
      expect(judge({ ...credentials, token: token(certificate) }, 7, '')).toMatchObject({
        joinMs: 60_000,
        dataMs: 60_000,
      });
  });

  test('an audience may join and publish nothing', () => {
    const grant = judge({ ...credentials, token: token(old, { role: 'audience' }) }, 7, '');
    expect(grant).toMatchObject({ joinMs: 60_000, audioMs: 0, videoMs: 0, dataMs: 0 });
  });

  test.each([
    ['another uid', token(old), 8],
    ['another channel', token(old, { channel: 'hall' }), 7],
    ['another app', token('2'.repeat(32), { appId: 'game' }), 7],
    ['no token', '', 7],
  ])('not one of %s', (_, text, uid) => {
    expect(judge({ ...credentials, token: text }, uid, '')).toMatchObject({ close: 'invalidToken' });
  });

  test('an app that is not served is not served', () => {
    expect(judge({ ...credentials, appId: 'else', token: '' }, 7, '')).toEqual({ close: 'invalidAppId' });
  });

  test('an expired one says for how long', () => {
    const expired = token(old, { issuedAtS: issuedAtS - 70 });
    expect(judge({ ...credentials, token: expired }, 7, '')).toMatchObject({ joinMs: -10_000 });
  });
});
