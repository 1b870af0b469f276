import { describe, expect, it } from 'vitest';
import { loadSettings } from '../../config/index.ts';
import { issueToken } from '../../tokens/index.ts';
import type { Finding } from './finding.ts';
import { examineTokens } from './tokens.ts';

const certificate = '6c1f0e9d7b3a4582c1f0e9d7b3a45826';
const other = 'd08b6e5f1a2c39475e6d7f8091a2b3c4';
const now = Math.floor(Date.now() / 1_000);
const order = { appId: 'demo', certificate, channel: 'room', role: 'host', salt: 1, issuedAtS: now } as const;
const token = issueToken({ ...order, uid: 7, ttlS: 3_600 });

describe('what doctor says of tokens', () => {
  it('C-42 of one that is good: who may join which channel for how long, and never the certificate', () => {
    const findings = found([`demo=${certificate}`], token);
    expect(findings.at(-1)).toMatchObject({ verdict: 'ok' });
    expect(findings.at(-1)?.text).toMatch(/^good: 7 may join room of demo for 3(600|59\d) s$/);
    expect(JSON.stringify(findings)).not.toContain(certificate);
  });

  it.each([
    ['an account', issueToken({ ...order, uid: 'ann', ttlS: 60 }), /^good: ann may join/],
    ['anybody', issueToken({ ...order, uid: 0, ttlS: 60 }), /^good: anybody may join/],
  ])('C-42 of one for %s', (_, given, text) => {
    expect(found([`demo=${certificate}`], given).at(-1)?.text).toMatch(text);
  });

  it.each([
    [
      'that has expired',
      certificate,
      issueToken({ ...order, uid: 7, issuedAtS: now - 60, ttlS: 30 }),
      'expired',
    ],
    ['that another certificate has signed', other, token, 'not signed with a certificate of this app'],
    [
      'of another app',
      certificate,
      issueToken({ ...order, appId: 'strange', uid: 7, ttlS: 60 }),
      'not served',
    ],
    ['that is none', certificate, 'hello', 'does not begin with 007'],
  ])('C-42 of one %s', (_, its, given, text) => {
    expect(found([`demo=${its}`], given).at(-1)).toMatchObject({
      verdict: 'fail',
      text: expect.stringContaining(text),
    });
  });

  it.each([
    ['guessable', ['0'.repeat(32)], 'fail', /openssl rand/],
    ['guessable by the order of its digits', ['0123456789abcdef'.repeat(2)], 'fail', /openssl rand/],
    ['there twice', [certificate, certificate], 'warn', /the same one twice/],
    ['being replaced', [certificate, other], 'ok', /take the old one away/],
  ])('of a certificate that is %s', (_, certificates, verdict, text) => {
    const findings = found(
      certificates.map((each) => `demo=${each}`),
      null,
    );
    expect(findings.at(-1)).toMatchObject({ verdict, text: expect.stringMatching(text) });
  });

  it('that nothing is checked, where only this machine can come', () => {
    expect(found([], token).map(({ verdict }) => verdict)).toEqual(['ok', 'warn']);
  });
});

function found(appCertificate: readonly string[], given: string | null): Finding[] {
  const env = { HOLDFAST_APP_ID: 'demo', HOLDFAST_APP_CERTIFICATE: appCertificate.join(',') };
  const settings = loadSettings(appCertificate.length === 0 ? {} : { env });
  return [...examineTokens(settings, given)];
}
