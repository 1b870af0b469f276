/** `holdfast token` (C-42): the token alone on standard output, or one reason and exit code 2. */
import { bounds } from '@holdfast/core';
import { CommanderError } from 'commander';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { tokenTextMax, verifyToken } from '../tokens/index.ts';
import { tokenCommand } from './token.ts';

const appId = 'demo';
const certificate = '5CFd2fd1755d40ecb72977518be15d3b';
const own = ['--channel', 'room', '--app-id', appId, '--app-certificate', certificate];

beforeEach(() => {
  vi.stubEnv('HOLDFAST_APP_ID', undefined);
  vi.stubEnv('HOLDFAST_APP_CERTIFICATE', undefined);
});

afterEach(() => {
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
});

describe('it prints a token that is good', () => {
  const whole = { joinUntil: expect.any(Number), publishAudioUntil: expect.any(Number) };

  test('for a host, for an hour, unless told otherwise', () => {
    const { out, err } = run(...own, '--uid', '7');
    const verdict = judged(out, { uid: 7 });
    expect(verdict).toMatchObject({ ok: true, wildcardUid: false, privileges: whole });
    expect(verdict.ok && verdict.expiresAt - nowS()).toBeGreaterThan(3_590);
    expect(verdict.ok && verdict.expiresAt - nowS()).toBeLessThanOrEqual(3_600);
    expect(err).toBe('');
  });

  test('for audience, for a minute', () => {
    const { out } = run(...own, '--uid', '7', '--role', 'audience', '--ttl', '60');
    const verdict = judged(out, { uid: 7 });
    expect(verdict).toMatchObject({ ok: true, privileges: { publishAudioUntil: null } });
    expect(verdict.ok && verdict.expiresAt - nowS()).toBeLessThanOrEqual(60);
  });

  test.each(['ada', '+49 151 23', 'Zoë'])('for the account %s', (account) => {
    expect(judged(run(...own, '--uid', account).out, { account })).toMatchObject({ ok: true });
  });

  test.each(['0', '*'])('for any uid: --uid %s, and it says so beside', (uid) => {
    const { out, err } = run(...own, '--uid', uid);
    expect(judged(out, { uid: 99 })).toMatchObject({ ok: true, wildcardUid: true });
    expect(err).toContain('any uid');
  });

  test('with app and certificate from the environment', () => {
    vi.stubEnv('HOLDFAST_APP_ID', appId);
    vi.stubEnv('HOLDFAST_APP_CERTIFICATE', certificate);
    const { out } = run('--channel', 'room', '--uid', '7');
    expect(judged(out, { uid: 7 })).toMatchObject({ ok: true });
  });

  test('twice, it prints different ones', () => {
    expect(run(...own, '--uid', '7').out).not.toBe(run(...own, '--uid', '7').out);
  });
});

describe('it refuses, with exit code 2,', () => {
  test.each<[string, string[], string]>([
    ['no app', ['--channel', 'room', '--uid', '7'], 'HOLDFAST_APP_ID'],
    ['no certificate', ['--channel', 'room', '--uid', '7', '--app-id', 'demo'], 'HOLDFAST_APP_CERTIFICATE'],
    ['half a certificate', [...own, '--uid', '7', '--app-certificate', '5CFd'], '32 hex digits'],
    ['a uid that is too large', [...own, '--uid', '4294967296'], '0 to 4294967295'],
    ['a negative uid', [...own, '--uid', '-1'], '0 to 4294967295'],
    ['an empty uid', [...own, '--uid', ''], '--uid must be 1 to 64 bytes'],
    ['an account that no server takes', [...own, '--uid', 'a'.repeat(65)], '--uid must be 1 to 64 bytes'],
    ['a channel that no server takes', [...own, '--uid', '7', '--channel', 'a\nb'], '--channel must be'],
    ['no lifetime', [...own, '--uid', '7', '--ttl', '0'], '1 to 4294967295'],
    ['a lifetime with its unit', [...own, '--uid', '7', '--ttl', '1h'], '1 to 4294967295'],
  ])('%s', (_, args, reason) => {
    const { out, err, code } = run(...args);
    expect({ out, code }).toEqual({ out: '', code: 2 });
    expect(err).toContain(reason);
    expect(err).not.toContain('5CFd');
  });

  test('an environment that names several apps', () => {
    vi.stubEnv('HOLDFAST_APP_ID', 'demo,other');
    const { err, code } = run('--channel', 'room', '--uid', '7', '--app-certificate', certificate);
    expect({ err, code }).toEqual({ err: expect.stringContaining('several apps'), code: 2 });
  });

  test('an environment with two certificates', () => {
    vi.stubEnv('HOLDFAST_APP_CERTIFICATE', `${certificate},${certificate}`);
    const { err, code } = run('--channel', 'room', '--uid', '7', '--app-id', 'demo');
    expect({ err, code }).toEqual({ err: expect.stringContaining('one certificate'), code: 2 });
  });

  test.each([
    ['no channel', ['--uid', '7'], '--channel'],
    ['no uid', ['--channel', 'room'], '--uid'],
    ['an unknown role', [...own, '--uid', '7', '--role', 'king'], 'host, audience'],
  ])('%s', (_, args, reason) => {
    expect(run(...args).err).toContain(reason);
  });
});

test('a server takes tokens as long as they can be read', () => expect(tokenTextMax).toBe(bounds.tokenBytes));

function run(...args: string[]): { out: string; err: string; code: number } {
  class Exit extends Error {}
  const written = { out: '', err: '', code: 0 };
  const taken = (stream: 'out' | 'err') => (chunk: string | Uint8Array) => {
    written[stream] += chunk;
    return true;
  };
  vi.spyOn(process.stdout, 'write').mockImplementation(taken('out'));
  vi.spyOn(process.stderr, 'write').mockImplementation(taken('err'));
  vi.spyOn(process, 'exit').mockImplementation((code) => {
    written.code = Number(code);
    throw new Exit();
  });
  try {
    tokenCommand().exitOverride().parse(args, { from: 'user' });
  } catch (error) {
    if (!(error instanceof Exit || error instanceof CommanderError)) throw error;
  } finally {
    vi.restoreAllMocks();
  }
  return written;
}

function judged(out: string, who: { uid?: number; account?: string }) {
  expect(out).toMatch(/^007[A-Za-z0-9+/]+=*\n$/);
  return verifyToken(out.trimEnd(), {
    appId,
    certificates: [certificate],
    channel: 'room',
    uid: 0,
    nowS: nowS(),
    ...who,
  });
}

function nowS(): number {
  return Date.now() / 1_000;
}
