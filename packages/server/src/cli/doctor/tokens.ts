import { certificatesOf, isLoopback, type Settings } from '../../config/index.ts';
import { readToken, type TokenClaim, verifyToken } from '../../tokens/index.ts';
import { type Finding, fails, ok, warn } from './finding.ts';

export function* examineTokens(settings: Settings, token: string | null): Generator<Finding> {
  const apps = certificatesOf(settings);
  if (apps === null) {
    const text = 'nobody is authenticated: set appCertificate before others can reach this server';
    yield isLoopback(settings.host)
      ? ok('tokens', `not checked, and only this machine reaches ${settings.host}`)
      : warn('tokens', text);
  } else {
    yield ok('tokens', 'every join is checked');
    for (const [app, certificates] of apps) yield* certificatesOfApp(app, certificates);
  }
  if (token !== null) yield judged(token, apps);
}

/** Of a certificate no digit is shown. */
function* certificatesOfApp(app: string, certificates: readonly string[]): Generator<Finding> {
  const what = `certificates of ${app}`;
  if (certificates.some(isGuessable))
    yield fails(what, 'one can be guessed: take 16 random bytes, as of `openssl rand -hex 16`');
  else if (new Set(certificates.map((each) => each.toLowerCase())).size < certificates.length)
    yield warn(what, 'the same one twice: the second is for the one that replaces it');
  else if (certificates.length > 1)
    yield ok(what, 'two: take the old one away when the tokens that it signed have expired');
}

/** Of 32 random digits hardly ever fewer than 7 are different. */
function isGuessable(certificate: string): boolean {
  const digits = certificate.toLowerCase();
  return new Set(digits).size < 7 || digits === '0123456789abcdef'.repeat(2);
}

/** Would this token open a channel here? Nothing of it is shown but what it is for. */
function judged(text: string, apps: ReadonlyMap<string, readonly string[]> | null): Finding {
  const what = 'token';
  const reading = readToken(text);
  if (!reading.ok) return fails(what, reading.text);
  const { appId, services } = reading.token;
  const [{ channel, uid } = { channel: '', uid: '' }] = services;
  if (apps === null) return warn(what, `it can be read, and is not checked here: no appCertificate is set`);
  const certificates = apps.get(appId);
  if (certificates === undefined) return fails(what, `it is for the app ${appId}, which is not served here`);
  const verdict = verifyToken(text, {
    appId,
    certificates,
    channel,
    nowS: Date.now() / 1_000,
    ...holder(uid),
  });
  if (!verdict.ok) return fails(what, verdict.text);
  const seconds = Math.floor(verdict.privileges.joinUntil - Date.now() / 1_000);
  const who = verdict.wildcardUid ? 'anybody' : uid;
  return ok(what, `good: ${who} may join ${channel} of ${appId} for ${seconds} s`);
}

/** As whom the one that it names would join: digits may be a uid or an account. */
function holder(uid: string): Pick<TokenClaim, 'uid' | 'account'> {
  return /^\d{1,10}$/.test(uid) ? { uid: Number(uid) } : { uid: 0, account: uid };
}
