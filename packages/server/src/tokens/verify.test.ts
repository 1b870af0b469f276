/** Who gets in with which token, and until when (C-42, C-43). */
import { deflateSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { app, issuedAtS, rtc, theirToken } from './agora-token.suite.ts';
import { text } from './bytes.ts';
import {
  clockAheadMaxS,
  issueToken,
  readToken,
  type TokenClaim,
  type TokenOrder,
  verifyToken,
} from './index.ts';
import { signatureOf } from './signature.ts';

const order: TokenOrder = { ...app, channel: 'room', uid: 7, role: 'host', issuedAtS, ttlS: 3_600, salt: 5 };
const claim: TokenClaim = {
  appId: app.appId,
  certificates: [app.certificate],
  channel: 'room',
  uid: 7,
  nowS: issuedAtS + 10,
};
const expiresAt = issuedAtS + 3_600;
const otherCertificate = 'f'.repeat(32);

test('C-42 a host may join and publish until its token ends', () => {
  expect(verifyToken(issueToken(order), claim)).toEqual({
    ok: true,
    expiresAt,
    privileges: {
      joinUntil: expiresAt,
      publishAudioUntil: expiresAt,
      publishVideoUntil: expiresAt,
      publishDataUntil: expiresAt,
    },
    wildcardUid: false,
  });
});

test('C-42 audience may join and publish nothing', () => {
  expect(verifyToken(issueToken({ ...order, role: 'audience' }), claim)).toMatchObject({
    privileges: {
      joinUntil: expiresAt,
      publishAudioUntil: null,
      publishVideoUntil: null,
      publishDataUntil: null,
    },
  });
});

test('C-42 an app id may be any name', () => {
  const token = issueToken({ ...order, appId: 'demo' });
  expect(verifyToken(token, { ...claim, appId: 'demo' })).toMatchObject({ ok: true });
});

describe('C-42 a token is invalid', () => {
  test.each<[string, Partial<TokenOrder>, Partial<TokenClaim>, string]>([
    ['for another app', {}, { appId: 'other' }, 'another app'],
    ['by another certificate', { certificate: otherCertificate }, {}, 'not signed'],
    ['by a certificate in other letters', { certificate: app.certificate.toUpperCase() }, {}, 'not signed'],
    ['where the app has no certificate', {}, { certificates: [] }, 'not signed'],
    ['in another channel', {}, { channel: 'hall' }, 'another channel'],
    ['in a channel with other letters', {}, { channel: 'Room' }, 'another channel'],
    ['in a channel that a wildcard would name', { channel: '*' }, {}, 'another channel'],
    ['for another uid', {}, { uid: 8 }, 'another user'],
    ['for one who wants the server to assign a uid', {}, { uid: 0 }, 'another user'],
    ['for an account, where it names a uid', {}, { uid: 7, account: 'ada' }, 'another user'],
    ['for another account', { uid: 'ada' }, { uid: 0, account: 'bob' }, 'another user'],
    ['for a uid, where it names an account', { uid: 'ada' }, { uid: 7 }, 'another user'],
    ['from a far future', { issuedAtS: claim.nowS + clockAheadMaxS + 1 }, {}, 'in the future'],
    ['even when it has expired as well', {}, { uid: 8, nowS: expiresAt }, 'another user'],
  ])('%s', (_, ordered, claimed, reason) => {
    const verdict = verifyToken(issueToken({ ...order, ...ordered }), { ...claim, ...claimed });
    expect(verdict).toEqual({ ok: false, why: 'invalid', text: expect.stringContaining(reason) });
  });

  test('without the privilege to join', () => {
    const token = theirToken({ services: [rtc('room', 7, { 2: 0 })] });
    expect(verifyToken(token, claim)).toMatchObject({ ok: false, why: 'invalid' });
  });

  test('signed with an empty certificate, where one was left empty', () => {
    // Whoever knows the format can make this one.
    const reading = readToken(issueToken(order));
    if (!reading.ok) return expect.fail(reading.text);
    const body = Buffer.concat([text(signatureOf(reading.token, '')), reading.token.signed]);
    const token = `007${deflateSync(body).toString('base64')}`;
    expect(verifyToken(token, { ...claim, certificates: [''] })).toMatchObject({ ok: false, why: 'invalid' });
  });
});

describe('C-42 while one certificate replaces another', () => {
  const rotating = { ...claim, certificates: [otherCertificate, app.certificate] };

  test.each([app.certificate, otherCertificate])('tokens by either are good', (certificate) => {
    expect(verifyToken(issueToken({ ...order, certificate }), rotating)).toMatchObject({ ok: true });
  });

  test('tokens by a third are not', () => {
    const token = issueToken({ ...order, certificate: '0'.repeat(32) });
    expect(verifyToken(token, rotating)).toMatchObject({ ok: false, why: 'invalid' });
  });
});

describe('C-43 a token ends', () => {
  const at = (nowS: number, token = issueToken(order)) => verifyToken(token, { ...claim, nowS });

  test('at its last moment, not before', () => {
    expect(at(expiresAt - 0.001)).toMatchObject({ ok: true });
    expect(at(expiresAt)).toMatchObject({ ok: false, why: 'expired' });
  });

  test('with its privilege to join, if that is sooner', () => {
    const token = theirToken({ services: [rtc('room', 7, { 1: 60, 2: 0 })] });
    expect(at(issuedAtS + 59, token)).toMatchObject({
      expiresAt,
      privileges: { joinUntil: issuedAtS + 60, publishAudioUntil: expiresAt },
    });
    expect(at(issuedAtS + 60, token)).toMatchObject({ ok: false, why: 'expired' });
  });

  test('as a whole, also where a privilege would last longer', () => {
    const token = theirToken({ lifetimeS: 60, services: [rtc('room', 7, { 1: 3_600, 3: 3_600 })] });
    const until = issuedAtS + 60;
    expect(at(issuedAtS, token)).toMatchObject({
      expiresAt: until,
      privileges: { joinUntil: until, publishVideoUntil: until },
    });
  });

  test('when it is issued, if it was issued for 0 seconds', () => {
    const token = theirToken({ lifetimeS: 0, services: [rtc('room', 7, { 1: 0 })] });
    expect(at(issuedAtS, token)).toMatchObject({ ok: false, why: 'expired' });
  });

  test('after the largest numbers of its format, without wrapping round', () => {
    const token = issueToken({ ...order, issuedAtS: 0xffff_ffff, ttlS: 0xffff_ffff });
    expect(at(0xffff_ffff, token)).toMatchObject({ ok: true, expiresAt: 2 * 0xffff_ffff });
  });

  test('a privilege to publish may end before it: the last moment is told although it is over', () => {
    const token = theirToken({ services: [rtc('room', 7, { 1: 0, 2: 60 })] });
    expect(at(issuedAtS + 61, token)).toMatchObject({
      ok: true,
      privileges: { publishAudioUntil: issuedAtS + 60 },
    });
  });

  test('an issuer whose clock is ahead a little is believed', () => {
    expect(at(issuedAtS - clockAheadMaxS)).toMatchObject({ ok: true, expiresAt });
  });
});

describe('C-42 a wildcard uid', () => {
  test.each([0, 1, 7, 4_294_967_295])('lets its holder be user %i', (uid) => {
    const token = issueToken({ ...order, uid: 0 });
    expect(verifyToken(token, { ...claim, uid })).toMatchObject({ ok: true, wildcardUid: true });
  });

  test('lets its holder be any account', () => {
    const token = issueToken({ ...order, uid: 0 });
    const joined = verifyToken(token, { ...claim, uid: 0, account: 'ada' });
    expect(joined).toMatchObject({ ok: true, wildcardUid: true });
  });

  test('may be written as the digit 0', () => {
    const token = theirToken({ services: [rtc('room', '0', { 1: 0 })] });
    expect(verifyToken(token, claim)).toMatchObject({ ok: true, wildcardUid: true });
  });
});

test('an account of digits is the uid with these digits: the format has one field for both', () => {
  const token = issueToken({ ...order, uid: '7' });
  expect(verifyToken(token, claim)).toMatchObject({ ok: true, wildcardUid: false });
});

describe('a token with several services', () => {
  const token = theirToken({
    services: [
      rtc('hall', 7, { 1: 0, 2: 0 }),
      rtc('room', 7, { 1: 60, 3: 30 }),
      rtc('room', 0, { 1: 120 }),
      rtc('room', 8, { 1: 0, 4: 0 }),
    ],
  });

  test('grants what those that fit grant, as long as the most generous one', () => {
    expect(verifyToken(token, claim)).toMatchObject({
      expiresAt,
      privileges: {
        joinUntil: issuedAtS + 120,
        publishAudioUntil: null,
        publishVideoUntil: issuedAtS + 30,
        publishDataUntil: null,
      },
      wildcardUid: true,
    });
  });

  test('is good in each of its channels', () => {
    expect(verifyToken(token, { ...claim, channel: 'hall' })).toMatchObject({ ok: true, wildcardUid: false });
  });
});
