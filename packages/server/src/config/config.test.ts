import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { defaultLimits } from '@holdfast/core';
import { afterAll, describe, expect, test } from 'vitest';
import { settingsDocument } from './document.ts';
import { loadSettings, SettingsError, type Sources } from './index.ts';

const scratch = mkdtempSync(join(tmpdir(), 'holdfast-config-'));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

describe('without any source', () => {
  test('C-1 the limits are the contract’s', () => expect(loadSettings().limits).toEqual(defaultLimits));

  test('C-82 the server listens on loopback', () => {
    expect(loadSettings()).toMatchObject({ host: '127.0.0.1', port: 7880, insecure: false, appId: [] });
  });
});

describe('sources', () => {
  test('a flag wins over the environment, which wins over the file', () => {
    const path = file({ port: 1, logLevel: 'warn', limits: { lostMs: 11_000, interruptedMs: 5_000 } });
    const env = { HOLDFAST_PORT: '2', HOLDFAST_LIMITS_LOST_MS: '12000', UNRELATED: 'x' };
    const settings = loadSettings({
      file: path,
      env,
      flags: [{ name: 'port', origin: '--port', value: '3' }],
    });
    expect(settings).toMatchObject({ port: 3, logLevel: 'warn' });
    expect(settings.limits).toMatchObject({ lostMs: 12_000, interruptedMs: 5_000 });
  });

  test('the environment can name the file', () => {
    expect(loadSettings({ env: { HOLDFAST_CONFIG: file({ port: 99 }) } }).port).toBe(99);
  });

  test('lists, switches and null can be written as text', () => {
    const env = {
      HOLDFAST_APP_ID: 'one, two',
      HOLDFAST_INSECURE: 'true',
      HOLDFAST_LIMITS_PEER_LEAVE_MS: 'null',
      HOLDFAST_SERVERS: 'ws://a:1,wss://b',
      HOLDFAST_PUBLIC_URL: 'ws://a:1',
      HOLDFAST_REDIS: 'redis://a',
    };
    const settings = loadSettings({ env });
    expect(settings).toMatchObject({
      appId: ['one', 'two'],
      insecure: true,
      servers: ['ws://a:1', 'wss://b'],
    });
    expect(settings.limits.peerLeaveMs).toBeNull();
  });
});

describe('a mistake is one line that names the setting, the value, its place, and what is allowed', () => {
  test.each<[string, Sources, string]>([
    [
      'out of range',
      flag('port', '70000'),
      'port = 70000 (--port) is not allowed: a whole number from 0 to 65535',
    ],
    [
      'not a number',
      flag('port', 'http'),
      'port = "http" (--port) is not allowed: a whole number from 0 to 65535',
    ],
    ['not whole', flag('port', '1.5'), 'port = 1.5 (--port) is not allowed: a whole number from 0 to 65535'],
    [
      'a choice',
      { env: { HOLDFAST_SAME_UID: 'both' } },
      'sameUid = "both" (HOLDFAST_SAME_UID) is not allowed: replace, refuse',
    ],
    [
      'a switch',
      { env: { HOLDFAST_INSECURE: 'perhaps' } },
      'insecure = "perhaps" (HOLDFAST_INSECURE) is not allowed: true or false',
    ],
    [
      'an address',
      flag('publicUrl', 'http://example.org'),
      'publicUrl = "http://example.org" (--public-url) is not allowed: an address that begins with ws:// or wss://, or null',
    ],
    [
      'an item of a list',
      {
        env: {
          HOLDFAST_SERVERS: 'ws://a,nonsense',
          HOLDFAST_PUBLIC_URL: 'ws://a',
          HOLDFAST_REDIS: 'redis://a',
        },
      },
      'servers = "nonsense" (HOLDFAST_SERVERS) is not allowed: a list of at most 64, each an address that begins with ws:// or wss://',
    ],
    [
      'null where there must be a number',
      { env: { HOLDFAST_LIMITS_LOST_MS: 'null' } },
      'limits.lostMs = "null" (HOLDFAST_LIMITS_LOST_MS) is not allowed: a whole number of ms from 100 to 86400000',
    ],
    [
      'an unknown variable',
      { env: { HOLDFAST_PROT: '1' } },
      'unknown setting HOLDFAST_PROT (environment): did you mean HOLDFAST_PORT?',
    ],
    [
      'a certificate that is none, without showing it (C-91)',
      { env: { HOLDFAST_APP_CERTIFICATE: 'x' } },
      'appCertificate = … (HOLDFAST_APP_CERTIFICATE) is not allowed: a list of at most 2000, each 32 hex digits, or app=32 hex digits',
    ],
    [
      'a certificate of no app',
      { env: { HOLDFAST_APP_ID: 'one,two', HOLDFAST_APP_CERTIFICATE: 'a'.repeat(32) } },
      'appCertificate = … (HOLDFAST_APP_CERTIFICATE) must name the app of each certificate, as in my-app=0123…, where not exactly one appId is served',
    ],
    [
      'an app without a certificate beside one that has it',
      { env: { HOLDFAST_APP_ID: 'one,two', HOLDFAST_APP_CERTIFICATE: `one=${'a'.repeat(32)}` } },
      'appCertificate = … (HOLDFAST_APP_CERTIFICATE) has none for the app two: every app needs one, or none has any',
    ],
  ])('%s', (_, sources, line) => expect(mistakes(sources)).toEqual([line]));

  test('in a file', () => {
    const path = file({ prot: 1, limits: { lostMS: 3, heartbeatMs: 'fast' }, host: 5 });
    expect(mistakes({ file: path })).toEqual([
      `host = 5 (${path}) is not allowed: a text of 1 to 255 characters`,
      `limits.heartbeatMs = "fast" (${path}) is not allowed: a whole number of ms from 50 to 2000`,
      `unknown setting limits.lostMS (${path}): did you mean limits.lostMs?`,
      `unknown setting prot (${path}): did you mean port?`,
    ]);
  });

  test('a group that is no group', () => {
    const path = file({ limits: 3 });
    expect(mistakes({ file: path, env: { HOLDFAST_LIMITS_LOST_MS: '20000' } })).toEqual([
      `limits = 3 (${path}) is not allowed: a group of settings, like { … }`,
    ]);
  });

  test('a file that is missing, no JSON, or no object', () => {
    const missing = join(scratch, 'missing.json');
    expect(mistakes({ file: missing })).toEqual([`${missing}: cannot be read (ENOENT)`]);
    const broken = file('{ "port": ');
    expect(mistakes({ file: broken })[0]).toContain(`${broken}: is not JSON: `);
    const list = file('[1]');
    expect(mistakes({ file: list })).toEqual([`${list}: must hold one JSON object, like { "port": 7880 }`]);
  });
});

describe('limits that contradict each other', () => {
  test.each([
    [
      { interruptedMs: 1_999 },
      'limits.interruptedMs = 1999 (FILE) must be at least twice limits.heartbeatMs (1000), or one late heartbeat passes it',
    ],
    [{ lostMs: 4_000 }, 'limits.lostMs = 4000 (FILE) must be more than limits.interruptedMs (4000)'],
    [{ giveUpMs: 10_000 }, 'limits.giveUpMs = 10000 (FILE) must be more than limits.lostMs (10000), or null'],
    [
      { peerLeaveMs: 9_999 },
      'limits.peerLeaveMs = 9999 (FILE) must be at least limits.streamRemovedMs (10000), or null',
    ],
    [
      { sessionKeepMs: 19_999 },
      'limits.sessionKeepMs = 19999 (FILE) must be at least the longest other limit, limits.peerOfflineMs (20000)',
    ],
  ])('%j', (limits, line) => {
    const path = file({ limits });
    expect(mistakes({ file: path })).toEqual([line.replace('FILE', path)]);
  });
});

test('other servers without an own address', () => {
  expect(mistakes({ env: { HOLDFAST_SERVERS: 'ws://a' } })).toEqual([
    'servers = ["ws://a"] (HOLDFAST_SERVERS) needs publicUrl as well: clients are told the addresses of all servers, this one among them',
    'servers = ["ws://a"] (HOLDFAST_SERVERS) needs redis as well: of servers that share nothing each knows only its own users, and whoever moves is told that the others have gone',
  ]);
});

describe('C-82 a server that authenticates nobody', () => {
  test.each(['0.0.0.0', '::', '192.168.1.2', 'example.org', '127.example.org'])(
    'does not listen on %s',
    (host) => {
      expect(mistakes(flag('host', host))).toEqual([
        `host = "${host}" (--host) is not loopback, and without an app certificate anyone who reaches it may join as anyone: set appCertificate, keep 127.0.0.1, or say --insecure if that is what you want`,
      ]);
    },
  );

  test('does, when told so in so many words', () => {
    expect(
      loadSettings({
        flags: [
          ...(flag('host', '0.0.0.0').flags ?? []),
          { name: 'insecure', origin: '--insecure', value: true },
        ],
      }).host,
    ).toBe('0.0.0.0');
  });

  test.each(['127.0.0.1', '127.1.2.3', '::1', '[::1]', 'localhost'])('listens on %s', (host) => {
    expect(loadSettings(flag('host', host)).host).toBe(host);
  });
});

test('docs/settings.md is what `npm run settings` writes', () => {
  const written = readFileSync(join(import.meta.dirname, '../../../../docs/settings.md'), 'utf8');
  expect(written).toBe(settingsDocument());
  expect(written).not.toContain('undefined');
});

function flag(name: string, value: unknown): Sources {
  const origin = `--${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
  return { flags: [{ name, origin, value }] };
}

function mistakes(sources: Sources): readonly string[] {
  try {
    loadSettings(sources);
  } catch (error) {
    if (error instanceof SettingsError) return error.lines;
    throw error;
  }
  return [];
}

let files = 0;

function file(content: unknown): string {
  files += 1;
  const path = join(scratch, `${files}.json`);
  writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content));
  return path;
}
