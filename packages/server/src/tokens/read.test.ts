/** Texts that are no good tokens: each is answered, cheaply, and nothing is thrown (C-42, C-80, C-81). */
import { deflateSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { app, issuedAtS, rtc, theirReading, theirToken } from './agora-token.suite.ts';
import { text, uint16, uint32 } from './bytes.ts';
import { issueToken, readToken, type TokenOrder, tokenTextMax, verifyToken } from './index.ts';
import { signatureOf } from './signature.ts';

const order: TokenOrder = { ...app, channel: 'room', uid: 7, role: 'host', issuedAtS, ttlS: 3_600, salt: 5 };
const token = issueToken(order);
/** For tests that judge thousands of tokens: a busy machine takes seconds for that. */
const timeout = 30_000;
const claim = {
  appId: app.appId,
  certificates: [app.certificate],
  channel: 'room',
  uid: 7,
  nowS: issuedAtS,
} as const;

test.each([
  ['nothing', '', 'missing'],
  ['an AccessToken of the first version', `006${token.slice(3)}`, 'version'],
  ['anything else', 'hello', 'version'],
  ['the version alone', '007', 'malformed'],
  ['a blank at the end', `${token} `, 'malformed'],
  ['a line break within', `${token.slice(0, 50)}\n${token.slice(50)}`, 'malformed'],
  ['the alphabet of URLs', `007${Buffer.from('fb', 'hex').toString('base64url')}`, 'malformed'],
  ['base64 of no zlib stream', `007${Buffer.from('no zlib').toString('base64')}`, 'malformed'],
  ['something behind the zlib stream', packed(bodyOf(), Buffer.from('more')), 'malformed'],
  ['an empty body', packed(Buffer.alloc(0)), 'malformed'],
  ['a signature of another length', packed(bodyOf({ signature: Buffer.alloc(31) })), 'malformed'],
  ['something behind the last service', packed(Buffer.concat([bodyOf(), uint16(1)])), 'malformed'],
  ['fewer services than announced', packed(bodyOf({ count: 2 })), 'malformed'],
  ['more privileges than there are', packed(bodyOf({ privileges: 0xffff })), 'malformed'],
  ['a channel that is no UTF-8', packed(bodyOf({ channel: Buffer.from([0xff]) })), 'malformed'],
  ['no service at all', packed(bodyOf({ count: 0, service: Buffer.alloc(0) })), 'noRtcService'],
  ['only a service nobody knows', packed(bodyOf({ service: uint16(99) })), 'noRtcService'],
  ['one character more than allowed', `007${'A'.repeat(tokenTextMax - 2)}`, 'tooLong'],
])('%s', (_, given, kind) => {
  expect(readToken(given)).toEqual({ ok: false, kind, text: expect.any(String) });
});

test('a body made by hand can be read: the cases above fail for one reason each', () => {
  expect(readToken(packed(bodyOf()))).toMatchObject({
    ok: true,
    token: { appId: app.appId, services: [{ channel: 'room', uid: '7' }] },
  });
});

test('a byte order mark is part of a name', () => {
  const channel = Buffer.from('\ufeffroom');
  expect(readToken(packed(bodyOf({ channel })))).toMatchObject({
    token: { services: [{ channel: '\ufeffroom' }] },
  });
});

describe('C-81 a token that inflates to far more than it is', () => {
  const large = packed(Buffer.alloc(50_000_000));
  const allowed = packed(Buffer.alloc(3_000_000));

  test('is refused as it stands, or after 16 kB of it', () => {
    expect([large.length > 60_000, allowed.length > 3_900 && allowed.length <= tokenTextMax]).toEqual([
      true,
      true,
    ]);
    expect(readToken(large)).toMatchObject({ ok: false, kind: 'tooLong' });
    expect(readToken(allowed)).toMatchObject({ ok: false, kind: 'tooLong' });
  });

  test.each([
    ['64 kB that would be 50 MB', large],
    ['4 kB that would be 3 MB', allowed],
  ])('%s: costs less than 5 ms and 100 kB', (_, bomb) => {
    const costs = Array.from({ length: 20 }, () => {
      const before = process.memoryUsage().arrayBuffers;
      const startedAt = performance.now();
      readToken(bomb);
      return {
        ms: performance.now() - startedAt,
        bytes: process.memoryUsage().arrayBuffers - before,
      };
    });
    // The cheapest of many: a busy machine makes any single one slow.
    expect(Math.min(...costs.map(({ ms }) => ms))).toBeLessThan(5);
    expect(Math.max(...costs.map(({ bytes }) => bytes))).toBeLessThan(100_000);
  });
});

describe('C-80 whatever comes is answered', () => {
  const strings = [
    fc.string({ unit: 'binary', maxLength: 5_000 }),
    fc.string({ unit: 'binary' }).map((rest) => `007${rest}`),
    fc.base64String({ maxLength: 5_000 }).map((rest) => `007${rest}`),
    fc.uint8Array({ maxLength: 2_000 }).map((bytes) => packed(Buffer.from(bytes))),
  ];

  test('any text: a refusal, within milliseconds', { timeout }, () => {
    const before = process.cpuUsage();
    const judge = fc.property(fc.oneof(...strings), (given) => {
      expect(verifyToken(given, claim)).toMatchObject({ ok: false, why: 'invalid' });
    });
    fc.assert(judge, { numRuns: 1_000 });
    const cpuMs = process.cpuUsage(before).user / 1_000;
    expect(cpuMs / 1_000).toBeLessThan(5);
  });

  test('C-91 what is said of a kind of text is said of all: it holds nothing of any', { timeout }, () => {
    const said = new Map<string, string>();
    fc.assert(
      fc.property(fc.oneof(...strings), (given) => {
        const reading = readToken(given);
        if (reading.ok) return;
        const { kind, text: words } = reading;
        expect(words).toBe(said.get(kind) ?? words);
        said.set(kind, words);
      }),
    );
    expect(said.size).toBeGreaterThanOrEqual(2);
  });

  test('a body with any of its bytes changed: what we read, their parser reads alike', { timeout }, () => {
    const good = bodyOf();
    const changes = fc.array(fc.tuple(fc.nat(good.length - 1), fc.nat(255)), { minLength: 1, maxLength: 4 });
    fc.assert(
      fc.property(changes, fc.nat(good.length), (list, length) => {
        const body = Buffer.from(good);
        for (const [at, value] of list) body[at] = value;
        const changed = packed(body.subarray(0, length === 0 ? body.length : length));
        const reading = readToken(changed);
        if (reading.ok) expect(reading.token).toMatchObject(theirReading(changed) ?? { refused: true });
        expect(['malformed', 'noRtcService', true]).toContain(reading.ok || reading.kind);
      }),
      { numRuns: 1_000 },
    );
  });
});

describe('C-42 a good token, not quite as it was issued', () => {
  const meaning = verifyToken(token, claim);
  const theirs = theirToken({ services: [rtc('room', 7, { 1: 0, 2: 600 })] });

  test('is good as it was issued', () => expect(meaning).toMatchObject({ ok: true }));

  test.each([
    ['ours', token],
    ['theirs', theirs],
  ])('%s: every truncation is refused', (_, whole) => {
    for (let length = 0; length < whole.length; length += 1) {
      expect(verifyToken(whole.slice(0, length), claim)).toMatchObject({ ok: false, why: 'invalid' });
    }
  });

  test('every change of one character is refused, or means the same', { timeout }, () => {
    const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/=-_ \0\u00e9';
    for (let at = 0; at < token.length; at += 1) {
      for (const character of alphabet) {
        const verdict = verifyToken(`${token.slice(0, at)}${character}${token.slice(at + 1)}`, claim);
        if (verdict.ok) expect(verdict).toEqual(meaning);
      }
    }
  });

  test('every change of one bit of its body is refused', { timeout }, () => {
    const good = bodyOf();
    expect(verifyToken(packed(good), claim)).toMatchObject({ ok: true });
    for (let bit = 0; bit < good.length * 8; bit += 1) {
      const body = Buffer.from(good);
      body[bit >> 3] = (body[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      expect(verifyToken(packed(body), claim)).toMatchObject({ ok: false, why: 'invalid' });
    }
  });
});

interface Parts {
  readonly signature?: Buffer;
  readonly channel?: Buffer;
  readonly privileges?: number;
  readonly service?: Buffer;
  readonly count?: number;
}

/** The body of a token with one rtc service that lets user 7 join. */
function bodyOf(parts: Parts = {}): Buffer {
  const { channel = Buffer.from('room'), privileges = 1, count = 1 } = parts;
  const service =
    parts.service ??
    Buffer.concat([uint16(1), uint16(privileges), uint16(1), uint32(0), text(channel), text('7')]);
  const head = [text(app.appId), uint32(issuedAtS), uint32(3_600), uint32(5), uint16(count)];
  const signed = Buffer.concat([...head, service]);
  const signature = parts.signature ?? signatureOf({ issuedAtS, salt: 5, signed }, app.certificate);
  return Buffer.concat([text(signature), signed]);
}

function packed(body: Buffer, behind = Buffer.alloc(0)): string {
  return `007${Buffer.concat([deflateSync(body, { level: 9 }), behind]).toString('base64')}`;
}
