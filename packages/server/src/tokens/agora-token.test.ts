/** Both directions against the package `agora-token`, which knows nothing of us (C-42). */
import { RtcRole, RtcTokenBuilder } from 'agora-token';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  app,
  granting,
  rtc,
  their,
  theirReading,
  theirToken,
  theySayItIsSigned,
} from './agora-token.suite.ts';
import { issueToken, readToken, type TokenClaim, type TokenOrder, verifyToken } from './index.ts';

/** For tests with hundreds of tokens, on a busy machine. */
const timeout = 30_000;

/** Their builders read the clock. */
const nowS = () => Date.now() / 1_000;

describe('C-42 what their RtcTokenBuilder builds is good here', () => {
  test('buildTokenWithUid for a publisher, with 0 as the end of its privileges', () => {
    const verdict = verifyToken(built('buildTokenWithUid', 7, RtcRole.PUBLISHER, 600, 0), claim({ uid: 7 }));
    expect(verdict).toMatchObject({ ok: true, wildcardUid: false });
    const { expiresAt, privileges } = verdict as Extract<typeof verdict, { ok: true }>;
    expect(expiresAt - nowS()).toBeGreaterThan(595);
    expect(expiresAt - nowS()).toBeLessThanOrEqual(600);
    expect(new Set(Object.values(privileges))).toEqual(new Set([expiresAt]));
  });

  test('buildTokenWithUid for a subscriber: it may join and publish nothing', () => {
    const verdict = verifyToken(built('buildTokenWithUid', 7, RtcRole.SUBSCRIBER, 600, 0), claim({ uid: 7 }));
    expect(verdict).toMatchObject({ ok: true, privileges: mayOnlyJoin });
  });

  test('buildTokenWithUid for uid 0: a wildcard', () => {
    const token = built('buildTokenWithUid', 0, RtcRole.PUBLISHER, 600, 0);
    for (const uid of [0, 1, 4_294_967_295]) {
      expect(verifyToken(token, claim({ uid }))).toMatchObject({ ok: true, wildcardUid: true });
    }
  });

  test('buildTokenWithUserAccount', () => {
    const token = built('buildTokenWithUserAccount', 'ada', RtcRole.SUBSCRIBER, 600, 0);
    const joined = verifyToken(token, claim({ account: 'ada' }));
    expect(joined).toMatchObject({ ok: true, wildcardUid: false, privileges: mayOnlyJoin });
    expect(verifyToken(token, claim({ account: 'bob' }))).toMatchObject({ ok: false, why: 'invalid' });
    expect(verifyToken(token, claim({ uid: 7 }))).toMatchObject({ ok: false, why: 'invalid' });
  });

  test('buildTokenWithUidAndPrivilege: each privilege ends by itself, and all with the token', () => {
    const { appId, certificate } = app;
    const token = RtcTokenBuilder.buildTokenWithUidAndPrivilege(
      ...([appId, certificate, 'room', 7, 600, 500, 100, 900, 0] as const),
    );
    const verdict = verifyToken(token, claim({ uid: 7 }));
    if (!verdict.ok) return expect.fail(verdict.text);
    const { expiresAt } = verdict;
    expect(verdict.privileges).toEqual({
      joinUntil: expiresAt - 100,
      publishAudioUntil: expiresAt - 500,
      publishVideoUntil: expiresAt,
      publishDataUntil: expiresAt,
    });
  });

  test('buildTokenWithRtm: another service stands beside', () => {
    const verdict = verifyToken(built('buildTokenWithRtm', 'ada', RtcRole.PUBLISHER, 600, 0), {
      ...claim({ account: 'ada' }),
    });
    expect(verdict).toMatchObject({ ok: true });
  });
});

describe('C-42 what we issue is good there', () => {
  const name = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 64 });
  const uid = fc.oneof(
    fc.nat(0xffff_ffff),
    name.filter((text) => text !== '0'),
  );
  const seconds = fc.integer({ min: 1, max: 0xffff_ffff });
  const orders: fc.Arbitrary<TokenOrder> = fc.record({
    ...{ appId: fc.constant(app.appId), certificate: fc.constant(app.certificate), channel: name, uid },
    ...{ role: fc.constantFrom('host', 'audience'), issuedAtS: seconds, ttlS: seconds, salt: seconds },
  });

  test('their parser reads what was ordered, and finds it signed', { timeout }, () => {
    fc.assert(
      fc.property(orders, (order) => {
        const token = issueToken(order);
        expect(theirReading(token)).toEqual({
          ...{ appId: order.appId, issuedAtS: order.issuedAtS, lifetimeS: order.ttlS, salt: order.salt },
          services: [
            {
              channel: order.channel,
              uid: order.uid === 0 ? '' : `${order.uid}`,
              privileges: new Map(Object.entries(privilegesOf(order)).map(([key, s]) => [Number(key), s])),
            },
          ],
        });
        expect(theySayItIsSigned(token, order.certificate)).toBe(true);
        expect(theySayItIsSigned(token, order.certificate.toLowerCase())).toBe(false);
      }),
    );
  });

  test('their builder builds the same token from the same order', { timeout }, () => {
    fc.assert(
      fc.property(orders, (order) => {
        const services = [rtc(order.channel, order.uid, privilegesOf(order))];
        expect(theirToken({ ...order, lifetimeS: order.ttlS, services })).toBe(issueToken(order));
      }),
    );
  });
});

describe('both parsers read the same', () => {
  const field = fc.string({ unit: 'grapheme', maxLength: 20 });
  const privileges = fc.dictionary(
    fc.nat(9).map((number) => `${number}`),
    fc.nat(0xffff_ffff),
  );
  const beside = (uid: string) => [
    ...[new their.ServiceRtm(uid), new their.ServiceStreaming('c', uid), new their.ServiceFpa()],
    ...[new their.ServiceChat(uid), new their.ServiceFCdn('c', uid), new their.ServiceApaas('r', uid, 2)],
    ...[new their.ServiceConvoAI(), new their.ServiceStt(), new their.ServiceRtm2(uid)],
  ];

  test('of any rtc services, beside any others', { timeout }, () => {
    const services = fc.array(fc.tuple(field, field, privileges), { minLength: 1, maxLength: 4 });
    const others = fc.tuple(field, fc.subarray([...beside('').keys()]));
    fc.assert(
      fc.property(services, others, fc.nat(0xffff_ffff), (list, [uid, chosen], lifetimeS) => {
        const token = theirToken({
          lifetimeS,
          services: [
            ...list.map(([channel, user, granted]) => rtc(channel, user, granted)),
            ...chosen.map((index) => granting(beside(uid)[index]!, { 1: 60 })),
          ],
        });
        const reading = readToken(token);
        expect(reading.ok ? reading.token : reading).toMatchObject(theirReading(token) ?? { refused: true });
      }),
    );
  });

  test('a service that neither knows ends the reading: rtc comes before it', () => {
    const unknown = new their.Service(99);
    const reading = readToken(theirToken({ services: [unknown, rtc('room', 7, { 1: 0 })] }));
    expect(reading).toMatchObject({ ok: true, token: { services: [{ channel: 'room', uid: '7' }] } });
    expect(readToken(theirToken({ services: [unknown] }))).toMatchObject({ ok: false, kind: 'noRtcService' });
  });
});

const mayOnlyJoin = {
  joinUntil: expect.any(Number),
  publishAudioUntil: null,
  publishVideoUntil: null,
  publishDataUntil: null,
};

function privilegesOf({ role }: TokenOrder): Record<number, number> {
  return role === 'host' ? { 1: 0, 2: 0, 3: 0, 4: 0 } : { 1: 0 };
}

type Builder = 'buildTokenWithUid' | 'buildTokenWithUserAccount' | 'buildTokenWithRtm';

function built(
  builder: Builder,
  user: number | string,
  role: number,
  tokenExpire: number,
  privilege: number,
) {
  const { appId, certificate } = app;
  return RtcTokenBuilder[builder](appId, certificate, 'room', user, role, tokenExpire, privilege);
}

function claim(who: { uid?: number; account?: string }): TokenClaim {
  return { appId: app.appId, certificates: [app.certificate], channel: 'room', uid: 0, ...who, nowS: nowS() };
}
